"""What a registry officer gives with a file of the registry."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from firms.models import RegistryImport
from firms.registry.normalising import EARLIEST, today_in_shanghai
from firms.registry.reading import MAXIMUM_BYTES


class UploadForm(forms.Form):
    """The file, whether it names every firm, and where it comes from."""

    file = forms.FileField(
        label=_("File"),
        max_length=250,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
        help_text=_("XLSX without macros or password, or CSV; at most 50 MB and 200,000 rows."),
    )
    is_full = forms.BooleanField(
        label=_("Full export"),
        required=False,
        help_text=RegistryImport._meta.get_field("is_full").help_text,
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=200,
        required=False,
        help_text=_("How pages name the source, for example the office and the register; by default the file's name."),
    )
    source_date = forms.DateField(
        label=_("Date of the source"),
        initial=today_in_shanghai,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=RegistryImport._meta.get_field("source_date").help_text,
    )

    def clean_file(self) -> UploadedFile:
        """Refuse what is too large to be kept; all else the reading says."""
        upload: UploadedFile = self.cleaned_data["file"]
        if (upload.size or 0) > MAXIMUM_BYTES:
            raise ValidationError(_("The file is larger than %(limit)s MB."), params={"limit": MAXIMUM_BYTES >> 20})
        return upload

    def clean_source_date(self) -> date:
        """Refuse a day that lies ahead, or was before any register."""
        day: date = self.cleaned_data["source_date"]
        if day > today_in_shanghai():
            raise ValidationError(_("The date lies ahead."))
        if day < EARLIEST:
            raise ValidationError(_("This is no date of a register."))
        return day
