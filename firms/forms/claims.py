"""Claiming an organisation."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from portal.documents import how_files_are_checked, validate_upload
from portal.forms import PortalFormMixin
from portal.local_form import in_a_row


class ClaimForm(PortalFormMixin, forms.Form):
    """Who claims, and the letter that proves it."""

    position = forms.CharField(
        label=_("Your position in the organisation"),
        max_length=100,
        help_text=_("For example legal representative, director or finance manager"),
    )
    telephone = forms.CharField(
        label=_("Telephone"), max_length=30, required=False, help_text=_("In case the registry officer asks back")
    )
    letter = forms.FileField(
        label=_("Authorisation letter"),
        max_length=250,
        help_text=in_a_row(
            _("It names you and carries the organisation's seal. PDF, PNG, JPEG or .docx, up to 20 MB."),
            how_files_are_checked,
        ),
    )

    def clean_letter(self) -> UploadedFile:
        """Refuse what the portal does not keep."""
        letter: UploadedFile = self.cleaned_data["letter"]
        validate_upload(letter)
        return letter
