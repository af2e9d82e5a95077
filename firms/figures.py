"""Figures of clusters: counts by subdistrict, laid out on the tile grid."""

from dataclasses import dataclass

from django.db.models import Count, Q

from firms.models import Cluster, Organisation, Subdistrict

LEAST = 5
"""Aggregates over fewer firms than this are not shown."""

_SHADES = ("#eef5f9", "#cfe4f0", "#9dc9e0", "#4f97bf", "#0a5a8a")
_TILE_WIDTH, _TILE_HEIGHT, _GAP = 190, 84, 8


@dataclass(frozen=True)
class Tile:
    """A subdistrict of the grid with its number of firms; None where it is too small to be shown."""

    subdistrict: Subdistrict
    count: int | None
    fill: str
    ink: str

    @property
    def x(self) -> int:
        """Left edge, in the units of the picture."""
        return (self.subdistrict.column - 1) * (_TILE_WIDTH + _GAP)

    @property
    def y(self) -> int:
        """Upper edge."""
        return (self.subdistrict.row - 1) * (_TILE_HEIGHT + _GAP)

    @property
    def centre(self) -> int:
        """Where its words are centred."""
        return self.x + _TILE_WIDTH // 2

    @property
    def first_line(self) -> int:
        """Where the name stands."""
        return self.y + 36

    @property
    def second_line(self) -> int:
        """Where the number stands."""
        return self.y + 64


def tiles(cluster: Cluster) -> list[Tile]:
    """Return the subdistricts with the number of listed firms of a cluster, darker where there are more."""
    firms = Organisation.objects.listed().firms().in_cluster(cluster)
    counts = dict(firms.order_by().values_list("subdistrict").annotate(Count("pk")))
    most = max(counts.values(), default=0)
    return [_tile(place, counts.get(place.pk, 0), most) for place in Subdistrict.objects.all()]


def _tile(place: Subdistrict, count: int, most: int) -> Tile:
    if 0 < count < LEAST:
        return Tile(place, None, _SHADES[0], "#14212b")
    step = min(len(_SHADES) - 1, count * len(_SHADES) // most) if most else 0
    return Tile(place, count, _SHADES[step], "#ffffff" if step == len(_SHADES) - 1 else "#14212b")


def clusters_with_counts() -> list[Cluster]:
    """Return the clusters in their order, each with ``firms``: its number of listed firms."""
    listed = Q(
        memberships__excluded=False,
        memberships__organisation__status=Organisation.Status.LISTED,
        memberships__organisation__kind=Organisation.Kind.FIRM,
    )
    return list(Cluster.objects.annotate(firms=Count("memberships", filter=listed)).order_by("position", "slug"))
