"""The import of yearly figures: a file's rows, in one transaction."""

from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from firms import yearly
from firms.models import MEASURES, Organisation, YearlyFigure
from firms.registry.figures import FigureReading, FigureRow, read_figures, table_of_figures
from firms.registry.normalising import Fault, today_in_shanghai
from firms.services.outcomes import Outcome
from portal.models import User

_BATCH = 1000
_WRITTEN = [*MEASURES, "source", "source_name", "source_date", "entered_by"]


def import_figures(
    *, path: Path, source: str = "", dry_run: bool = False, today: date | None = None, by: User | None = None
) -> Outcome[FigureReading]:
    """Import a file of yearly figures: good rows are applied, bad ones reported, equal ones left untouched.

    What an office says replaces what a member stated; figures that an officer verified are never replaced, a row that
    says otherwise is a bad one. An empty cell leaves what is known.

    Args:
        path: a CSV or XLSX file.
        source: how the workplace names the source; by default the file's name.
        dry_run: do everything, then undo it.
        today: the date of the source; by default today in Shanghai.
        by: who imports; nobody from the command line.

    Raises:
        Unreadable: the file cannot be read; nothing was applied.
    """
    codes = {uscc: pk for uscc, pk in Organisation.objects.living().values_list("uscc", "pk") if uscc}
    reading = read_figures(table_of_figures(path), last_year=yearly.last_ended_year(), codes=codes.keys())
    outcome = Outcome(reading)
    about = {
        "source": YearlyFigure.Source.IMPORT,
        "source_name": (source or path.name)[:200],
        "source_date": today or today_in_shanghai(),
        "entered_by": by,
    }
    with transaction.atomic():
        _apply(outcome, codes, about)
        transaction.set_rollback(dry_run)
    return outcome


def _apply(outcome: Outcome[FigureReading], codes: dict[str, int], about: dict[str, Any]) -> None:
    known = _known(outcome.reading.figures, codes)
    written = []
    for row in list(outcome.reading.figures):
        figure = known.get((codes[row.uscc], row.year)) or YearlyFigure(organisation_id=codes[row.uscc], year=row.year)
        changes = _changes(figure, row)
        if changes and figure.is_verified:
            outcome.reading.refuse(row, Fault.VERIFIED)
            continue
        if figure.pk and not changes and (figure.is_verified or figure.source == YearlyFigure.Source.IMPORT):
            outcome.unchanged += 1
            continue
        if figure.pk:
            outcome.updated += 1
            outcome.differences.append({"uscc": row.uscc, "year": row.year, "changes": _as_texts(changes)})
        else:
            outcome.created += 1
        for name, value in {**{name: now for name, (_was, now) in changes.items()}, **about}.items():
            setattr(figure, name, value)
        written.append(figure)
    for figure in written:
        figure.pk = None  # the year of the firm, not the key, tells what is there already
    YearlyFigure.objects.bulk_create(
        sorted(written, key=lambda figure: (figure.organisation_id, figure.year)),
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["organisation", "year"],
        update_fields=_WRITTEN,
    )


def _known(rows: list[FigureRow], codes: dict[str, int]) -> dict[tuple[int, int], YearlyFigure]:
    """Return the figures of the file's firms that are there, locked until the import ends."""
    firms = {codes[row.uscc] for row in rows}
    found = YearlyFigure.objects.filter(organisation__in=firms).order_by("pk").select_for_update(of=("self",))
    return {(figure.organisation_id, figure.year): figure for figure in found}


def _changes(figure: YearlyFigure, row: FigureRow) -> dict[str, tuple[Any, Any]]:
    """Return what a row says otherwise: before and now."""
    pairs = {name: (getattr(figure, name), getattr(row, name)) for name in MEASURES}
    return {name: (was, now) for name, (was, now) in pairs.items() if now is not None and was != now}


def _as_texts(changes: dict[str, tuple[Any, Any]]) -> dict[str, list[str | None]]:
    return {name: [None if value is None else str(value) for value in pair] for name, pair in changes.items()}
