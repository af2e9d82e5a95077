"""The working-day clock of China: public holidays and make-up days included."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple, Self
from zoneinfo import ZoneInfo

from django.utils import timezone

from portal.models import CalendarYear, Holiday

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Due(NamedTuple):
    """A promised moment; estimated while the holidays of its year are not published."""

    at: datetime
    estimated: bool

    @property
    def day(self) -> date:
        """The day in Shanghai."""
        return self.at.astimezone(SHANGHAI).date()


@dataclass(frozen=True)
class Calendar:
    """The working days as they stand at a moment, or as they would stand.

    Args:
        exceptions: the days that differ from their weekday, and whether they are worked.
        published: the years whose holidays are announced.
    """

    exceptions: Mapping[date, bool]
    published: Collection[int]

    @classmethod
    def read(cls, *, after: date | None = None) -> Self:
        """Read what staff keep: two queries.

        Args:
            after: only later days are asked for.
        """
        found = Holiday.objects.filter(day__gt=after) if after else Holiday.objects.all()
        exceptions = dict(found.values_list("day", "is_working"))
        return cls(exceptions, set(CalendarYear.objects.values_list("year", flat=True)))

    def is_working(self, day: date) -> bool:
        """Return whether a day is worked."""
        return self.exceptions.get(day, day.weekday() < 5)  # noqa: PLR2004 -- Monday to Friday

    def after_each(self, start: datetime, spans: Iterable[int]) -> list[Due]:
        """Return the end of each of several spans of working days, one after the other; see the function."""
        first = start.astimezone(SHANGHAI).date()
        day, ends = first, []
        for days in spans:
            left = days
            while left > 0:
                day += timedelta(days=1)
                left -= self.is_working(day)
            estimated = any(year not in self.published for year in range(first.year, day.year + 1))
            ends.append(Due(end_of(day), estimated=estimated))
        return ends


def end_of(day: date) -> datetime:
    """Return the last microsecond of a day in Shanghai; what arrives by then is in time."""
    return datetime.combine(day, time.max, SHANGHAI)


def after_working_days(start: datetime, days: int) -> Due:
    """Return the end of the n-th working day after the day of ``start``.

    Args:
        start: an aware moment; its day in Shanghai is not counted.
        days: how many working days, at least 0; 0 is the end of the day itself.

    Source: the State Council's yearly notice of public holidays, kept in ``Holiday``.
    """
    return after_each(start, [days])[0]


def after_each(start: datetime, spans: Iterable[int]) -> list[Due]:
    """Return the end of each of several spans of working days, one after the other: two queries for all.

    Args:
        start: an aware moment; its day in Shanghai is not counted.
        spans: how many working days each takes, at least 0.
    """
    return Calendar.read(after=start.astimezone(SHANGHAI).date()).after_each(start, spans)


def before_working_days(end: datetime, days: int) -> Due:
    """Return the end of the last day after which so many whole working days are left, with that of ``end``.

    Args:
        end: an aware moment; its day in Shanghai is the last that counts, if it is worked.
        days: how many working days, at least 0; 0 is the end of the day itself.
    """
    calendar, last = Calendar.read(), end.astimezone(SHANGHAI).date()
    day, left = last, days
    while left > 0:
        left -= calendar.is_working(day)
        day -= timedelta(days=1)
    return Due(end_of(day), estimated=any(year not in calendar.published for year in range(day.year, last.year + 1)))


def working_days_between(start: datetime, end: datetime) -> int:
    """Return how many working days lie after the day of ``start``, up to the day of ``end``."""
    first, last = start.astimezone(SHANGHAI).date(), end.astimezone(SHANGHAI).date()
    exceptions = dict(Holiday.objects.filter(day__gt=first, day__lte=last).values_list("day", "is_working"))
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(exceptions.get(day, day.weekday() < 5) for day in days)  # noqa: PLR2004


def working_days_left(moments: Collection[datetime]) -> dict[datetime, int]:
    """Return how many working days are left until each moment: 0 on its day, less than 0 after it.

    Args:
        moments: aware; the holidays of all are read at once.
    """
    today = timezone.localdate(timezone=SHANGHAI)
    days = {moment: moment.astimezone(SHANGHAI).date() for moment in moments}
    ends = sorted({today, *days.values()})
    found = Holiday.objects.filter(day__gt=ends[0], day__lte=ends[-1])
    exceptions = dict(found.values_list("day", "is_working")) if len(ends) > 1 else {}
    counted, day = {ends[0]: 0}, ends[0]
    while day < ends[-1]:
        before, day = counted[day], day + timedelta(days=1)
        counted[day] = before + exceptions.get(day, day.weekday() < 5)  # noqa: PLR2004 -- Monday to Friday
    return {moment: counted[day] - counted[today] for moment, day in days.items()}
