"""A year of working days at a glance, and its exceptions as lines of text."""

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from portal.holiday_notice import Day

SATURDAY = 5


@dataclass(frozen=True)
class Cell:
    """A day of a month as it is shown.

    Args:
        number: of the month; 0 outside of it.
        kind: ``holiday``, ``work`` (a make-up day), ``weekend`` or nothing.
        name: of the holiday.
    """

    number: int
    kind: str = ""
    name: str = ""


@dataclass(frozen=True)
class Month:
    """A month, with its weeks from Monday on, and its working days."""

    first: date
    weeks: list[list[Cell]]
    working_days: int


def months_of(year: int, days: Mapping[date, Day]) -> list[Month]:
    """Return the twelve months of a year with its exceptions."""
    found = []
    for month in range(1, 13):
        weeks = [
            [_cell(day, days) if day.month == month else Cell(0) for day in week]
            for week in calendar.Calendar().monthdatescalendar(year, month)
        ]
        worked = sum(cell.number > 0 and cell.kind in {"", "work"} for week in weeks for cell in week)
        found.append(Month(date(year, month, 1), weeks, worked))
    return found


def _cell(day: date, days: Mapping[date, Day]) -> Cell:
    if found := days.get(day):
        return Cell(day.day, "work" if found.is_working else "holiday", _(found.name) if found.name else "")
    return Cell(day.day, "weekend" if day.weekday() >= SATURDAY else "")


def as_text(days: Mapping[date, Day]) -> str:
    """Write the exceptions of a year as lines that ``holiday_notice.read`` reads, one holiday a line."""
    lines: list[tuple[date, date, Day]] = []
    for day, row in sorted(days.items()):
        if lines and lines[-1][1] + timedelta(days=1) == day and lines[-1][2] == row and not row.is_working:
            lines[-1] = (lines[-1][0], day, row)
        else:
            lines.append((day, day, row))
    return "\n".join(
        f"{first}{'' if first == last else f'..{last}'} {'work ' if row.is_working else ''}{row.name}".rstrip()
        for first, last, row in lines
    )
