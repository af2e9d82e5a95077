"""Listed firms, found as on the pages of the directory."""

from typing import Any

from django.http import HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from firms.api import describing, reading, serializers
from firms.api.facets import told
from firms.search.choices import FACETS, Choices
from firms.search.counting import count, count_found
from firms.search.paging import SIZE
from portal.api import parameters
from portal.api.describing import answers
from portal.api.views import PublicView, absolute


class FirmsView(PublicView):
    """Listed firms, page by page."""

    @answers(
        "firms",
        _("Listed firms, page by page"),
        serializers.FirmPageSerializer,
        [describing.TEXT, *describing.FILTERS, *describing.PAGING, describing.CODE],
    )
    def get(self, request: Request) -> Response:
        """Search the listed firms, filter them, and page through."""
        query = request.query_params
        parameters.check(query, single=("q", "uscc", *reading.PAGING), several=FACETS)
        size = parameters.whole_number(query, "page_size", default=SIZE, least=1, most=describing.MOST)
        if "uscc" in query:
            firms = reading.by_code(query)
            return Response(_page(len(firms), firms))
        criteria = reading.criteria_of(query)
        found = count_found(criteria)
        page = reading.page(criteria, query, total=found.total, size=size)
        beside = {name: _beside(url, size) for name, url in (("next", page.next_url), ("previous", page.previous_url))}
        return Response(_page(found.total, page.items, total_is_capped=found.is_capped, **beside))


class FirmView(PublicView):
    """One listed firm."""

    @answers("firm", _("One firm"), serializers.FirmSerializer, [describing.SLUG])
    def get(self, request: Request, slug: str) -> Response | HttpResponsePermanentRedirect:
        """Tell what its public page shows."""
        parameters.check(request.query_params, single=())
        firm = reading.listed().filter(slug=slug).first()
        if firm is None:  # an old address of a merged one leads to what stands for it, as its page does
            survivor = get_object_or_404(reading.listed(), predecessors__slug=slug.lower())
            return HttpResponsePermanentRedirect(reverse("api:firm", args=[survivor.slug]))
        reading.complete([firm])
        return Response(serializers.FirmSerializer(firm).data)


class FacetsView(PublicView):
    """What firms can be filtered by."""

    @answers(
        "facets",
        _("The values of every filter, with the number of firms that each would leave"),
        serializers.FacetsSerializer,
        [describing.TEXT, *describing.FILTERS],
    )
    def get(self, request: Request) -> Response:
        """Count what is found, and what each choice would find."""
        parameters.check(request.query_params, single=("q",), several=FACETS)
        criteria = reading.criteria_of(request.query_params)
        counts = count(criteria)
        chosen = criteria.choices.chosen
        facets = told(FACETS.values(), lambda: Choices(chosen).by_facet, counts.numbers, counted="firms")
        return Response({"total": counts.total, "total_is_capped": counts.is_capped, "facets": facets})


def _page(total: int, firms: list[Any], **more: Any) -> dict[str, Any]:
    empty = {"total_is_capped": False, "next": None, "previous": None}
    return {"total": total, **empty, **more, "results": serializers.FirmSerializer(firms, many=True).data}


def _beside(query: str, size: int) -> str | None:
    return f"{absolute(reverse('api:firms'))}{query}&page_size={size}" if query else None
