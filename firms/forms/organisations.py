"""Registering an organisation that is not in the registry, and adding members."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from firms import naming
from firms.models import Organisation
from firms.registry import normalising
from portal import local_form
from portal.forms import PortalFormMixin


class PeopleField(forms.IntegerField):
    """A number of people; Python's own ways to write numbers are none."""

    def to_python(self, value: Any) -> int | None:
        """Refuse 1_000, which Python takes for a thousand."""
        if "_" in str(value):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class OrganisationFields(PortalFormMixin, forms.ModelForm):
    """How members type what an organisation is: each value is read as the registry's files are."""

    def clean_name_en(self) -> str:
        """Keep what a person sees of the name."""
        return naming.clean(self.cleaned_data["name_en"])

    def clean_industry_code(self) -> str:
        """Ask for digits whose first two are a division."""
        code = self.cleaned_data["industry_code"]
        return self._read("industry_code", normalising.industry_code) if code else ""

    def clean_founded(self) -> Any:
        """Refuse a day that lies ahead or too far back."""
        return self._read("founded", lambda day: normalising.founded(day, normalising.today_in_shanghai()))

    def clean_staff(self) -> Any:
        """Refuse numbers that no firm has."""
        staff = self.cleaned_data["staff"]
        if staff is not None and staff > normalising.MAXIMUM_STAFF:
            raise ValidationError(_("This is no number of people."))
        return staff

    def _read(self, field: str, reader: Any) -> Any:
        try:
            return reader(self.cleaned_data[field])
        except normalising.Refused as refused:
            raise ValidationError(refused.fault.zh if local_form.is_chinese() else refused.fault.en) from refused


class RegisterForm(OrganisationFields):
    """A company that is about to move in, Chinese or foreign, with a number or none yet."""

    class Meta:
        model = Organisation
        fields = [
            "name_zh",
            "name_en",
            "country",
            "uscc",
            "foreign_number",
            "industry_code",
            "founded",
            "staff",
            "website",
            "description_en",
            "description_zh",
        ]
        help_texts = {
            "name_zh": _("As registered, if the organisation has a Chinese name"),
            "name_en": _("As registered abroad, or as you use it"),
            "uscc": _("18 characters; leave empty if you have none yet"),
            "foreign_number": _("Number in the company register of the country or region; may be empty"),
            "industry_code": _("Four digits of GB/T 4754-2017, if you know them"),
        }
        field_classes = {"staff": PeopleField}
        widgets = {
            "founded": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "description_en": forms.Textarea(attrs={"rows": 4}),
            "description_zh": forms.Textarea(attrs={"rows": 4}),
        }

    def clean_name_zh(self) -> str:
        """Keep what a person sees of the name."""
        return naming.clean_chinese(self.cleaned_data["name_zh"])

    def clean_uscc(self) -> str | None:
        """Verify the checksum."""
        return self._read("uscc", normalising.uscc) if self.cleaned_data["uscc"] else None

    def clean_foreign_number(self) -> str:
        """Keep what a person sees of the number."""
        return naming.clean(self.cleaned_data["foreign_number"])

    def clean(self) -> dict[str, Any]:
        """Ask for one name, and for the code that goes with the country."""
        values = super().clean() or self.cleaned_data
        if not any(c.isalnum() for c in values.get("name_zh", "") + values.get("name_en", "")):
            raise ValidationError(_("Give a name in Chinese or in English."))
        is_chinese = str(values.get("country") or "CN") == "CN"
        if values.get("uscc") and not is_chinese:
            self.add_error("uscc", _("Only an organisation registered in mainland China has this code."))
        if values.get("foreign_number") and is_chinese:
            self.add_error("foreign_number", _("For mainland China give the unified social credit code instead."))
        return values

    def validate_unique(self) -> None:
        """Leave it to the service: it says how to claim what is registered already."""


class EditorForm(PortalFormMixin, forms.Form):
    """The address of a colleague."""

    email = forms.EmailField(
        label=_("E-mail address of the colleague"),
        max_length=254,
        help_text=_("The person needs an account on this portal."),
    )
