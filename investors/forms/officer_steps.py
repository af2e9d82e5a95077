"""What officers give with the steps that wait, merge, hand over and follow up."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from investors import promises
from investors.effects import LONGEST_FOLLOW_UP
from investors.forms.fields import DayField, LineField, ProseField
from investors.forms.inquiries import KeyField
from investors.forms.steps import WIDE, AnswerForm, NoteForm, OfficerField, TextForm
from investors.models import Inquiry, InquiryMessage
from portal import clock
from portal.models import User

FOLLOW_UP_DAYS = 10
"""So many working days after an answer its follow-up is proposed."""


def _day_to_follow_up() -> str:
    return clock.after_working_days(timezone.now(), FOLLOW_UP_DAYS).day.isoformat()


class FollowUpForm(forms.Form):
    """When the officer is reminded to ask whether it went well."""

    follow_up_on = DayField(label=_("Remind me on"), help_text=_("You are told in the morning of that day."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["follow_up_on"].initial = _day_to_follow_up

    def clean_follow_up_on(self) -> Any:
        """Return the day.

        Raises:
            ValidationError: it is past, or too far ahead.
        """
        day, today = self.cleaned_data["follow_up_on"], timezone.localdate()
        if day and not today < day <= today + LONGEST_FOLLOW_UP:
            raise forms.ValidationError(_("Choose a day within the next year to follow up."))
        return day


class AnswerWithFollowUpForm(FollowUpForm, AnswerForm):
    """The answer, and when to ask whether it helped."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs["rows"] = 12
        self.fields["follow_up_on"].required = False
        self.fields["follow_up_on"].label = _("Remind me to follow up on")
        self.fields["follow_up_on"].help_text = _("To ask whether it went well. Leave it empty for no reminder.")

    def clean(self) -> dict[str, Any]:
        """Make the message of what was typed, and keep the day."""
        day = self.cleaned_data.get("follow_up_on")
        data = super().clean()
        return {**data, "follow_up_on": day} if day and "message" in data else data


class AskBackForm(TextForm):
    """What the officer has to know before answering."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Question to the sender")
        self.fields["text"].help_text = _(
            "The clock of the answer stands still until the sender replies. They are reminded after 5 working days; "
            "after 20 without a reply the inquiry is closed, and a later reply opens it again."
        )


class WriteAgainForm(TextForm):
    """A message after the answer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Message, as the sender reads it")


class HandOverForm(forms.Form):
    """To whom an inquiry goes, and what they should know."""

    officer = OfficerField(
        label=_("New officer"), queryset=User.objects.none(), widget=forms.Select(attrs={"class": WIDE})
    )
    note = ProseField(
        label=_("Why, and what they should know"),
        help_text=_("Kept as an internal note; the sender sees the new name alone."),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": WIDE, "maxlength": 5000}),
    )
    key = KeyField(required=False)

    def offer_officers_for(self, inquiry: Inquiry) -> None:
        """Offer those who may answer it and are not away."""
        found = promises.present(promises.officers_by_load(inquiry)).exclude(pk=inquiry.officer_id or 0)
        self.fields["officer"].queryset = found  # type: ignore[attr-defined]

    def clean_officer(self) -> int:
        """Return the officer's number: a step's record holds no names."""
        return int(self.cleaned_data["officer"].pk)

    def clean(self) -> dict[str, Any]:
        """Make an internal note of what was typed."""
        data = self.cleaned_data
        if "officer" not in data:
            return data
        found: dict[str, Any] = {"officer": data["officer"]}
        if data.get("note"):
            key = data.get("key") or uuid4()
            found["message"] = InquiryMessage(body=data["note"], is_internal=True, idempotency_key=key)
        return found


class _InquiryField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Inquiry) -> str:
        return f"{obj.reference} · {obj.subject} · {obj.get_status_display()}"


class MergeForm(forms.Form):
    """Which earlier inquiry of the sender goes on."""

    survivor = _InquiryField(
        label=_("Earlier inquiry"),
        queryset=Inquiry.objects.none(),
        error_messages={
            "invalid_choice": _("Choose an earlier inquiry of the same sender that is still to be answered.")
        },
        widget=forms.Select(attrs={"class": WIDE}),
        help_text=_("This thread is shown there, this clock ends, and the sender is told. It cannot be undone."),
    )

    def offer_inquiries_for(self, inquiry: Inquiry) -> None:
        """Offer what the sender asked before and is still to be answered."""
        found = Inquiry.objects.sent_by(inquiry.sender).filter(pk__lt=inquiry.pk, status__in=Inquiry.UNANSWERED)
        self.fields["survivor"].queryset = found  # type: ignore[attr-defined]

    def clean_survivor(self) -> int:
        """Return its number."""
        return int(self.cleaned_data["survivor"].pk)


STEP_FORMS: dict[str, type[forms.Form]] = {
    "answer": AnswerWithFollowUpForm,
    "ask_back": AskBackForm,
    "write_again": WriteAgainForm,
    "note": NoteForm,
    "hand_over": HandOverForm,
    "merge": MergeForm,
    "plan_follow_up": FollowUpForm,
}
"""The form of each step that needs more than a reason."""


class HandOverSeveralForm(forms.Form):
    """To whom several inquiries go; whether that officer may answer each is asked when it is handed over."""

    officer = forms.ModelChoiceField(label=_("New officer"), queryset=User.objects.none())

    def __init__(self, *args: Any, inquiries: list[Inquiry], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = {inquiry.answered_by for inquiry in inquiries}
        answering = User.objects.filter(is_active=True, is_staff=True, groups__name__in=roles)
        self.fields["officer"].queryset = promises.present(answering).distinct().order_by("name", "pk")  # type: ignore[attr-defined]

    def clean_officer(self) -> int:
        """Return the officer's number: a step's record holds no names."""
        return int(self.cleaned_data["officer"].pk)


class DraftForm(forms.Form):
    """What is typed of an answer, whatever it lacks."""

    text = ProseField(required=False, max_length=5000)
    version = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
    template = forms.IntegerField(required=False, min_value=0, max_value=2**63 - 1)


class LinkForm(forms.Form):
    """What names a record."""

    what = LineField(
        label=_("Link a record"),
        max_length=300,
        help_text=_("Reference of an inquiry, number of an application, social credit code, or the address of a page."),
        widget=forms.TextInput(attrs={"class": WIDE}),
    )
