"""Importing the demonstration's registry file, against one save for each row, and the same file again."""

import time
from collections.abc import Iterator
from datetime import date

from django.db import connection, transaction

from benchmarks import databases
from benchmarks.measuring import ROUNDS, Goal, Result, Rounds, ratio
from firms.demonstration.load import REGISTRY
from firms.models import Certificate, Organisation, Subdistrict
from firms.registry.reading import read_table
from firms.registry.rows import Row, read_rows
from firms.services.imports import import_registry
from firms.services.organisations import save_organisation
from portal.database import as_owner

_TODAY = date(2026, 11, 1)
_SAVED = 400
"""So many rows are saved one by one; the time of all follows from theirs."""


def measure(size: int) -> Iterator[Result]:
    """Import into an empty database, again and again; each round is undone."""
    with databases.scratch():
        codes = {place.name_zh: place.code for place in Subdistrict.objects.all()}
        read = read_rows(read_table(REGISTRY), today=_TODAY, subdistricts=codes).rows
        rows = list({row.uscc: row for row in read}.values())
        first, again, saves = Rounds([], []), Rounds([], []), []
        for _number in range(ROUNDS + 1):
            with transaction.atomic():
                new, same = _importing(), _importing()
                transaction.set_rollback(True)
            _tidy()
            with transaction.atomic():
                saving = _saving(rows[:_SAVED]) * len(rows) / _SAVED
                transaction.set_rollback(True)
            _tidy()
            saves.append(saving)
            first.subject.append(new)
            first.floor.append(saving)
            again.subject.append(same)
            again.floor.append(new)
        for rounds in (first, again):  # the first round warms up
            del rounds.subject[0], rounds.floor[0]
    lines = len(rows)
    yield ratio("first import of a registry file", lines, Goal.at_least(10), first, against="one save() for each row")
    yield ratio("the same file again", lines, Goal.at_least(5), again, against="the first import")


def _importing() -> float:
    began = time.perf_counter()
    import_registry(path=REGISTRY, today=_TODAY)
    return time.perf_counter() - began


def _saving(rows: list[Row]) -> float:
    """Save each row by itself, with all that an import makes of it: names, certificates, clusters, search entry."""
    began = time.perf_counter()
    for row in rows:
        firm = Organisation(
            status="listed", uscc=row.uscc, name_zh=row.name_zh, name_en=row.name_en, industry_code=row.industry_code,
            address=row.address, subdistrict_id=row.subdistrict or None, founded=row.founded, staff=row.staff,
            registered_capital=row.registered_capital, foreign_invested=row.foreign_invested,
            business_scope=row.business_scope, source="bench", source_date=_TODAY,
        )  # fmt: skip
        save_organisation(organisation=firm)
        for level in row.certificate:
            Certificate(organisation=firm, level=level, from_registry=True).save()
    return time.perf_counter() - began


def _tidy() -> None:
    """Clear away what a round left."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
