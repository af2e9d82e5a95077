"""Fields for what people write: invisible characters go, what is visible stays as typed."""

import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from firms.models import Laboratory, Organisation

_KEPT = {"\x00", "\n", "\t"}  # NUL stays, so that Django's validator refuses it aloud
_INVISIBLE = {"Cc", "Cf", "Cs"}
_NUMBER = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,4})?")


def visible(text: str) -> str:
    """Return a text without control, direction-changing and zero-width characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in text if c in _KEPT or unicodedata.category(c) not in _INVISIBLE)


class LineField(forms.CharField):
    """One line of text: a line break in it becomes a space."""

    def to_python(self, value: Any) -> str:
        """Return what is visible, on one line."""
        return " ".join(visible(super().to_python(value) or "").split())


class OrganisationField(forms.ModelChoiceField):
    """One of the person's organisations, by its name in the language of the page."""

    def label_from_instance(self, obj: Organisation) -> str:
        """Name the organisation."""
        return obj.title


class LaboratoryField(forms.ModelChoiceField):
    """One of an organisation's laboratories, by its name in the language of the page."""

    def label_from_instance(self, obj: Laboratory) -> str:
        """Name the laboratory."""
        return obj.title


class ProseField(forms.CharField):
    """Text of several lines."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        """Return what is visible."""
        return visible(super().to_python(value) or "").strip()


class _PlainNumber(forms.Field):
    """Digits as everyone types them: no underscores, exponents or full-width figures."""

    def to_python(self, value: Any) -> Any:
        """Return the number.

        Raises:
            ValidationError: it is written in another way.
        """
        if value not in self.empty_values and not _NUMBER.fullmatch(str(value).strip()):
            raise forms.ValidationError(_("Enter a number in digits, for example 1500000."), code="invalid")
        return super().to_python(value)


class AmountField(_PlainNumber, forms.DecimalField):
    """An amount or a measure."""

    def prepare_value(self, value: Any) -> Any:
        """Return what is kept as people write it: 3000000, not 3000000.00."""
        return f"{value.normalize():f}" if isinstance(value, Decimal) and value.is_finite() else value


class WholeNumberField(_PlainNumber, forms.IntegerField):
    """A whole number."""


class DayField(forms.DateField):
    """A day that a plan may speak of."""

    default_validators = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2100, 12, 31))]

    def __init__(self, **kwargs: Any) -> None:
        kwargs["widget"] = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(**kwargs)
