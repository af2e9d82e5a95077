"""What officers give with a step in the staff workplace."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from investors.forms.fields import ProseField
from investors.forms.files import FilesField
from investors.forms.inquiries import KeyField
from investors.models import InquiryMessage
from portal.models import User

WIDE = "border border-base-200 bg-white rounded-default shadow-xs px-3 py-2 w-full max-w-2xl dark:bg-base-900"


class TextForm(forms.Form):
    """A text that the step adds to the thread; the values are what the step's effect takes."""

    text = ProseField(max_length=5000, widget=forms.Textarea(attrs={"rows": 6, "class": WIDE, "maxlength": 5000}))
    attachments = FilesField()
    key = KeyField()
    is_internal = False

    def clean(self) -> dict[str, Any]:
        """Make the message of what was typed."""
        data = self.cleaned_data
        if self.errors:
            return data
        message = InquiryMessage(body=data["text"], is_internal=self.is_internal, idempotency_key=data["key"])
        message.uploads = data["attachments"]
        return {"message": message}


class AnswerForm(TextForm):
    """The answer, as the sender will read it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Answer, as the sender reads it")


class NoteForm(TextForm):
    """A note that the sender never sees."""

    is_internal = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Note, for staff alone")


class OfficerField(forms.ModelChoiceField):
    """An officer, with how much waits for each."""

    def label_from_instance(self, obj: User) -> str:
        """Name the officer and the number of inquiries that wait."""
        return _("%(name)s (%(load)d waiting)") % {"name": obj.name, "load": obj.load}  # type: ignore[attr-defined]
