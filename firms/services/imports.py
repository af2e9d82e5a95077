"""The registry import: a file's rows into the registry, in one transaction, from a page or by command."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from itertools import batched
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from firms.lifecycle import IMPORT, IMPORTS
from firms.models import (
    Certificate,
    ClusterMembership,
    ImportProgress,
    Organisation,
    RegistryImport,
    SearchEntry,
    Subdistrict,
)
from firms.registry.normalising import today_in_shanghai
from firms.registry.reading import Note, Unreadable, read_table
from firms.registry.rows import Reading, read_rows
from firms.rules import is_registry_officer
from firms.services import clusters, comparing, counting, incoming, search_entries, staging, undoing
from firms.services.comparing import Comparison
from firms.services.duplicates import ask_for_search
from firms.services.error_files import write_error_file
from firms.services.outcomes import Outcome
from firms.services.progress import Stage, Tell, tell_nobody, telling
from portal import actor, work
from portal.database import analyse
from portal.documents import clean_name
from portal.lifecycle import SYSTEM, NotAllowed
from portal.models import User
from portal.work import NotNow

_LOCK = 0x46_49_52_4D  # this advisory lock is the import's: one at a time
_BATCH = 1000
_MOST_NAMED = 20
_AGAIN_SECONDS = 1
_SECONDS = 1800  # a hundred thousand new firms took three minutes on two busy cores

_CHANGED = (
    "The registry has changed since the differences were shown. Nothing was applied; these are the differences now.",
    "差异显示之后登记信息已有变化，未导入任何数据。以下为最新差异，请重新核对。",
)

type _Status = RegistryImport.Status


class RegistryChangedError(Exception):
    """Somebody changed firms of the file at the same moment: nothing was applied; try again."""


# --- By command: read and apply at once -----------------------------------------------


def import_registry(
    *,
    path: Path,
    source: str = "",
    dry_run: bool = False,
    today: date | None = None,
    is_full: bool = False,
    by: User | None = None,
    on_wait: Callable[[], None] | None = None,
) -> Outcome[Reading]:
    """Import a registry file: good rows are applied, bad ones reported, equal ones left untouched.

    It waits for another import that is at work. What it did stands beside the imports of the staff workplace.

    Args:
        path: a CSV or XLSX file.
        source: how pages name the source; by default the file's name.
        dry_run: compare only, and keep nothing.
        today: the date of the source, and the day after which a date lies ahead; by default today in Shanghai.
        is_full: it names every firm: note which ones are missing.
        by: a registry officer who takes responsibility; by default whoever may run commands.
        on_wait: is called where another import is at work.

    Raises:
        Unreadable: the file cannot be read; nothing was applied.
        RegistryChangedError: somebody changed firms of the file at the same moment; nothing was applied.
    """
    today = today or today_in_shanghai()
    reading = _read(path, today, tell_nobody)
    outcome = Outcome(reading)
    with transaction.atomic():
        _wait_for_others(on_wait)
        found = RegistryImport.objects.create(
            name=clean_name(path.name),
            source=(source or path.name)[:200],
            source_date=today,
            is_full=is_full,
            uploaded_by=by,
        )
        with _staged(reading) as cursor:
            comparison = _show(cursor, found, reading)
            outcome.differences = list(comparing.changed_firms(cursor))
            if not dry_run:
                found = IMPORT.apply(found, "apply", by=by).obj
                has_certificates = "certificate" in reading.columns
                _write(cursor, found, comparison, tell_nobody, has_certificates=has_certificates)
        outcome.created, outcome.updated, outcome.unchanged = found.created, found.updated, found.unchanged
        outcome.missing = found.missing
        transaction.set_rollback(dry_run)
    return outcome


def _wait_for_others(on_wait: Callable[[], None] | None) -> None:
    if _is_first():
        return
    if on_wait:
        on_wait()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


# --- By the staff workplace: uploaded, and worked on row by row of the queue ----------


@transaction.atomic
def upload_import(
    *, by: User, upload: UploadedFile, is_full: bool, source: str = "", source_date: date | None = None
) -> RegistryImport:
    """Keep a file, and let a worker read it and compare it with the registry; nothing is applied.

    Args:
        by: a registry officer.
        upload: the file, as Django's form gave it; what is wrong with it, the worker says.
        is_full: it names every firm: those missing from it are proposed as moved out.
        source: how pages name the source; by default the file's name.
        source_date: the day the file describes; by default today in Shanghai.

    Raises:
        NotAllowed: ``by`` is no registry officer.
    """
    if not is_registry_officer(by):
        raise NotAllowed(_("Only a registry officer imports the registry."))
    name = clean_name(upload.name or "")
    found = RegistryImport.objects.create(
        name=name,
        file=upload,
        is_full=is_full,
        source=source.strip()[:200] or name,
        source_date=source_date or today_in_shanghai(),
        uploaded_by=by,
    )
    ImportProgress.objects.create(registry_import=found)
    work.wake(IMPORTS)
    return found


def work_on(found: RegistryImport) -> None:
    """Do what an import waits for, as its status says; the row is locked, all of it is one transaction.

    Raises:
        NotNow: another import is at work.
    """
    with telling(found) as tell:
        if not _is_first():
            tell(Stage.WAITING, 0, 0)
            raise NotNow(_AGAIN_SECONDS)
        _TASKS[RegistryImport.Status(found.status)](found, tell)
    work.wake(IMPORTS)  # another one may have waited


def _is_first() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


def _compare(found: RegistryImport, tell: Tell) -> None:
    """Read the file and work out what it would change."""
    try:
        reading = _read_stored(found, tell)
    except Unreadable as unreadable:
        RegistryImport.objects.filter(pk=found.pk).update(problem=[unreadable.en, unreadable.zh])
        IMPORT.apply(found, "refuse_file", by=SYSTEM)
        return
    tell(Stage.COMPARING, 0, 0)
    with _staged(reading) as cursor:
        _show(cursor, found, reading)


def _apply(found: RegistryImport, tell: Tell) -> None:
    """Apply what was shown; where the registry has changed since, show anew what it would be, and apply nothing."""
    reading = _read_stored(found, tell)
    tell(Stage.COMPARING, 0, 0)
    with _staged(reading) as cursor:
        comparison = comparing.compare(cursor, has_certificates="certificate" in reading.columns)
        if comparison.digest == found.digest:
            reading.rows.clear()  # they are staged, and writing needs the room
            _write(cursor, found, comparison, tell, has_certificates="certificate" in reading.columns)
        else:
            found.problem = list(_CHANGED)
            cursor.execute("DROP TABLE staged_difference")
            _show(cursor, found, reading, step="show_anew")


def _undo(found: RegistryImport, tell: Tell) -> None:
    tell(Stage.RESTORING, 0, 0)
    undoing.undo(found)


_TASKS: dict[_Status, Callable[[RegistryImport, Tell], None]] = {
    RegistryImport.Status.READING: _compare,
    RegistryImport.Status.APPLYING: _apply,
    RegistryImport.Status.UNDOING: _undo,
}
work.register(work.Queue(IMPORTS, RegistryImport.objects.at_work, work_on, seconds=_SECONDS))


# --- What both do ---------------------------------------------------------------------


def _read_stored(found: RegistryImport, tell: Tell) -> Reading:
    tell(Stage.READING, 0, 0)
    with found.file.open("rb") as stored, NamedTemporaryFile() as copy:
        shutil.copyfileobj(stored, copy)
        copy.flush()
        return _read(Path(copy.name), found.source_date, tell)


def _read(path: Path, today: date, tell: Tell) -> Reading:
    reading = read_rows(read_table(path), today=today, subdistricts=_subdistricts(), tell=partial(tell, Stage.READING))
    comparing.say_what_was_meant(reading)
    return reading


def _subdistricts() -> dict[str, str]:
    known: dict[str, str] = {}
    for place in Subdistrict.objects.all():
        known |= {place.name_zh: place.code, place.name_en.casefold(): place.code, place.code: place.code}
    return known


@contextmanager
def _staged(reading: Reading) -> Iterator[CursorWrapper]:
    """Give a cursor with the file's firms in temporary tables; a later line of the file corrects an earlier one."""
    with connection.cursor() as cursor:
        merged = staging.fill(cursor, {row.uscc: row for row in reading.rows}.values())
        reading.notes += [_about_merged(merged)] if merged else []
        yield cursor
        staging.drop(cursor)


