"""The clusters, and the page of each."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from firms import figures
from firms.models import Cluster, Organisation

_SHOWN = 10


@require_safe
def cluster_list(request: HttpRequest) -> HttpResponse:
    """List the clusters with their number of firms."""
    return render(request, "firms/clusters.html", {"clusters": figures.clusters_with_counts()})


@require_safe
def cluster(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a cluster: where its firms are, who they are, and how a firm comes to belong."""
    found = get_object_or_404(Cluster, slug=slug)
    firms = Organisation.objects.listed().firms().in_cluster(found)
    context = {
        "cluster": found,
        "total": firms.count(),
        "firms": firms.select_related("subdistrict").by_name()[:_SHOWN],
        "tiles": figures.tiles(found),
        "least": figures.LEAST,
        "rules": found.rules.all(),
    }
    return render(request, "firms/cluster.html", context)
