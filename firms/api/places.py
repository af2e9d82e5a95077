"""Clusters and subdistricts, each with its number of listed firms."""

from typing import Any

from django.db.models import Model
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import inline_serializer
from rest_framework.request import Request
from rest_framework.response import Response

from firms.api import describing, parts
from firms.models import Cluster, Subdistrict
from firms.search.counting import count
from firms.search.criteria import Criteria
from portal.api import parameters
from portal.api.describing import answers
from portal.api.views import PublicView


class ClustersView(PublicView):
    """The clusters."""

    @answers(
        "clusters",
        _("The clusters, and the rules by which firms belong"),
        inline_serializer("Clusters", {"results": parts.ClusterSerializer(many=True)}),
    )
    def get(self, request: Request) -> Response:
        """List them in their order."""
        parameters.check(request.query_params, single=())
        found = _with_firms("cluster", list(Cluster.objects.prefetch_related("rules")))
        return Response({"results": parts.ClusterSerializer(found, many=True).data})


class ClusterView(PublicView):
    """One cluster."""

    @answers("cluster", _("One cluster"), parts.ClusterSerializer, [describing.SLUG])
    def get(self, request: Request, slug: str) -> Response:
        """Tell what its public page says of it."""
        parameters.check(request.query_params, single=())
        found = _with_firms("cluster", [get_object_or_404(Cluster.objects.prefetch_related("rules"), slug=slug)])
        return Response(parts.ClusterSerializer(found[0]).data)


class SubdistrictsView(PublicView):
    """The subdistricts."""

    @answers(
        "subdistricts",
        _("The subdistricts, with their places on the tile grid"),
        inline_serializer("Subdistricts", {"results": parts.SubdistrictSerializer(many=True)}),
    )
    def get(self, request: Request) -> Response:
        """List them from north to south."""
        parameters.check(request.query_params, single=())
        found = _with_firms("subdistrict", list(Subdistrict.objects.all()))
        return Response({"results": parts.SubdistrictSerializer(found, many=True).data})


def _with_firms[M: Model](facet: str, things: list[M]) -> list[M]:
    """Say of each how many listed firms it has."""
    numbers: dict[str, Any] = count(Criteria()).numbers
    for thing in things:
        thing.firms = numbers.get(f"{facet}:{thing.pk}", 0)  # type: ignore[attr-defined]
    return things
