"""What the district promises of an inquiry: an officer, a confirmation, an answer, each by a working day."""

from datetime import datetime, time

from django.db import models
from django.db.models import Count, Q

from firms.models import Membership
from investors.models import Inquiry
from portal import clock, deadlines
from portal.clock import SHANGHAI, Due
from portal.models import User

ACKNOWLEDGE_DAYS = 1
ANSWER_DAYS = 5
MORNING = time(9)

ACKNOWLEDGE_STEPS = ("remind_acknowledge", "escalate_acknowledge")
ANSWER_STEPS = ("remind_answer", "escalate_answer")


def acknowledge_due(start: datetime) -> Due:
    """Return by when an inquiry is confirmed: the end of the next working day."""
    return clock.after_working_days(start, ACKNOWLEDGE_DAYS)


def answer_due(start: datetime) -> Due:
    """Return by when an inquiry is answered: the end of the fifth working day."""
    return clock.after_working_days(start, ANSWER_DAYS)


def set_clocks(inquiry: Inquiry, *, acknowledge: bool, while_status: str) -> None:
    """Set when the officer is reminded and when the head hears.

    The confirmation is called to mind on the morning of its day, the answer on that of the working day before.
    """
    estimated = inquiry.due_estimated
    start = inquiry.received_at if acknowledge else _start_of_answer(inquiry)
    moments = {
        "remind_answer": _morning(clock.after_working_days(start, ANSWER_DAYS - 1).at),
        "escalate_answer": inquiry.answer_due,
    }
    if acknowledge:
        moments["remind_acknowledge"] = _morning(inquiry.acknowledge_due)
        moments["escalate_acknowledge"] = inquiry.acknowledge_due
    days = {
        "remind_answer": ANSWER_DAYS - 1,
        "escalate_answer": ANSWER_DAYS,
        "remind_acknowledge": ACKNOWLEDGE_DAYS,
        "escalate_acknowledge": ACKNOWLEDGE_DAYS,
    }
    for step, due_at in moments.items():
        counted = deadlines.Counted(start, days[step])
        deadlines.set_deadline_at(
            inquiry, step, due_at=due_at, estimated=estimated, while_status=while_status, counted=counted
        )


def _start_of_answer(inquiry: Inquiry) -> datetime:
    last = inquiry.messages.filter(author=inquiry.sender_id).order_by("-pk").first()
    return last.at if last else inquiry.received_at


def _morning(moment: datetime) -> datetime:
    return datetime.combine(moment.astimezone(SHANGHAI).date(), MORNING, SHANGHAI)


def officers(inquiry: Inquiry) -> "models.QuerySet[User]":
    """Return the active officers who may answer it: none who asked, or acts for the organisation it is about."""
    acting = Membership.objects.active().filter(organisation=inquiry.about_organisation_id).values("user")
    found = User.objects.filter(is_active=True, is_staff=True, groups__name=inquiry.answered_by)
    return found.exclude(pk=inquiry.sender_id).exclude(pk__in=acting)


def officers_by_load(inquiry: Inquiry) -> "models.QuerySet[User]":
    """Return the officers with ``load``, how many inquiries each has to answer, the least busy first."""
    waiting = Count("assigned_inquiries", filter=Q(assigned_inquiries__status__in=Inquiry.WAITING))
    return officers(inquiry).annotate(load=waiting).order_by("load", "pk")


def least_busy_officer(inquiry: Inquiry) -> User | None:
    """Return the officer with the fewest inquiries to answer, or None when there is none."""
    return officers_by_load(inquiry).first()
