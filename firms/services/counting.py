"""Counting the listed firms, so that pages read sums instead of scanning the registry."""

from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Max
from django.db.models.functions import Now

from firms.models import FirmCount
from portal import work
from portal.models import JobQuerySet

QUEUE = "firm_counts"
EVERY = timedelta(minutes=10)
_KEPT = 3

_COUNT = """
    INSERT INTO firms_countedgroup (count_id, cluster_id, grouping, value, number)
    SELECT %(count)s, cluster_id,
           CASE GROUPING(subdistrict, founded, staff, owned)
                WHEN 7 THEN 'subdistrict' WHEN 11 THEN 'founded' WHEN 13 THEN 'staff' ELSE 'foreign' END,
           CASE GROUPING(subdistrict, founded, staff, owned)
                WHEN 7 THEN subdistrict WHEN 11 THEN founded WHEN 13 THEN staff ELSE owned END,
           count(*)
      FROM (SELECT m.cluster_id,
                   coalesce(o.subdistrict_id, '') AS subdistrict,
                   coalesce(extract(year FROM o.founded)::int::text, '') AS founded,
                   CASE WHEN o.staff < 10 THEN '1-9' WHEN o.staff < 100 THEN '10-99'
                        WHEN o.staff < 300 THEN '100-299' WHEN o.staff >= 300 THEN '300' ELSE '' END AS staff,
                   CASE WHEN o.foreign_invested THEN 'yes' WHEN NOT o.foreign_invested THEN 'no' ELSE '' END AS owned
              FROM firms_organisation o
             CROSS JOIN LATERAL (
                   SELECT NULL::bigint AS cluster_id UNION ALL
                   SELECT c.cluster_id FROM firms_clustermembership c
                    WHERE c.organisation_id = o.id AND NOT c.excluded) AS m
             WHERE o.status = 'listed' AND o.kind = 'firm') AS firm
     GROUP BY cluster_id, GROUPING SETS ((subdistrict), (founded), (staff), (owned))
"""


def count_firms(count: FirmCount) -> None:
    """Do one count: by cluster and over all, in four groupings, in one pass.

    Older counts go, but for the last few: a page may be reading one.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"count": count.pk})
        cursor.execute(
            "UPDATE firms_firmcount SET registry_on = (SELECT max(source_date) FROM firms_organisation "
            "WHERE status = 'listed' AND kind = 'firm') WHERE id = %s",
            [count.pk],
        )
    kept = list(
        FirmCount.objects.exclude(done_at=None).order_by("-done_at", "-pk").values_list("pk", flat=True)[:_KEPT]
    )
    FirmCount.objects.exclude(done_at=None).exclude(pk__in=kept).delete()


@transaction.atomic
def ask_for_count() -> None:
    """Ask for a count now; where one is due already, that is enough."""
    if not FirmCount.objects.due().filter(tries=0).exists():
        FirmCount.objects.create()
        work.wake(QUEUE)


def counts_to_make() -> JobQuerySet[FirmCount]:
    """Return the counts as a queue. One always waits, for ten minutes after the last."""
    counts: JobQuerySet[FirmCount] = JobQuerySet(FirmCount)
    if not counts.open().exists():
        last = FirmCount.objects.exclude(done_at=None).aggregate(last=Max("done_at"))["last"]
        FirmCount.objects.create(next_try_at=last + EVERY if last else Now())
    return counts


@transaction.atomic
def count_now() -> FirmCount:
    """Count at once, for those who cannot wait for a worker."""
    count = FirmCount.objects.create(tries=1)
    count_firms(count)
    FirmCount.objects.filter(pk=count.pk).update(done_at=Now())
    count.refresh_from_db()
    return count
