"""Any page of a listing, however deep, in every order and under filters and texts of many and of few firms."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models.functions import Coalesce
from django.http import QueryDict

from benchmarks import asking
from benchmarks.measuring import Goal, Result, Work, by_turns, ratio
from firms.models import Organisation
from firms.search.counting import count_only
from firms.search.criteria import Criteria
from firms.search.pages import page_of, ranked

_DEPTHS = (0.3, 0.6, 0.9, 0.999)
LISTINGS = {
    "all, by name": "sort=name",
    "all, newest": "sort=newest",
    "all, by staff": "sort=staff",
    "a cluster": "sort=name&cluster=ai-internet-digital-content",
    "a subdistrict, newest": "sort=newest&subdistrict=yinhang",
    "a common text, by name": "sort=name&q=技术",
}
NARROW = {
    "a rare certificate": "sort=name&certificate=little_giant",
    "rare filters": "sort=name&certificate=little_giant&subdistrict=changbai-xincun&staff=300",
    "a middling text, by staff": "sort=staff&q=光伏",
    "a rare text, newest": "sort=newest&q=碳纤维再生",
    "by relevance": "q=软件",
}

_ORDERS: dict[str, tuple[Any, ...]] = {
    "name": ("sort_en", "pk"),
    "newest": (Coalesce("founded", date.min).desc(), "-pk"),
    "staff": (Coalesce("staff", -1).desc(), "-pk"),
}


def measure(size: int) -> Iterator[Result]:
    """Compare pages deep in each listing with a page by primary key, or with the first page of the same listing.

    What few of the firms meet, no index has in the order of the list: there a page costs by what is found.
    """
    goal, floor = Goal.at_most(2), asking.primary_key_pages(asking.sample())
    for name, query in LISTINGS.items():
        rounds = by_turns(pages(asking.criteria(query), _DEPTHS), floor)
        yield ratio(f"deep page: {name}", size, goal, rounds, against="page by primary key")
    for name, query in NARROW.items():
        criteria = asking.criteria(query)
        rounds = by_turns(pages(criteria, _DEPTHS), pages(criteria))
        yield ratio(f"deep page: {name}", size, goal, rounds, against="its first page")


def pages(criteria: Criteria, depths: tuple[float, ...] = ()) -> Work:
    """Return what reads pages deep in a listing, forwards and backwards; the first page where no depth is given."""
    total = count_only(criteria)
    marks = _marks(criteria, total, depths) if total else []
    queries = [QueryDict(f"{way}={slug}") for slug in marks for way in ("after", "before")] or [QueryDict()]
    return lambda turn: page_of(criteria, queries[turn % len(queries)], total=total)


def _marks(criteria: Criteria, total: int, depths: tuple[float, ...]) -> list[str]:
    """Return the slugs of firms at several depths."""
    if criteria.sort == "relevance":
        keys = ranked(criteria)
        places = [keys[int((len(keys) - 1) * depth)] for depth in depths]
        return list(Organisation.objects.filter(pk__in=places).values_list("slug", flat=True))
    slugs = criteria.organisations().order_by(*_ORDERS[criteria.sort]).values_list("slug", flat=True)
    return [slugs[int((total - 1) * depth)] for depth in depths]
