"""What the core itself contributes: the queue of deadlines and the roles' permissions."""

from datetime import timedelta
from math import ceil
from typing import Any

from django.db import OperationalError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from psycopg.errors import LockNotAvailable

from portal import account_data, calendar_desk, desk, holidays, work
from portal.lifecycle import SYSTEM, StepClosed, lifecycle_of
from portal.models import Deadline, Recount, RecountItem
from portal.permissions import allow
from portal.roles import Role


def take_step(deadline: Deadline) -> None:
    """Take the step of a due deadline as the system; look again later if it is closed, or somebody else takes one."""
    subject = _lock_subject(deadline)
    if subject is None or subject.status != deadline.while_status:
        return
    if (early := deadline.due_at - timezone.now()) > timedelta(0):  # set anew since a worker claimed it
        raise work.NotNow(seconds=ceil(early.total_seconds()))
    try:
        lifecycle_of(subject).take(subject, deadline.step, by=SYSTEM)
    except StepClosed as closed:
        raise work.NotNow(seconds=300) from closed


def _lock_subject(deadline: Deadline) -> Any:
    """Lock what the deadline is about; who has it may be closing the deadline, and each would wait for the other."""
    try:
        return deadline.lock_subject(nowait=True)
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise work.NotNow(seconds=20) from error
        raise


work.register(work.Queue("deadlines", Deadline.objects.all, take_step))
work.register(work.Queue(holidays.QUEUE, RecountItem.objects.all, holidays.count_thing))
work.register(work.Queue(holidays.LATE_QUEUE, Recount.objects.all, holidays.look_again))

for model in ("historyentry", "steptaken", "notice", "deadline", "erasure"):
    allow(Role.AUDITOR, f"portal.view_{model}")
    allow(Role.ADMINISTRATOR, f"portal.view_{model}")
for action in ("view", "add", "change"):
    allow(Role.ADMINISTRATOR, f"portal.{action}_user")
    allow(Role.ADMINISTRATOR, f"portal.{action}_holiday", f"portal.{action}_calendaryear")

account_data.contribute_all()
for role in (Role.ADMINISTRATOR, Role.AUDITOR, Role.HEAD):
    allow(role, "portal.view_recount")

desk.contribute(calendar_desk.years_to_publish, heading=_("Calendar"), order=5)
