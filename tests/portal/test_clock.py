"""The working-day clock of China."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from portal import clock
from portal.models import CalendarYear, Holiday


@pytest.mark.parametrize(
    ("start", "days", "day"),
    [
        (datetime(2026, 11, 23, 9, tzinfo=clock.SHANGHAI), 1, date(2026, 11, 24)),
        (datetime(2026, 11, 23, 23, 59, tzinfo=clock.SHANGHAI), 5, date(2026, 11, 30)),
        (datetime(2026, 11, 23, 9, tzinfo=clock.SHANGHAI), 0, date(2026, 11, 23)),
        # National Day 2026: 1 to 7 October off; Saturday the 10th is worked.
        (datetime(2026, 9, 30, 9, tzinfo=clock.SHANGHAI), 3, date(2026, 10, 10)),
        # Spring Festival 2026: 15 to 23 February off; Saturday the 14th and the 28th are worked.
        (datetime(2026, 2, 13, 9, tzinfo=clock.SHANGHAI), 2, date(2026, 2, 24)),
    ],
)
def test_after_working_days_skips_holidays_and_counts_make_up_days(
    db: None, start: datetime, days: int, day: date
) -> None:
    due = clock.after_working_days(start, days)

    assert due == clock.Due(clock.end_of(day), estimated=False)


def test_after_working_days_into_unpublished_year_is_estimated(db: None) -> None:
    due = clock.after_working_days(datetime(2026, 12, 30, 9, tzinfo=clock.SHANGHAI), 3)

    assert due == clock.Due(clock.end_of(date(2027, 1, 4)), estimated=True)


def test_after_working_days_follows_edited_holidays(db: None) -> None:
    CalendarYear.objects.create(year=2027)
    Holiday.objects.create(day=date(2027, 1, 1), name="New Year's Day")

    due = clock.after_working_days(datetime(2026, 12, 30, 9, tzinfo=clock.SHANGHAI), 3)

    assert due == clock.Due(clock.end_of(date(2027, 1, 5)), estimated=False)


@pytest.mark.parametrize(
    ("end", "days", "day", "estimated"),
    [
        (datetime(2026, 11, 27, 17, tzinfo=clock.SHANGHAI), 0, date(2026, 11, 27), False),
        (datetime(2026, 11, 27, 17, tzinfo=clock.SHANGHAI), 3, date(2026, 11, 24), False),
        (datetime(2026, 11, 29, 17, tzinfo=clock.SHANGHAI), 1, date(2026, 11, 26), False),  # a Sunday
        (datetime(2026, 10, 10, 23, 59, tzinfo=clock.SHANGHAI), 3, date(2026, 10, 7), False),  # National Day
        (datetime(2026, 2, 25, 9, tzinfo=clock.SHANGHAI), 3, date(2026, 2, 13), False),  # Spring Festival
        (datetime(2027, 1, 4, 9, tzinfo=clock.SHANGHAI), 2, date(2026, 12, 31), True),  # 2027 is not published
    ],
)
def test_before_working_days_leaves_so_many_whole_days(
    db: None, end: datetime, days: int, day: date, *, estimated: bool
) -> None:
    due = clock.before_working_days(end, days)

    assert due == clock.Due(clock.end_of(day), estimated=estimated)
    assert clock.working_days_between(due.at, end) == days


def test_working_days_between_is_the_reverse(db: None) -> None:
    start = datetime(2026, 9, 30, 9, tzinfo=clock.SHANGHAI)

    assert clock.working_days_between(start, clock.after_working_days(start, 3).at) == 3


def test_working_days_left_are_counted_at_once_as_one_by_one(db: None, django_assert_num_queries: Any) -> None:
    now = timezone.now()
    moments = [now + timedelta(days=days) for days in range(-40, 120, 3)]

    with django_assert_num_queries(1):
        left = clock.working_days_left(moments)

    assert left == {
        moment: clock.working_days_between(now, moment) if moment > now else -clock.working_days_between(moment, now)
        for moment in moments
    }
    assert clock.working_days_left([]) == {}
