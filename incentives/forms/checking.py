"""The few questions of the check without an account."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from firms.models import Certificate, Cluster, Subdistrict
from firms.models.organisations import MAXIMUM_CAPITAL
from incentives.facts import Fact, date_in_language, in_language, lazy_money
from incentives.forms.fields import MoneyField, PercentField, WholeNumberField
from portal import clock
from portal.forms import SearchForm

EARLIEST = date(1840, 1, 1)
_level = lazy(lambda level: str(Certificate.Level(level).label), str)


class CheckForm(SearchForm):
    """Asks only what the criteria of the programmes need; keeps nothing."""

    def __init__(self, *args: Any, kinds: Iterable[str], **options: Any) -> None:
        super().__init__(*args, **options)
        for kind, field in _FIELDS.items():
            if kind in set(kinds):
                self.fields[kind] = field()

    def clean_age(self) -> date | None:
        """Refuse days that no firm was founded on."""
        day: date | None = self.cleaned_data["age"]
        if day and not EARLIEST <= day <= timezone.localdate(timezone=clock.SHANGHAI):
            raise forms.ValidationError(_("Give a day in the past."))
        return day

    def facts(self) -> dict[str, Fact]:
        """Return the answers as facts."""
        facts = {}
        for kind, value in self.chosen().items():
            name, make = _FACTS[kind]
            facts[name] = make(value)
        return facts


def _answer(value: Any, label: Any) -> Fact:
    return Fact(value, label, _("your answer"), timezone.localdate(timezone=clock.SHANGHAI))


def _founded() -> forms.Field:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=_("Founded on"), required=False, widget=widget)


def _clusters() -> forms.Field:
    choices = [("", "—"), *((c.slug, str(c)) for c in Cluster.objects.all()), ("none", _("none of these"))]
    return forms.ChoiceField(label=_("Cluster your business belongs to"), choices=choices, required=False)


def _subdistricts() -> forms.Field:
    choices = [("", "—"), *((s.slug, s.name) for s in Subdistrict.objects.all()), ("none", _("elsewhere"))]
    return forms.ChoiceField(label=_("Subdistrict of the registered address"), choices=choices, required=False)


def _certificates() -> forms.Field:
    choices = [("", "—"), *Certificate.Level.choices, ("none", _("none of these"))]
    return forms.ChoiceField(label=_("Certificate"), choices=choices, required=False)


def _industry() -> forms.Field:
    return forms.RegexField(r"^\d{2,4}$", label=_("Industry code (GB/T 4754-2017)"), max_length=4, required=False)


def _foreign() -> forms.Field:
    choices = [("", "—"), ("yes", _("Yes")), ("no", _("No"))]
    return forms.ChoiceField(label=_("Foreign-invested"), choices=choices, required=False)


_FIELDS = {
    "age": _founded,
    "staff": lambda: WholeNumberField(label=_("Number of staff"), required=False),
    "cluster": _clusters,
    "certificate": _certificates,
    "industry": _industry,
    "subdistrict": _subdistricts,
    "capital": lambda: MoneyField(label=_("Registered capital (CNY)"), most=MAXIMUM_CAPITAL, required=False),
    "foreign": _foreign,
    "rd_intensity": lambda: PercentField(label=_("R&D spend in revenue of the last year (%)"), required=False),
    "growth": lambda: PercentField(label=_("Growth of revenue in the last year (%)"), required=False),
}


def _one(slug: str, label: Any) -> Fact:
    if slug == "none":
        return _answer(frozenset(), _("none of these"))
    return _answer(frozenset({slug}), label)


def _cluster_fact(slug: str) -> Fact:
    found = Cluster.objects.filter(slug=slug).first()
    return _one(slug, in_language(found.title_en, found.title_zh) if found else slug)


def _subdistrict_fact(slug: str) -> Fact:
    found = Subdistrict.objects.filter(slug=slug).first()
    return _answer(slug, in_language(found.name_en, found.name_zh) if found else _("elsewhere"))


_FACTS: dict[str, Any] = {
    "age": ("founded", lambda day: _answer(day, date_in_language(day))),
    "staff": ("staff", lambda number: _answer(number, format_lazy(_("{number} staff"), number=number))),
    "cluster": ("cluster", _cluster_fact),
    "certificate": ("certificate", lambda level: _one(level, _level(level) if level != "none" else "")),
    "industry": ("industry", lambda code: _answer(code, code)),
    "subdistrict": ("subdistrict", _subdistrict_fact),
    "capital": ("capital", lambda amount: _answer(amount, lazy_money(amount))),
    "rd_intensity": ("rd_intensity", lambda share: _answer(share, format_lazy("{share} %", share=share))),
    "growth": ("growth", lambda share: _answer(share, format_lazy("{share} %", share=share))),
    "foreign": (
        "foreign",
        lambda word: _answer(word == "yes", _("foreign-invested") if word == "yes" else _("not foreign-invested")),
    ),
}
