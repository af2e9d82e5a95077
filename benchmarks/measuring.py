"""Ratios of two latencies measured by turns in one run, their spread, and what they say of a goal."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from statistics import median, quantiles
from typing import Any

type Work = Callable[[int], object]
"""Something measured; given which of its turns it is, so that it can ask for another thing each time."""

ROUNDS = 7
STEADY = 0.30
"""A floor whose slowest round is further than this (of the median) from its fastest one says nothing."""

_BATCH_SECONDS = 0.15
_MOST_CALLS = 500
_TRIES = 3


class Verdict(StrEnum):
    """What a ratio says of its goal."""

    MET = "met"
    MISSED = "missed"
    INCONCLUSIVE = "inconclusive"
    NONE = "-"


@dataclass(frozen=True)
class Goal:
    """A bound of a ratio: how often the floor something may last, or how often faster than the floor it must be."""

    bound: float
    is_speed: bool

    @classmethod
    def at_most(cls, bound: float) -> "Goal":
        """Last at most so many times the floor."""
        return cls(bound, is_speed=False)

    @classmethod
    def at_least(cls, bound: float) -> "Goal":
        """Be at least so many times as fast as the floor; or, of a share, at least so much."""
        return cls(bound, is_speed=True)

    def is_met(self, value: float) -> bool:
        """Return whether a value is on the right side."""
        return value >= self.bound if self.is_speed else value <= self.bound

    def __str__(self) -> str:
        return f"{'≥' if self.is_speed else '≤'} {self.bound:g}"


@dataclass(frozen=True)
class Rounds:
    """What two works lasted, in seconds a call, round by round."""

    subject: list[float]
    floor: list[float]

    @property
    def unsteadiness(self) -> float:
        """How far apart the rounds of the floor lie, as a part of their median."""
        return (max(self.floor) - min(self.floor)) / median(self.floor)


@dataclass(frozen=True)
class Result:
    """One line of the report."""

    name: str
    size: int
    against: str
    value: float
    low: float
    high: float
    goal: str
    verdict: str
    subject_ms: float | None = None
    floor_ms: float | None = None
    floor_varies: float | None = None
    rounds: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it for a file."""
        return asdict(self)


def ratio(name: str, size: int, goal: Goal, rounds: Rounds, *, against: str, counts: bool = True) -> Result:
    """Compare two works with a goal.

    Args:
        name: what was measured.
        size: how many firms there were.
        goal: of which kind the ratio is, and its bound.
        rounds: what was measured.
        against: what the floor is.
        counts: whether the goal was set for this size; otherwise the ratio is told without a verdict.
    """
    pairs = zip(rounds.subject, rounds.floor, strict=True)
    ratios = [floor / subject if goal.is_speed else subject / floor for subject, floor in pairs]
    low, value, high = quartiles(ratios)
    verdict = Verdict.NONE
    if counts:
        verdict = judge(goal, value, rounds.unsteadiness)
    return Result(
        name,
        size,
        against,
        value,
        low,
        high,
        str(goal) if counts else "",
        verdict.value,
        median(rounds.subject) * 1000,
        median(rounds.floor) * 1000,
        rounds.unsteadiness,
        len(ratios),
    )


def judge(goal: Goal, value: float, unsteadiness: float) -> Verdict:
    """Return what a value says; nothing while the floor itself is unsteady."""
    if unsteadiness > STEADY:
        return Verdict.INCONCLUSIVE
    return Verdict.MET if goal.is_met(value) else Verdict.MISSED


def share(name: str, size: int, goal: Goal, hits: Sequence[bool], *, against: str) -> Result:
    """Compare a share with a goal; it has no floor and does not depend on the machine."""
    value = sum(hits) / len(hits)
    verdict = Verdict.MET if goal.is_met(value) else Verdict.MISSED
    return Result(name, size, against, value, value, value, str(goal), verdict.value)


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    """Return the lower quartile, the median and the upper quartile."""
    low, middle, high = quantiles(values, n=4, method="inclusive")
    return low, middle, high


def by_turns(subject: Work, floor: Work, *, rounds: int = ROUNDS) -> Rounds:
    """Measure two works in turns, each round as many calls as last a moment; anew while the floor is unsteady.

    Both are called once before, so that what is read is in memory and what is prepared is prepared. Who begins changes
    with each round.
    """
    calls = {work: _calls(work) for work in (subject, floor)}
    for left in reversed(range(_TRIES)):
        measured = Rounds([], [])
        for number in range(rounds):
            pair = [(subject, measured.subject), (floor, measured.floor)]
            for work, lasted in pair if number % 2 else reversed(pair):
                lasted.append(_lasting(work, calls[work]))
        if measured.unsteadiness <= STEADY or not left:
            break
    return measured


def _calls(work: Work) -> int:
    """Return how many calls make a batch, after a first one that does not count."""
    work(0)
    once = max(_lasting(work, 3), 1e-6) if _lasting(work, 1) < _BATCH_SECONDS else _BATCH_SECONDS
    calls = min(_MOST_CALLS, math.ceil(_BATCH_SECONDS / once))
    _lasting(work, calls)
    return calls


def _lasting(work: Work, calls: int) -> float:
    began = time.perf_counter()
    for turn in range(calls):
        work(turn)
    return (time.perf_counter() - began) / calls
