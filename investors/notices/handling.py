"""What is told when an inquiry waits for its sender, changes hands, is merged, followed up or late."""

from collections.abc import Iterable, Mapping
from typing import Any

from investors import promises
from investors.notices.inquiries import _officer, _ToOfficer, _ToSender
from investors.notices.words import day, holders
from portal import deadlines
from portal.lifecycle import Change
from portal.models import User
from portal.roles import Role

# --- To the sender ---------------------------------------------------------------------


class SenderAsked(_ToSender):
    """The officer needs to know something: the clock stands still until the sender replies."""

    kind = "investors.sender_asked"

    def context(self, change: Change) -> Mapping[str, Any]:
        """Say until when a reply is waited for."""
        end = deadlines.open_deadline(change.obj, "close_unanswered")
        return {**super().context(change), "until": day(end.due_at) if end else ""}


class SenderReminded(SenderAsked):
    """The sender has not replied yet."""

    kind = "investors.sender_reminded"


class InquiryClosedWaiting(_ToSender):
    """The sender never replied: closed, and opened again by a reply."""

    kind = "investors.inquiry_closed_waiting"


class SenderWrittenTo(_ToSender):
    """The officer wrote after the answer."""

    kind = "investors.sender_written_to"


class OfficerChanged(_ToSender):
    """Somebody else is in charge from now on."""

    kind = "investors.officer_changed"


class InquiryMerged(_ToSender):
    """Two inquiries of the sender go on as one."""

    kind = "investors.inquiry_merged"

    def context(self, change: Change) -> Mapping[str, Any]:
        """Name the one that goes on, and what was promised of it."""
        survivor = change.obj.merged_into
        officer = survivor.officer.name if survivor.officer else ""
        due = day(survivor.next_due) if survivor.next_due else ""
        return {**super().context(change), "survivor": survivor.reference, "officer": officer, "due": due}

    def page(self, change: Change) -> tuple[str, dict[str, Any]]:
        """Open the one that goes on."""
        return "investors:inquiry", {"reference": change.obj.merged_into.reference}


# --- To officers, deputies and heads ---------------------------------------------------


class InquiryResumed(_ToOfficer):
    """The sender replied: the clock runs again."""

    kind = "investors.inquiry_resumed"


class FollowUpDue(_ToOfficer):
    """The day has come on which the officer wanted to ask whether it went well."""

    kind = "investors.follow_up_due"


class _ToDeputy(_ToOfficer):
    """The officer and who stands in for them; the head, where nobody does."""

    def recipients(self, change: Change) -> Iterable[User]:
        """Return the officer, and the deputy or the heads."""
        officer, deputy = _officer(change.obj), promises.deputy_of(change.obj)
        return [*([officer] if officer else []), *([deputy] if deputy else holders(Role.HEAD))]

    def context(self, change: Change) -> Mapping[str, Any]:
        """Say who stands in."""
        deputy = promises.deputy_of(change.obj)
        return {**super().context(change), "deputy": deputy.name if deputy else ""}


class _ToHeads(_ToDeputy):
    """The officer, the deputy and the heads."""

    def recipients(self, change: Change) -> Iterable[User]:
        return [*super().recipients(change), *holders(Role.HEAD)]


class ConfirmationOverdue(_ToDeputy):
    """The promised confirmation was not given: officer and deputy hear."""

    kind = "investors.confirmation_overdue"


class ConfirmationOverdueHead(_ToHeads):
    """One working day later it still was not: the head hears."""

    kind = "investors.confirmation_overdue_head"


class AnswerOverdue(_ToDeputy):
    """The promised answer was not given: officer and deputy hear."""

    kind = "investors.answer_overdue"


class AnswerOverdueHead(_ToHeads):
    """One working day later it still was not: the head hears."""

    kind = "investors.answer_overdue_head"
