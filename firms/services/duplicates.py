"""Finding duplicates in the background: one pass over the registry in SQL, a row for each pair."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from firms import duplicates
from firms.duplicate_lifecycle import DUPLICATE
from firms.models import Duplicate, DuplicateSearch, Organisation, likeness
from firms.rules import settles_duplicate
from portal import work
from portal.lifecycle import SYSTEM, NotAllowed, StepClosed
from portal.models import User

QUEUE = "duplicates"

MOST_WAITING = 500
"""A search adds no pair beyond so many that wait, the likeliest first; the others follow as those are decided."""

_A_WHILE = timedelta(minutes=2)
_KEPT = timedelta(days=30)

Reason = Duplicate.Reason

# A pair for each two that share something few have; of the names the strongest counts. What an officer dismissed stays
# dismissed, also where one of the two was merged since.
_PAIRS = """
    CREATE TEMPORARY TABLE found_pair ON COMMIT DROP AS
    WITH shared AS (
        SELECT reason, text, count(*) AS sharing FROM duplicate_key GROUP BY reason, text
        HAVING count(*) BETWEEN 2 AND %(most_sharing)s
    ), alike AS (
        SELECT a.organisation_id AS first_id, b.organisation_id AS second_id, s.reason, min(s.sharing) AS sharing
          FROM shared s JOIN duplicate_key a USING (reason, text) JOIN duplicate_key b USING (reason, text)
         WHERE a.organisation_id < b.organisation_id
         GROUP BY 1, 2, 3
    ), weighed AS (
        SELECT a.*, CASE WHEN reason = 'address' AND sharing = 3 THEN %(address_of_three)s
                         WHEN reason = 'address' AND sharing > 3 THEN %(address_of_more)s
                         ELSE w.weight END AS weight
          FROM alike a JOIN unnest(%(reasons)s::text[], %(weights)s::int[]) AS w (reason, weight) USING (reason)
    ), pairs AS (
        SELECT first_id, second_id,
               coalesce(max(weight) FILTER (WHERE reason = ANY(%(names)s::text[])), 0)
                 + coalesce(sum(weight) FILTER (WHERE reason <> ALL(%(names)s::text[])), 0) AS weight,
               (array_agg(reason ORDER BY weight DESC) FILTER (WHERE reason = ANY(%(chinese)s::text[])))[1] AS chinese,
               array_agg(reason ORDER BY weight DESC, reason)
                   FILTER (WHERE reason <> ALL(%(chinese)s::text[])) AS others
          FROM weighed GROUP BY 1, 2
    )
    SELECT first_id, second_id, array_remove(ARRAY[chinese], NULL) || coalesce(others, '{}') AS reasons,
           weight - CASE WHEN (f.uscc <> s.uscc) OR (f.country = s.country AND f.foreign_number <> s.foreign_number
                               AND f.foreign_number <> '' AND s.foreign_number <> '')
                         THEN %(codes_differ)s ELSE 0 END AS score
      FROM pairs JOIN firms_organisation f ON f.id = first_id JOIN firms_organisation s ON s.id = second_id
"""
_WITHOUT_WEAK = "DELETE FROM found_pair WHERE score < %(enough)s"
_WITHOUT_DISMISSED = """
    DELETE FROM found_pair p
     USING firms_duplicate d
      JOIN firms_organisation f ON f.id = d.first_id JOIN firms_organisation s ON s.id = d.second_id
     WHERE d.status = 'dismissed'
       AND p.first_id = least(coalesce(f.merged_into_id, f.id), coalesce(s.merged_into_id, s.id))
       AND p.second_id = greatest(coalesce(f.merged_into_id, f.id), coalesce(s.merged_into_id, s.id))
"""
_ADD = """
    INSERT INTO firms_duplicate AS d (first_id, second_id, reasons, score, status, reason)
    SELECT first_id, second_id, reasons, least(score, 999), 'open', '' FROM (
        (SELECT p.* FROM found_pair p JOIN firms_duplicate USING (first_id, second_id))
        UNION ALL
        (SELECT p.* FROM found_pair p LEFT JOIN firms_duplicate k USING (first_id, second_id) WHERE k.id IS NULL
          ORDER BY p.score DESC, p.first_id, p.second_id
          LIMIT greatest(0, %(most_waiting)s - (SELECT count(*) FROM firms_duplicate WHERE status = 'open')))
    ) AS p
        ON CONFLICT (first_id, second_id) DO UPDATE SET reasons = EXCLUDED.reasons, score = EXCLUDED.score
     WHERE d.status IN ('open', 'gone') AND NOT 'by_hand' = ANY(d.reasons)
       AND (d.reasons, d.score) IS DISTINCT FROM (EXCLUDED.reasons, EXCLUDED.score)
    RETURNING d.xmax = 0
