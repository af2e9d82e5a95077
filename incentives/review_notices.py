"""What is told about reviews: to the reviewer whose it is, and to who manages them; and what is told to the head."""

from collections.abc import Iterable, Mapping
from typing import Any

from incentives.facts import pair_of
from incentives.models import Application, Flag, ReviewAssignment
from incentives.notices import About, Overdue, ToStaff
from portal.local_form import day
from portal.models import Deadline, Notice, User
from portal.notices import Message
from portal.roles import Role

MOST_NAMES = 10


class ToReviewer(Message):
    """A message to the reviewer whose assignment took a step."""

    def recipients(self, change: Any) -> Iterable[User]:
        """Return the reviewer."""
        return [change.obj.reviewer]

    def context(self, change: Any) -> Mapping[str, Any]:
        """Return what the message says."""
        asked = Deadline.objects.about(change.obj).filter(step="remind_due").order_by("-id").first()
        told = ToStaff().context(About(change.obj.application))
        return {**told, "reason": change.reason, "due": pair_of(day, asked.due_at if asked else None)}

    def page(self, change: Any) -> tuple[str, dict[str, Any]]:
        """Return the page it opens."""
        return "admin:incentives_reviewassignment_change", {"object_id": change.obj.pk}


class ReviewDueSoon(ToReviewer):
    """The review is due in a few days."""

    kind = "incentives.review_due_soon"


class ReviewDue(ToReviewer):
    """The review is due now."""

    kind = "incentives.review_due"


class ReviewReplaced(ToReviewer):
    """Somebody else reviews: the reviewer was too late."""

    kind = "incentives.review_replaced"


class ReviewRecused(ToReviewer):
    """The programme manager has taken the review from the reviewer."""

    kind = "incentives.review_recused"


class ReviewReleased(ToReviewer):
    """The person is no reviewer any more."""

    kind = "incentives.review_released"

    def page(self, change: Any) -> None:  # type: ignore[override]
        """Return none: the review is not theirs to read."""


class ReviewersMissing(ToStaff):
    """Nobody is left who may review: the managers and the head must find somebody."""

    kind = "incentives.reviewers_missing"
    roles = (Role.MANAGER, Role.HEAD)

    def __init__(self, assignment: ReviewAssignment | None = None) -> None:
        self.assignment = assignment

    def tell(self, change: Any) -> list[Notice]:
        """Speak of the application: an assignment, whose end or whose delay is the cause, took the step."""
        self.assignment = change.obj
        return super().tell(About(change.obj.application))

    def event(self, change: Any) -> str:
        """Return what makes it unique: it is told once for each assignment."""
        return f"{self.kind}:{self.assignment.pk if self.assignment else 0}"


class Escalated(ToStaff):
    """A promised date passed days ago: the head hears what is stuck, and with whom."""

    kind = "incentives.escalated"
    roles = (Role.HEAD,)

    def context(self, change: Any) -> Mapping[str, Any]:
        """Return what the message says."""
        application: Application = change.obj
        who = stuck_with(application)
        promised = Deadline.objects.about(application).filter(step="remind").order_by("-id").first()
        return {
            **super().context(change),
            "due": pair_of(day, promised.due_at if promised else None),
            "status": pair_of(lambda status: str(Application.Status(status).label), application.status),
            "people": [str(user) for user in who[:MOST_NAMES]],
            "late": application.status == Application.Status.UNDER_REVIEW
            and application.assignments.filter(status=ReviewAssignment.Status.WAITING).exists(),
        }


def stuck_with(application: Application) -> list[User]:
    """Return with whom an application is: the reviewers who are waited for, otherwise whose step is next."""
    if application.status == Application.Status.UNDER_REVIEW:
        waiting = application.assignments.filter(status=ReviewAssignment.Status.WAITING).select_related("reviewer")
        if late := [assignment.reviewer for assignment in waiting]:
            return late
    return list(Overdue().recipients(About(application)))


class FlagGiven(ToStaff):
    """Somebody is asked to look into a flag."""

    kind = "incentives.flag_given"

    def __init__(self, flag: Flag | None = None) -> None:
        self.flag = flag

    def tell_of(self, flag: Flag) -> list[Notice]:
        """Tell the owner of a flag."""
        return FlagGiven(flag).tell(About(flag.application))

    def recipients(self, change: Any) -> Iterable[User]:
        """Return the owner."""
        return [self.flag.owner] if self.flag and self.flag.owner else []

    def context(self, change: Any) -> Mapping[str, Any]:
        """Return what the message says."""
        flag = self.flag
        found = flag.found if flag else {}
        what: Any = flag.reason if flag else ""
        if found:
            what = {"en": found["text_en"], "zh": found["text_zh"]}
        return {**super().context(change), "what": what}

    def event(self, change: Any) -> str:
        """Return what makes it unique: it is told once for each owner."""
        return f"{self.kind}:{self.flag.pk}:{self.flag.owner_id}" if self.flag else self.kind
