"""When an applicant is reminded that something of theirs lapses: a draft, a returned application, an offer."""

from datetime import datetime

from django.utils import timezone

from incentives.models import Application
from portal import clock, deadlines

Status = Application.Status

REMINDED_BEFORE = {
    Status.DRAFT: 5,
    Status.RETURNED: 3,
    Status.OFFERED: 3,
}
"""So many whole working days are left when the applicant is reminded; a draft takes longest to finish."""


def reminder_before(lapses_at: datetime, status: str) -> clock.Due:
    """Return when the applicant is reminded of what lapses at a moment."""
    return clock.before_working_days(lapses_at, REMINDED_BEFORE[Status(status)])


def is_worth_it(due: clock.Due) -> bool:
    """Whether a working day ends before a reminder: until then, what began the time is still fresh."""
    return clock.working_days_between(timezone.now(), due.at) > 0


def set_reminder(application: Application, status: str) -> bool:
    """Set when the applicant hears that something lapses; nothing where little more time than that is left anyway.

    Args:
        application: whose deadline to lapse is set.
        status: which it has, or is about to have.

    Returns:
        Whether a reminder is set.
    """
    lapse = deadlines.open_deadline(application, "lapse")
    if lapse is None or lapse.while_status != status:
        return False
    due = reminder_before(lapse.due_at, status)
    if not is_worth_it(due):
        return False
    deadlines.set_deadline_at(
        application, Application.REMINDER, due_at=due.at, estimated=due.estimated, while_status=status
    )
    return True
