"""The calendar of rounds: which are open, which open soon, which have closed, and their dates month by month."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby

from incentives.catalogue import Entry, entries
from incentives.models import Round
from portal.local_form import SHANGHAI

RECENT = timedelta(days=90)
"""A round that closed no longer ago than this is still shown."""


class State(StrEnum):
    """Where a round stands."""

    OPEN = "open"
    AHEAD = "ahead"
    CLOSED = "closed"


@dataclass(frozen=True)
class Window:
    """A round of a published programme, at a moment."""

    entry: Entry
    round: Round

    @property
    def state(self) -> State:
        """Whether it is open, opens later, or has closed."""
        if self.round.opens_at > self.entry.now:
            return State.AHEAD
        return State.OPEN if self.round.closes_at >= self.entry.now else State.CLOSED

    @property
    def days(self) -> int:
        """How many days, by the calendar of Shanghai, until it closes or, if it lies ahead, opens; 0 is today."""
        turns = self.round.opens_at if self.state == State.AHEAD else self.round.closes_at
        return (_day(turns) - _day(self.entry.now)).days


@dataclass(frozen=True)
class Turn:
    """A round opens or closes."""

    window: Window
    at: datetime
    opens: bool

    @property
    def day(self) -> date:
        """The day in Shanghai."""
        return _day(self.at)


@dataclass(frozen=True)
class Schedule:
    """What the calendar shows: rounds open now and ahead, the next to turn first, and those that closed of late."""

    open: Sequence[Window]
    ahead: Sequence[Window]
    closed: Sequence[Window]

    @property
    def turns(self) -> list[Turn]:
        """What is still to come, in order."""
        found = [Turn(window, window.round.closes_at, opens=False) for window in (*self.open, *self.ahead)]
        found += [Turn(window, window.round.opens_at, opens=True) for window in self.ahead]
        return sorted(found, key=lambda turn: (turn.at, turn.window.round.pk))

    @property
    def months(self) -> list[tuple[date, list[Turn]]]:
        """What is still to come, by the first day of its month."""
        return [(month, list(turns)) for month, turns in groupby(self.turns, key=lambda turn: turn.day.replace(day=1))]


def schedule() -> Schedule:
    """Return the calendar of all published programmes now."""
    windows = [Window(entry, opened) for entry in entries() for opened in entry.rounds]
    return Schedule(
        open=_in_order(w for w in windows if w.state == State.OPEN),
        ahead=_in_order(w for w in windows if w.state == State.AHEAD),
        closed=sorted(
            (w for w in windows if w.state == State.CLOSED and w.entry.now - w.round.closes_at <= RECENT),
            key=lambda window: window.round.closes_at,
            reverse=True,
        ),
    )


def _in_order(windows: Iterable[Window]) -> list[Window]:
    return sorted(windows, key=lambda window: (window.days, window.round.closes_at, window.round.pk))


def _day(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()
