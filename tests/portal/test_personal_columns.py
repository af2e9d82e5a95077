"""Every column that names or may name a person is decided on: a new one fails until it is."""

from collections import Counter
from collections.abc import Iterator

from django.apps import apps
from django.db.models import CharField, Field, FileField, JSONField, TextField

from portal.invariants import governed_models
from portal.models import User
from tests.portal.personal_columns import DECISIONS, ERASED, TOLD_AND_ERASED


def named(field: "Field[object, object]") -> str:
    return f"{field.model._meta.label}.{field.name}"


def columns_that_may_name() -> Iterator[str]:
    """Yield each column that leads to an account, or takes words that nobody chose from a list."""
    for model in apps.get_models(include_auto_created=True):
        for field in () if model._meta.proxy else model._meta.concrete_fields:
            takes_words = isinstance(field, CharField | TextField | JSONField | FileField) and not field.choices
            if field.related_model is User or takes_words:
                yield named(field)


def test_every_column_that_may_name_a_person_is_decided_once() -> None:
    decided = Counter(column for group in DECISIONS for column in group)

    assert [column for column, times in decided.items() if times > 1] == []
    assert sorted(columns_that_may_name()) == sorted(decided)


def test_what_is_erased_never_stood_in_history() -> None:
    erased = TOLD_AND_ERASED | ERASED
    left = [
        named(field)
        for model, history in governed_models()
        for field in model._meta.concrete_fields
        if named(field) in erased and not field.is_relation and field.column not in (*history.masked, *history.without)
    ]

    assert left == []
