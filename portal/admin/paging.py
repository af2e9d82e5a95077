"""Pages of the lists that are no list of Django's admin: by the row at which they begin, nothing counted."""

from typing import Any, NamedTuple

from django.core.exceptions import SuspiciousOperation
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest

from portal import keyset

AFTER, BEFORE = "after", "before"
_MAXIMUM_DIGITS = 18  # of a bigint


class Paged[M: Model](NamedTuple):
    """A page with the addresses of those beside it."""

    rows: list[M]
    previous_url: str
    next_url: str


def page_of[M: Model](
    request: HttpRequest, found: "QuerySet[M, Any]", everything: "QuerySet[M, Any]", size: int
) -> Paged[M]:
    """Return the page that the address names.

    Args:
        request: with ``after`` or ``before`` in its query, or neither.
        found: the list.
        everything: the list without its filters: a row that one of them has lost since keeps its place.
        size: rows of a page.

    Raises:
        Http404: the row at which the page begins is gone.
        SuspiciousOperation: it is no number.
    """
    before = BEFORE in request.GET
    given = request.GET.get(BEFORE if before else AFTER, "")
    keys = keyset.keys_of(found)
    mark = _mark(given, keys, found, everything)
    page = keyset.page_beside(found, keys, mark, size=size, before=before and mark is not None)
    if before and mark is not None and not page.has_previous:
        page = keyset.page_beside(found, keys, None, size=size)
    return Paged(
        page.rows,
        _address(request, BEFORE, page.rows[0].pk) if page.has_previous and page.rows else "",
        _address(request, AFTER, page.rows[-1].pk) if page.has_next and page.rows else "",
    )


def _mark(given: str, keys: list[keyset.Key], *lists: "QuerySet[Any, Any]") -> list[Any] | None:
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) <= _MAXIMUM_DIGITS):
        raise SuspiciousOperation
    for queryset in lists:
        if (mark := keyset.position(queryset, keys, int(given))) is not None:
            return mark
    raise Http404


def _address(request: HttpRequest, name: str, pk: Any) -> str:
    query = request.GET.copy()
    for other in (AFTER, BEFORE):
        query.pop(other, None)
    query[name] = str(pk)
    return f"?{query.urlencode()}"
