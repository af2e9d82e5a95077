"""What a staged file would change: worked out in SQL, shown by pages, and compared again before it is applied."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db.backends.utils import CursorWrapper

from firms.models import ImportLine, Organisation, RegistryImport
from firms.registry.normalising import Fault
from firms.registry.rows import Reading
from firms.services.staging import SAID, SET

_PAIRS = ", ".join(f"'{column}', jsonb_build_array(o.{column}, {value})" for column, value in SET.items())
_VALUES = ", ".join(f"'{column}', {said}" for column, said in SAID.items())


class Comparison(NamedTuple):
    """How many firms are new and changed, their codes, and what changes when anything of it changes."""

    created: frozenset[str]
    updated: frozenset[str]
    digest: str


def compare(cursor: CursorWrapper, *, has_certificates: bool) -> Comparison:
    """Compare the staged file with the registry, into a temporary table of differences."""
    cursor.execute(
        f"""
        CREATE TEMPORARY TABLE staged_difference ON COMMIT DROP AS
        SELECT s.uscc, s.line, CASE WHEN o.id IS NULL THEN 'new' ELSE 'changed' END AS kind,
               coalesce(o.name_zh, s.name_zh) AS name,
               CASE WHEN o.id IS NULL
                    THEN jsonb_strip_nulls(
                         jsonb_build_object({_VALUES}, 'certificates', nullif(s.certificates, '{{}}')))
                    ELSE (SELECT jsonb_object_agg(key, value)
                            FROM jsonb_each(
                                 jsonb_build_object({_PAIRS}, 'certificates', jsonb_build_array(c.was, c.now)))
                           WHERE value -> 0 IS DISTINCT FROM value -> 1)
               END AS data
          FROM staged_firm s
          LEFT JOIN firms_organisation o ON o.uscc = s.uscc
          LEFT JOIN LATERAL (
               SELECT coalesce(held.levels, '{{}}') AS was,
                      CASE WHEN NOT %(has_certificates)s THEN coalesce(held.levels, '{{}}')
                      ELSE ARRAY(SELECT unnest(coalesce(held.kept, '{{}}')) AS level
                                  UNION ALL SELECT level FROM unnest(s.certificates) AS said(level)
                                   WHERE level <> ALL(coalesce(held.levels, '{{}}')) ORDER BY level) END AS now
                 FROM (SELECT array_agg(h.level::text ORDER BY h.level) AS levels,
                              array_agg(h.level::text)
                                FILTER (WHERE NOT h.from_registry OR h.level = ANY(s.certificates)) AS kept
                         FROM firms_certificate h WHERE h.organisation_id = o.id) AS held
               ) AS c ON true
        """,  # noqa: S608 -- column names of ours
        {"has_certificates": has_certificates},
    )
    _list_who_is_moving_in(cursor)
    cursor.execute("DELETE FROM staged_difference WHERE data IS NULL")
    cursor.execute(
        r"""
        SELECT encode(sha256(convert_to(
                   coalesce(string_agg(concat_ws('|', kind, uscc, data), E'\n' ORDER BY uscc), ''), 'UTF8')), 'hex'),
               coalesce(array_agg(uscc) FILTER (WHERE kind = 'new'), '{}'),
               coalesce(array_agg(uscc) FILTER (WHERE kind = 'changed'), '{}')
          FROM staged_difference
        """
    )
    digest, created, updated = cursor.fetchone()
    return Comparison(frozenset(created), frozenset(updated), digest)


def _list_who_is_moving_in(cursor: CursorWrapper) -> None:
    """Add that organisations which registered themselves will be listed."""
    moving_in = Organisation.objects.moving_in().filter(uscc__isnull=False).values_list("uscc", flat=True)
    cursor.execute(
        """
        UPDATE staged_difference d
           SET data = coalesce(d.data, '{}') || jsonb_build_object('status', jsonb_build_array(o.status, 'listed'))
          FROM firms_organisation o WHERE o.uscc = d.uscc AND d.uscc = ANY(%s)
        """,
        [list(moving_in)],
    )


def changed_firms(cursor: CursorWrapper) -> Iterator[dict[str, Any]]:
    """Yield each firm that would change, with what each field says and would say."""
    cursor.execute("SELECT uscc, name, data::text FROM staged_difference WHERE kind = 'changed' ORDER BY uscc")
    for uscc, name, data in cursor.fetchall():
        yield {"uscc": uscc, "name": name, "changes": json.loads(data)}


def to_be_listed(cursor: CursorWrapper) -> list[str]:
    """Return the codes of the organisations that registered themselves and will be listed."""
    cursor.execute("SELECT uscc FROM staged_difference WHERE kind = 'changed' AND data ? 'status'")
    return [code for (code,) in cursor.fetchall()]


def write_lines(cursor: CursorWrapper, found: RegistryImport, reading: Reading) -> int:
    """Write what the page of differences shows; return how many firms are missing from a full export."""
    cursor.execute("DELETE FROM firms_importline WHERE registry_import_id = %s", [found.pk])
    cursor.execute(
        "INSERT INTO firms_importline (registry_import_id, kind, line, uscc, name, data) "
        "SELECT %s, kind, line, uscc, name, data FROM staged_difference ORDER BY kind, line",
        [found.pk],
    )
    with cursor.copy("COPY firms_importline (registry_import_id, kind, line, uscc, name, data) FROM STDIN") as copy:
        for bad in reading.refusals:
            data = {"column": bad.header, "value": bad.value[:500], "fault": bad.fault.name, "meant": bad.meant}
            told = json.dumps(data, ensure_ascii=False)
            copy.write_row((found.pk, ImportLine.Kind.BAD, bad.line, bad.code, bad.name, told))
    return _write_missing(cursor, found, reading) if found.is_full else 0


def _write_missing(cursor: CursorWrapper, found: RegistryImport, reading: Reading) -> int:
    """Propose as moved out the listed firms that no row names, not even a bad one."""
    codes = {code for bad in reading.refusals for code in (bad.code, bad.meant)}
    cursor.execute(
        """
        INSERT INTO firms_importline (registry_import_id, kind, line, uscc, name, data)
        SELECT %s, 'missing', NULL, coalesce(o.uscc, ''), o.name_zh, jsonb_build_object('organisation', o.id)
          FROM firms_organisation o
         WHERE o.kind = 'firm' AND o.status = 'listed'
           AND NOT EXISTS (SELECT FROM staged_firm s WHERE s.uscc = o.uscc)
           AND o.uscc IS NOT NULL AND o.uscc <> ALL(%s) AND o.name_zh <> ALL(%s)
         ORDER BY o.sort_zh, o.id
        """,
        [found.pk, list(codes), [bad.name for bad in reading.refusals]],
    )
    return cursor.rowcount


def say_what_was_meant(reading: Reading) -> None:
    """Add to mistyped codes the one under which the registry has the name."""
    wanting = [bad for bad in reading.refusals if bad.fault is Fault.CHECKSUM and not bad.meant and bad.name]
    firms = Organisation.objects.firms().filter(name_zh__in={bad.name for bad in wanting}, uscc__isnull=False)
    known: dict[str, set[str]] = {}
    for name, code in firms.values_list("name_zh", "uscc"):
        known.setdefault(name, set()).add(str(code))
    for bad in wanting:
        if len(codes := known.get(bad.name, set())) == 1:
            bad.meant = next(iter(codes))
