"""Editing the profile of an organisation: in sections, and only what members may propose."""

import re
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from firms import naming, profile
from firms.forms.organisations import OrganisationFields, PeopleField
from firms.models import PROPOSABLE, Organisation
from firms.registry import normalising
from portal import local_form
from portal.forms import PortalFormMixin

_LONGEST = 5000


class AmountField(forms.DecimalField):
    """An amount; Python's own ways to write numbers are none."""

    def to_python(self, value: Any) -> Any:
        """Refuse 1_000 and 1e9; take what stands between thousands away."""
        if re.search(r"[_eE]", str(value)):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(str(value).replace(",", "").replace("，", "") if value is not None else value)


class ProfileForm(OrganisationFields):
    """The profile as members want it."""

    seen = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)

    class Meta:
        model = Organisation
        fields = PROPOSABLE
        help_texts = {
            "name_en": _("As you use it abroad, or as registered there"),
            "description_zh": _("What you do, for whom, and what is special about it. Up to 5,000 characters."),
            "description_en": _("Readers without Chinese see this text. Up to 5,000 characters."),
            "address": _("In Chinese, as on the business licence"),
            "industry_code": _("Four digits of GB/T 4754-2017"),
            "business_scope": _("As on the business licence"),
            "staff": _("The public sees a band only, such as 10–99"),
        }
        field_classes = {"staff": PeopleField, "registered_capital": AmountField}
        widgets = {
            "founded": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),  # browsers read no other form
            "description_zh": forms.Textarea(attrs={"rows": 6, "lang": "zh-Hans"}),
            "description_en": forms.Textarea(attrs={"rows": 6, "lang": "en"}),
            "business_scope": forms.Textarea(attrs={"rows": 4, "lang": "zh-Hans"}),
            "registered_capital": forms.TextInput(attrs={"inputmode": "decimal"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["business_scope"].max_length = _LONGEST  # type: ignore[attr-defined]
        self.fields["subdistrict"].empty_label = _("Not known")  # type: ignore[attr-defined]

    @property
    def helper(self) -> FormHelper:
        """Set the fields in their sections."""
        helper = super().helper
        helper.layout = Layout("seen", *(Fieldset(str(heading), *fields) for heading, fields in profile.SECTIONS))
        return helper

    def clean_description_zh(self) -> str:
        """Keep what a person sees of the text, and its paragraphs."""
        return prose(self.cleaned_data["description_zh"])

    def clean_description_en(self) -> str:
        """Keep what a person sees of the text, and its paragraphs."""
        return prose(self.cleaned_data["description_en"])

    def clean_business_scope(self) -> str:
        """Read it as the registry's files are read, and keep it as long as a scope may be."""
        scope = normalising.business_scope(self.cleaned_data["business_scope"])
        if len(scope) > _LONGEST:
            raise ValidationError(_("This is longer than 5,000 characters."))
        return scope

    def clean_address(self) -> str:
        """Read it as the registry's files are read."""
        return self._read("address", normalising.address)

    def clean(self) -> dict[str, Any]:
        """An organisation without a Chinese name keeps an English one."""
        values = super().clean() or self.cleaned_data
        name = values.get("name_en")
        if name is not None and not any(c.isalnum() for c in name) and (name or not self.instance.name_zh):
            self.add_error("name_en", _("Give a name."))
        return values

    def values(self) -> dict[str, str]:
        """Return what was typed, as texts to compare and to propose."""
        return {name: profile.as_text(self.cleaned_data[name]) for name in PROPOSABLE if name in self.cleaned_data}


class CodeForm(PortalFormMixin, forms.Form):
    """The code of an organisation that has just been registered."""

    uscc = forms.CharField(
        label=_("Unified social credit code"), max_length=40, help_text=_("18 characters, as on the business licence")
    )

    def clean_uscc(self) -> str:
        """Verify the checksum."""
        try:
            return normalising.uscc(self.cleaned_data["uscc"])
        except normalising.Refused as refused:
            raise ValidationError(refused.fault.zh if local_form.is_chinese() else refused.fault.en) from refused


def prose(text: str) -> str:
    """Return what a person sees of a text, and its paragraphs."""
    return "\n".join(naming.clean_prose(line) for line in text.replace("\r\n", "\n").split("\n")).strip()
