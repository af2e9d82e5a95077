"""The directory of 10,000 opportunities: search, pages however deep, counts of facets."""

from collections.abc import Iterator
from typing import Any

from django.http import QueryDict

from benchmarks import opportunities
from benchmarks.measuring import Goal, Result, Work, by_turns, ratio
from benchmarks.opportunity_words import TECHNOLOGIES
from firms.search.counting import count_only
from investors.directory.counting import count
from investors.directory.criteria import Criteria
from investors.directory.pages import page_of, ranked
from investors.models import Opportunity, OpportunityEntry

SELECTIVE = 200
_DEPTHS = (0.3, 0.6, 0.9, 0.999)
LISTINGS = {
    "all, newest": "",
    "all, ending soon": "sort=ending",
    "all, by amount": "sort=amount",
    "all, by area": "sort=area",
    "all, by rent": "sort=rent",
    "technology offered, newest": "kind=technology_offered",
    "a common text, newest": "q=工厂&sort=newest",
}
NARROW = {
    "premises by rent": "kind=premises&sort=rent",
    "rare filters, by amount": "stage=seed&subdistrict=wujiaochang&sort=amount",
    "a rare text, ending soon": "q=外骨骼&sort=ending",
    "by relevance": "q=lidar",
}
COUNTED = {
    "all": ("", 5),
    "a kind": ("kind=premises", None),
    "a text": ("q=lidar", None),
    "few": ("stage=seed&by=firm", None),
}
_ORDERS = {
    "newest": ("-published_at", "-pk"),
    "ending": ("last_day", "pk"),
    "amount": ("-amount", "-pk"),
    "area": ("-area", "-pk"),
    "rent": ("rent", "pk"),
}


def measure(_size: int) -> Iterator[Result]:
    """Compare the first page of a selective search, pages deep in each order, and counts with a page by primary key."""
    with opportunities.connected():
        floor, size = primary_key_pages(), opportunities.OPPORTUNITIES
        for language, place in (("English", 0), ("Chinese", 1)):
            rounds = by_turns(_first_pages([names[place] for names in TECHNOLOGIES]), floor)
            yield _line(f"opportunities: selective keyword, {language}", size, Goal.at_most(5), rounds)
        for name, query in LISTINGS.items():
            yield _line(f"opportunities, deep: {name}", size, Goal.at_most(2), by_turns(pages(query, _DEPTHS), floor))
        for name, query in NARROW.items():
            rounds = by_turns(pages(query, _DEPTHS), pages(query))
            yield ratio(f"opportunities, deep: {name}", size, Goal.at_most(2), rounds, against="its first page")
        for name, (query, most) in COUNTED.items():
            criteria = _asked(query)
            rounds = by_turns(lambda _turn, criteria=criteria: count(criteria), floor)  # type: ignore[misc]
            yield _line(
                f"opportunities, facets: {name}", size, Goal.at_most(most or 5), rounds, counts=most is not None
            )


def _line(name: str, size: int, goal: Goal, rounds: Any, *, counts: bool = True) -> Result:
    return ratio(name, size, goal, rounds, against="page by primary key", counts=counts)


def _asked(query: str) -> Criteria:
    return Criteria.from_query(QueryDict(query))


def _first_pages(words: list[str]) -> Work:
    """Return what a page of the directory does to find, count and read what few have."""
    asked = [criteria for word in words if 0 < count_only(criteria := _asked(f"q={word}")) <= SELECTIVE]

    def search(turn: int) -> object:
        criteria = asked[turn % len(asked)]
        return page_of(criteria, QueryDict(), total=count_only(criteria))

    return search


def pages(query: str, depths: tuple[float, ...] = ()) -> Work:
    """Return what reads pages deep in a listing, forwards and backwards; the first page where no depth is given."""
    criteria = _asked(query)
    total = count_only(criteria)
    marks = _marks(criteria, depths) if total else []
    queries = [QueryDict(f"{way}={slug}") for slug in marks for way in ("after", "before")] or [QueryDict()]
    return lambda turn: page_of(criteria, queries[turn % len(queries)], total=total)


def _marks(criteria: Criteria, depths: tuple[float, ...]) -> list[str]:
    """Return the slugs of opportunities at several depths."""
    if criteria.sort == "relevance":
        keys = ranked(criteria)
    else:
        found = OpportunityEntry.objects.filter(pk__in=criteria.matching().values("pk"))
        keys = list(found.order_by(*_ORDERS[criteria.sort]).values_list("pk", flat=True))
    places = [keys[int((len(keys) - 1) * depth)] for depth in depths]
    return list(Opportunity.objects.filter(pk__in=places).values_list("slug", flat=True))


def primary_key_pages() -> Work:
    """Return the floor: twenty rows from a primary key on, as objects with owner and subdistrict."""
    keys = list(Opportunity.objects.order_by("pk").values_list("pk", flat=True))[:-20]

    def read(turn: int) -> object:
        after = keys[turn * 7 % len(keys)]
        rows = Opportunity.objects.filter(pk__gt=after).select_related("owner", "subdistrict").order_by("pk")
        return list(rows.defer("confidential_en", "confidential_zh")[:20])

    return read
