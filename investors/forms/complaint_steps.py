"""What handlers of complaints give with a step in the staff workplace."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from investors import complaint_clocks
from investors.complaint_lifecycle import Written
from investors.forms.fields import ProseField, WholeNumberField
from investors.forms.files import FilesField
from investors.forms.inquiries import KeyField
from investors.forms.steps import WIDE, OfficerField
from investors.models import Complaint, ComplaintMessage
from investors.models.complaints import MOST_EXTENSION
from portal.models import User
from portal.roles import Role

_TEXT = {"rows": 6, "class": WIDE, "maxlength": 5000}


class NothingForm(forms.Form):
    """For a step with which nothing is written: the record of a step is never erased."""


class _WriteForm(forms.Form):
    """A text that the step adds to the thread; the values are what the step's effect takes."""

    text = ProseField(max_length=5000, widget=forms.Textarea(attrs=_TEXT))
    attachments = FilesField()
    key = KeyField()
    is_internal = False

    def clean(self) -> dict[str, Any]:
        """Make the message of what was typed."""
        data = self.cleaned_data
        if self.errors:
            return data
        message = ComplaintMessage(body=data["text"], is_internal=self.is_internal, idempotency_key=data["key"])
        message.uploads = data.get("attachments") or ()
        return {"message": message}


class WriteForm(_WriteForm):
    """A message, as the complainant reads it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Message, as the complainant reads it")


class SupplementForm(_WriteForm):
    """What is missing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("What is missing: all of it at once; the complainant has 15 working days")


class ComplaintNoteForm(_WriteForm):
    """A note that the complainant never sees."""

    is_internal = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Note, for those alone who handle the complaint")
        del self.fields["attachments"]


class _DecisionForm(forms.Form):
    choice = forms.ChoiceField(label=_("Ground"), widget=forms.Select(attrs={"class": WIDE}))
    text = ProseField(max_length=5000, widget=forms.Textarea(attrs=_TEXT))

    def clean(self) -> dict[str, Any]:
        """Bring choice and text together."""
        data = self.cleaned_data
        return data if self.errors else {"decision": Written(data["choice"], data["text"])}


class RefuseForm(_DecisionForm):
    """Why a complaint is not accepted."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["choice"].choices = Complaint.Ground.choices  # type: ignore[attr-defined]
        self.fields["text"].label = _("Reasons, and where the matter belongs, as the complainant reads them")


class CloseForm(_DecisionForm):
    """How a complaint ends."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        endings = [pair for pair in Complaint.Ending.choices if pair[0] != Complaint.Ending.WITHDRAWN]
        self.fields["choice"].choices = endings  # type: ignore[attr-defined]
        self.fields["choice"].label = _("How it ends")
        self.fields["text"].label = _("Outcome, as the complainant reads it")


class ExtendForm(forms.Form):
    """By how many working days the handling is extended, and why."""

    days = WholeNumberField(
        label=_("Working days"), min_value=1, max_value=MOST_EXTENSION, widget=forms.NumberInput(attrs={"class": WIDE})
    )
    text = ProseField(
        label=_("Reasons, as the complainant reads them"), max_length=2000, widget=forms.Textarea(attrs=_TEXT)
    )

    def clean(self) -> dict[str, Any]:
        """Bring days and reasons together."""
        data = self.cleaned_data
        return data if self.errors else {"extension": Written(int(data["days"]), data["text"])}


class AssignForm(forms.Form):
    """To whom a complaint goes."""

    officer = OfficerField(label=_("Officer"), queryset=User.objects.none(), widget=forms.Select(attrs={"class": WIDE}))

    def offer_for(self, complaint: Complaint) -> None:
        """Offer those who have no part in it."""
        self.fields["officer"].queryset = complaint_clocks.handlers_by_load(complaint, Role.HEAD)  # type: ignore[attr-defined]

    def clean_officer(self) -> int:
        """Return the officer's number: a step's record holds no names."""
        return int(self.cleaned_data["officer"].pk)


class IdentifyForm(forms.Form):
    """Which member of staff is complained of."""

    staff = forms.ModelChoiceField(
        label=_("Member of staff: from now on they see nothing of it, and whoever has it gives it up"),
        queryset=User.objects.none(),
        widget=forms.Select(attrs={"class": WIDE}),
    )

    def offer_for(self, complaint: Complaint) -> None:
        """Offer the staff who are not named yet."""
        staff = User.objects.filter(is_staff=True).exclude(pk__in=complaint.staff_complained_of)
        self.fields["staff"].queryset = staff.exclude(pk=complaint.complainant_id).order_by("name", "pk")  # type: ignore[attr-defined]

    def clean_staff(self) -> int:
        """Return the person's number: a step's record holds no names."""
        return int(self.cleaned_data["staff"].pk)
