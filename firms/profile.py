"""The profile of an organisation as texts: to compare, to keep in proposals, to show, and to set again."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from difflib import SequenceMatcher
from hashlib import sha256
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from firms.models import PROPOSABLE, Industry, Organisation, Subdistrict
from portal import local_form

SECTIONS: tuple[tuple[Promise, tuple[str, ...]], ...] = (
    (gettext_lazy("Name and description"), ("name_en", "description_zh", "description_en", "website")),
    (gettext_lazy("Place"), ("address", "subdistrict")),
    (gettext_lazy("Activity"), ("industry_code", "business_scope")),
    (gettext_lazy("Company"), ("founded", "registered_capital", "staff", "foreign_invested")),
)

LONG = frozenset({"description_zh", "description_en", "business_scope"})
"""Texts in which the words that differ are marked."""


LANGUAGES = {
    "name_en": "en",
    "description_en": "en",
    "description_zh": "zh-Hans",
    "address": "zh-Hans",
    "business_scope": "zh-Hans",
}
"""Fields that are always in one language."""


def as_text(value: Any) -> str:
    """Return a field's value as a proposal keeps it; two values are equal just when their texts are."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Subdistrict):
        return value.pk
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, date):
        return value.isoformat()
    return str(value).replace("\r\n", "\n").strip()


def published(organisation: Organisation, field: str) -> str:
    """Return what is published of a field, as text."""
    return as_text(organisation.subdistrict_id if field == "subdistrict" else getattr(organisation, field))


def from_text(field: str, text: str) -> Any:
    """Return the value that a text stands for; for the subdistrict its code."""
    column = Organisation._meta.get_field(field)
    if text == "":
        return None if column.null else ""
    return text if field == "subdistrict" else column.to_python(text)  # type: ignore[union-attr]


def put(organisation: Organisation, field: str, text: str) -> None:
    """Set a field of an organisation that is not saved yet."""
    setattr(organisation, "subdistrict_id" if field == "subdistrict" else field, from_text(field, text))


def digest(text: str) -> str:
    """Return what a form carries to tell whether a value is still the one that its page showed."""
    return sha256(text.encode()).hexdigest()[:16]


def fingerprint(organisation: Organisation) -> str:
    """Return what changes when anything that is published of the profile changes."""
    values = [organisation.uscc or "", organisation.name_zh, *(published(organisation, name) for name in PROPOSABLE)]
    return digest("\0".join(values))


def label(field: str) -> str:
    """Return what a field is called, in the reader's language."""
    return str(Organisation._meta.get_field(field).verbose_name)  # type: ignore[union-attr]


def shown(field: str, text: str) -> str:
    """Return a value as a reader reads it, in their language; a place or industry that is unknown as it was written."""
    return _SHOWN[field](text) if text and field in _SHOWN else text


def _industry(code: str) -> str:
    found = Industry.objects.nearest_to(code)
    return f"{code} {found.name}" if found else code


_SHOWN: dict[str, Callable[[str], str]] = {
    "subdistrict": lambda code: str(Subdistrict.objects.filter(pk=code).first() or code),
    "industry_code": _industry,
    "foreign_invested": lambda text: _("Yes") if text == "true" else _("No"),
    "registered_capital": local_form.money,
    "founded": lambda text: local_form.day(date.fromisoformat(text)),
}


class Fact(NamedTuple):
    """One field of a profile, as a page shows it; ``language`` where it is always in one."""

    field: str
    label: str
    text: str
    language: str = ""


def facts(organisation: Organisation) -> list[tuple[Promise, list[Fact]]]:
    """Return the published profile by section; what is not known has an empty text."""
    return [
        (
            heading,
            [
                Fact(name, label(name), shown(name, published(organisation, name)), LANGUAGES.get(name, ""))
                for name in fields
            ],
        )
        for heading, fields in SECTIONS
    ]


class Part(NamedTuple):
    """A piece of a text that stands in both versions (``same``), or in one of them (``gone``, ``new``)."""

    kind: str
    text: str


_TOKEN = re.compile(r"[A-Za-z0-9]+|\s+|.", re.DOTALL)  # a word of Latin letters, a gap, or one Chinese character


def differences(before: str, after: str) -> list[Part]:
    """Return what to take from and to add to a text, word by word; in Chinese, character by character."""
    was, now = _TOKEN.findall(before), _TOKEN.findall(after)
    parts: list[Part] = []
    for kind, i, j, k, m in SequenceMatcher(None, was, now).get_opcodes():
        if kind == "equal":
            parts.append(Part("same", "".join(was[i:j])))
            continue
        parts += [Part("gone", "".join(was[i:j]))] * (j > i) + [Part("new", "".join(now[k:m]))] * (m > k)
    return parts


def one_line(items: Iterable[str]) -> str:
    """Return items as one line in the reader's language."""
    return ("；" if local_form.is_chinese() else "; ").join(items)
