"""Asking, replying and rating."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from firms.models import Organisation
from investors.asked import Asked
from investors.forms.fields import LineField, OrganisationField, ProseField
from investors.forms.files import FilesField
from investors.models import Inquiry
from investors.services.inquiries import Question
from portal.forms import PortalFormMixin
from portal.models import User

SUBJECT = 150
"""How long the subject may be."""


class KeyField(forms.UUIDField):
    """A hidden key that the page made: the same form sent twice is one thing sent."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(initial=uuid4, **kwargs)


class InquiryForm(PortalFormMixin, forms.Form):
    """A question to the district; what is typed before signing in is kept."""

    topic = forms.ChoiceField(label=_("Topic"), choices=[("", _("Choose a topic")), *Inquiry.Topic.choices])
    organisation = OrganisationField(
        label=_("On behalf of"),
        queryset=Organisation.objects.none(),
        required=False,
        empty_label=_("Myself"),
    )
    subject = LineField(label=_("Subject"), max_length=SUBJECT)
    text = ProseField(
        label=_("Your question"),
        max_length=5000,
        help_text=_("Up to 5,000 characters. Leave out passwords, identity card numbers and trade secrets."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    language = forms.ChoiceField(
        label=_("Answer in"), choices=User.Language, widget=forms.RadioSelect, help_text=_("We answer in either.")
    )
    key = KeyField()

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Organisation.objects.with_member(user)
        self.fields["organisation"].queryset = own  # type: ignore[attr-defined]
        if not own.exists():
            del self.fields["organisation"]
        if self.is_correction:
            self.fields["text"].label = _("What is wrong, and what is right")

    @property
    def is_correction(self) -> bool:
        """Whether the topic is what this site says of somebody."""
        return self["topic"].value() == Inquiry.Topic.CORRECTION

    def question(self, asked: Asked) -> Question:
        """Return what is asked.

        Args:
            asked: what the page that led here is about.
        """
        data = self.cleaned_data
        return Question(
            topic=data["topic"],
            language=data["language"],
            subject=data["subject"],
            text=data["text"],
            opportunity=asked.opportunity,
            about=asked.organisation,
            organisation=data.get("organisation"),
            programme=asked.programme,
        )


class MessageForm(PortalFormMixin, forms.Form):
    """A message of the thread."""

    text = ProseField(label=_("Your message"), max_length=5000, widget=forms.Textarea(attrs={"rows": 5}))
    attachments = FilesField()
    key = KeyField()


class RatingForm(PortalFormMixin, forms.Form):
    """How helpful the answer was."""

    rating = forms.TypedChoiceField(
        label=_("How helpful was the answer?"),
        coerce=int,
        choices=[(5, _("5: very helpful")), (4, "4"), (3, "3"), (2, "2"), (1, _("1: not helpful"))],
        widget=forms.RadioSelect,
    )
    comment = ProseField(
        label=_("What was good, what was missing"),
        max_length=1000,
        required=False,
        help_text=_("The officer and the head of service read it."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
