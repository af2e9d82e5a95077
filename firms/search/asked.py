"""What someone looks for in a list with facets, whatever it lists: text, choices and order, read from a query string.

``entries`` is a table with ``words``, ``names``, ``body`` and ``facets``, the last with one value that all rows have.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from firms.search.choices import Choice, Facet
from firms.search.texts import MOST_CHARACTERS, Sql, Text

_MOST_VALUES = 30


class NoChoices:
    """What there is to choose before anything was read."""

    by_facet: ClassVar[dict[str, dict[str, Choice]]] = {}


@dataclass(frozen=True)
class Asked:
    """A search.

    Args:
        text: what is looked for; empty for everything.
        facets: for the name of a facet the choices of which any may apply.
        sort: one of ``sorts_known``.
        choices: every choice there is, for pages that offer them.
        notices: sentences on what of the query string was not understood, and is left out.
    """

    entries: ClassVar[str]
    key: ClassVar[str]
    whole: ClassVar[str]
    facets_known: ClassVar[Mapping[str, Facet]]
    sorts_known: ClassVar[Mapping[str, str | Promise]]
    usual_sort: ClassVar[str]

    text: Text = field(default_factory=lambda: Text(""))
    facets: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    sort: str = ""
    choices: Any = field(default_factory=NoChoices)
    notices: tuple[str, ...] = ()

    # --- Reading ---------------------------------------------------------------------

    @classmethod
    def _text(cls, query: QueryDict, notices: list[str], of: type[Text] = Text) -> Text:
        typed = query.get("q", "").strip()
        if len(typed) > MOST_CHARACTERS:
            notices.append(_("Only the first %(number)s characters were searched for.") % {"number": MOST_CHARACTERS})
        text = of(typed[:MOST_CHARACTERS])
        if typed and not text:
            notices.append(_("Type letters, digits or Chinese characters: signs alone find nothing."))
        return text

    @classmethod
    def _facets(
        cls, asked: Mapping[str, tuple[str, ...]], choices: Any, notices: list[str]
    ) -> dict[str, tuple[Choice, ...]]:
        facets = {}
        for name, values in asked.items():
            if not values:
                continue
            known = choices.by_facet[name]
            if found := tuple(known[value] for value in values if value in known):
                facets[name] = found
            for value in values:
                if value not in known:
                    words = {"value": value[:40], "facet": cls.facets_known[name].label}
                    notices.append(_("“%(value)s” is no choice of “%(facet)s” and was left out.") % words)
        return facets

    @classmethod
    def _sort(cls, query: QueryDict, text: Text, notices: list[str]) -> str:
        default = "relevance" if text else cls.usual_sort
        sort = query.get("sort") or default
        if sort not in cls.sorts_known:
            notices.append(_("The list cannot be sorted by “%(value)s”.") % {"value": sort[:40]})
            return default
        return default if sort == "relevance" and not text else sort

    # --- What it asks ----------------------------------------------------------------

    @property
    def finds_nothing(self) -> bool:
        """Whether something was typed of which nothing can be searched for."""
        return bool(self.text.typed) and not self.text

    @property
    def is_narrowed(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self.text.typed or self.facets)

    @property
    def is_sorted_otherwise(self) -> bool:
        """Whether the order is not the one that goes without saying."""
        return self.sort != ("relevance" if self.text else self.usual_sort)

    @property
    def number_of_choices(self) -> int:
        """How many choices are made."""
        return sum(map(len, self.facets.values()))

    @property
    def facets_offered(self) -> Iterable[Facet]:
        """The facets that pages offer."""
        return self.facets_known.values()

    @property
    def sorts_offered(self) -> Iterable[str]:
        """The orders that pages offer."""
        return [name for name in self.sorts_known if name != "relevance" or self.text]

    def stored(self, name: str) -> list[str]:
        """Return the choices of a facet as entries hold them."""
        return [choice.stored for choice in self.facets.get(name, ())]

    def base(self) -> Sql:
        """Return what every entry that can be found has to meet."""
        raise NotImplementedError

    @staticmethod
    def counted(number: int) -> str:
        """Say so many of what is listed, in words."""
        raise NotImplementedError

    def totals(self) -> Sql:
        """Return a query for every ``value`` of facets and its ``number`` in all that can be found."""
        raise NotImplementedError

    def conditions(self) -> Sql:
        """Return what entries have to meet."""
        sql, params = self.base()
        parts, params = [sql], [*params]
        if self.text.typed:
            sql, more = self.text.found_in("words") if self.text else ("false", [])
            parts.append(sql)
            params += more
        for name in self.facets:
            parts.append("facets && %s::text[]")
            params.append(self.stored(name))
        return " AND ".join(parts), params

    # --- Its address, and others beside it -------------------------------------------

    def query(self, **changes: str) -> QueryDict:
        """Return it as a query string, with other parameters added."""
        query = QueryDict(mutable=True)
        if self.text.typed:
            query["q"] = self.text.typed
        for name, chosen in self.facets.items():
            query.setlist(name, [choice.value for choice in chosen])
        if self.is_sorted_otherwise:
            query["sort"] = self.sort
        for name, value in changes.items():
            query[name] = value
        return query

    def without(self, name: str, value: str = "") -> Self:
        """Return it without a choice, or without a whole facet; with a choice go the parts of it."""
        left = tuple(
            choice
            for choice in self.facets.get(name, ())
            if value and value not in {choice.value, choice.parent, self._grandparent(name, choice)}
        )
        facets = {key: chosen for key, chosen in self.facets.items() if key != name}
        return replace(self, facets=facets | ({name: left} if left else {}), notices=())

    def with_text(self, typed: str) -> Self:
        """Return it with another text."""
        text = type(self.text)(typed)
        sort = self.usual_sort if self.sort == "relevance" and not text else self.sort
        return replace(self, text=text, sort=sort, notices=())

    def without_facets(self) -> Self:
        """Return its text alone."""
        return replace(self, facets={}, notices=())

    def sorted_by(self, sort: str) -> Self:
        """Return it in another order, one of ``sorts_known``."""
        return replace(self, sort=sort, notices=())

    def _grandparent(self, name: str, choice: Choice) -> str:
        parent = self.choices.by_facet[name].get(choice.parent)
        return parent.parent if parent else ""


def values(query: QueryDict, name: str) -> tuple[str, ...]:
    """Return what a query string has of a facet, each value once, no more than one takes."""
    return tuple(dict.fromkeys(value for value in query.getlist(name)[:_MOST_VALUES] if value))
