"""Published opportunities, found as on the pages of the directory."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from firms.api.facets import told
from firms.search.counting import count_found
from firms.search.paging import SIZE
from investors.api import describing, reading, serializers
from investors.directory.choices import FACETS, NOT_OFFERED, Choices
from investors.directory.counting import count
from portal.api import parameters
from portal.api.describing import answers
from portal.api.views import PublicView, absolute


class OpportunitiesView(PublicView):
    """Published opportunities, page by page."""

    @answers(
        "opportunities",
        _("Published opportunities, page by page"),
        serializers.OpportunityPageSerializer,
        [describing.TEXT, *describing.FILTERS, *describing.PAGING],
    )
    def get(self, request: Request) -> Response:
        """Search the opportunities, filter them, and page through."""
        query = request.query_params
        parameters.check(query, single=("q", *reading.PAGING), several=FACETS)
        size = parameters.whole_number(query, "page_size", default=SIZE, least=1, most=describing.MOST)
        criteria = reading.criteria_of(query)
        total = count_found(criteria).total
        page = reading.page(criteria, query, total=total, size=size)
        data = {
            "total": total,
            "next": _beside(page.next_url, size),
            "previous": _beside(page.previous_url, size),
            "results": serializers.OpportunitySerializer(page.items, many=True).data,
        }
        return Response(data)


class OpportunityView(PublicView):
    """One published opportunity."""

    @answers("opportunity", _("One opportunity"), serializers.OpportunitySerializer, [describing.SLUG])
    def get(self, request: Request, slug: str) -> Response:
        """Tell what its public page shows."""
        parameters.check(request.query_params, single=())
        shown = get_object_or_404(reading.published(), slug=slug)
        reading.complete([shown])
        return Response(serializers.OpportunitySerializer(shown).data)


class OpportunityFacetsView(PublicView):
    """What opportunities can be filtered by."""

    @answers(
        "opportunity_facets",
        _("The values of every filter of opportunities, with the number that each would leave"),
        serializers.OpportunityFacetsSerializer,
        [describing.TEXT, *describing.FILTERS],
    )
    def get(self, request: Request) -> Response:
        """Count what is found, and what each choice would find."""
        parameters.check(request.query_params, single=("q",), several=FACETS)
        criteria = reading.criteria_of(request.query_params)
        counts = count(criteria)
        offered = [facet for name, facet in FACETS.items() if name not in NOT_OFFERED]
        facets = told(offered, lambda: Choices().by_facet, counts.numbers, counted="opportunities")
        return Response({"total": counts.total, "facets": facets})


def _beside(query: str, size: int) -> str | None:
    return f"{absolute(reverse('opportunities_api:opportunities'))}{query}&page_size={size}" if query else None
