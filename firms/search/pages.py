"""Pages of what is found, in each order: any page costs what the first costs."""

from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL
from django.http import Http404, QueryDict

from firms.models import Organisation
from firms.models.organisations import OrganisationQuerySet, sort_column
from firms.search.criteria import Criteria
from firms.search.paging import MOST_RANKED, SIZE, Page, Turn
from firms.search.texts import Sql

_ORDERS = {  # an indexed expression, and whether the largest comes first
    "newest": ("coalesce(founded, '0001-01-01'::date)", True),
    "staff": ("coalesce(staff, -1)", True),
}


def page_of(criteria: Criteria, query: QueryDict, *, total: int | None = None, size: int = SIZE) -> Page[Organisation]:
    """Return the page that begins after, or ends before, the organisation that the query names by its slug.

    Args:
        criteria: what is looked for.
        query: with ``after`` or ``before``, or neither.
        total: how many are found, where that is known: few are sorted, of many the first are looked up.
        size: how many make a page.

    Raises:
        Http404: the query names an organisation that is not there, or a numbered page that is not the first.
    """
    turn = Turn.read(query)
    if criteria.sort == "relevance":
        items, has_more = _by_relevance(criteria, turn, size=size)
    else:
        items, has_more = _in_order(criteria, turn, size=size, total=total)
    return turn.page(criteria, items, has_more=has_more)


def matching(criteria: Criteria, total: int | None = None) -> OrganisationQuerySet:
    """Return what is found, in no order, so that the database need not guess whether it is much or little."""
    firms = Organisation.objects.listed().firms()
    if criteria.finds_nothing:
        return firms.none()
    if not criteria.is_narrowed:
        return firms
    if total is None:
        return criteria.organisations()
    condition, params = criteria.conditions()
    if total <= MOST_RANKED:
        found = f"firms_organisation.id = ANY(ARRAY(SELECT organisation_id FROM firms_searchentry WHERE {condition}))"  # noqa: S608
    else:
        found = (
            "EXISTS (SELECT FROM firms_searchentry "
            f"WHERE organisation_id = firms_organisation.id AND {condition} OFFSET 0)"
        )
    return firms.filter(RawSQL(found, params, output_field=BooleanField()))  # noqa: S611 -- typed text goes by parameter


def ranked(criteria: Criteria) -> list[int]:
    """Return the ids of the first ``MOST_RANKED`` matches: names before texts, the closest name first."""
    sql, params = _ranking(criteria)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [row[0] for row in cursor.fetchall()]


def _ranking(criteria: Criteria) -> Sql:
    condition, params = criteria.conditions()
    named, named_params = criteria.text.found_in("names")
    rank, rank_params = criteria.text.rank
    sql = f"""
        WITH named AS MATERIALIZED (
            SELECT organisation_id, {rank} AS rank, size FROM firms_searchentry
             WHERE {condition} AND {named} LIMIT %s
        ), other AS MATERIALIZED (
            SELECT organisation_id, 3 AS rank, size FROM firms_searchentry
             WHERE {condition} AND NOT ({named}) LIMIT %s
        )
        SELECT organisation_id FROM (
            SELECT * FROM named UNION ALL (SELECT * FROM other LIMIT %s - (SELECT count(*) FROM named))
        ) AS found ORDER BY rank, size, organisation_id
    """  # noqa: S608 -- SQL of ours
    values = [*rank_params, *params, *named_params, MOST_RANKED, *params, *named_params, MOST_RANKED, MOST_RANKED]
    return sql, values


def _by_relevance(criteria: Criteria, turn: Turn, *, size: int) -> tuple[list[Organisation], bool]:
    if criteria.finds_nothing:
        return [], False
    wanted, has_more = turn.of_ranked(ranked(criteria), _marked, size)
    found = Organisation.objects.listed().firms().select_related("subdistrict").in_bulk(wanted)
    return [found[pk] for pk in wanted if pk in found], has_more


def in_batches(criteria: Criteria, total: int, size: int = 500) -> Iterator[list[Organisation]]:
    """Yield all that is found, in its order, or by name instead of by relevance; each batch is one query of its own.

    So no transaction stays open while a slow reader takes what was yielded.
    """
    place: Sql | None = None
    while True:
        column = _own(_order(criteria)[0])
        shown = _ordered(criteria, total, place, is_back=False).annotate(place=RawSQL(column, []))  # noqa: S611
        batch: list[Any] = list(shown[:size])
        if batch:
            yield batch
        if len(batch) < size:
            return
        place = "(%s, %s)", [batch[-1].place, batch[-1].pk]


def _in_order(criteria: Criteria, turn: Turn, *, size: int, total: int | None) -> tuple[list[Organisation], bool]:
    place: Sql | None = None
    if turn.mark:
        value = "(SELECT {} FROM firms_organisation AS mark WHERE slug = %s AND status = 'listed')"
        place = f"({value.format(_order(criteria)[0])}, {value.format('id')})", [turn.mark] * 2
    found = list(_ordered(criteria, total, place, is_back=turn.is_back)[: size + 1])
    return turn.of_read(found, _marked, size)


def _order(criteria: Criteria) -> tuple[str, bool]:
    return _ORDERS.get(criteria.sort, (sort_column(), False))


def _ordered(criteria: Criteria, total: int | None, place: Sql | None, *, is_back: bool) -> OrganisationQuerySet:
    """Return what comes after a place, or before it and then backwards; without a place, all."""
    column, is_descending = _order(criteria)
    shown = matching(criteria, total).select_related("subdistrict")
    backwards = is_descending != is_back
    if place:
        beside = f"({_own(column)}, firms_organisation.id) {'<' if backwards else '>'} {place[0]}"
        shown = shown.filter(RawSQL(beside, place[1], BooleanField()))  # noqa: S611 -- columns of ours
    order = RawSQL(_own(column), [])  # noqa: S611 -- a column of ours
    return shown.order_by(order.desc() if backwards else order.asc(), "-pk" if backwards else "pk")


def _own(column: str) -> str:
    """Name the table of the columns: another may be joined."""
    for name in ("founded", "staff", "sort_en", "sort_zh"):
        column = column.replace(name, f"firms_organisation.{name}")
    return column


def _marked(slug: str) -> int:
    """Return the id of the organisation that a page begins after or ends before."""
    pk = Organisation.objects.listed().filter(slug=slug).values_list("pk", flat=True).first()
    if pk is None:
        raise Http404
    return pk
