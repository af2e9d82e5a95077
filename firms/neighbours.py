"""The neighbours of a firm: a few firms near it in place, cluster and industry."""

from collections.abc import Collection, Sequence

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from firms.models import ClusterMembership, Organisation

MOST = 6


def neighbours(organisation: Organisation, clusters: Collection[int]) -> Sequence[Organisation]:
    """Return the listed firms of the same subdistrict nearest in industry, those that share a cluster first.

    Where the subdistrict is not known, the whole district counts. Candidates are the next ones of the same class and
    of the classes before and after, each read from one range of an index: it takes one query, and as long among a
    million firms as among ten.

    Args:
        organisation: the firm.
        clusters: ids of the clusters it belongs to.
    """
    code = organisation.industry_code
    if not code:
        return []
    others = Organisation.objects.listed().firms().exclude(industry_code="")
    if organisation.subdistrict_id:
        others = others.filter(subdistrict=organisation.subdistrict_id)
    same = others.filter(industry_code=code)
    ranges = (
        same.filter(pk__gt=organisation.pk).order_by("pk"),
        same.filter(pk__lt=organisation.pk).order_by("-pk"),
        others.filter(industry_code__gt=code).order_by("industry_code", "pk"),
        others.filter(industry_code__lt=code).order_by("-industry_code", "-pk"),
    )
    first, *more = (found.values("pk")[:MOST] for found in ranges)
    theirs = ClusterMembership.objects.filter(organisation=OuterRef("pk"), excluded=False).values("cluster")
    found = Organisation.objects.filter(pk__in=first.union(*more, all=True)).annotate(in_clusters=ArraySubquery(theirs))
    own = set(clusters)
    return sorted(found, key=lambda other: (own.isdisjoint(other.in_clusters), *_distance(organisation, other)))[:MOST]


def _distance(organisation: Organisation, other: Organisation) -> tuple[int, int, int]:
    """Return what sorts by nearness: the longer common beginning of the code, its value, then the registry's order."""
    here, there = organisation.industry_code, other.industry_code
    common = sum(here[:length] == there[:length] for length in range(1, 5))
    apart = abs(int(here.ljust(4, "0")) - int(there.ljust(4, "0")))
    return -common, apart, abs(organisation.pk - other.pk)
