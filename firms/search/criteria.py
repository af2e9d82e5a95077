"""What someone looks for in the directory: text, facets and order, read from a query string.

Pages, exports and the API read their query strings here, so that all of them understand the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from django.db.models.expressions import RawSQL
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import ngettext, pgettext_lazy

from firms.models import Organisation
from firms.models.organisations import OrganisationQuerySet
from firms.search.asked import Asked, values
from firms.search.choices import FACETS, Choices, Facet
from firms.search.texts import Sql

SORTS: dict[str, str | Promise] = {
    "relevance": pgettext_lazy("sort by", "relevance"),
    "name": pgettext_lazy("sort by", "name"),
    "newest": pgettext_lazy("sort by", "newest"),
    "staff": pgettext_lazy("sort by", "number of staff"),
}


@dataclass(frozen=True)
class Criteria(Asked):
    """A search of the directory; its ``sort`` is one of ``SORTS``."""

    entries: ClassVar[str] = "firms_searchentry"
    key: ClassVar[str] = "organisation_id"
    whole: ClassVar[str] = "kind:firm"
    facets_known: ClassVar[Mapping[str, Facet]] = FACETS
    sorts_known: ClassVar[Mapping[str, str | Promise]] = SORTS
    usual_sort: ClassVar[str] = "name"

    sort: str = "name"
    choices: Choices = field(default_factory=lambda: Choices({}))

    @classmethod
    def read(cls, query: QueryDict) -> "Criteria":
        """Read ``q``, the facets (each as often as wanted) and ``sort``; what makes no sense becomes a notice."""
        notices: list[str] = []
        text = cls._text(query, notices)
        asked = {name: values(query, name) for name in FACETS}
        choices = Choices(asked)
        facets = cls._facets(asked, choices, notices)
        return cls(text, facets, cls._sort(query, text, notices), choices, tuple(notices))

    def stored(self, name: str) -> list[str]:
        """Return the choices of a facet as search entries hold them; a part of an industry stands for it."""
        chosen = self.facets.get(name, ())
        parents = {choice.parent for choice in chosen}
        known = self.choices.by_facet[name] if name == "industry" and chosen else {}
        parents |= {known[parent].parent for parent in parents if parent in known}
        return [choice.stored for choice in chosen if choice.value not in parents]

    def base(self) -> Sql:
        """Return that firms alone are found."""
        return "facets @> '{kind:firm}'", []

    @staticmethod
    def counted(number: int) -> str:
        """Say so many firms."""
        return ngettext("%(number)s firm", "%(number)s firms", number) % {"number": f"{number:,}"}

    def totals(self) -> Sql:
        """Return the totals that are kept."""
        return "SELECT value, sum(number) AS number FROM firms_facettotal GROUP BY value", []

    def organisations(self) -> OrganisationQuerySet:
        """Return the listed firms that it finds, in no order."""
        firms = Organisation.objects.listed().firms()
        if not self.is_narrowed:
            return firms
        condition, params = self.conditions()
        found = f"SELECT organisation_id FROM firms_searchentry WHERE {condition}"  # noqa: S608 -- SQL of ours
        return firms.filter(pk__in=RawSQL(found, params))  # noqa: S611 -- what was typed goes by parameter
