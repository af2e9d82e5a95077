"""The import's work in SQL: COPY to temporary tables, one upsert, and what follows from it."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.backends.utils import CursorWrapper

from firms.registry.rows import Row
from firms.services import names

COLUMNS = {
    "name_zh": "text",
    "name_en": "text",
    "industry_code": "text",
    "subdistrict_id": "text",
    "address": "text",
    "founded": "date",
    "registered_capital": "numeric",
    "staff": "integer",
    "foreign_invested": "boolean",
    "business_scope": "text",
    "telephone": "text",
}
"""What a file says of a firm beside its code and certificates. An empty cell leaves what is known."""

SAID = {  # what the row says, or NULL
    column: f"nullif(s.{column}, '')" if kind == "text" else f"s.{column}" for column, kind in COLUMNS.items()
}
SET = {column: f"coalesce({said}, o.{column})" for column, said in SAID.items()}  # what the firm will say
_MERGED = ", ".join(SET.values())
_KNOWN = ", ".join(f"o.{column}" for column in COLUMNS)


class Merged(NamedTuple):
    """A row whose organisation was merged into another: its code, and what stands for it now."""

    uscc: str
    survivor: str


def fill(cursor: CursorWrapper, rows: Iterable[Row]) -> list[Merged]:
    """Copy the rows into a temporary table; return those left out, since their organisation was merged into another."""
    drop(cursor)
    columns = ", ".join(f"{column} {kind}" for column, kind in COLUMNS.items())
    cursor.execute(
        f"CREATE TEMPORARY TABLE staged_firm (uscc text PRIMARY KEY, line integer, {columns}, certificates text[]) "
        "ON COMMIT DROP"
    )
    with cursor.copy("COPY staged_firm FROM STDIN") as copy:
        for row in rows:
            copy.write_row(
                (
                    row.uscc,
                    row.line,
                    row.name_zh,
                    row.name_en,
                    row.industry_code,
                    row.subdistrict,
                    row.address,
                    row.founded,
                    row.registered_capital,
                    row.staff,
                    row.foreign_invested,
                    row.business_scope,
                    row.telephone,
                    sorted(row.certificate),
                )
            )
    cursor.execute("ANALYZE staged_firm")
    return _leave_out_merged(cursor)


def _leave_out_merged(cursor: CursorWrapper) -> list[Merged]:
    """Leave out the rows whose code is that of a merged organisation, and say which organisation stands for it now.

    Nothing is written for them: which of two entries is right was decided when they were merged, value by value.
    """
    cursor.execute(
        """
        DELETE FROM staged_firm s USING firms_organisation o, firms_organisation survivor
         WHERE o.uscc = s.uscc AND survivor.id = o.merged_into_id
        RETURNING s.uscc, concat_ws(' ', coalesce(nullif(survivor.name_zh, ''), survivor.name_en), survivor.uscc)
        """
    )
    return [Merged(*row) for row in sorted(cursor.fetchall())]


def drop(cursor: CursorWrapper) -> None:
    """Drop what an earlier import of the same transaction left."""
    cursor.execute("SET LOCAL client_min_messages = warning")
    cursor.execute("DROP TABLE IF EXISTS staged_firm, staged_names, staged_difference")


def fill_names(cursor: CursorWrapper) -> None:
    """Work out, for firms that are new or have new names, what follows from the names."""
    cursor.execute(
        f"""
        SELECT s.uscc, s.name_zh, coalesce({SAID["name_en"]}, o.name_en, '')
          FROM staged_firm s LEFT JOIN firms_organisation o ON o.uscc = s.uscc
         WHERE o.id IS NULL OR o.name_zh <> s.name_zh OR o.name_en <> {SAID["name_en"]}
         ORDER BY s.uscc
        """,  # noqa: S608 -- column names of ours
    )
    derived = names.derive(cursor.fetchall())
    cursor.execute(
        "CREATE TEMPORARY TABLE staged_names (uscc text PRIMARY KEY, slug text, name_pinyin text) ON COMMIT DROP"
    )
    with cursor.copy("COPY staged_names FROM STDIN") as copy:
        for entry in derived:
            copy.write_row((entry.code, entry.slug, entry.name_pinyin))


def upsert(cursor: CursorWrapper, source: str, source_date: date) -> tuple[set[int], set[int]]:
    """Write what is new or different; return the ids of created and of updated firms."""
    sets = ", ".join(
        f"{column} = coalesce(nullif(EXCLUDED.{column}, ''), o.{column})"
        if kind == "text"
        else f"{column} = coalesce(EXCLUDED.{column}, o.{column})"
        for column, kind in COLUMNS.items()
    )
    said = SAID | {"subdistrict_id": "nullif(s.subdistrict_id, '')"}
    texts = {"name_zh", "name_en", "industry_code", "address", "business_scope", "telephone"}
    given = ", ".join(f"coalesce({text}, '')" if column in texts else text for column, text in said.items())
    merged = _MERGED.replace("s.", "EXCLUDED.")
    cursor.execute(
        f"""
        INSERT INTO firms_organisation AS o
               (uscc, kind, status, country, foreign_number, description_en, description_zh, website,
                slug, name_pinyin, source, source_date, {", ".join(COLUMNS)})
        SELECT s.uscc, 'firm', 'listed', 'CN', '', '', '', '',
               coalesce(n.slug, ''), coalesce(n.name_pinyin, ''), %s, %s, {given}
          FROM staged_firm s LEFT JOIN staged_names n USING (uscc)
         ORDER BY s.uscc
            ON CONFLICT (uscc) DO UPDATE
           SET {sets}, source = EXCLUDED.source, source_date = EXCLUDED.source_date,
               name_pinyin = coalesce(nullif(EXCLUDED.name_pinyin, ''), o.name_pinyin)
         WHERE ({_KNOWN}) IS DISTINCT FROM ({merged})
        RETURNING o.id, o.xmax = 0
        """,  # noqa: S608 -- column names of ours
        [source, source_date],
    )
    created: set[int] = set()
    updated: set[int] = set()
    for pk, is_new in cursor.fetchall():
        (created if is_new else updated).add(pk)
    return created, updated


def write_certificates(cursor: CursorWrapper) -> set[int]:
    """Make the certificates that the registry states those of the file; return the firms that changed."""
    cursor.execute(
        """
        DELETE FROM firms_certificate c
         USING firms_organisation o JOIN staged_firm s ON s.uscc = o.uscc
         WHERE c.organisation_id = o.id AND c.from_registry AND NOT c.level = ANY(s.certificates)
        RETURNING c.organisation_id
        """
    )
    changed = {row[0] for row in cursor.fetchall()}
    cursor.execute(
        """
        INSERT INTO firms_certificate (organisation_id, level, authority, from_registry)
        SELECT o.id, said.level, '', true
          FROM staged_firm s JOIN firms_organisation o ON o.uscc = s.uscc
         CROSS JOIN unnest(s.certificates) AS said(level)
         WHERE NOT EXISTS (SELECT FROM firms_certificate c WHERE c.organisation_id = o.id AND c.level = said.level)
        RETURNING organisation_id
        """
    )
    return changed | {row[0] for row in cursor.fetchall()}
