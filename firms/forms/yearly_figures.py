"""The figures of one year, as members and officers type them."""

import re
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from firms import yearly
from firms.models import MEASURES, YearlyFigure
from firms.registry import normalising
from portal import local_form
from portal.forms import PortalFormMixin

_PLACES = 2
_EXPONENT = re.compile(r"\d\s*[eE]")
_PART = re.compile(r"\.\d{3,}")


class ReadField(forms.CharField):
    """What was typed, read as the registry's files are."""

    inputmode = "numeric"

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": self.inputmode, "autocomplete": "off"}))
        super().__init__(max_length=40, **options)

    def read(self, text: str) -> Any:
        """Return the value, or raise the fault."""
        return normalising.staff(text)

    def clean(self, value: Any) -> Any:
        """Return the value, or None where nothing is given."""
        try:
            return self.read(super().clean(value))
        except normalising.Refused as refused:
            raise ValidationError(refused.fault.zh if local_form.is_chinese() else refused.fault.en) from refused


class PeopleField(ReadField):
    """A number of people."""


class AmountField(ReadField):
    """An amount in CNY; with its unit written behind it (万元, 亿元) it is taken in that unit."""

    inputmode = "decimal"

    def read(self, text: str) -> Decimal | None:
        """Refuse exponents, and more places than money has."""
        plain = normalising.text(text)
        if _EXPONENT.search(plain) or (_PART.search(plain) and not re.search("[万亿]", plain)):
            raise normalising.Refused(normalising.Fault.CAPITAL)
        return normalising.registered_capital(plain, unit=1)


class FiguresForm(PortalFormMixin, forms.Form):
    """What a year came to; every figure may be left out."""

    seen = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    revenue = AmountField(
        label=_("Revenue (CNY)"),
        required=False,
        help_text=_("In yuan, or with its unit: 15000000, 15,000,000 or 1500万元. Of the whole year, without VAT."),
    )
    rd_spend = AmountField(
        label=_("R&D spend (CNY)"), required=False, help_text=_("As in the auxiliary account of R&D expenses")
    )
    tax_paid = AmountField(label=_("Tax paid (CNY)"), required=False, help_text=_("All taxes paid during the year"))
    staff = PeopleField(
        label=_("Staff at the end of the year"), required=False, help_text=_("People employed on 31 December")
    )
    total_assets = AmountField(
        label=_("Total assets (CNY)"),
        required=False,
        help_text=_("At the end of the year; some industries need it for the statutory size class"),
    )
    is_sure = forms.BooleanField(label=_("I have looked again: the figures are right"), required=False)

    doubts: list[str] = []

    def __init__(self, *args: Any, year: int, figures: list[YearlyFigure], **options: Any) -> None:
        super().__init__(*args, **options)
        self.before = next((figure for figure in figures if figure.year == year - 1), None)

    @property
    def helper(self) -> FormHelper:
        """Set the fields in their sections; ask whether one is sure only where something looks like a mistake."""
        helper = super().helper
        sections = [
            Fieldset(str(_("Business")), "revenue", "rd_spend", "tax_paid"),
            Fieldset(str(_("Size")), "staff", "total_assets"),
        ]
        helper.layout = Layout("seen", *sections, *(["is_sure"] if self.doubts else []))
        return helper

    def clean(self) -> dict[str, Any]:
        """Ask for one figure, and to look again at what looks like a mistake."""
        values = super().clean() or self.cleaned_data
        if self.errors:
            return values
        if all(values[name] is None for name in MEASURES):
            raise ValidationError(_("Give at least one figure."))
        self.doubts = yearly.doubts(values, year_before=self.before)
        if self.doubts and not values["is_sure"]:
            again = _("Please look again, and correct the figures or tick the box at the end:")
            raise ValidationError([again, *self.doubts])
        return values

    def values(self) -> dict[str, Any]:
        """Return the measures."""
        return {name: self.cleaned_data[name] for name in MEASURES}


def typed(figure: YearlyFigure | None) -> dict[str, str]:
    """Return what the form shows of figures that are there: amounts in yuan, grouped by thousands."""
    return {} if figure is None else {name: _typed(getattr(figure, name)) for name in MEASURES}


def _typed(value: Decimal | int | None) -> str:
    if value is None:
        return ""
    whole = value == int(value)
    return f"{int(value):,}" if whole else f"{value:,.{_PLACES}f}"
