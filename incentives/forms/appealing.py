"""What a declined applicant fills in to appeal."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from incentives.forms.fields import WordsField
from portal.documents import how_files_are_checked, validate_upload
from portal.forms import PortalFormMixin
from portal.local_form import in_a_row


class AppealForm(PortalFormMixin, forms.Form):
    """The reasons, and what supports them; the key makes one click one appeal."""

    use_required_attribute = False
    key = forms.UUIDField(widget=forms.HiddenInput)
    reasons = WordsField(
        label=_("Why the decision should be changed"),
        help_text=_("Say which reason of the decision is wrong, and why. What is new since then helps most."),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    upload = forms.FileField(
        label=_("Document"),
        help_text=in_a_row(_("PDF, PNG, JPEG, Word or Excel, at most 20 MB."), how_files_are_checked),
        required=False,
    )

    def clean_upload(self) -> UploadedFile | None:
        """Refuse files of other types, and those that are not what they say."""
        upload: UploadedFile | None = self.cleaned_data["upload"]
        if upload is not None:
            validate_upload(upload)
        return upload
