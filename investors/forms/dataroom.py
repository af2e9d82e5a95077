"""What owners fill in to keep a data room."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from investors.forms.fields import LineField, WholeNumberField
from investors.forms.inquiries import KeyField
from investors.models import DataRoom, DataRoomDocument
from portal.documents import how_files_are_checked, validate_upload
from portal.forms import PortalFormMixin

MOST_PLACES = 999


class RoomFileField(forms.FileField):
    """One file of a type that the portal takes."""

    def __init__(self, **kwargs: Any) -> None:
        words = _("PDF, PNG, JPEG, Word or Excel, at most 20 MB. {check}")
        super().__init__(label=_("File"), help_text=format_lazy(words, check=how_files_are_checked), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> UploadedFile:
        """Return the file.

        Raises:
            ValidationError: there is none, or it is refused.
        """
        upload = super().clean(data, initial)
        validate_upload(upload)
        return upload


class _TitledForm(PortalFormMixin, forms.Form):
    hide_optional = True
    tier = forms.ChoiceField(label=_("Who sees it"), choices=DataRoomDocument.Tier, widget=forms.RadioSelect)
    title_en = LineField(label=_("Title in English"), max_length=120, required=False)
    title_zh = LineField(label=_("Title in Chinese"), max_length=120, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "title_en" in data and "title_zh" in data and not (data["title_en"] or data["title_zh"]):
            self.add_error("title_en", _("Give a title in at least one language."))
        return data


class RoomFileForm(_TitledForm):
    """A file that comes into the room."""

    upload = RoomFileField()
    key = KeyField()

    def values(self) -> dict[str, str]:
        """Return its tier and titles."""
        return {name: self.cleaned_data[name] for name in ("tier", "title_en", "title_zh")}


class RoomFileChangeForm(_TitledForm):
    """Tier, titles and place of a file that is in the room."""

    position = WholeNumberField(label=_("Place in the list"), min_value=1, max_value=MOST_PLACES)


class ReplacementForm(PortalFormMixin, forms.Form):
    """Another file in the place of one."""

    upload = RoomFileField()
    key = KeyField()


class AnnouncementForm(PortalFormMixin, forms.Form):
    """What the public page says of the confidential tier."""

    announced = forms.ChoiceField(
        label=_("What the public page says of it"),
        choices=DataRoom.Announced,
        widget=forms.RadioSelect,
        help_text=_("Titles and contents are never public."),
    )
