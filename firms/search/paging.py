"""What every directory's pages have in common: where one begins, which rows it has, what stands beside it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, Self

from django.http import Http404, QueryDict

SIZE = 20
MOST_RANKED = 2000
"""Of what a text finds so many are put in order of relevance, names first; the other orders reach all."""

MOST_OF_SLUG = 120


class Asked(Protocol):
    """What is looked for."""

    def query(self, **more: str) -> QueryDict:
        """Return it as a query string, with more in it."""


@dataclass(frozen=True)
class Page[Row]:
    """Some rows of a list, each with a ``slug``, and the query strings of the pages beside it."""

    items: list[Row]
    previous_url: str
    next_url: str


class Turn(NamedTuple):
    """Where a page begins: after a row, or, turned back to, before it; without one, at the first."""

    mark: str
    is_back: bool

    @classmethod
    def read(cls, query: QueryDict) -> Self:
        """Read ``after`` or ``before``, the slug of a row.

        Raises:
            Http404: the query names a numbered page that is not the first.
        """
        if query.get("page", "1") != "1":
            raise Http404
        after, before = query.get("after", ""), query.get("before", "")
        return cls((after or before)[:MOST_OF_SLUG], bool(before and not after))

    def of_ranked(self, keys: list[int], marked: Callable[[str], int], size: int) -> tuple[list[int], bool]:
        """Return the keys of the page among all in their order, and whether there are more.

        Args:
            keys: of the rows, the first before the others.
            marked: finds the key of a slug, or raises ``Http404``.
            size: how many make a page.
        """
        first, last = 0, size
        if self.mark:
            place = keys.index(pk) if (pk := marked(self.mark)) in keys else -1
            first, last = (max(0, place - size), place) if self.is_back else (place + 1, place + 1 + size)
        return keys[first:last], first > 0 if self.is_back else last < len(keys)

    def of_read[Row](self, rows: list[Row], marked: Callable[[str], int], size: int) -> tuple[list[Row], bool]:
        """Return the rows of the page in their order, and whether there are more.

        Args:
            rows: one more than make a page, as far as there are; backwards, where turned back.
            marked: raises ``Http404`` where a slug is nobody's.
            size: how many make a page.
        """
        items = rows[:size]
        if self.mark and not items:
            marked(self.mark)
        return items[::-1] if self.is_back else items, len(rows) > size

    def page[Row](self, asked: Asked, items: list[Row], *, has_more: bool) -> Page[Row]:
        """Return the page of these rows; ``has_more`` in the direction it was turned to."""
        has_previous, has_next = (has_more, True) if self.is_back else (bool(self.mark), has_more)
        ends: list[Any] = [items[0], items[-1]] if items else []
        return Page(
            items,
            f"?{asked.query(before=ends[0].slug).urlencode()}" if has_previous and ends else "",
            f"?{asked.query(after=ends[1].slug).urlencode()}" if has_next and ends else "",
        )
