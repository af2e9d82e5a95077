"""How commitments are shown: where they were promised, how they stand; and what a source already says of a new one."""

from typing import Any, NamedTuple, Self

from django.http import QueryDict
from django.utils import translation
from django.utils.translation import gettext as _

from firms.naming import has_chinese
from incentives.models import Application
from investors.models import Commitment, Inquiry, InquiryMessage
from portal import local_form
from portal.desk import Tone
from portal.models import User

Source = Commitment.Source

TONES: dict[str, Tone] = {"open": "blue", "kept": "green", "broken": "red", "released": "grey"}

PROMISING = (Application.Status.OFFERED, Application.Status.ACTIVE, Application.Status.COMPLETED)
"""Statuses of applications to which the district has made an offer."""

_MOST_KEY = 18  # digits of a number that a row can have


class Standing(NamedTuple):
    """How a commitment stands, in a word and a colour."""

    label: str
    tone: Tone


def standing(commitment: Commitment) -> Standing:
    """Return how a commitment stands: open and overdue differ, kept and kept late too."""
    if commitment.is_overdue:
        return Standing(_("overdue"), "red")
    if commitment.is_disputed:
        return Standing(_("said to be kept, objected to"), "amber")
    if commitment.is_late:
        return Standing(_("kept late"), "amber")
    return Standing(str(commitment.get_status_display()), TONES[commitment.status])


def source_in_words(commitment: Commitment) -> str:
    """Return where it was promised, in one line."""
    if commitment.message:
        about = {"reference": commitment.message.inquiry.reference, "day": local_form.day(commitment.message.at)}
        return _("Our answer of %(day)s to inquiry %(reference)s") % about
    if commitment.application:
        return _("Our offer to application %(number)s") % {"number": commitment.application.number}
    about = {"day": local_form.day(commitment.source_on), "note": commitment.source_note}
    if commitment.source == Source.LETTER:
        words = _("Our letter of %(day)s") % about
    elif commitment.source == Source.MEETING:
        words = _("A meeting on %(day)s") % about
    else:
        return commitment.source_note
    return _("%(source)s (%(note)s)") % {"source": words, "note": commitment.source_note} if about["note"] else words


class Origin(NamedTuple):
    """An answer or an offer from which a commitment is made: to whom, and its first words."""

    message: InquiryMessage | None = None
    application: Application | None = None

    @classmethod
    def find(cls, named: QueryDict, reader: User) -> Self:
        """Return the answer (``message``) or the offer (``application``) that an address names, if its reader may.

        Args:
            named: the query string.
            reader: a member of staff.
        """
        if key := _key(named.get("message", "")):
            answers = InquiryMessage.objects.visible_to(reader).filter(is_internal=False, inquiry__erased_at=None)
            found = answers.filter(pk=key).select_related("inquiry__sender", "inquiry__organisation").first()
            return cls(message=found if found and promises_in(found, found.inquiry) else None)
        if key := _key(named.get("application", "")):
            offers = Application.objects.handled_by(reader).filter(pk=key, status__in=PROMISING)
            return cls(application=offers.select_related("organisation", "round__programme").first())
        return cls()

    @property
    def is_known(self) -> bool:
        """Whether there is one."""
        return bool(self.message or self.application)

    def promised(self) -> dict[str, Any]:
        """Return what it says of the commitment: source and beneficiary."""
        if self.message:
            inquiry = self.message.inquiry
            to = {"person": inquiry.sender, "organisation": inquiry.organisation}
            return {"source": Source.ANSWER, "message": self.message, **to}
        assert self.application  # noqa: S101 -- asked for where there is one
        return {
            "source": Source.OFFER,
            "application": self.application,
            "organisation": self.application.organisation,
        }

    def first_words(self) -> dict[str, str]:
        """Return the words that the form begins with: the answer's own, or what the offer is about."""
        if self.message:
            side = "zh" if has_chinese(self.message.body) else "en"
            return {f"text_{side}": self.message.body[:2000]}
        assert self.application  # noqa: S101 -- asked for where there is one
        words = {}
        for language, side in (("zh-hans", "zh"), ("en", "en")):
            with translation.override(language):
                title = getattr(self.application.round.programme, f"title_{side}")
                about = {"number": self.application.number, "title": title}
                words[f"text_{side}"] = _("Offer to application %(number)s, %(title)s: ") % about
        return words

    def in_words(self) -> str:
        """Return where it was promised."""
        return source_in_words(Commitment(message=self.message, application=self.application))

    @property
    def beneficiary(self) -> str:
        """To whom it was promised, by name."""
        said = self.promised()
        names = [said["organisation"].title if said["organisation"] else "", getattr(said.get("person"), "name", "")]
        return " · ".join(name for name in names if name)


def promises_in(message: InquiryMessage, inquiry: Inquiry) -> bool:
    """Return whether a message of a thread may hold a commitment: the district wrote it, and the sender reads it."""
    return not message.is_internal and message.author_id != inquiry.sender_id


def _key(text: str) -> int | None:
    fits = text.isascii() and text.isdigit() and len(text) <= _MOST_KEY
    return int(text) if fits else None
