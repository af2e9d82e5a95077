"""Moments of the last weeks, at which the demonstration's services do their part."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from unittest import mock

from django.utils import timezone

from portal import clock
from portal.clock import SHANGHAI


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Do what follows as if it were then: the services write the moments of which the demonstration tells."""
    with mock.patch.object(timezone, "now", return_value=moment):
        yield


def moment(working_days: int, hour: int = 10) -> datetime:
    """Return an hour of the working day that lies so many working days back."""
    now = timezone.now()
    day = now.astimezone(SHANGHAI).date()
    while clock.working_days_between(_at(day, hour), now) < working_days or (working_days and not _is_working(day)):
        day -= timedelta(days=1)
    return min(_at(day, hour), now)


def _is_working(day: date) -> bool:
    return clock.working_days_between(_at(day - timedelta(days=1), 0), _at(day, 0)) == 1


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), SHANGHAI)
