"""Reading the stored counts of firms; a worker renews them (``firms.services.counting``)."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Sum

from firms.models import Cluster, CountedGroup, FacetTotal, FirmCount
from portal.clock import SHANGHAI
from portal.models.work import JobQuerySet

type Groups = dict[str, int]

Grouping = CountedGroup.Grouping
_DISTRICT = 0


@dataclass(frozen=True)
class Counts:
    """The latest count of the listed firms.

    Args:
        as_of: when it was made; None while there is none.
        registry_on: the date of the newest registry file among the firms.
        groups: numbers by cluster (0 for the district), grouping and value; the value is empty where it is unknown.
    """

    as_of: datetime | None = None
    registry_on: date | None = None
    groups: dict[tuple[int, str], Groups] = field(default_factory=dict)

    def of(self, cluster: Cluster | None, grouping: str) -> Groups:
        """Return the numbers of a cluster, or of the district, in one grouping."""
        return self.groups.get((cluster.pk if cluster else _DISTRICT, grouping), {})

    def total(self, cluster: Cluster | None) -> int:
        """Return the number of firms."""
        return sum(self.of(cluster, Grouping.STAFF).values())

    @property
    def year(self) -> int:
        """The year, in Shanghai, in which it was made."""
        return self.as_of.astimezone(SHANGHAI).year if self.as_of else 0


def made_counts() -> JobQuerySet[FirmCount]:
    """Return the counts that were made, the latest first."""
    return FirmCount.objects.exclude(done_at=None).order_by("-done_at", "-pk")


def latest() -> Counts:
    """Read the latest count."""
    made = made_counts().first()
    if made is None:
        return Counts()
    groups: dict[tuple[int, str], Groups] = defaultdict(dict)
    for cluster, grouping, value, number in made.groups.values_list("cluster", "grouping", "value", "number"):
        groups[cluster or _DISTRICT, grouping][value] = number
    return Counts(made.done_at, made.registry_on, dict(groups))


def clusters_with_totals() -> list[Cluster]:
    """Return the clusters in their order, each with ``firms``: its number of listed firms at this moment."""
    found = list(Cluster.objects.order_by("position", "slug"))
    values = [f"cluster:{cluster.pk}" for cluster in found]
    sums = FacetTotal.objects.filter(value__in=values).values_list("value").annotate(Sum("number"))
    totals = dict(sums.order_by())
    for cluster in found:
        cluster.firms = totals.get(f"cluster:{cluster.pk}", 0)  # type: ignore[attr-defined]
    return found
