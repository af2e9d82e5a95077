"""What someone looks for among the opportunities: text, facets and order, read from a query string.

Pages, exports, feeds, saved searches and the API read their query strings here, so that all understand the same.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from django.db.models.expressions import RawSQL
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import ngettext, pgettext_lazy

from firms.search.asked import Asked, values
from firms.search.choices import Facet
from firms.search.texts import Sql, Text
from investors.directory.choices import FACETS, NOT_OFFERED, OF_KINDS, Choices, months
from investors.directory.texts import Words
from investors.models import Opportunity
from investors.models.facts import Kind
from investors.models.opportunities import OpportunityQuerySet

SORTS: dict[str, str | Promise] = {
    "relevance": pgettext_lazy("sort by", "relevance"),
    "newest": pgettext_lazy("sort by", "latest"),
    "ending": pgettext_lazy("sort by", "ending soon"),
    "amount": pgettext_lazy("sort by", "amount"),
    "area": pgettext_lazy("sort by", "area"),
    "rent": pgettext_lazy("sort by", "rent"),
}
_OF_KINDS = {
    "amount": frozenset({Kind.CAPITAL, Kind.OFFER, Kind.NEED, Kind.DIGITAL, Kind.LAB}),
    "area": frozenset({Kind.PREMISES}),
    "rent": frozenset({Kind.PREMISES}),
}
"""Which kinds have something to be sorted by."""

ALL: tuple[Kind, ...] = tuple(Kind)


@dataclass(frozen=True)
class Criteria(Asked):
    """A search of the opportunities.

    Args:
        text: what is looked for; empty for everything.
        facets: for the name of a facet the choices of which any may apply.
        sort: one of ``SORTS``.
        choices: every choice there is.
        notices: sentences on what of the query string was not understood, and is left out.
        kinds: the kinds that the page is about; others are not found.
    """

    entries: ClassVar[str] = "investors_opportunityentry"
    key: ClassVar[str] = "opportunity_id"
    whole: ClassVar[str] = "all:yes"
    facets_known: ClassVar[Mapping[str, Facet]] = FACETS
    sorts_known: ClassVar[Mapping[str, str | Promise]] = SORTS
    usual_sort: ClassVar[str] = "newest"

    text: Text = field(default_factory=lambda: Words(""))
    sort: str = "newest"
    choices: Choices = field(default_factory=Choices)
    kinds: tuple[Kind, ...] = ALL

    @classmethod
    def from_query(cls, query: QueryDict, *, kinds: Iterable[Kind] = ALL) -> "Criteria":
        """Read ``q``, the facets (each as often as wanted) and ``sort``; what makes no sense becomes a notice.

        Args:
            query: a query string.
            kinds: what the page is about.
        """
        notices: list[str] = []
        text = cls._text(query, notices, Words)
        asked = {name: values(query, name) for name in FACETS}
        choices = Choices(asked["owner"], tuple(kinds))
        facets = cls._facets(asked, choices, notices)
        return cls(text, facets, cls._sort(query, text, notices), choices, tuple(notices), choices.kinds)

    def as_query(self) -> QueryDict:
        """Return it as the query string of the page of all opportunities, which finds just the same."""
        query = self.query()
        if self.kinds != ALL and "kind" not in self.facets:
            query.setlist("kind", [kind.value for kind in self.kinds])
        return query

    def matching(self) -> OpportunityQuerySet:
        """Return the opportunities that the public finds by it today, in no order."""
        found, published = self.conditions(), Opportunity.objects.published()
        if self.finds_nothing:
            return published.none()
        keys = f"SELECT opportunity_id FROM {self.entries} WHERE {found[0]}"  # noqa: S608 -- SQL of ours
        return published.filter(pk__in=RawSQL(keys, found[1]))  # noqa: S611 -- what was typed goes by parameter

    @property
    def kinds_asked(self) -> frozenset[Kind]:
        """The kinds that it can find."""
        chosen = {Kind(choice.value) for choice in self.facets.get("kind", ())}
        return frozenset(self.kinds) & chosen if chosen else frozenset(self.kinds)

    @property
    def facets_offered(self) -> Iterable[Facet]:
        """The facets of what it can find; those of single kinds once few kinds are left, or where one is chosen."""
        asked = self.kinds_asked
        is_few = asked != frozenset(ALL)
        for name, facet in FACETS.items():
            of = OF_KINDS.get(name)
            is_offered = name not in NOT_OFFERED and (of is None or (is_few and bool(of & asked)))
            if (is_offered and not (name == "kind" and len(self.kinds) == 1)) or name in self.facets:
                yield facet

    @property
    def sorts_offered(self) -> Iterable[str]:
        """The orders of what it can find."""
        asked = self.kinds_asked
        for name in super().sorts_offered:
            of = _OF_KINDS.get(name, asked)
            if name == self.sort or (of & asked and (name not in {"area", "rent"} or asked <= of)):
                yield name

    def stored(self, name: str) -> list[str]:
        """Return the choices of a facet as entries hold them: what becomes free is held by its month."""
        if name != "available":
            return super().stored(name)
        return [month for choice in self.facets.get(name, ()) for month in months(choice.value)]

    def base(self) -> Sql:
        """Return that what has ended is not found, nor what the page is not about."""
        sql, params = "last_day >= %s", [timezone.localdate()]
        if self.kinds != ALL:
            return f"{sql} AND kind = ANY(%s)", [*params, [kind.value for kind in self.kinds]]
        return sql, params

    @staticmethod
    def counted(number: int) -> str:
        """Say so many opportunities."""
        words = {"number": f"{number:,}"}
        return ngettext("%(number)s opportunity", "%(number)s opportunities", number) % words

    def totals(self) -> Sql:
        """Return the totals that are kept, without what has ended and was not yet taken down."""
        kinds = [kind.value for kind in self.kinds]
        sql = """
            SELECT value, sum(number) AS number FROM (
                SELECT value, number FROM investors_opportunitytotal WHERE kind = ANY(%s)
                 UNION ALL
                SELECT unnest(facets), -1 FROM investors_opportunityentry WHERE last_day < %s AND kind = ANY(%s)
            ) AS kept GROUP BY value
        """
        return sql, [kinds, timezone.localdate(), kinds]
