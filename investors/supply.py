"""What a cluster or an organisation offers and needs, in numbers; and premises where a cluster's firms are."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Count
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy

from firms.clusters import counts
from firms.models import Cluster, CountedGroup, Organisation
from investors.models import Opportunity, OpportunityCluster
from investors.models.facts import Kind
from investors.models.opportunities import OpportunityQuerySet

OFFERED = (Kind.OFFER, Kind.LAB, Kind.TALENT, Kind.PREMISES)
NEEDED = (Kind.CAPITAL, Kind.NEED, Kind.DIGITAL)

MOST_PLACES = 3
"""In how many subdistricts premises are looked for: those with most firms of the cluster."""


class Number(NamedTuple):
    """How many opportunities of a kind there are, and where they are listed."""

    label: str | Promise
    number: int
    url: str


class Side(NamedTuple):
    """What is offered, or what is needed."""

    heading: str | Promise
    numbers: list[Number]


def of_cluster(cluster: Cluster) -> list[Side]:
    """Return what is offered to and needed by a cluster, by kind; one query."""
    found = Opportunity.objects.published().filter(
        pk__in=OpportunityCluster.objects.filter(cluster=cluster).values("opportunity")
    )
    return _sides(found, cluster=cluster.slug)


def of_owner(owner: Organisation) -> list[Side]:
    """Return what an organisation offers and needs, by kind; one query."""
    return _sides(Opportunity.objects.published().filter(owner=owner), owner=owner.slug)


def _sides(found: OpportunityQuerySet, **narrowed: str) -> list[Side]:
    numbers = dict(found.order_by().values_list("kind").annotate(number=Count("pk")))

    def of(kinds: Iterable[Kind]) -> list[Number]:
        return [
            Number(
                kind.label,
                numbers[kind],
                f"{reverse('investors:opportunities')}?{urlencode({**narrowed, 'kind': kind})}",
            )
            for kind in kinds
            if numbers.get(kind)
        ]

    sides = [Side(gettext_lazy("Offered"), of(OFFERED)), Side(gettext_lazy("Needed"), of(NEEDED))]
    return [side for side in sides if side.numbers]


def premises_near(cluster: Cluster) -> OpportunityQuerySet:
    """Return premises, not offered to the cluster itself, in the subdistricts with most of its firms."""
    groups = CountedGroup.objects.filter(
        count=counts.made_counts().values("pk")[:1], cluster=cluster, grouping=CountedGroup.Grouping.SUBDISTRICT
    )
    places = groups.exclude(value="").order_by("-number", "value").values_list("value", flat=True)[:MOST_PLACES]
    own = OpportunityCluster.objects.filter(cluster=cluster).values("opportunity")
    found = Opportunity.objects.published().filter(kind=Kind.PREMISES, subdistrict__in=places)
    return found.exclude(pk__in=own).select_related("owner", "subdistrict")
