"""Shortlists as they are shown: what is kept in a session, and what of it the public still sees."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, NamedTuple, Self

from django.utils.translation import get_language

from investors.models import Opportunity
from investors.models.shortlists import NOTE_LENGTH
from investors.presentation import in_short

MOST_IN_SESSION = 50
"""So many opportunities are kept for somebody without an account."""


@dataclass(frozen=True)
class Entry:
    """An opportunity that somebody keeps, whether in a session or in a row.

    Args:
        pk: of the opportunity.
        title_en, title_zh: the titles that it had when it was added.
        note: what the person wrote to it.
    """

    pk: int
    title_en: str = ""
    title_zh: str = ""
    note: str = ""

    @classmethod
    def of(cls, opportunity: Opportunity) -> Self:
        """Return the entry of an opportunity that is added now."""
        return cls(opportunity.pk, opportunity.title_en, opportunity.title_zh)

    @property
    def title(self) -> str:
        """The title in the language of the page, or in the other where that is empty."""
        if get_language() == "zh-hans":
            return self.title_zh or self.title_en
        return self.title_en or self.title_zh

    def noted(self, note: str) -> Self:
        """Return the same with another note."""
        return replace(self, note=note[:NOTE_LENGTH])

    def as_json(self) -> dict[str, Any]:
        """Return it as a session keeps it."""
        return asdict(self)


class Line(NamedTuple):
    """One line of a shortlist: the opportunity, or nothing where the public does not see it any more."""

    entry: Entry
    opportunity: Opportunity | None
    short: list[str]


def read(kept: Any) -> list[Entry]:
    """Return the entries that a session keeps; what it cannot have written itself is left out."""
    found: dict[int, Entry] = {}
    for one in kept if isinstance(kept, list) else ():
        if isinstance(one, dict) and isinstance(one.get("pk"), int):
            words = {name: str(one.get(name, "")) for name in ("title_en", "title_zh", "note")}
            found.setdefault(one["pk"], Entry(one["pk"], **words))
    return list(found.values())


def lines(entries: Sequence[Entry]) -> list[Line]:
    """Return the lines of a shortlist in its order; three queries."""
    public = {opportunity.pk: opportunity for opportunity in public_ones(entry.pk for entry in entries)}
    return [
        Line(entry, found, in_short(found) if found else []) for entry in entries for found in [public.get(entry.pk)]
    ]


def public_ones(pks: Iterable[int]) -> list[Opportunity]:
    """Return those of some opportunities that the public sees today, in the order given."""
    order = {pk: place for place, pk in enumerate(dict.fromkeys(pks))}
    found = Opportunity.objects.published().filter(pk__in=order).select_related("owner", "subdistrict")
    return sorted(found, key=lambda opportunity: order[opportunity.pk])
