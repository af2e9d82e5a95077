"""Pages of a list that begin after, or end before, one of its rows: however deep, they cost what the first costs."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Self

from django.contrib.admin.utils import get_fields_from_path
from django.db.models import F, Model, OrderBy, QuerySet
from django.db.models.expressions import BaseExpression

_VALUE = "keyset_value_{}"


@dataclass(frozen=True)
class Key:
    """One of the things by which a list is sorted."""

    expression: Any
    descending: bool = False
    nulls_first: bool = False

    @classmethod
    def of(cls, item: OrderBy) -> Self:
        """Read Django's own form; PostgreSQL sorts NULL as the greatest unless told otherwise."""
        nulls_first = item.descending if item.nulls_first is item.nulls_last else bool(item.nulls_first)
        return cls(item.expression, item.descending, nulls_first)

    @property
    def name(self) -> str:
        """The name of the column, where it is one."""
        return str(getattr(self.expression, "name", "")) if isinstance(self.expression, F) else ""

    def reversed(self) -> "Key":
        """Sort the other way round."""
        return replace(self, descending=not self.descending, nulls_first=not self.nulls_first)

    def order(self) -> OrderBy:
        """Write it for ``order_by``; without NULLS where it says nothing, as indexes have it."""
        told = self.nulls_first != self.descending
        return OrderBy(
            self.expression,
            descending=self.descending,
            nulls_first=True if told and self.nulls_first else None,
            nulls_last=True if told and not self.nulls_first else None,
        )


@dataclass(frozen=True)
class Page[M: Model]:
    """Some rows of a list, and whether there are others before and after them."""

    rows: list[M]
    has_previous: bool
    has_next: bool


def keys_of(queryset: QuerySet[Any]) -> list[Key]:
    """Return by what a queryset is sorted, ending with its primary key, which no two rows share."""
    query = queryset.query
    sorted_by = query.order_by or (queryset.model._meta.ordering if query.default_ordering else ())
    keys = list(_read(queryset.model, sorted_by, set(query.annotations)))
    unique = {"pk", queryset.model._meta.pk.name}
    if not (keys and keys[-1].name in unique):
        keys.append(Key(F("pk"), descending=bool(keys and keys[-1].descending)))
    return keys


def _read(model: type[Model], items: Any, annotations: set[str], prefix: str = "") -> Iterator[Key]:
    for item in items:
        if isinstance(item, OrderBy):
            yield Key.of(item)
        elif isinstance(item, BaseExpression | F):
            yield Key.of(item.asc())
        else:
            name, descending = item.removeprefix("-"), item.startswith("-")
            for key in _named(model, prefix + name.removeprefix("+"), annotations):
                yield key.reversed() if descending else key


def _named(model: type[Model], name: str, annotations: set[str]) -> Iterator[Key]:
    """Yield what a name means: that of a related row, what such rows are sorted by, as Django has it."""
    last = name.rpartition("__")[2]
    if last != "pk" and name not in annotations:
        field = get_fields_from_path(model, name)[-1]
        related = field.related_model if field.is_relation and last == field.name else None
        if related is not None and related._meta.ordering:
            yield from _read(model, related._meta.ordering, annotations, f"{name}__")
            return
    yield Key(F(name))


def position(queryset: QuerySet[Any], keys: list[Key], pk: Any) -> list[Any] | None:
    """Return the values by which one row has its place in a list; None where it is not in it."""
    values = {_VALUE.format(number): key.expression for number, key in enumerate(keys)}
    return next(iter(queryset.order_by().filter(pk=pk).annotate(**values).values_list(*values)[:1]), None)


def page_beside[M: Model](
    queryset: QuerySet[M], keys: list[Key], mark: list[Any] | None, *, size: int, before: bool = False
) -> Page[M]:
    """Return the page after a row, before it, or the first.

    Args:
        queryset: the list.
        keys: by what it is sorted (``keys_of``).
        mark: the place of the row (``position``); None for the first page.
        size: rows of a page.
        before: the page that ends before the row.
    """
    keys = [key.reversed() for key in keys] if before else keys
    rows: list[M] = []
    for part in _parts(queryset, keys, mark):
        rows += part.order_by(*(key.order() for key in keys))[: size + 1 - len(rows)]
        if len(rows) > size:
            break
    more, rows = len(rows) > size, rows[:size]
    if before:
        return Page(rows[::-1], has_previous=more, has_next=True)
    return Page(rows, has_previous=mark is not None, has_next=more)


def _parts[M: Model](queryset: QuerySet[M], keys: list[Key], mark: list[Any] | None) -> Iterator[QuerySet[M]]:
    """Yield what comes after a row, nearest first, in parts that are each one range of an index: no OR, no OFFSET."""
    if mark is None:
        yield queryset
        return
    values = {_VALUE.format(number): key.expression for number, key in enumerate(keys)}
    queryset = queryset.alias(**values)
    for last in range(len(keys) - 1, -1, -1):
        same = queryset
        for name, value in zip(list(values)[:last], mark, strict=False):
            same = same.filter(**({f"{name}__isnull": True} if value is None else {name: value}))
        name, key, value = list(values)[last], keys[last], mark[last]
        if value is not None:
            yield same.filter(**{f"{name}__{'lt' if key.descending else 'gt'}": value})
        if (value is None) == key.nulls_first and not _is_never_null(queryset.model, key):
            yield same.filter(**{f"{name}__isnull": value is not None})


def _is_never_null(model: type[Model], key: Key) -> bool:
    return key.name == "pk" or any(
        field.name == key.name and not field.null and not field.is_relation for field in model._meta.concrete_fields
    )
