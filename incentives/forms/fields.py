"""Fields that take just what they should: amounts, whole numbers, words that can be seen."""

import re
import unicodedata
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from incentives.models import MAXIMUM_AWARD

_AMOUNT = re.compile(r"^(\d{1,13}|\d{1,3}(,\d{3}){1,4})(\.\d{1,2})?$", re.ASCII)
_PERCENT = re.compile("^[-\N{MINUS SIGN}]?\\d{1,4}(\\.\\d)?$", re.ASCII)
_WHOLE = re.compile(r"^\d{1,9}$", re.ASCII)
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")


def can_be_read(text: str) -> bool:
    """Whether something is to be seen in a text, and nothing in it turns its direction."""
    return not _DIRECTIONS.search(text) and any(unicodedata.category(c)[0] not in "CZM" for c in text)


class MoneyField(forms.CharField):
    """An amount in CNY: ASCII digits, grouped by commas or not, at most two decimals.

    Args:
        most: the greatest amount.
        or_nothing: whether zero is an answer too.
    """

    def __init__(self, *, most: Decimal = MAXIMUM_AWARD, or_nothing: bool = False, **options: Any) -> None:
        self.most, self.or_nothing = most, or_nothing
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(max_length=30, **options)

    def clean(self, value: Any) -> Decimal | None:
        """Return the amount, above zero and not beyond the most."""
        text = super().clean(value)
        if not text:
            return None
        if not _AMOUNT.match(text):
            raise ValidationError(_("Write the amount in figures, for example 1500000 or 1,500,000.00."))
        amount = Decimal(text.replace(",", ""))
        if amount <= 0 and not self.or_nothing:
            raise ValidationError(_("The amount must be above zero."))
        if amount > self.most:
            raise ValidationError(_("The amount must not be above %(most)s."), params={"most": f"{self.most:,.2f}"})
        return amount


class WholeNumberField(forms.CharField):
    """A whole number in ASCII digits."""

    def __init__(self, *, least: int = 0, most: int = 999_999_999, **options: Any) -> None:
        self.least, self.most = least, most
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
        super().__init__(max_length=12, **options)

    def clean(self, value: Any) -> int | None:
        """Return the number within its bounds."""
        text = super().clean(value)
        if not text:
            return None
        if not _WHOLE.match(text) or not self.least <= int(text) <= self.most:
            message = _("Write a whole number from %(least)s to %(most)s.")
            raise ValidationError(message, params={"least": self.least, "most": self.most})
        return int(text)


class PercentField(forms.CharField):
    """A share in percent, with one place; it may be below zero."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(max_length=8, **options)

    def clean(self, value: Any) -> Decimal | None:
        """Return the share."""
        text = super().clean(value)
        if not text:
            return None
        if not _PERCENT.match(text):
            raise ValidationError(_("Write a number in percent, for example 12 or 12.5."))
        return Decimal(text.replace("\N{MINUS SIGN}", "-"))


class WordsField(forms.CharField):
    """Text with something to be seen in it, and without marks that turn its direction."""

    def clean(self, value: Any) -> str:
        """Return the text; invisible characters alone are no text."""
        text = super().clean(value)
        if _DIRECTIONS.search(text):
            raise ValidationError(_("Remove the invisible characters that change the direction of the text."))
        if text and all(unicodedata.category(c)[0] in "CZM" for c in text):
            raise ValidationError(_("Write something that can be read."))
        return text
