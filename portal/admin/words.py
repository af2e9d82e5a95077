"""Codes of history, steps and deadlines in the words that the pages use for them."""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal import personal_data
from portal.lifecycle import Lifecycle, all_lifecycles
from portal.models import Deadline, Erasure, Notice, StepTaken
from portal.notices import subject_of

_OPERATIONS = {
    "insert": pgettext_lazy("history", "added"),
    "update": pgettext_lazy("history", "changed"),
    "delete": pgettext_lazy("history", "deleted"),
}
_LABELS = {"source": _("from"), "target": _("to"), "while_status": _("while the status is")}


def _lifecycle(row: Any) -> Lifecycle | None:
    model = row.subject_type.model_class()
    return next((found for found in all_lifecycles() if found.model is model), None)


@admin.display(description=_("operation"))
def operation(row: Any) -> str:
    """Say what was done to a row."""
    return str(_OPERATIONS.get(row.operation.lower(), row.operation))


@admin.display(description=_("kind of record"))
def table(row: Any) -> str:
    """Name the table of a change as pages call its rows."""
    model = next((found for found in apps.get_models() if found._meta.db_table == row.subject_table), None)
    return capfirst(str(model._meta.verbose_name)) if model else str(row.subject_table)


@admin.display(description=_("kind of record"))
def record(row: StepTaken | Deadline) -> str:
    """Name what a step or a deadline is about."""
    model = row.subject_type.model_class()
    return capfirst(str(model._meta.verbose_name)) if model else str(row.subject_type)


@admin.display(description=_("step"))
def step(row: StepTaken | Deadline) -> str:
    """Name a step by its button."""
    found = _lifecycle(row)
    known = found.steps.get(row.step) if found else None
    return str(known.label) if known else row.step


def status(column: str) -> Callable[[Any], str]:
    """Return what names the status in a column as pages do."""

    @admin.display(description=_LABELS[column])
    def shown(row: Any) -> str:
        found, value = _lifecycle(row), getattr(row, column)
        labels = dict(found.model._meta.get_field("status").flatchoices) if found else {}  # type: ignore[union-attr]
        return str(labels.get(value, value))

    return shown


@admin.display(description=_("message"))
def message(row: Notice) -> str:
    """Say what kind of message it was by its subject, without what it said of whom."""
    return subject_of(row.kind)


@admin.display(description=_("purpose"))
def purpose(row: Erasure) -> str:
    """Name a purpose of personal data."""
    return next((str(one.title) for one in personal_data.purposes() if one.name == row.purpose), row.purpose)


@admin.display(description=_("what was erased"))
def counted(row: Erasure) -> str:
    """Say of how many records each part was."""
    titles = {part.name: part.title for part in personal_data.parts()}
    return " · ".join(f"{titles.get(name, name)}: {number}" for name, number in row.erased.items() if number) or "-"