def _about_merged(merged: list[staging.Merged]) -> Note:
    """Say which rows were left out, and what stands for their organisations."""
    told = ", ".join(f"{one.uscc} → {one.survivor}" for one in merged[:_MOST_NAMED])
    more = "" if len(merged) <= _MOST_NAMED else " …"
    return Note(
        f"Merged into another organisation before; the row changes nothing: {told}{more}.",
        f"以下代码的机构此前已并入其他机构，该行不作变更：{told}{more}。",
    )


def _show(cursor: CursorWrapper, found: RegistryImport, reading: Reading, step: str = "show") -> Comparison:
    """Compare, and keep what the page of differences shows."""
    comparison = comparing.compare(cursor, has_certificates="certificate" in reading.columns)
    new, changed, rows = comparison.created, comparison.updated, reading.rows
    found.created = len(new)
    found.updated = sum(row.uscc in new or row.uscc in changed for row in rows) - len(new)
    found.unchanged = len(rows) - found.created - found.updated
    found.rows, found.bad = reading.lines, len(reading.refusals)
    found.duplicates, found.blank = reading.duplicates, reading.blank
    found.missing = comparing.write_lines(cursor, found, reading)
    found.digest, found.notes = comparison.digest, [list(note) for note in reading.notes]
    if reading.refusals:
        with NamedTemporaryFile(suffix=".xlsx") as errors:
            write_error_file(reading=reading, path=Path(errors.name))
            found.errors = File(errors, name="errors.xlsx")
            found.save(update_fields=_SHOWN)
    else:
        found.save(update_fields=_SHOWN)
    IMPORT.apply(found, step, by=SYSTEM)
    return comparison


