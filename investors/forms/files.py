"""Files that are sent with a message."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.documents import how_files_are_checked, validate_upload

MOST = 5
"""How many files one message may have."""


class _SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Up to five files, each of a type that the portal takes."""

    widget = _SeveralFiles

    def __init__(self, **kwargs: Any) -> None:
        words = _("Up to {most} files: PDF, PNG, JPEG, Word or Excel, at most 20 MB each. {check}")
        defaults = {
            "label": _("Files"),
            "help_text": format_lazy(words, most=MOST, check=how_files_are_checked),
            "required": False,
        }
        super().__init__(**{**defaults, **kwargs})

    def clean(self, data: Any, initial: Any = None) -> Sequence[UploadedFile]:
        """Return the files.

        Raises:
            ValidationError: too many, or one that is refused; the sentence names it.
        """
        files = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        if len(files) > MOST:
            words = ngettext("Choose at most %(most)d file.", "Choose at most %(most)d files.", MOST)
            raise forms.ValidationError(words % {"most": MOST})
        for file in files:
            try:
                validate_upload(file)
            except forms.ValidationError as refused:
                reasons = " ".join(refused.messages)
                raise forms.ValidationError(
                    _("%(name)s: %(reasons)s"), params={"name": file.name, "reasons": reasons}
                ) from refused
        return files
