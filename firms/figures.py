"""Figures of clusters: counts by subdistrict, laid out on the tile grid."""

from django.db.models import Count, Q

from firms.models import Cluster, Organisation
from firms.tiles import Tile, tiles_of

LEAST = 5
"""Aggregates over fewer firms than this are not shown."""


def tiles(cluster: Cluster) -> list[Tile]:
    """Return the tile grid with the number of listed firms of a cluster."""
    firms = Organisation.objects.listed().firms().in_cluster(cluster)
    return tiles_of(dict(firms.order_by().values_list("subdistrict").annotate(Count("pk"))), least=LEAST)


def clusters_with_counts() -> list[Cluster]:
    """Return the clusters in their order, each with ``firms``: its number of listed firms."""
    listed = Q(
        memberships__excluded=False,
        memberships__organisation__status=Organisation.Status.LISTED,
        memberships__organisation__kind=Organisation.Kind.FIRM,
    )
    return list(Cluster.objects.annotate(firms=Count("memberships", filter=listed)).order_by("position", "slug"))
