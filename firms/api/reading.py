"""From a query string to firms: strict where pages are forgiving."""

import re

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.http import Http404, QueryDict
from django.utils import translation
from django.utils.translation import gettext as _

from firms.models import ClusterMembership, Industry, Organisation
from firms.models.organisations import USCC_PATTERN
from firms.search.criteria import Criteria
from firms.search.pages import page_of
from firms.search.paging import Page
from portal.api.problems import Refused

PAGING = ("sort", "page_size", "after", "before")
_ALONE = {"uscc", "page_size"}


def criteria_of(query: QueryDict) -> Criteria:
    """Read what is looked for.

    Raises:
        Refused: a value makes no sense.
    """
    criteria = Criteria.read(query)
    if criteria.notices:
        raise Refused(" ".join(criteria.notices))
    if query.get("sort") == "relevance" and not criteria.text:
        raise Refused(_("Sorting by relevance needs a text in “q”."))
    return criteria


def page(criteria: Criteria, query: QueryDict, *, total: int, size: int) -> Page:
    """Return a page of what is found, with all that is told of its firms."""
    if "after" in query and "before" in query:
        raise Refused(_("Give “after” or “before”, not both."))
    try:
        with translation.override("en"):  # names are sorted as in English, whatever the client speaks
            found = page_of(criteria, query, total=total, size=size)
    except Http404:
        raise Refused(_("The list has no firm with this slug any more: begin again.")) from None
    complete(found.items)
    return found


def by_code(query: QueryDict) -> list[Organisation]:
    """Return the listed firm of a code, or nothing."""
    if query.keys() - _ALONE:
        raise Refused(_("“uscc” stands without other filters."))
    code = query.get("uscc", "").upper()
    if not re.fullmatch(USCC_PATTERN, code):
        raise Refused(_("A unified social credit code has 18 digits and capital letters, without I, O, S, V and Z."))
    found = list(listed().filter(uscc=code))
    complete(found)
    return found


def listed() -> QuerySet[Organisation]:
    """Return the firms that the API tells of."""
    return Organisation.objects.listed().firms().select_related("subdistrict")


def complete(firms: list[Organisation]) -> None:
    """Read what belongs to the firms, each kind at once."""
    memberships = ClusterMembership.objects.filter(excluded=False).select_related("cluster", "rule")
    shown = Prefetch("cluster_memberships", memberships.order_by("cluster__position"), to_attr="shown_memberships")
    prefetch_related_objects(firms, shown, "certificates")
    lengths = (4, 2)
    codes = {firm.industry_code[:length] for firm in firms for length in lengths}
    known = Industry.objects.in_bulk(codes)
    for firm in firms:
        nearest = (known.get(firm.industry_code[:length]) for length in lengths)
        firm.industry = next(filter(None, nearest), None)  # type: ignore[attr-defined]
