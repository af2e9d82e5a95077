"""Deadlines: when one is due, a sweep takes its step as the system."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from portal import clock
from portal.models import Deadline

_setters: list[Callable[[], int]] = []


def contribute(set_missing: Callable[[], int]) -> None:
    """Let an app set, after each migration, the deadlines that rows older than their clock never had.

    Args:
        set_missing: returns how many it set; repeating it changes nothing.
    """
    _setters.append(set_missing)


def set_missing() -> int:
    """Set what every app finds missing, and return how many deadlines that were."""
    return sum(setter() for setter in _setters)


class Counted(NamedTuple):
    """What a date was counted from: a moment, whose day does not count, and a number of working days."""

    start: datetime
    days: int


def set_deadline(obj: models.Model, step: str, *, working_days: int, while_status: str) -> Deadline:
    """Set, or set anew, when the system takes a step of an object.

    Args:
        obj: an object with a lifecycle.
        step: the step's name.
        working_days: from today, in China's working days; the deadline is the end of that day.
        while_status: leaving this status closes the deadline.
    """
    now = timezone.now()
    due = clock.after_working_days(now, working_days)
    counted = Counted(now, working_days)
    return set_deadline_at(
        obj, step, due_at=due.at, estimated=due.estimated, while_status=while_status, counted=counted
    )


def set_deadline_at(
    obj: models.Model,
    step: str,
    *,
    due_at: datetime,
    while_status: str,
    estimated: bool = False,
    counted: Counted | None = None,
) -> Deadline:
    """Set, or set anew, when the system takes a step of an object, at a moment already known.

    What was set for another status is closed, not written over: the service standard reads what was promised then.

    Args:
        obj: an object with a lifecycle.
        step: the step's name.
        due_at: an aware moment.
        while_status: leaving this status closes the deadline.
        estimated: whether the moment rests on holidays not published yet.
        counted: from when, and how many working days, where it is the end of such; without it, other holidays never
            move it.
    """
    values: dict[str, Any] = {"due_at": due_at, "estimated": estimated, "while_status": while_status}
    values |= {"counted_from": counted and counted.start, "working_days": counted and counted.days}
    anew = {"next_try_at": due_at, "tries": 0, "parked_at": None}
    others = Deadline.objects.about(obj).filter(step=step, done_at=None).exclude(while_status=while_status)
    others.update(done_at=timezone.now())
    deadline, _created = Deadline.objects.update_or_create(
        subject_type=ContentType.objects.get_for_model(obj),
        subject_id=obj.pk,
        step=step,
        done_at=None,
        defaults={**values, **anew},
        create_defaults={**values, **anew, "created_at": timezone.now()},
    )
    return deadline


def close(obj: models.Model, *, while_status: str = "", step: str = "") -> None:
    """Close the open deadlines of an object that a status or a step kept open."""
    found = Deadline.objects.about(obj).filter(done_at=None)
    if while_status:
        found = found.filter(while_status=while_status)
    if step:
        found = found.filter(step=step)
    found.update(done_at=timezone.now())


def carry_over(obj: models.Model, *steps: str, while_status: str) -> None:
    """Keep the open deadlines of steps open in the next status, at the moments they have; what was done stays done."""
    Deadline.objects.about(obj).filter(step__in=steps, done_at=None).update(while_status=while_status)


def open_deadline(obj: models.Model, step: str) -> Deadline | None:
    """Return the open deadline of a step, if one is set."""
    return Deadline.objects.about(obj).filter(step=step, done_at=None).first()
