"""The clusters, the page of each, and the files of their pictures."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from firms.charts import FEWER
from firms.clusters import counts as stored
from firms.clusters import presenting, sentences
from firms.models import Cluster, Organisation, Subdistrict
from firms.search.criteria import Criteria
from firms.search.pages import page_of

_SHOWN = 6
_KINDS = {"svg": "image/svg+xml", "csv": "text/csv; charset=utf-8"}


@require_safe
def cluster_list(request: HttpRequest) -> HttpResponse:
    """Compare the clusters, and show the district as a whole."""
    counts, places = stored.latest(), list(Subdistrict.objects.all())
    clusters = stored.clusters_with_totals()
    context: dict[str, Any] = {"clusters": clusters, "counts": counts, "least": FEWER}
    if counts.as_of:
        context |= presenting.overview(counts, clusters, places)
    return render(request, "firms/clusters.html", context)


@require_safe
def cluster(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a cluster: its figures, its firms, what belongs to it, and how a firm comes to belong."""
    found = get_object_or_404(Cluster, slug=slug)
    counts, places = stored.latest(), list(Subdistrict.objects.all())
    criteria = Criteria.read(QueryDict(f"cluster={found.slug}"))
    firms = page_of(criteria, QueryDict(), total=counts.total(found) or None, size=_SHOWN)
    by_hand = Organisation.objects.listed().in_cluster(found).exclude(kind=Organisation.Kind.FIRM)
    context: dict[str, Any] = {
        "cluster": found,
        "counts": counts,
        "firms": firms.items,
        "others": presenting.by_kind(by_hand.select_related("subdistrict").by_name()),
        "rules": sentences.of_cluster(found),
    }
    if counts.as_of:
        context |= presenting.of_cluster(counts, found, places, chosen=request.GET.get("subdistrict", ""))
    return render(request, "firms/cluster.html", context)


@require_safe
def picture_file(request: HttpRequest, name: str, kind: str, slug: str = "") -> HttpResponse:
    """Give a picture, or its numbers, as a file."""
    cluster = get_object_or_404(Cluster, slug=slug) if slug else None
    text = presenting.file_of(name, kind, stored.latest(), cluster) if kind in _KINDS else None
    if text is None:
        raise Http404
    response = HttpResponse(text, content_type=_KINDS[kind])
    response["Content-Disposition"] = f'attachment; filename="{slug or "yangpu"}-{name}.{kind}"'
    return response
