"""Several querysets read in one query, for pages that show a little of many things."""

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import Field, JSONField, Model, QuerySet

_AS_READ = (JSONField, ArrayField)


def together(*parts: "QuerySet[Any, Any] | str") -> list[list[Any]]:
    """Return the rows of each part, in its order: one query, however many parts.

    Args:
        parts: querysets of models, with ``select_related`` of one step if wanted, whose rows become objects;
            querysets of ``values``, and SQL without parameters, whose rows become dictionaries as JSON has them.
    """
    statements: list[str] = []
    values: list[Any] = []
    for part in parts:
        sql, params = (part, ()) if isinstance(part, str) else _columns(part).query.sql_with_params()
        statements.append(f"(SELECT coalesce(jsonb_agg(to_jsonb(t)), '[]')::text FROM ({sql}) t)")  # noqa: S608 -- SQL of ours
        values += params
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(statements)}", values or None)
        found = [json.loads(text, parse_float=Decimal) for text in cursor.fetchone()]
    return [
        rows if isinstance(part, str) or not _is_of_models(part) else [_object(part, row) for row in rows]
        for part, rows in zip(parts, found, strict=True)
    ]


def as_prefetched(instance: Model, **rows: list[Any]) -> None:
    """Keep rows that were read as those of an object's relations, as ``prefetch_related`` does."""
    known = instance.__dict__.setdefault("_prefetched_objects_cache", {})
    for name, found in rows.items():
        queryset = getattr(instance, name).all()
        queryset._result_cache, queryset._prefetch_done = found, True
        known[name] = queryset


def _is_of_models(part: QuerySet[Any, Any]) -> bool:
    return part._fields is None  # type: ignore[attr-defined]


def _columns(queryset: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    if not _is_of_models(queryset):
        return queryset
    names = _names(queryset.model)
    for relation in _related(queryset):
        names += [f"{relation}__{name}" for name in _names(queryset.model._meta.get_field(relation).related_model)]
    return queryset.values(*names, *queryset.query.annotations)


def _names(model: Any) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _related(queryset: QuerySet[Any, Any]) -> Sequence[str]:
    wanted = queryset.query.select_related
    return list(wanted) if isinstance(wanted, dict) else []


def _object(queryset: QuerySet[Any, Any], row: dict[str, Any]) -> Model:
    """Make an object of a row, with what is related to it: nothing that it shows is read again."""
    model = queryset.model
    made = _made(model, row, "")
    for relation in _related(queryset):
        field = model._meta.get_field(relation)
        known = row[f"{relation}__{field.related_model._meta.pk.attname}"] is not None
        other = _made(field.related_model, row, f"{relation}__") if known else None
        made._state.fields_cache[relation] = other
    for name in queryset.query.annotations:
        annotation = queryset.query.annotations[name].output_field
        setattr(made, name, _python(annotation, row[name]))
    return made


def _made(model: type[Model], row: dict[str, Any], prefix: str) -> Model:
    fields: Iterable[Field[Any, Any]] = model._meta.concrete_fields
    values = [_python(field, row[f"{prefix}{field.attname}"]) for field in fields]
    return model.from_db(connection.alias, [field.attname for field in fields], values)


def _python(field: "Field[Any, Any]", value: Any) -> Any:
    return value if value is None or isinstance(field, _AS_READ) else field.to_python(value)
