"""What those who ask and those who answer are told."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import translation

from investors.models import Inquiry
from investors.notices.words import day, holders
from portal.lifecycle import Change
from portal.models import User
from portal.notices import Message, both
from portal.roles import Role, has_role


def _label(inquiry: Inquiry) -> dict[str, str]:
    with translation.override("en"):
        english = inquiry.get_topic_display()
    with translation.override("zh-hans"):
        return {"en": str(english), "zh": str(inquiry.get_topic_display())}


class _AboutInquiry(Message):
    def context(self, change: Change) -> Mapping[str, Any]:
        inquiry = change.obj
        return {
            "reference": inquiry.reference,
            "topic": _label(inquiry),
            "officer": inquiry.officer.name if inquiry.officer else "",
            "acknowledge_due": day(inquiry.acknowledge_due),
            "answer_due": day(inquiry.answer_due),
        }


class _ToSender(_AboutInquiry):
    def recipients(self, change: Change) -> Iterable[User]:
        return [change.obj.sender]

    def page(self, change: Change) -> tuple[str, dict[str, Any]]:
        return "investors:inquiry", {"reference": change.obj.reference}


def _officer(inquiry: Inquiry) -> User | None:
    """Return who is in charge, while they are an officer for it."""
    return inquiry.officer if has_role(inquiry.officer, inquiry.answered_by) else None


class _ToOfficer(_AboutInquiry):
    def recipients(self, change: Change) -> Iterable[User]:
        officer = _officer(change.obj)
        return [officer] if officer else holders(Role.HEAD)

    def page(self, change: Change) -> tuple[str, dict[str, Any]]:
        return "admin:investors_inquiry_change", {"object_id": str(change.obj.pk)}


class InquiryReceived(_ToSender):
    """The sender's receipt: reference, officer and dates."""

    kind = "investors.inquiry_received"


class InquiryAssigned(_ToOfficer):
    """An officer is in charge from now on; the head hears when there is none."""

    kind = "investors.inquiry_assigned"

    def context(self, change: Change) -> Mapping[str, Any]:
        """Say what the page was about from which it was asked."""
        inquiry = change.obj
        about: dict[str, str] | str = ""
        if inquiry.opportunity:
            about = both(inquiry.opportunity, "title")
        elif asked := inquiry.about_organisation:
            about = {"en": asked.name_en or asked.name_pinyin, "zh": asked.name_zh}
        elif inquiry.programme:
            about = both(inquiry.programme, "title")
        return {**super().context(change), "about": about}


class InquiryAcknowledged(_ToSender):
    """The officer has read it."""

    kind = "investors.inquiry_acknowledged"


class InquiryAnswered(_ToSender):
    """The answer stands in the portal."""

    kind = "investors.inquiry_answered"


class InquiryReplied(_ToOfficer):
    """The sender added something."""

    kind = "investors.inquiry_replied"


class InquiryReopened(_ToOfficer):
    """The sender wrote after the answer; the promise runs anew."""

    kind = "investors.inquiry_reopened"


class InquiryWithdrawn(_ToOfficer):
    """The sender withdrew it: no answer is expected any more."""

    kind = "investors.inquiry_withdrawn"


class InquiryClosed(_ToSender):
    """The officer closed it."""

    kind = "investors.inquiry_closed"

    def recipients(self, change: Change) -> Iterable[User]:
        """Tell the sender, unless they closed it."""
        return [] if change.by and change.by.pk == change.obj.sender_id else [change.obj.sender]


class ConfirmationDueSoon(_ToOfficer):
    """The promised confirmation is due today."""

    kind = "investors.confirmation_due_soon"


class AnswerDueSoon(_ToOfficer):
    """The promised answer is due on the next working day."""

    kind = "investors.answer_due_soon"
