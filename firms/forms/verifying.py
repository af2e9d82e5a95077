"""What an officer records with a verification."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from firms.models import Verification
from firms.registry import normalising
from portal.documents import validate_upload

BOX = (
    "border border-base-200 bg-white rounded-default shadow-xs px-3 py-2 w-full max-w-2xl"
    " dark:bg-base-900 dark:border-base-700"
)
"""The look of a field among the steps of the staff workplace."""


class VerifyForm(forms.Form):
    """In what it was checked, on which day, and the document if one is kept."""

    basis = forms.ChoiceField(
        label=_("Checked in"), choices=Verification.Basis.choices, widget=forms.Select(attrs={"class": BOX})
    )
    reference = forms.CharField(
        label=_("Reference"),
        max_length=200,
        help_text=_("Number of the extract, or where it was looked up"),
        widget=forms.TextInput(attrs={"class": BOX}),
    )
    checked_on = forms.DateField(
        label=_("Checked on"),
        initial=normalising.today_in_shanghai,
        widget=forms.DateInput(attrs={"type": "date", "class": BOX}, format="%Y-%m-%d"),
    )
    document = forms.FileField(
        label=_("Document (optional)"),
        required=False,
        max_length=250,
        widget=forms.FileInput(attrs={"class": BOX}),
        help_text=_("PDF, PNG, JPEG or .docx, up to 20 MB. Only registry officers and auditors open it."),
    )

    def clean_checked_on(self) -> date:
        """Refuse a day that lies ahead."""
        day: date = self.cleaned_data["checked_on"]
        if day > normalising.today_in_shanghai():
            raise ValidationError(_("The day of the check lies ahead."))
        return day

    def clean_document(self) -> UploadedFile | None:
        """Refuse what the portal does not keep."""
        document: UploadedFile | None = self.cleaned_data["document"]
        if document:
            validate_upload(document)
        return document
