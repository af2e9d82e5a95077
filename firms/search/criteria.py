"""What someone looks for in the directory: text, facets and order, read from a query string.

Pages, exports and the API read their query strings here, so that all of them understand the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models.expressions import RawSQL
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from firms.models import Organisation
from firms.models.organisations import OrganisationQuerySet
from firms.search.choices import FACETS, Choice, Choices
from firms.search.texts import MOST_CHARACTERS, Sql, Text

SORTS: dict[str, str | Promise] = {
    "relevance": pgettext_lazy("sort by", "relevance"),
    "name": pgettext_lazy("sort by", "name"),
    "newest": pgettext_lazy("sort by", "newest"),
    "staff": pgettext_lazy("sort by", "number of staff"),
}
_MOST_VALUES = 30


@dataclass(frozen=True)
class Criteria:
    """A search of the directory.

    Args:
        text: what is looked for; empty for everything.
        facets: for the name of a facet the choices of which any may apply.
        sort: one of ``SORTS``.
        choices: every choice there is, for pages that offer them.
        notices: sentences on what of the query string was not understood, and is left out.
    """

    text: Text = field(default_factory=lambda: Text(""))
    facets: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    sort: str = "name"
    choices: Choices = field(default_factory=lambda: Choices({}))
    notices: tuple[str, ...] = ()

    @classmethod
    def read(cls, query: QueryDict) -> "Criteria":
        """Read ``q``, the facets (each as often as wanted) and ``sort``; what makes no sense becomes a notice."""
        notices: list[str] = []
        typed = query.get("q", "").strip()
        if len(typed) > MOST_CHARACTERS:
            notices.append(_("Only the first %(number)s characters were searched for.") % {"number": MOST_CHARACTERS})
        text = Text(typed[:MOST_CHARACTERS])
        if typed and not text:
            notices.append(_("Type letters, digits or Chinese characters: signs alone find nothing."))
        asked = {name: _values(query, name) for name in FACETS}
        choices = Choices(asked)
        facets = {}
        for name, values in asked.items():
            if not values:
                continue
            known = choices.by_facet[name]
            if found := tuple(known[value] for value in values if value in known):
                facets[name] = found
            for value in values:
                if value not in known:
                    words = {"value": value[:40], "facet": FACETS[name].label}
                    notices.append(_("“%(value)s” is no choice of “%(facet)s” and was left out.") % words)
        default = "relevance" if text else "name"
        sort = query.get("sort") or default
        if sort not in SORTS:
            notices.append(_("The list cannot be sorted by “%(value)s”.") % {"value": sort[:40]})
            sort = default
        if sort == "relevance" and not text:
            sort = default
        return cls(text, facets, sort, choices, tuple(notices))

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
        return self.sort != ("relevance" if self.text else "name")

    @property
    def number_of_choices(self) -> int:
        """How many choices are made."""
        return sum(map(len, self.facets.values()))

    def stored(self, name: str) -> list[str]:
        """Return the choices of a facet as search entries hold them; a part of an industry stands for it."""
        chosen = self.facets.get(name, ())
        parents = {choice.parent for choice in chosen}
        known = self.choices.by_facet[name] if name == "industry" and chosen else {}
        parents |= {known[parent].parent for parent in parents if parent in known}
        return [choice.stored for choice in chosen if choice.value not in parents]

    def conditions(self) -> Sql:
        """Return what search entries have to meet."""
        parts: list[str] = ["facets @> '{kind:firm}'"]
        params: list[Any] = []
        if self.text.typed:
            sql, more = self.text.found_in("words") if self.text else ("false", [])
            parts.append(sql)
            params += more
        for name in self.facets:
            parts.append("facets && %s::text[]")
            params.append(self.stored(name))
        return " AND ".join(parts), params

    def organisations(self) -> OrganisationQuerySet:
        """Return the listed firms that it finds, in no order."""
        firms = Organisation.objects.listed().firms()
        if not self.is_narrowed:
            return firms
        condition, params = self.conditions()
        found = f"SELECT organisation_id FROM firms_searchentry WHERE {condition}"  # noqa: S608 -- SQL of ours
        return firms.filter(pk__in=RawSQL(found, params))  # noqa: S611 -- what was typed goes by parameter

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

    def without(self, name: str, value: str = "") -> "Criteria":
        """Return it without a choice, or without a whole facet; with a choice go the parts of it."""
        left = tuple(
            choice
            for choice in self.facets.get(name, ())
            if value and value not in {choice.value, choice.parent, self._grandparent(name, choice)}
        )
        facets = {key: chosen for key, chosen in self.facets.items() if key != name}
        return replace(self, facets=facets | ({name: left} if left else {}), notices=())

    def with_text(self, typed: str) -> "Criteria":
        """Return it with another text."""
        text = Text(typed)
        sort = "name" if self.sort == "relevance" and not text else self.sort
        return replace(self, text=text, sort=sort, notices=())

    def without_facets(self) -> "Criteria":
        """Return its text alone."""
        return replace(self, facets={}, notices=())

    def sorted_by(self, sort: str) -> "Criteria":
        """Return it in another order, one of ``SORTS``."""
        return replace(self, sort=sort, notices=())

    def _grandparent(self, name: str, choice: Choice) -> str:
        parent = self.choices.by_facet[name].get(choice.parent)
        return parent.parent if parent else ""


def _values(query: QueryDict, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in query.getlist(name)[:_MOST_VALUES] if value))
