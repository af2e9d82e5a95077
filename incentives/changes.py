"""What of an applicant's facts has changed since the submission, value by value."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from firms.models import Organisation
from incentives.facts import REGISTERED, Fact, Facts, Text, facts_of, in_language, pair_of, said_of
from incentives.models import Application

LABELS: dict[str, Text] = {
    "name": _("Name"),
    "uscc": _("Unified social credit code"),
    "status": _("Status of the organisation"),
    "address": _("Address"),
    "founded": _("Founded"),
    "staff": _("Staff"),
    "capital": _("Registered capital"),
    "industry": _("Industry"),
    "subdistrict": _("Subdistrict"),
    "foreign": _("Foreign-invested"),
    "cluster": _("Clusters"),
    "certificate": _("Certificates"),
    "rd_intensity": _("R&D intensity"),
    "growth": _("Growth of revenue"),
    "tax": _("Tax paid"),
}
"""What each fact is called. One that is not named here is compared by its value, and called by its word."""

SILENT = frozenset({"firm"}) | REGISTERED
"""Facts that another one says, or that the list of earlier awards does."""

MISSING = pgettext_lazy("fact", "not known")
OTHER = _("another value, which is confidential")


def facts_today(organisation: Organisation, *, on: date, apart_from: Application) -> Facts:
    """Return all that is known of an applicant: who it is, and what the criteria may ask.

    Args:
        organisation: whose ``certificates``, ``cluster_memberships`` and ``yearly_figures`` may be prefetched.
        on: the day on which certificates must be valid.
        apart_from: the application, whose own award is no earlier one.
    """
    source: dict[str, Any] = {"source": organisation.source or _("the profile"), "on": organisation.source_date}
    name = in_language(organisation.name_en or organisation.name_pinyin, organisation.name_zh)
    status = Organisation.Status(organisation.status)
    who = {
        "name": Fact([organisation.name_zh, organisation.name_en], name, **source),
        "uscc": Fact(organisation.uscc or "", organisation.uscc or MISSING, **source),
        "status": Fact(str(status), status.label, **source),
        "address": Fact(organisation.address, organisation.address or MISSING, **source),
    }
    return {**who, **facts_of(organisation, on=on, apart_from=apart_from)}


@dataclass(frozen=True)
class Changed:
    """One fact that is not what it was."""

    name: str
    label: Text
    was: Text
    now: Text
    source: Text
    value: str

    def in_words(self) -> dict[str, str]:
        """Return the change as a sentence in both languages."""
        return pair_of(str, said_of(self.label, format_lazy("{was} → {now}", was=self.was, now=self.now)))


def as_data(facts: Facts) -> dict[str, dict[str, Any]]:
    """Return facts as JSON with their words in both languages, for the record of a submission."""
    return {name: _as_data(fact) for name, fact in sorted(facts.items())}


def _as_data(fact: Fact) -> dict[str, Any]:
    words, source = pair_of(str, fact.label), pair_of(str, fact.source)
    return {
        "value": comparable(fact.value),
        "value_en": words["en"],
        "value_zh": words["zh"],
        "source_en": source["en"],
        "source_zh": source["zh"],
        "source_date": fact.on.isoformat() if fact.on else "",
    }


def comparable(value: Any) -> str:
    """Return a digest that is the same whenever the value is: values may be confidential, their words are not."""
    text = json.dumps(_plain(value), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset | set):
        return sorted(map(str, value))
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, Decimal):
        return str(value.normalize())
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, bool | int | str | type(None)) else str(value)


def changed(submitted: Mapping[str, Any], facts: Facts) -> list[Changed]:
    """Return the facts that are not what they were when the application was submitted.

    Args:
        submitted: the content of the latest snapshot; those made before facts were kept say nothing.
        facts: what is known now.
    """
    before: dict[str, dict[str, Any]] = submitted.get("facts") or {}
    if not before:
        return []
    found = []
    for name in dict.fromkeys([*LABELS, *before, *facts]):
        was, fact = before.get(name), facts.get(name)
        value = comparable(fact.value) if fact else ""
        if name in SILENT or value == (was["value"] if was else ""):
            continue
        found.append(
            Changed(
                name=name,
                label=LABELS.get(name, name),
                was=in_language(was["value_en"], was["value_zh"]) if was else MISSING,
                now=_words(fact, was),
                source=fact.source if fact else "",
                value=value,
            )
        )
    return found


def _words(fact: Fact | None, was: Mapping[str, Any] | None) -> Text:
    """Return a fact in words; where the words are what they were, the value is one that they do not name."""
    if fact is None:
        return MISSING
    return OTHER if was and pair_of(str, fact.label)["zh"] == was["value_zh"] else fact.label
