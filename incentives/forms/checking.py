"""The few questions of the check without an account."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from firms.models import Certificate, Cluster, Organisation, Subdistrict
from firms.models.organisations import MAXIMUM_CAPITAL, USCC_PATTERN
from incentives.facts import Fact, date_in_language, in_language, lazy_money
from incentives.forms.applying import MAXIMUM_COST
from incentives.forms.fields import MoneyField, PercentField, WholeNumberField
from portal import clock
from portal.forms import SearchForm

EARLIEST = date(1840, 1, 1)
_level = lazy(lambda level: str(Certificate.Level(level).label), str)


class CheckForm(SearchForm):
    """Asks only what the criteria of some programmes need, and offers only what they name; keeps nothing.

    Args:
        contents: the programmes as published.
        known: an organisation is checked: nothing of it is asked, only what the project costs.
    """

    def __init__(self, *args: Any, contents: Iterable[Mapping[str, Any]], known: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        contents = list(contents)
        named: dict[str, set[str]] = {}
        for criterion in (c for content in contents for c in content["criteria"]):
            named.setdefault(criterion["kind"], set()).update(criterion["parameters"].get("any_of", []))
        for kind, field in _FIELDS.items():
            if kind in named and not known:
                self.fields[kind] = field(named[kind])
        if not known and not all(content["open_to_incoming"] for content in contents):
            self.fields["standing"] = _standing()
        if contents:
            self.fields["costs"] = MoneyField(
                label=_("Eligible costs of the project (CNY)"),
                help_text=_("For an indicative amount. What counts as eligible, each programme says."),
                most=MAXIMUM_COST,
                required=False,
            )

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
            if kind in _FACTS:
                name, make = _FACTS[kind]
                facts[name] = make(value)
        return facts

    def rest(self) -> dict[str, Any]:
        """Return what was answered beside the criteria: the standing and the costs, each where it was given."""
        return {name: value for name, value in self.chosen().items() if name not in _FACTS}


def _answer(value: Any, label: Any) -> Fact:
    return Fact(value, label, _("your answer"), timezone.localdate(timezone=clock.SHANGHAI))


def _standing() -> forms.Field:
    choices = [
        ("", "—"),
        (Organisation.Status.LISTED.value, _("It is registered in Yangpu")),
        (Organisation.Status.INCOMING.value, _("It is moving in")),
    ]
    return forms.ChoiceField(label=_("Where the organisation is"), choices=choices, required=False)


def _founded(_named: set[str]) -> forms.Field:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=_("Founded on"), required=False, widget=widget)


def _clusters(named: set[str]) -> forms.Field:
    found = Cluster.objects.filter(slug__in=named)
    choices = [("", "—"), *((c.slug, str(c)) for c in found), ("none", _("none of these"))]
    return forms.ChoiceField(label=_("Cluster your business belongs to"), choices=choices, required=False)


def _subdistricts(named: set[str]) -> forms.Field:
    found = Subdistrict.objects.filter(slug__in=named)
    choices = [("", "—"), *((s.slug, s.name) for s in found), ("none", _("elsewhere"))]
    return forms.ChoiceField(label=_("Subdistrict of the registered address"), choices=choices, required=False)


def _certificates(named: set[str]) -> forms.Field:
    found = [(level, label) for level, label in Certificate.Level.choices if level in named]
    choices = [("", "—"), *found, ("none", _("none of these"))]
    return forms.ChoiceField(label=_("Certificate"), choices=choices, required=False)


def _industry(_named: set[str]) -> forms.Field:
    return forms.RegexField(r"^\d{2,4}$", label=_("Industry code (GB/T 4754-2017)"), max_length=4, required=False)


def _foreign(_named: set[str]) -> forms.Field:
    choices = [("", "—"), ("yes", _("Yes")), ("no", _("No"))]
    return forms.ChoiceField(label=_("Foreign-invested"), choices=choices, required=False)


def _firm(_named: set[str]) -> forms.Field:
    return forms.RegexField(USCC_PATTERN, label=_("Unified social credit code"), max_length=18, required=False)


_FIELDS: dict[str, Callable[[set[str]], forms.Field]] = {
    "age": _founded,
    "staff": lambda _named: WholeNumberField(label=_("Number of staff"), required=False),
    "cluster": _clusters,
    "certificate": _certificates,
    "industry": _industry,
    "subdistrict": _subdistricts,
    "capital": lambda _named: MoneyField(label=_("Registered capital (CNY)"), most=MAXIMUM_CAPITAL, required=False),
    "foreign": _foreign,
    "rd_intensity": lambda _named: PercentField(label=_("R&D spend in revenue of the last year (%)"), required=False),
    "growth": lambda _named: PercentField(label=_("Growth of revenue in the last year (%)"), required=False),
    "tax": lambda _named: MoneyField(label=_("Tax paid in the last year (CNY)"), most=MAXIMUM_CAPITAL, required=False),
    "firm": _firm,
}
"""What asks for each kind; what the register of awards says, no visitor is asked."""


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
    "rd_intensity": ("rd_intensity", lambda share: _answer(share, in_language(f"{share} %", f"{share}%"))),
    "growth": ("growth", lambda share: _answer(share, in_language(f"{share} %", f"{share}%"))),
    "tax": ("tax", lambda amount: _answer(amount, _("Tax paid in the last year"))),
    "firm": ("firm", lambda code: _answer(code, code)),
    "foreign": (
        "foreign",
        lambda word: _answer(word == "yes", _("foreign-invested") if word == "yes" else _("not foreign-invested")),
    ),
}
