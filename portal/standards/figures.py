"""The figures of each promise: one query each, kept for some minutes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from portal.clock import SHANGHAI
from portal.standards.promises import Promise, all_promises

FEWEST = 5
"""A median or a share of fewer cases says nothing, and could tell of a single person."""

PERIODS = (30, 365)
"""The days that are looked at, counted back from now."""

MONTHS = 12
"""How many months the trend has, the running one included."""


@dataclass(frozen=True)
class Period:
    """The cases of some days.

    Args:
        days: how many, counted back from now.
        cases: how many were done in them.
        median: half of those took no longer, in working days of 24 hours; None where there are too few.
        ninetieth: nine of ten took no longer; None where there are too few.
        judged: how many with a promise were done in them, were missed in them, or are overdue now.
        in_time: how many of the judged were done by the promised moment.
    """

    days: int
    cases: int = 0
    median: float | None = None
    ninetieth: float | None = None
    judged: int = 0
    in_time: int = 0

    @property
    def share(self) -> int | None:
        """Per cent done in time, rounded down; None where there are too few cases."""
        return self.in_time * 100 // self.judged if self.judged >= FEWEST else None


@dataclass(frozen=True)
class Figures:
    """What was done: of all cases of a promise, or of one part of them."""

    month: Period
    year: Period
    open: int = 0
    overdue: int = 0

    @property
    def periods(self) -> tuple[Period, Period]:
        """Both, the shorter first."""
        return self.month, self.year


@dataclass(frozen=True)
class Month:
    """One month of the trend: of its cases how many were judged, and in time."""

    first: date
    cases: int = 0
    judged: int = 0
    in_time: int = 0
    median: float | None = None

    @property
    def share(self) -> int | None:
        """Per cent done in time, rounded down; None where there are too few cases."""
        return self.in_time * 100 // self.judged if self.judged >= FEWEST else None


@dataclass(frozen=True)
class Standing:
    """A promise with its figures.

    Args:
        promise: which.
        days: the working days promised at present.
        figures: of all cases.
        months: the last twelve, oldest first.
        parts: the figures of each part that has cases.
        at: when they were counted.
    """

    promise: Promise
    days: Sequence[int]
    figures: Figures
    months: Sequence[Month]
    parts: Mapping[str, Figures] = field(default_factory=dict)
    at: datetime | None = None

    @property
    def has_promise(self) -> bool:
        """Whether anything is promised, so that there is a share in time."""
        return bool(self.days or self.promise.by)


_FIGURES = """
WITH cases AS ({cases}),
marked AS (
    SELECT *, how IN ('met', 'missed') AS is_done, how = 'open' AND due < %(now)s AS is_late,
           how = 'met' AND ended <= due AS is_kept,
           CASE WHEN how = 'open' THEN due ELSE ended END AS counted
      FROM cases),
dated AS (
    SELECT *, due IS NOT NULL AND (is_done OR is_late) AS is_judged,
           date_trunc('month', counted AT TIME ZONE 'Asia/Shanghai')::date AS month
      FROM marked)
SELECT grouping(part, month), part, month,
       {periods},
       count(*) FILTER (WHERE how IN ('open', 'paused')), count(*) FILTER (WHERE is_late),
       count(*) FILTER (WHERE how = 'met'), count(*) FILTER (WHERE is_judged), count(*) FILTER (WHERE is_kept),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY taken) FILTER (WHERE how = 'met')
  FROM dated
 GROUP BY GROUPING SETS ((), (part), (month))
"""

_PERIOD = """
       count(*) FILTER (WHERE how = 'met' AND ended >= %(from{days})s),
       percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY taken)
           FILTER (WHERE how = 'met' AND ended >= %(from{days})s),
       count(*) FILTER (WHERE is_judged AND (is_late OR ended >= %(from{days})s)),
       count(*) FILTER (WHERE is_kept AND ended >= %(from{days})s)
"""

_ALL, _PART, _MONTH = 3, 1, 2
_KEY = "portal.standards.counted"


def standings() -> list[Standing]:
    """Return every promise with its figures, counted anew at most every ``STANDARDS_SECONDS``; one query a promise."""
    return _standings(all_promises())


def standing(key: str) -> Standing:
    """Return one promise with its figures, counted anew as seldom; at most one query.

    Raises:
        StopIteration: there is no such promise.
    """
    return _standings([next(promise for promise in all_promises() if promise.key == key)])[0]


def _standings(promises: Sequence[Promise]) -> list[Standing]:
    kept = cache.get(_KEY) if settings.STANDARDS_SECONDS else None
    at: datetime = kept[0] if kept else timezone.now()
    rows: dict[str, list[Sequence[Any]]] = kept[1] if kept else {}
    if missing := [promise for promise in promises if promise.key not in rows]:
        rows |= {promise.key: _count(promise, at) for promise in missing}
        if settings.STANDARDS_SECONDS:
            cache.set(_KEY, (at, rows), settings.STANDARDS_SECONDS)
    return [_standing(promise, rows[promise.key], at) for promise in promises]


def _count(promise: Promise, now: datetime) -> list[Sequence[Any]]:
    """Return the rows of one query."""
    sql, values = promise.course.cases(_first_moment(now), now)
    starts = {f"from{days}": now - timedelta(days=days) for days in PERIODS}
    periods = ",".join(_PERIOD.format(days=days) for days in PERIODS)
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES.format(cases=sql, periods=periods), {**values, **starts, "now": now})
        return cursor.fetchall()


def _months(now: datetime) -> list[date]:
    """Return the first day of each month of the trend."""
    today = now.astimezone(SHANGHAI).date()
    numbers = range(today.year * 12 + today.month - MONTHS, today.year * 12 + today.month)
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]


def _first_moment(now: datetime) -> datetime:
    """Return from when on cases are looked at: the first day of the trend, or of the longest period."""
    first = _months(now)[0]
    return min(datetime(first.year, first.month, 1, tzinfo=SHANGHAI), now - timedelta(days=max(PERIODS)))


def _standing(promise: Promise, rows: Sequence[Sequence[Any]], at: datetime) -> Standing:
    whole, parts, months = Figures(Period(PERIODS[0]), Period(PERIODS[1])), {}, {}
    for level, part, month, *numbers in rows:
        if level == _ALL:
            whole = _figures(numbers)
        elif level == _PART and part in promise.parts:
            parts[part] = _figures(numbers)
        elif level == _MONTH and month:
            *_others, cases, judged, in_time, median = numbers
            months[month] = Month(month, cases, judged, in_time, median if cases >= FEWEST else None)
    trend = [months.get(first, Month(first)) for first in _months(at)]
    return Standing(promise, promise.days(), whole, trend, parts, at)


def _figures(numbers: Sequence[Any]) -> Figures:
    shorter, longer = numbers[:4], numbers[4:8]
    return Figures(_period(PERIODS[0], *shorter), _period(PERIODS[1], *longer), numbers[8], numbers[9])


def _period(days: int, cases: int, quantiles: Sequence[float] | None, judged: int, in_time: int) -> Period:
    median, ninetieth = quantiles if quantiles and cases >= FEWEST else (None, None)
    return Period(days, cases, median, ninetieth, judged, in_time)
