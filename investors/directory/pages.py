"""Pages of what is found, in each order: any page costs what the first costs."""

from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL
from django.http import Http404, QueryDict

from firms.search.paging import MOST_RANKED, SIZE, Page, Turn
from firms.search.texts import Sql
from investors.directory.criteria import Criteria
from investors.models import Opportunity
from investors.models.opportunities import OpportunityQuerySet

_ORDERS = {  # an indexed column of the entries, and whether the largest comes first
    "newest": ("published_at", True),
    "ending": ("last_day", False),
    "amount": ("amount", True),
    "area": ("area", True),
    "rent": ("rent", False),
}


def page_of(criteria: Criteria, query: QueryDict, *, total: int | None = None, size: int = SIZE) -> Page[Opportunity]:
    """Return the page that begins after, or ends before, the opportunity that the query names by its slug.

    Args:
        criteria: what is looked for.
        query: with ``after`` or ``before``, or neither.
        total: how many are found, where that is known: few are sorted, of many the first are looked up.
        size: how many make a page.

    Raises:
        Http404: the query names an opportunity that is not there, or a numbered page that is not the first.
    """
    turn = Turn.read(query)
    if criteria.sort == "relevance":
        items, has_more = _by_relevance(criteria, turn, size=size, total=total)
    else:
        items, has_more = _in_order(criteria, turn, size=size, total=total)
    return turn.page(criteria, items, has_more=has_more)


def in_batches(criteria: Criteria, total: int, size: int = 500) -> Iterator[list[Opportunity]]:
    """Yield all that is found, in its order, or the newest first instead of by relevance.

    Each batch is a query of its own, so no transaction stays open while a slow reader takes what was yielded.
    """
    place: Sql | None = None
    while True:
        batch = _rows(criteria, total, place, size=size)
        if batch:
            yield batch
        if len(batch) < size:
            return
        place = _place(criteria, "opportunity_id = %s", batch[-1].pk)


def ranked(criteria: Criteria) -> list[int]:
    """Return the ids of the first ``MOST_RANKED`` matches: titles and owners before texts, then the newest."""
    condition, params = criteria.conditions()
    named, named_params = criteria.text.found_in("names")
    return [
        row[0]
        for row in _asked(
            f"""
            SELECT opportunity_id FROM (
                SELECT opportunity_id, published_at, ({named}) AS is_named FROM {criteria.entries} WHERE {condition}
            ) AS found ORDER BY is_named DESC, published_at DESC, opportunity_id DESC LIMIT %s
            """,  # noqa: S608 -- SQL of ours
            [*named_params, *params, MOST_RANKED],
        )
    ]


def _by_relevance(criteria: Criteria, turn: Turn, *, size: int, total: int | None) -> tuple[list[Opportunity], bool]:
    if criteria.finds_nothing or total == 0:
        return [], False
    wanted, has_more = turn.of_ranked(ranked(criteria), _marked, size)
    found = _shown().in_bulk(wanted)
    return [found[pk] for pk in wanted if pk in found], has_more


def _in_order(criteria: Criteria, turn: Turn, *, size: int, total: int | None) -> tuple[list[Opportunity], bool]:
    named = "opportunity_id = (SELECT id FROM investors_opportunity WHERE slug = %s)"
    place = _place(criteria, named, turn.mark) if turn.mark else None
    found = _rows(criteria, total, place, is_back=turn.is_back, size=size + 1)
    return turn.of_read(found, _marked, size)


def _place(criteria: Criteria, is_it: str, value: Any) -> Sql:
    """Return the place that one opportunity has in a list."""
    column, _is_descending = _order(criteria)
    return f"(SELECT {column}, opportunity_id FROM {criteria.entries} WHERE {is_it})", [value]  # noqa: S608


def _order(criteria: Criteria) -> tuple[str, bool]:
    return _ORDERS.get(criteria.sort, _ORDERS["newest"])


def _rows(
    criteria: Criteria, total: int | None, place: Sql | None, *, size: int, is_back: bool = False
) -> list[Opportunity]:
    """Return what comes after a place, or before it and then backwards; without a place, the first.

    Few are found by what they have and then sorted; of many the index gives the order, and each row is looked at.
    """
    column, is_descending = _order(criteria)
    condition, params = criteria.conditions()
    if total is not None and total <= MOST_RANKED and criteria.is_narrowed:
        entries = f"(SELECT opportunity_id, {column} FROM {criteria.entries} WHERE {condition} OFFSET 0) AS found"  # noqa: S608
        where, values = "true", [*params]
    else:
        entries, where, values = criteria.entries, f"(SELECT {condition})", [*params]
    backwards = is_descending != is_back
    if place:
        where += f" AND ({column}, opportunity_id) {'<' if backwards else '>'} {place[0]}"
        values += place[1]
    way = "DESC" if backwards else "ASC"
    keys = f"SELECT opportunity_id FROM {entries} WHERE {where} ORDER BY {column} {way}, opportunity_id {way} LIMIT %s"  # noqa: S608
    found = RawSQL(f"investors_opportunity.id = ANY(ARRAY({keys}))", [*values, size], BooleanField())  # noqa: S611
    own = f"(SELECT {column} FROM {criteria.entries} WHERE opportunity_id = investors_opportunity.id)"  # noqa: S608
    order = RawSQL(own, [])  # noqa: S611 -- columns of ours
    return list(
        _shown().filter(found).order_by(order.desc() if backwards else order.asc(), "-pk" if backwards else "pk")
    )


def _asked(sql: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def _shown() -> OpportunityQuerySet:
    """Return what the public may see, with owner and subdistrict."""
    shown = Opportunity.objects.published().defer("confidential_en", "confidential_zh")
    return shown.select_related("owner", "subdistrict")


def _marked(slug: str) -> int:
    """Return the id of the opportunity that a page begins after or ends before."""
    pk = Opportunity.objects.published().filter(slug=slug).values_list("pk", flat=True).first()
    if pk is None:
        raise Http404
    return pk
