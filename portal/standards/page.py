"""The service standard as its page shows it."""

from dataclasses import dataclass

from portal.navigation import existing_url
from portal.standards.figures import Period, Standing
from portal.standards.trend import Trend, trend
from portal.standards.wording import cases, duration, in_time, of_days, promised


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
    trend: Trend

    @property
    def has_cases(self) -> bool:
        """Whether there is anything to tell of the longer period."""
        return bool(self.trend.columns or self.standing.figures.year.cases or self.standing.figures.year.judged)

    @property
    def year(self) -> Line:
        """The longer period."""
        return self.lines[-1]


def show(standing: Standing) -> Shown:
    """Put a promise with its figures in words, in the active language."""
    has_promise = standing.has_promise
    names = standing.promise.parts
    order = [*names]
    parts = [
        Part(str(names[part]), _line(figures.year, has_promise=has_promise), figures.open, figures.overdue)
        for part, figures in sorted(standing.parts.items(), key=lambda pair: order.index(pair[0]))
    ]
    return Shown(
        standing,
        promised(standing),
        existing_url(standing.promise.page) if standing.promise.page else "",
        [_line(period, has_promise=has_promise) for period in standing.figures.periods],
        parts,
        trend(standing.promise.key, str(standing.promise.name), standing.months, has_promise=has_promise),
    )


def _line(period: Period, *, has_promise: bool) -> Line:
    return Line(
        of_days(period.days),
        cases(period.cases),
        duration(period.median),
        duration(period.ninetieth),
        in_time(period) if has_promise else "–",
    )
