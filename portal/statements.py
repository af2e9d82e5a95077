"""Queries that are put together once: some take Django longer to write than PostgreSQL to answer."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet


class Once[M: Model]:
    """A query that is the same every time but for its values.

    Args:
        write: returns the query; where it has a value of the moment, it takes its stand-in.
        stand_ins: by the name of each value, one of its type that stands nowhere else in the query.
    """

    def __init__(self, write: Callable[..., QuerySet[M, Any]], **stand_ins: Any) -> None:
        self._write, self._stand_ins = write, stand_ins

    @cached_property
    def _written(self) -> tuple[str, list[tuple[str | None, Any]]]:
        names = {stand_in: name for name, stand_in in self._stand_ins.items()}
        sql, values = self._query.query.sql_with_params()
        return sql, [(names.get(value), value) for value in values]

    @cached_property
    def _query(self) -> QuerySet[M, Any]:
        return self._write(**self._stand_ins)

    @cached_property
    def _columns(self) -> tuple[list[str], list[tuple[int, Any, Any]]]:
        """Return the names of the model's columns, which come first, and what makes Python's values of some."""
        fields = list(self._query.model._meta.concrete_fields)
        makes = [(n, f, make) for n, f in enumerate(fields) for make in f.get_db_converters(connection)]
        return [field.attname for field in fields], makes

    def filled(self, values: Mapping[str, Any]) -> tuple[str, list[Any]]:
        """Return the statement with its parameters, the values of the moment among them."""
        sql, parameters = self._written
        return sql, [value if name is None else values[name] for name, value in parameters]

    def objects(self, rows: Iterable[Sequence[Any]]) -> list[M]:
        """Make objects of rows, with what the query annotates."""
        return [self._object(list(row)) for row in rows]

    def _object(self, row: list[Any]) -> M:
        names, makes = self._columns
        for place, field, make in makes:
            row[place] = make(row[place], field, connection)
        made = self._query.model.from_db(connection.alias, names, row[: len(names)])
        for name, value in zip(self._query.query.annotations, row[len(names) :], strict=True):
            setattr(made, name, value)
        return made


def in_turn(*asked: tuple[Once[Any], Mapping[str, Any]]) -> list[list[Any]]:
    """Return the objects that some queries find: one message, in which each sees what is committed when it begins.

    So what is read after a row was locked is as it is then, not as it was before the wait.

    Args:
        asked: each query of whole models, with its values.
    """
    filled = [once.filled(values) for once, values in asked]
    found: list[list[Any]] = []
    with connection.cursor() as cursor:
        cursor.execute(
            "; ".join(sql for sql, _values in filled), [value for _sql, values in filled for value in values]
        )
        for once, _values in asked:
            found.append(once.objects(cursor.fetchall()))
            cursor.nextset()
    return found
