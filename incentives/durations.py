"""How long steps usually take: medians of what really happened, in working days."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection

from incentives.models import Application, Programme

FEWEST = 5
"""A median of fewer cases says nothing, and could tell of a single applicant."""

MOST_STEPS = 5_000
"""How many of the newest steps are looked at: some six hundred applications."""

_UNFINISHED = ("withdrawn", "lapsed")
"""Steps that were broken off took as long as somebody waited, not as long as the work takes."""

_MEDIANS = """
WITH shifts AS (
    SELECT day, sum(CASE WHEN is_working AND extract(isodow FROM day) > 5 THEN 1
                         WHEN NOT is_working AND extract(isodow FROM day) < 6 THEN -1 ELSE 0 END)
                OVER (ORDER BY day) AS shift
      FROM portal_holiday),
newest AS (
    SELECT id, subject_id, source, target, step, (at AT TIME ZONE 'Asia/Shanghai')::date AS day
      FROM portal_steptaken WHERE subject_type_id = %(kind)s
     ORDER BY id DESC LIMIT %(most)s),
counted AS (
    SELECT n.*, (n.day - DATE '2000-01-03') / 7 * 5 + least((n.day - DATE '2000-01-03') %% 7 + 1, 5)
                + coalesce((SELECT shift FROM shifts WHERE day <= n.day ORDER BY day DESC LIMIT 1), 0) AS number
      FROM newest n WHERE n.source <> n.target AND n.step <> 'first_approve'),
stays AS (
    SELECT CASE source WHEN 'first_approved' THEN 'recommended' ELSE source END AS status, target, subject_id,
           number - lag(number) OVER (PARTITION BY subject_id ORDER BY id) AS days
      FROM counted)
SELECT s.status,
       count(*) FILTER (WHERE r.programme_id = %(programme)s),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY s.days) FILTER (WHERE r.programme_id = %(programme)s),
       count(*),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY s.days)
  FROM stays s
  JOIN incentives_application a ON a.id = s.subject_id
  JOIN incentives_round r ON r.id = a.round_id
 WHERE s.days IS NOT NULL AND NOT s.target = ANY(%(unfinished)s)
 GROUP BY s.status
"""


@dataclass(frozen=True)
class Usual:
    """How long applications usually stay in a status.

    Args:
        days: the median, in full working days.
        cases: how many stays it is of.
        of_programme: whether of this programme alone; otherwise of all.
    """

    days: int
    cases: int
    of_programme: bool


def usual_durations(programme: Programme) -> dict[str, Usual]:
    """Return how long applications usually stay in each status: of this programme, or of all where it has too few.

    The first approval is part of the decision: both statuses count as ``recommended``. What was withdrawn or lapsed
    does not count, and neither does a status with fewer than five cases. One query.

    Args:
        programme: whose applications are looked at first.
    """
    values: dict[str, Any] = {
        "kind": ContentType.objects.get_for_model(Application).pk,
        "most": MOST_STEPS,
        "programme": programme.pk,
        "unfinished": list(_UNFINISHED),
    }
    with connection.cursor() as cursor:
        cursor.execute(_MEDIANS, values)
        rows: Sequence[tuple[str, int, float | None, int, float | None]] = cursor.fetchall()
    found = {}
    for status, of_own, own, of_all, every in rows:
        if of_own >= FEWEST and own is not None:
            found[status] = Usual(_full_days(own), of_own, of_programme=True)
        elif of_all >= FEWEST and every is not None:
            found[status] = Usual(_full_days(every), of_all, of_programme=False)
    return found


def _full_days(median: float) -> int:
    return int(Decimal(str(median)).quantize(Decimal(1), ROUND_HALF_UP))
