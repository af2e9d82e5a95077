"""What the directory's search looks through, written after names, codes, texts or scope of organisations changed."""

import json
from collections.abc import Collection
from itertools import batched

from django.db import connection, transaction

from firms.models import Organisation
from firms.search.lexemes import Lexemes, lexemes_of

_BATCH = 1000
_MANY = 100
_WRITE = """
    WITH cut AS MATERIALIZED (
        SELECT organisation_id, body, size, words, english_texts, array_to_tsvector(near) AS near,
               array_to_tsvector(names) || strip(to_tsvector('english', english_names)) AS names
          FROM jsonb_to_recordset(%(rows)s::jsonb) AS row (
               organisation_id bigint, names text[], words text[], near text[],
               english_names text, english_texts text, body text, size smallint)
    )
    INSERT INTO firms_searchentry (organisation_id, names, words, near, body, size, facets)
    SELECT c.organisation_id, c.names,
           c.names || array_to_tsvector(c.words) || strip(to_tsvector('english', c.english_texts)),
           c.near, c.body, c.size, f.facets
      FROM cut c JOIN firms_facets(%(ids)s) f USING (organisation_id)
        ON CONFLICT (organisation_id) DO UPDATE
       SET names = EXCLUDED.names, words = EXCLUDED.words, near = EXCLUDED.near,
           body = EXCLUDED.body, size = EXCLUDED.size, facets = EXCLUDED.facets
"""
_READ = (
    *("name_zh", "name_en", "name_pinyin", "uscc", "foreign_number"),
    *("business_scope", "description_zh", "description_en"),
)


@transaction.atomic
def write_search_entries(*, organisations: Collection[int] | None = None) -> int:
    """Write the search entries of organisations, as they stand now, with their facets.

    Args:
        organisations: ids of those whose names, codes, scope or descriptions changed; None for all.

    Returns:
        How many were written.
    """
    found = Organisation.objects.living().order_by("pk")
    if organisations is not None:
        found = found.filter(pk__in=organisations)
    done = 0
    rows = found.values_list("pk", *_READ)
    for batch in batched(rows.iterator(chunk_size=_BATCH) if organisations is None else rows, _BATCH):
        _write([_cut(*row) for row in batch])
        done += len(batch)
    if done >= _MANY:
        gather_totals()
    return done


def _cut(pk: int, name_zh: str, name_en: str, name_pinyin: str, uscc: str | None, number: str, *texts: str) -> Lexemes:
    return lexemes_of(pk, name_zh, name_en, name_pinyin, (uscc or "", number), texts)


def _write(entries: list[Lexemes]) -> None:
    rows = json.dumps([vars(entry) for entry in entries], ensure_ascii=False)
    ids = [entry.organisation_id for entry in entries]
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, {"rows": rows, "ids": ids})


@transaction.atomic
def renew_facets() -> None:
    """Count every organisation anew, and the totals with them: for what was written past the triggers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT firms_renew_facets(ARRAY(SELECT organisation_id FROM firms_searchentry))")
        cursor.execute("DELETE FROM firms_facettotal")
        cursor.execute(
            "INSERT INTO firms_facettotal (value, number) SELECT value, count(*) "
            "FROM firms_searchentry, unnest(facets) AS value WHERE 'kind:firm' = ANY(facets) GROUP BY value"
        )


def gather_totals() -> None:
    """Put the changes of each facet's total together; those that another is putting together are left to it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH gone AS (
                DELETE FROM firms_facettotal WHERE id IN (SELECT id FROM firms_facettotal FOR UPDATE SKIP LOCKED)
                RETURNING value, number
            )
            INSERT INTO firms_facettotal (value, number)
            SELECT value, sum(number) FROM gone GROUP BY value HAVING sum(number) <> 0
            """
        )