"""
_OTHERWISE = """
    SELECT d.id, p.first_id IS NOT NULL FROM firms_duplicate d LEFT JOIN found_pair p USING (first_id, second_id)
     WHERE NOT 'by_hand' = ANY(d.reasons) AND d.status = CASE WHEN p.first_id IS NULL THEN 'open' ELSE 'gone' END
"""


@transaction.atomic
def ask_for_search(*, at_once: bool = False) -> None:
    """Have duplicates looked for in a moment; several wishes are one.

    Args:
        at_once: somebody waits for it; otherwise a while is left for further changes.
    """
    waiting = DuplicateSearch.objects.open().filter(tries=0)
    if at_once and waiting.update(next_try_at=Now()):
        work.wake(QUEUE)
    elif not waiting.exists():
        DuplicateSearch.objects.create(next_try_at=Now() if at_once else Now() + _A_WHILE)
        work.wake(QUEUE)


@transaction.atomic
def find_duplicates() -> int:
    """Look through the whole registry: add pairs that are new, put those right that are known, close what is over.

    Returns:
        How many pairs are new.
    """
    weights = duplicates.WEIGHTS
    params: dict[str, Any] = {
        "most_sharing": duplicates.MOST_SHARING,
        "address_of_three": duplicates.ADDRESS_OF_THREE,
        "address_of_more": duplicates.ADDRESS_OF_MORE,
        "reasons": [str(reason) for reason in weights],
        "weights": list(weights.values()),
        "names": [str(reason) for reason in duplicates.NAMES],
        "codes_differ": duplicates.CODES_DIFFER,
        "enough": duplicates.ENOUGH,
        "chinese": [str(reason) for reason in duplicates.CHINESE],
        "most_waiting": MOST_WAITING,
    }
    with connection.cursor() as cursor:
        _fill(cursor)
        cursor.execute(_PAIRS, params)
        cursor.execute(_WITHOUT_WEAK, params)
        cursor.execute(_WITHOUT_DISMISSED)
        cursor.execute(_ADD, params)
        new = sum(is_new for (is_new,) in cursor.fetchall())
        cursor.execute(_OTHERWISE)
        changed = dict(cursor.fetchall())
    for pair in Duplicate.objects.filter(pk__in=changed).order_by("pk"):
        DUPLICATE.apply(pair, "find" if changed[pair.pk] else "lapse", by=SYSTEM)
    return new


def _fill(cursor: CursorWrapper) -> None:
    """Put what each living organisation is compared by into a temporary table."""
    cursor.execute("SET LOCAL client_min_messages = warning")
    cursor.execute("DROP TABLE IF EXISTS duplicate_key, found_pair")
    cursor.execute(
        "CREATE TEMPORARY TABLE duplicate_key (organisation_id bigint, reason text, text text) ON COMMIT DROP"
    )
    moved_out = Organisation.Status.MOVED_OUT
    found = Organisation.objects.living().exclude(status=moved_out).order_by("pk")
    compared = [RawSQL(likeness.telling(column, "firms_organisation"), []) for column in likeness.TELLS]  # noqa: S611 -- ours
    rows = list(found.values_list("pk", "name_zh", "name_en", "name_pinyin", *compared))
    with cursor.copy("COPY duplicate_key FROM STDIN") as copy:
        for pk, *texts in rows:
            for key in set(duplicates.keys_of(*texts)):
                copy.write_row((pk, *key))
    cursor.execute("ANALYZE duplicate_key")


def search(wish: DuplicateSearch) -> None:
    """Do a search that was asked for, and forget those of long ago."""
    DuplicateSearch.objects.filter(done_at__lt=Now() - _KEPT).delete()
    DuplicateSearch.objects.filter(pk=wish.pk).update(found=find_duplicates())


work.register(work.Queue(QUEUE, DuplicateSearch.objects.all, search))


@transaction.atomic
def put_together(*, by: User, organisations: Iterable[Organisation]) -> Duplicate:
    """Return the pair of two organisations that an officer wants to compare; one that was decided is looked at again.

    Raises:
        NotAllowed: ``by`` decides about neither.
        StepClosed: they are one, or one of them was merged already.
    """
    first, second = sorted(organisations, key=lambda one: one.pk)
    if first == second:
        raise StepClosed(_("Choose two different organisations."))
    if first.is_merged or second.is_merged:
        raise StepClosed(_("One of the two was merged into another organisation."))
    pair, is_new = Duplicate.objects.get_or_create(
        first=first, second=second, defaults={"reasons": [Reason.BY_HAND.value]}
    )
    if is_new and not settles_duplicate(by, pair):
        raise NotAllowed(_("You may not take this step."))
    if pair.status != Duplicate.Status.OPEN:
        return DUPLICATE.apply(pair, "reopen", by=by).obj
    return pair
