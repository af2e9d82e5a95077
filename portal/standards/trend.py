"""The trend of a promise: twelve months as columns, drawn on the server."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.standards.figures import Month
from portal.standards.wording import cases, duration, in_time

WIDTH, HEIGHT = 378, 128
_LEFT, _TOP, _PLOT = 42, 8, 88
_DECEMBER = 12
_FEW = 6
"""How high the hollow column of a month with too few cases is."""


@dataclass(frozen=True)
class Column:
    """A month as drawn: its place, its label below, and what it says."""

    x: float
    y: float
    width: float
    height: float
    label: str
    year: str
    title: str
    is_hidden: bool

    @property
    def centre(self) -> float:
        """Where its label is centred."""
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True)
class Row:
    """A month in the table."""

    month: str
    cases: str
    median: str
    in_time: str


@dataclass(frozen=True)
class Trend:
    """Twelve months of a promise: the share in time, or, where nothing is promised, the median time taken.

    Args:
        key: of the promise; makes the ids on the page.
        title: what is drawn.
        columns: the months with cases.
        lines: height and label of the lines to read them by.
        months: centre, number and year of each month on the axis.
        rows: the same as a table.
    """

    key: str
    title: str
    columns: list[Column]
    lines: list[tuple[float, str]]
    months: list[tuple[float, str, str]]
    rows: list[Row]

    width = WIDTH
    height = HEIGHT
    left = _LEFT
    base = _TOP + _PLOT


def trend(key: str, name: str, months: Sequence[Month], *, has_promise: bool) -> Trend:
    """Draw the months of a promise.

    Args:
        key: of the promise.
        name: of the promise, in words.
        months: oldest first.
        has_promise: whether shares in time are drawn; otherwise medians.
    """
    values = [month.share if has_promise else month.median for month in months]
    top = 100.0 if has_promise else _top(max((value for value in values if value is not None), default=1.0))
    pitch = (WIDTH - _LEFT) / max(1, len(months))
    columns, axis = [], []
    for number, (month, value) in enumerate(zip(months, values, strict=True)):
        x = round(_LEFT + number * pitch + pitch * 0.14, 1)
        begins_year = month.first.month == 1 or (
            number == 0 and month.first.month < _DECEMBER
        )  # side by side they touch
        axis.append((round(x + pitch * 0.36, 1), str(month.first.month), str(month.first.year) if begins_year else ""))
        if not (month.judged if has_promise else month.cases):
            continue
        height = _FEW if value is None else max(1.0, round(_PLOT * min(value, top) / top, 1))
        told = in_time(month) if has_promise else duration(month.median) if value is not None else cases(month.cases)
        columns.append(
            Column(
                x,
                round(_TOP + _PLOT - height, 1),
                round(pitch * 0.72, 1),
                height,
                str(month.first.month),
                str(month.first.year),
                f"{_month(month)}: {told}",
                is_hidden=value is None,
            )
        )
    marks = (0.0, top / 2, top)
    return Trend(
        key,
        (_("%(name)s: in time, month by month") if has_promise else _("%(name)s: median time taken, month by month"))
        % {"name": name},
        columns,
        [(round(_TOP + _PLOT * (1 - mark / top), 1), _label(mark, has_promise=has_promise)) for mark in marks],
        axis,
        [
            Row(_month(month), cases(month.cases), duration(month.median), in_time(month) if has_promise else "–")
            for month in months
        ],
    )


def _top(most: float) -> float:
    """Return the number at the top of the axis: 1, 2, 5 by a power of ten, no less than the most."""
    unit = 1.0
    while True:
        for step in (1, 2, 5):
            if unit * step >= most:
                return unit * step
        unit *= 10


def _label(mark: float, *, has_promise: bool) -> str:
    if has_promise:
        return f"{mark:.0f}%"
    return _("%(days)s d") % {"days": f"{mark:g}"}


def _month(month: Month) -> str:
    return format_date(month.first, pgettext("date format of a month", "F Y"))
