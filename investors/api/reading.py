"""From a query string to opportunities: strict where pages are forgiving."""

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from firms.models import Cluster
from firms.search.paging import Page
from investors.directory.criteria import Criteria
from investors.directory.pages import page_of
from investors.models import Opportunity
from portal.api.problems import Refused

PAGING = ("sort", "page_size", "after", "before")


def criteria_of(query: QueryDict) -> Criteria:
    """Read what is looked for.

    Raises:
        Refused: a value makes no sense.
    """
    criteria = Criteria.from_query(query)
    if criteria.notices:
        raise Refused(" ".join(criteria.notices))
    if query.get("sort") == "relevance" and not criteria.text:
        raise Refused(_("Sorting by relevance needs a text in “q”."))
    return criteria


def page(criteria: Criteria, query: QueryDict, *, total: int, size: int) -> Page:
    """Return a page of what is found, with all that is told of its opportunities."""
    if "after" in query and "before" in query:
        raise Refused(_("Give “after” or “before”, not both."))
    try:
        found = page_of(criteria, query, total=total, size=size)
    except Http404:
        raise Refused(_("The list has no opportunity with this slug any more: begin again.")) from None
    complete(found.items)
    return found


def published() -> QuerySet[Opportunity]:
    """Return the opportunities that the API tells of."""
    shown = Opportunity.objects.published().defer("confidential_en", "confidential_zh")
    return shown.select_related("owner", "subdistrict")


def complete(opportunities: list[Opportunity]) -> None:
    """Read the clusters of opportunities, all at once."""
    prefetch_related_objects(opportunities, Prefetch("clusters", Cluster.objects.order_by("position")))
