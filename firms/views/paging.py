"""Pages of a list sorted by name: any page costs what the first costs."""

from dataclasses import dataclass

from django.db.models import Q
from django.http import Http404, QueryDict

from firms.models import Organisation
from firms.models.organisations import OrganisationQuerySet, sort_column

SIZE = 20


@dataclass(frozen=True)
class Page:
    """Some organisations of a list, and the query strings of the pages beside it."""

    items: list[Organisation]
    previous_url: str
    next_url: str


def page_of(organisations: OrganisationQuerySet, query: QueryDict, size: int = SIZE) -> Page:
    """Return the page that begins after, or ends before, the organisation that the query names by its slug.

    Raises:
        Http404: the query names an organisation that is not there, or a numbered page that is not the first.
    """
    if query.get("page", "1") != "1":
        raise Http404
    column = sort_column()
    after, before = query.get("after"), query.get("before")
    if before:
        found = list(_beside(organisations, column, before, "lt").order_by(f"-{column}", "-pk")[: size + 1])
        items = found[:size][::-1]
        has_previous, has_next = len(found) > size, True
    else:
        shown = _beside(organisations, column, after, "gt") if after else organisations
        found = list(shown.order_by(column, "pk")[: size + 1])
        items = found[:size]
        has_previous, has_next = bool(after), len(found) > size
    return Page(
        items,
        _url(query, "before", items[0].slug) if has_previous and items else "",
        _url(query, "after", items[-1].slug) if has_next and items else "",
    )


def _beside(organisations: OrganisationQuerySet, column: str, slug: str, side: str) -> OrganisationQuerySet:
    mark = Organisation.objects.listed().filter(slug=slug[:120]).values("pk", column).first()
    if mark is None:
        raise Http404
    value = mark[column]
    return organisations.filter(
        Q(**{f"{column}__{side}": value}) | Q(**{column: value, f"pk__{side}": mark["pk"]}),
        **{f"{column}__{side}e": value},
    )


def _url(query: QueryDict, name: str, slug: str) -> str:
    changed = query.copy()
    for old in ("page", "after", "before"):
        changed.pop(old, None)
    changed[name] = slug
    return f"?{changed.urlencode()}"
