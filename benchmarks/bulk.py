"""Filling tables by the million: rows by COPY, indexes and foreign keys made once the rows are there."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import Field, GeneratedField, Model
from psycopg import sql


def _columns(model: type[Model], given: Iterable[str]) -> dict[str, Any]:
    """Return the columns to write with their defaults: those given, and those the database does not fill itself."""
    names = set(given)
    found = {}
    for field in model._meta.concrete_fields:
        if field.column in names or not _filled_by_database(field):
            found[str(field.column)] = field.get_default()
    return found


def _filled_by_database(field: Field) -> bool:
    return isinstance(field, GeneratedField) or field.primary_key or field.has_db_default()


def copy(model: type[Model], rows: Iterable[Mapping[str, Any]]) -> None:
    """Copy rows into a model's table; columns that a row does not name get their default."""
    rows = list(rows)
    if not rows:
        return
    defaults = _columns(model, rows[0])
    table = sql.Identifier(model._meta.db_table)
    names = sql.SQL(", ").join(map(sql.Identifier, defaults))
    with connection.cursor() as cursor, cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(table, names)) as out:
        for row in rows:
            out.write_row([row.get(name, default) for name, default in defaults.items()])


@contextmanager
def triggers_off(*models: type[Model]) -> Iterator[None]:
    """Leave out the rows' history; for the owner of the tables alone."""
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(f"ALTER TABLE {model._meta.db_table} DISABLE TRIGGER USER")
    yield
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(f"ALTER TABLE {model._meta.db_table} ENABLE TRIGGER USER")


@contextmanager
def indexes_later(*models: type[Model]) -> Iterator[None]:
    """Drop indexes that are no constraint, and foreign keys, and make them again once the rows are there."""
    again = []
    tables = [model._meta.db_table for model in models]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
                   format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname,
                          pg_get_constraintdef(oid))
              FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY(%(tables)s::regclass[])
            UNION ALL
            SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
              FROM pg_index WHERE indrelid = ANY(%(tables)s::regclass[]) AND NOT indisprimary
               AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
            """,
            {"tables": tables},
        )
        for drop, make in cursor.fetchall():
            cursor.execute(drop)
            again.append(make)
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for make in reversed(again):  # indexes before the foreign keys that use them
            cursor.execute(make)
