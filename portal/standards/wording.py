"""How the service standard is put in words: durations, promises, shares."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.navigation import existing_url
from portal.standards.figures import FEWEST, Month, Period, Standing

HOURS = 24


def promised(days: Sequence[int]) -> str:
    """Return the working days that are promised in words; where they differ, the fewest and the most."""
    if not days:
        return _("no promise yet")
    least, most = min(days), max(days)
    if least != most:
        return _("%(least)d to %(most)d working days") % {"least": least, "most": most}
    return ngettext("%(days)d working day", "%(days)d working days", most) % {"days": most}


def duration(days: float | None) -> str:
    """Return working days of 24 hours in words: in hours below one."""
    if days is None:
        return "–"
    hours = round(days * HOURS)
    if hours < 1:
        return _("under an hour")
    if hours < HOURS:
        return ngettext("%(hours)d hour", "%(hours)d hours", hours) % {"hours": hours}
    text = number_format(round(days, 1), decimal_pos=1, use_l10n=True)
    return _("%(days)s working days") % {"days": text}


def cases(number: int) -> str:
    """Return a number of cases in words; a small one is not told."""
    if not number:
        return _("none")
    return f"{number:,}" if number >= FEWEST else _("fewer than %(number)s cases") % {"number": FEWEST}


def in_time(of: Period | Month) -> str:
    """Return the share that was done in time in words."""
    if not of.judged:
        return _("none due yet")
    if of.share is None:
        return _("too few cases")
    values = {"in_time": of.in_time, "due": of.judged, "share": of.share}
    return _("%(in_time)d of %(due)d (%(share)d%%)") % values


@dataclass(frozen=True)
class Line:
    """One period of a promise in words."""

    label: str
    cases: str
    median: str
    ninetieth: str
    in_time: str


@dataclass(frozen=True)
class Part:
    """One part of a promise, over the longer period, in words."""

    label: str
    line: Line
    open: int
    overdue: int


@dataclass(frozen=True)
class Shown:
    """A promise as the page shows it."""

    standing: Standing
    promised: str
    url: str
    lines: list[Line]
    parts: list[Part]
    months: list[tuple[Month, str, str, str]]

    @property
    def year(self) -> Line:
        """The longer period."""
        return self.lines[-1]


def show(standing: Standing) -> Shown:
    """Put a promise with its figures in words, in the active language."""
    has_promise = bool(standing.days)
    names = standing.promise.parts
    order = [*names]
    parts = [
        Part(str(names[part]), _line(figures.year, has_promise=has_promise), figures.open, figures.overdue)
        for part, figures in sorted(standing.parts.items(), key=lambda pair: order.index(pair[0]))
    ]
    return Shown(
        standing,
        promised(standing.days),
        existing_url(standing.promise.page) if standing.promise.page else "",
        [_line(period, has_promise=has_promise) for period in standing.figures.periods],
        parts,
        [
            (month, cases(month.cases), duration(month.median), in_time(month) if has_promise else "–")
            for month in standing.months
        ],
    )


def _line(period: Period, *, has_promise: bool) -> Line:
    label = ngettext("last %(days)d day", "last %(days)d days", period.days) % {"days": period.days}
    return Line(
        label,
        cases(period.cases),
        duration(period.median),
        duration(period.ninetieth),
        in_time(period) if has_promise else "–",
    )
