"""Opportunities side by side: what each says of every fact, and where they differ."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from investors.models import Opportunity
from investors.presentation import Text, every_fact_of
from portal import local_form

MOST = 5
"""So many stand side by side on a page or a sheet of paper."""


class Cell(NamedTuple):
    """What one opportunity says of a fact; ``applies`` is false where its kind states no such fact."""

    opportunity: Opportunity
    text: str
    applies: bool = True


class Row(NamedTuple):
    """One fact of all of them."""

    label: Text
    cells: list[Cell]

    @property
    def differs(self) -> bool:
        """Whether not all of those that it applies to say the same."""
        return len({cell.text for cell in self.cells if cell.applies}) > 1


def compare(opportunities: Sequence[Opportunity]) -> list[Row]:
    """Return the facts of some opportunities, in the order in which their kinds state them.

    Args:
        opportunities: with owner, subdistrict and clusters.
    """
    stated = [(one, {fact.name: fact for fact in every_fact_of(one)}) for one in opportunities]
    labels = {name: fact.label for _one, facts in stated for name, fact in facts.items()}
    rows = [
        Row(label, [Cell(one, facts[name].value if name in facts else "", name in facts) for one, facts in stated])
        for name, label in labels.items()
    ]
    return [*_common(opportunities), *rows]


def _common(opportunities: Sequence[Opportunity]) -> list[Row]:
    """Return what every kind states."""
    said: tuple[tuple[Text, Callable[[Opportunity], str]], ...] = (
        (_("Kind"), lambda one: str(one.get_kind_display())),
        (_("Owner"), lambda one: one.owner.title),
        (_("Subdistrict"), lambda one: one.subdistrict.name if one.subdistrict else ""),
        (_("Clusters"), lambda one: _listed(one.clusters.all())),
        (_("Shown until"), lambda one: local_form.day(one.expires_on)),
    )
    return [Row(label, [Cell(one, say(one)) for one in opportunities]) for label, say in said]


def _listed(things: Iterable[object]) -> str:
    return ("、" if local_form.is_chinese() else ", ").join(map(str, things))
