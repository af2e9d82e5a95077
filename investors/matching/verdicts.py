"""What a criterion says of two sides, and what its verdicts come to together."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import TextChoices
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from portal.local_form import is_chinese

type Text = str | Promise

UNKNOWN_COUNTS = 4
"""An unknown criterion costs a quarter of what a missed one costs: it is a question to ask, not an obstacle."""

GOOD = 750
"""From this score (of 1000) on, a match is told as a good one."""

_TIER = 1001


class Outcome(TextChoices):
    """What can be said."""

    MET = "met", gettext_lazy("met")
    MISSED = "missed", gettext_lazy("missed")
    UNKNOWN = "unknown", pgettext_lazy("criterion", "not known")


@dataclass(frozen=True)
class Known:
    """What the judges know beside the two sides.

    Args:
        on: the day of the question.
        names: what clusters and subdistricts are called, by slug.
    """

    on: date
    names: Mapping[str, Text] = field(default_factory=dict)

    def name(self, slug: str) -> Text:
        """Return what a cluster or subdistrict is called."""
        return self.names.get(slug, slug)


@dataclass(frozen=True, slots=True)
class Judged:
    """What one criterion finds.

    Args:
        outcome: met, missed or not known.
        reason: a sentence that both sides may read.
        short: of what is missed, a few words for the sentence that sums up.
        change: what would make it met, or known.
    """

    outcome: Outcome
    reason: Text
    short: Text = ""
    change: Text = ""


def met(reason: Text) -> Judged:
    """Say that a criterion is met."""
    return Judged(Outcome.MET, reason)


def missed(reason: Text, short: Text, change: Text = "") -> Judged:
    """Say that a criterion is missed."""
    return Judged(Outcome.MISSED, reason, short, change)


def unknown(reason: Text, change: Text = "") -> Judged:
    """Say that nothing is known."""
    return Judged(Outcome.UNKNOWN, reason, "", change)


type Judge = Callable[[Any, Any, Known], Judged | None]
"""Given who seeks, what is found and what is known beside; None where the criterion does not concern the two."""


@dataclass(frozen=True)
class Criterion:
    """One row of a pairing's table.

    Args:
        key: its word in code, and on the page of the method.
        title: in a few words.
        asks: when it is met, in a sentence of the page of the method.
        weight: what it counts.
        judge: finds what can be said.
        hard: missed, it rules the match out.
    """

    key: str
    title: Text
    asks: Text
    weight: int
    judge: Judge
    hard: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one criterion says of two sides."""

    criterion: Criterion
    outcome: Outcome
    reason: Text
    short: Text
    change: Text

    @property
    def rules_out(self) -> bool:
        """Whether it rules the match out."""
        return self.criterion.hard and self.outcome == Outcome.MISSED


@dataclass(frozen=True)
class Fit:
    """All verdicts on two sides, and what they come to."""

    verdicts: tuple[Verdict, ...]

    @cached_property
    def weights(self) -> dict[Outcome, int]:
        """The weight of what is met, of what is missed, and of what is not known."""
        sums = dict.fromkeys(Outcome, 0)
        for verdict in self.verdicts:
            sums[verdict.outcome] += verdict.criterion.weight
        return sums

    @cached_property
    def score(self) -> int:
        """The weight met, of what is known and a quarter of what is not; of 1000."""
        weights = self.weights
        counted = UNKNOWN_COUNTS * (weights[Outcome.MET] + weights[Outcome.MISSED]) + weights[Outcome.UNKNOWN]
        return round(1000 * UNKNOWN_COUNTS * weights[Outcome.MET] / counted) if counted else 0

    @property
    def percent(self) -> int:
        """The score, of 100."""
        return round(self.score / 10)

    @cached_property
    def is_ruled_out(self) -> bool:
        """Whether a hard criterion is missed."""
        return any(verdict.rules_out for verdict in self.verdicts)

    @property
    def nothing_against(self) -> bool:
        """Whether nothing is missed and at least half of the weight is met."""
        weights = self.weights
        return not weights[Outcome.MISSED] and weights[Outcome.MET] >= weights[Outcome.UNKNOWN]

    @property
    def is_good(self) -> bool:
        """Whether it is told as a good match."""
        return not self.is_ruled_out and self.score >= GOOD

    @cached_property
    def rank(self) -> int:
        """By what matches are sorted: what is ruled out last, that with nothing against it first, then by score."""
        tier = 0 if self.is_ruled_out else 2 if self.nothing_against else 1
        return tier * _TIER + self.score

    @property
    def summary(self) -> Text:
        """The sentence that sums up: "6 of 7 criteria; ticket too small"."""
        return _summed_up(self.verdicts)


def _in_a_sentence(verdicts: Iterable[Verdict]) -> str:
    by_outcome: dict[Outcome, list[Verdict]] = {outcome: [] for outcome in Outcome}
    for verdict in verdicts:
        by_outcome[verdict.outcome].append(verdict)
    every, number = sum(map(len, by_outcome.values())), len(by_outcome[Outcome.MET])
    parts = [
        ngettext("%(met)d of %(number)d criterion", "%(met)d of %(number)d criteria", every)
        % {"met": number, "number": every}
    ]
    parts += [str(verdict.short) for verdict in by_outcome[Outcome.MISSED]]
    if left := len(by_outcome[Outcome.UNKNOWN]):
        parts.append(pgettext("criteria", "%(number)d not known") % {"number": left})
    return ("；" if is_chinese() else "; ").join(parts)


_summed_up = lazy(_in_a_sentence, str)


def judge(criteria: Iterable[Criterion], seeker: Any, found: Any, known: Known) -> Fit:
    """Return the verdict of each criterion that concerns the two sides.

    Args:
        criteria: a pairing's table.
        seeker: who seeks.
        found: what is found.
        known: the day, and the names of clusters and places.
    """
    verdicts = []
    for criterion in criteria:
        judged = criterion.judge(seeker, found, known)
        if judged is not None:
            verdicts.append(Verdict(criterion, judged.outcome, judged.reason, judged.short, judged.change))
    return Fit(tuple(verdicts))


def share(criteria: Iterable[Criterion]) -> int:
    """Return what the weights of a table add up to."""
    return sum(criterion.weight for criterion in criteria)


__all__ = [
    "GOOD", "Criterion", "Fit", "Judged", "Known", "Outcome", "Text", "Verdict", "judge", "met", "missed", "share",
    "unknown",
]  # fmt: skip