_SHOWN = (
    *("rows", "created", "updated", "unchanged", "duplicates", "blank", "bad", "missing"),
    *("digest", "notes", "errors", "problem"),
)


def _write(
    cursor: CursorWrapper, found: RegistryImport, comparison: Comparison, tell: Tell, *, has_certificates: bool
) -> None:
    """Write what differs, in the name of who applies it; history names the import."""
    now = actor.current()
    who = f"user:{found.settled_by_id}" if found.settled_by_id else (now.actor if now else "")
    with actor.acting(who, found.request):
        tell(Stage.WRITING, 0, 0)
        staging.fill_names(cursor)
        created, updated = staging.upsert(cursor, found.source, found.source_date)
        if has_certificates:
            updated |= staging.write_certificates(cursor) - created
        clusters.apply_rules(organisations=created | updated)
        counting.ask_for_count()
        _prepare_search(sorted(created | updated), tell)
        updated |= incoming.list_named_by_registry(
            codes=comparing.to_be_listed(cursor), source=found.source, source_date=found.source_date
        )
        _check(comparison, created, updated)
        ask_for_search()
        transaction.on_commit(partial(analyse, *_WRITTEN), robust=True)
        IMPORT.apply(found, "finish", by=SYSTEM)


_WRITTEN = (Organisation, Certificate, ClusterMembership, SearchEntry)


def _prepare_search(ids: list[int], tell: Tell) -> None:
    done = 0
    for batch in batched(ids, _BATCH):
        tell(Stage.SEARCHING, done, len(ids))
        done += search_entries.write_search_entries(organisations=batch)


def _check(comparison: Comparison, created: set[int], updated: set[int]) -> None:
    """Hold what was written against what was shown: they are the same, or nothing is applied."""
    codes = dict(Organisation.objects.filter(pk__in=created | updated).values_list("pk", "uscc"))
    written = Comparison(_of(codes, created), _of(codes, updated), comparison.digest)
    if written != comparison:
        raise RegistryChangedError


def _of(codes: dict[int, str | None], ids: set[int]) -> frozenset[str]:
    return frozenset(code for pk in ids if (code := codes[pk]))
