"""A photograph and what it shows."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from investors.forms.fields import LineField
from portal.documents import how_files_are_checked
from portal.forms import PortalFormMixin


class CaptionForm(PortalFormMixin, forms.Form):
    """What a photograph shows."""

    hide_optional = True
    caption_en = LineField(label=_("What it shows, in English"), max_length=200, required=False)
    caption_zh = LineField(label=_("What it shows, in Chinese"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["caption_en"].widget.attrs["lang"] = "en"
        self.fields["caption_zh"].widget.attrs["lang"] = "zh-Hans"
        self.fields["caption_en"].help_text = _("Read out to those who do not see the picture, and printed under it.")

    def clean(self) -> dict[str, Any]:
        """Ask for it in at least one language."""
        data = super().clean() or self.cleaned_data
        if "caption_en" in data and "caption_zh" in data and not (data["caption_en"] or data["caption_zh"]):
            self.add_error("caption_en", _("Say what it shows in at least one language."))
        return data


class PhotoForm(CaptionForm):
    """A new photograph."""

    upload = forms.FileField(
        label=_("Photograph"),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"}),
        help_text=format_lazy(
            _("JPEG or PNG, at most 10 MB. Place, camera and other hidden data are removed. {check}"),
            check=how_files_are_checked,
        ),
    )
    field_order = ("upload", "caption_en", "caption_zh")

    def clean(self) -> dict[str, Any]:
        """Say that a file does not stay chosen when something else is wrong."""
        data = super().clean()
        if self.errors and data.get("upload"):
            self.add_error("upload", _("Choose the file again: it is taken once everything else is right."))
        return data
