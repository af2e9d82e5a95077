"""The life of a milestone: planned, then done, or dropped."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

import pgtrigger
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from investors import interest_rules
from investors.models import InterestMilestone
from investors.notices.interests import MilestoneAdded, MilestoneDone, MilestoneDue
from portal import deadlines
from portal.clock import SHANGHAI
from portal.lifecycle import Change, Lifecycle, Step, Text, by_system
from portal.models import StepTaken, User

REMIND_DAYS = 2
"""How many days before its day both sides are reminded."""

MORNING = time(9)


def is_party(user: User | None, milestone: InterestMilestone) -> bool:
    """Whether the user speaks for one of the two sides."""
    return interest_rules.is_party(user, milestone.interest)


def goes_on(milestone: InterestMilestone) -> Iterator[Text]:
    """Yield a reason when the interest has ended."""
    if not milestone.interest.is_live:
        yield _("The interest has ended.")


def not_planned_before(milestone: InterestMilestone) -> Iterator[Text]:
    """Yield a reason when the other side was told."""
    yield from goes_on(milestone)
    if StepTaken.objects.about(milestone).filter(step="plan").exists():
        yield _("It was planned already.")


def set_reminder(change: Change) -> None:
    """Set when both are reminded, unless that is over."""
    day = change.obj.due_on - timedelta(days=REMIND_DAYS)
    due_at = datetime.combine(day, MORNING, SHANGHAI)
    if due_at > timezone.now():
        deadlines.set_deadline_at(change.obj, "remind", due_at=due_at, while_status=PLANNED)


def settle(change: Change) -> None:
    """Keep who settled it, and when."""
    change.set(settled_at=timezone.now(), settled_by=change.by)


PLANNED, DONE, DROPPED = InterestMilestone.Status

MILESTONE = Lifecycle(
    InterestMilestone,
    {PLANNED},
    Step("plan", {PLANNED}, None, may=is_party, label=_("Add the milestone"),
         guard=not_planned_before, do=set_reminder, tell=(MilestoneAdded,)),
    Step("do", {PLANNED}, DONE, may=is_party, label=pgettext_lazy("milestone", "Done"),
         guard=goes_on, do=settle, tell=(MilestoneDone,)),
    Step("drop", {PLANNED}, DROPPED, may=is_party, label=pgettext_lazy("milestone", "Drop"), guard=goes_on, do=settle),
    Step("remind", {PLANNED}, None, may=by_system, label=_("Remind of the milestone"),
         guard=goes_on, tell=(MilestoneDue,)),
)  # fmt: skip

pgtrigger.register(MILESTONE.trigger())(InterestMilestone)
