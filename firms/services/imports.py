"""The registry import: a file's rows into the registry, in one transaction."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from firms.models import Organisation, Subdistrict
from firms.registry.normalising import today_in_shanghai
from firms.registry.reading import read_table
from firms.registry.rows import Reading, read_rows
from firms.services import clusters, incoming, search_entries, staging

_LOCK = 0x46_49_52_4D  # this advisory lock is the import's: one at a time


@dataclass
class Outcome:
    """What an import did, or would do."""

    reading: Reading
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    differences: list[dict[str, Any]] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """Return the numbers of lines; ``rows`` is the sum of the others."""
        return {
            "rows": self.reading.lines,
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "duplicates": self.reading.duplicates,
            "blank": self.reading.blank,
            "bad": len(self.reading.refusals),
        }

    def faults(self) -> dict[str, int]:
        """Return the number of bad lines by fault."""
        found: dict[str, int] = {}
        for refusal in self.reading.refusals:
            name = refusal.fault.name.lower()
            found[name] = found.get(name, 0) + 1
        return found


def import_registry(*, path: Path, source: str = "", dry_run: bool = False, today: date | None = None) -> Outcome:
    """Import a registry file: good rows are applied, bad ones reported, equal ones left untouched.

    Args:
        path: a CSV or XLSX file.
        source: how pages name the source; by default the file's name.
        dry_run: do everything, then undo it.
        today: the date of the source, and the day after which a date lies ahead; by default today in Shanghai.

    Raises:
        Unreadable: the file cannot be read; nothing was applied.
    """
    today = today or today_in_shanghai()
    reading = read_rows(read_table(path), today=today, subdistricts=_subdistricts())
    outcome = Outcome(reading)
    with transaction.atomic():
        _apply(outcome, source or path.name, today)
        transaction.set_rollback(dry_run)
    return outcome


def _subdistricts() -> dict[str, str]:
    known: dict[str, str] = {}
    for place in Subdistrict.objects.all():
        known |= {place.name_zh: place.code, place.name_en.casefold(): place.code, place.code: place.code}
    return known


def _apply(outcome: Outcome, source: str, today: date) -> None:
    rows = outcome.reading.rows
    latest = {row.uscc: row for row in rows}  # a later line of the file corrects an earlier one
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        staging.fill(cursor, latest.values())
        staging.fill_names(cursor)
        outcome.differences = staging.differences(cursor)
        created, updated = staging.upsert(cursor, source[:200], today)
        if "certificate" in outcome.reading.columns:
            updated |= staging.write_certificates(cursor) - created
        staging.drop(cursor)
    clusters.apply_rules(organisations=created | updated)
    search_entries.write_search_entries(organisations=created | updated)
    incoming.list_named_by_registry(codes=latest, source=source[:200], source_date=today)
    new, changed = _codes(created), _codes(updated)
    outcome.created = len(new)
    outcome.updated = sum(row.uscc in new or row.uscc in changed for row in rows) - len(new)
    outcome.unchanged = len(rows) - outcome.created - outcome.updated


def _codes(ids: set[int]) -> set[str | None]:
    return set(Organisation.objects.filter(pk__in=ids).values_list("uscc", flat=True))
