"""What somebody who holds a letter types from it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from firms.naming import clean
from incentives.models import Letter
from portal.forms import SearchForm


class VerifyLetterForm(SearchForm):
    """The number and the code that stand on a letter; capitals, spaces and the dash do not matter."""

    hide_optional = False

    number = forms.CharField(label=_("Number of the letter"), max_length=40)
    code = forms.CharField(label=_("Verification code"), max_length=40, help_text=_("Ten letters and digits."))

    def clean_number(self) -> str:
        """Write the number as letters do."""
        return "".join(clean(self.cleaned_data["number"]).split()).upper()

    def clean_code(self) -> str:
        """Write the code as letters do."""
        typed = "".join(c for c in clean(self.cleaned_data["code"]).upper() if c.isalnum())
        return f"{typed[:5]}-{typed[5:]}"

    def letter(self) -> Letter | None:
        """Return the letter that bears both; whether only one of them is wrong is not told."""
        typed: dict[str, Any] = self.chosen()
        if self.errors or len(typed) < len(self.fields):
            return None
        return Letter.objects.filter(number=typed["number"], code=typed["code"]).first()
