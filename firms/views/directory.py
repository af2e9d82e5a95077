"""The directory of firms."""

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from firms.forms.search import DirectoryForm
from firms.models import ClusterMembership, Organisation
from firms.models.organisations import OrganisationQuerySet
from firms.views.paging import page_of

_SIMILAR = 10


@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """Search the listed firms by name, filter them, and page through."""
    form = DirectoryForm(request.GET)
    chosen = form.chosen()
    named = Organisation.objects.listed().firms()
    if text := chosen.get("q", ""):
        named = named.search(text)
    in_place = named.filter(subdistrict=chosen["subdistrict"]) if "subdistrict" in chosen else named
    found = in_place.in_cluster(chosen["cluster"]) if "cluster" in chosen else in_place
    in_cluster = named.in_cluster(chosen["cluster"]) if "cluster" in chosen else named
    subdistricts = dict(in_cluster.order_by().values_list("subdistrict").annotate(Count("pk")))
    form.show_counts(cluster=_by_cluster(in_place), subdistrict=subdistricts)
    total = found.count() if chosen else sum(subdistricts.values())
    context = {
        "form": form,
        "total": total,
        "page": page_of(found.select_related("subdistrict"), request.GET),
        "similar": _similar(text) if text and not total else [],
        "clear_url": reverse("firms:directory") if chosen else "",
    }
    return render(request, "firms/directory.html", context)


def _by_cluster(organisations: OrganisationQuerySet) -> dict[int, int]:
    memberships = ClusterMembership.objects.filter(excluded=False, organisation__in=organisations)
    return dict(memberships.order_by().values_list("cluster").annotate(Count("pk")))


def _similar(text: str) -> list[Organisation]:
    firms = Organisation.objects.listed().firms()
    return firms.select_related("subdistrict").similar(text, limit=_SIMILAR)
