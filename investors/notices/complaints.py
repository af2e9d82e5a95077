"""What complainants and those who handle complaints are told: references and dates, never what was written."""

from collections.abc import Iterable, Mapping
from typing import Any

from investors import complaint_clocks
from investors.notices.words import day
from portal.lifecycle import Change
from portal.models import User
from portal.notices import Message
from portal.roles import Role, has_role


class _AboutComplaint(Message):
    def context(self, change: Change) -> Mapping[str, Any]:
        complaint = change.obj
        dates = {"decide_due": complaint.decide_due, "supplement_due": complaint.supplement_due}
        dates |= {"close_due": complaint.close_due}
        return {"reference": complaint.reference, **{name: day(at) if at else "" for name, at in dates.items()}}


class _ToComplainant(_AboutComplaint):
    def recipients(self, change: Change) -> Iterable[User]:
        return [change.obj.complainant]

    def page(self, change: Change) -> tuple[str, dict[str, Any]]:
        return "investors:complaint", {"reference": change.obj.reference}


class _ToHandler(_AboutComplaint):
    def recipients(self, change: Change) -> Iterable[User]:
        return complaint_clocks.handler_of(change.obj) or complaint_clocks.overseers(change.obj)

    def page(self, change: Change) -> tuple[str, dict[str, Any]]:
        if all(has_role(user, Role.AUDITOR) and not has_role(user, Role.HEAD) for user in self.recipients(change)):
            return "admin:investors_complaint_register", {}
        return "admin:investors_complaint_change", {"object_id": str(change.obj.pk)}


class ComplaintReceived(_ToComplainant):
    """The receipt: reference and dates."""

    kind = "investors.complaint_received"


class ComplaintToHandle(_ToHandler):
    """A complaint is given to somebody; the head hears where nobody has it."""

    kind = "investors.complaint_to_handle"

    def context(self, change: Change) -> Mapping[str, Any]:
        """Say whether somebody has it."""
        return {**super().context(change), "is_assigned": change.obj.handler_id is not None}


class ComplaintGivenOn(ComplaintToHandle):
    """Told where a step has put somebody else in charge."""

    kind = "investors.complaint_given_on"

    def recipients(self, change: Change) -> Iterable[User]:
        """Return nobody where the handler stays."""
        return super().recipients(change) if "handler" in change.fields else []


class ComplaintSupplementWanted(_ToComplainant):
    """Material is missing."""

    kind = "investors.complaint_supplement_wanted"


class ComplaintSupplementDueSoon(_ToComplainant):
    """The missing material has not come yet."""

    kind = "investors.complaint_supplement_due_soon"


class ComplaintSupplemented(_ToHandler):
    """The missing material came; the clock of the decision runs anew."""

    kind = "investors.complaint_supplemented"


class ComplaintSupplementMissing(_ToHandler):
    """The missing material did not come in time."""

    kind = "investors.complaint_supplement_missing"


class ComplaintAccepted(_ToComplainant):
    """It is handled, and by when."""

    kind = "investors.complaint_accepted"


class ComplaintRefused(_ToComplainant):
    """It is not accepted; the reasons stand in the portal."""

    kind = "investors.complaint_refused"


class ComplaintExtended(_ToComplainant):
    """The outcome comes later; the reasons stand in the portal."""

    kind = "investors.complaint_extended"


class _ToOverseers(_ToHandler):
    def recipients(self, change: Change) -> Iterable[User]:
        return complaint_clocks.overseers(change.obj)


class ComplaintExtendedHead(_ToOverseers):
    """The head hears of an extension."""

    kind = "investors.complaint_extended_head"

    def recipients(self, change: Change) -> Iterable[User]:
        """Leave out who extended it."""
        return [user for user in super().recipients(change) if change.by is None or user.pk != change.by.pk]


class ComplaintClosed(_ToComplainant):
    """It is closed; the outcome stands in the portal."""

    kind = "investors.complaint_closed"


class ComplaintWithdrawn(_ToHandler):
    """The complainant withdrew it."""

    kind = "investors.complaint_withdrawn"


class ComplaintWritten(_ToComplainant):
    """The handler wrote."""

    kind = "investors.complaint_written"


class ComplaintReplied(_ToHandler):
    """The complainant wrote."""

    kind = "investors.complaint_replied"


class ComplaintDecisionDueSoon(_ToHandler):
    """The decision on acceptance is due on the next working day."""

    kind = "investors.complaint_decision_due_soon"


class ComplaintOutcomeDueSoon(_ToHandler):
    """The outcome is due soon."""

    kind = "investors.complaint_outcome_due_soon"


class _Overdue(_ToOverseers):
    def recipients(self, change: Change) -> Iterable[User]:
        return [*super().recipients(change), *complaint_clocks.handler_of(change.obj)]


class ComplaintDecisionOverdue(_Overdue):
    """The decision on acceptance is overdue: head and handler hear."""

    kind = "investors.complaint_decision_overdue"


class ComplaintOutcomeOverdue(_Overdue):
    """The outcome is overdue: head and handler hear."""

    kind = "investors.complaint_outcome_overdue"
