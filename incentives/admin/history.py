"""The history of an application on its screen: of its row, its reviewers and its flags, in words."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast

from incentives.models import Application, Flag, ReviewAssignment
from portal.models import HistoryEntry, User

MOST = 50
_SHOWN = 8
_LONGEST = 80
_MODELS = {model._meta.db_table: model for model in (Application, ReviewAssignment, Flag)}
_UNSAID = frozenset({"id", "uid", "application_id", "key", "found"})


class Line(NamedTuple):
    """One change: when, by whom, of what, and what it was and is."""

    at: Any
    by: str
    what: str
    fields: list[tuple[str, str, str]]


def changes_of(application: Application) -> list[QuerySet[HistoryEntry]]:
    """Return the newest changes of the application, of its assignments and of its flags: each a range of one index."""
    entries = HistoryEntry.objects.order_by("-id")
    found: list[QuerySet[HistoryEntry]] = [HistoryEntry.objects.of(application).order_by("-id")[:MOST]]
    for model in (ReviewAssignment, Flag):
        rows = model._default_manager.filter(application=application)
        ids = rows.annotate(text=Cast("pk", CharField())).values("text")
        found.append(entries.filter(subject_table=model._meta.db_table, subject_id__in=ids)[:MOST])
    return found


def lines(entries: Iterable[HistoryEntry], people: Iterable[User | None]) -> list[Line]:
    """Return changes in words, the newest first.

    Args:
        entries: the changes.
        people: those who may be named; others go by their key.
    """
    names = {f"user:{person.pk}": str(person) for person in people if person is not None}
    newest = sorted(entries, key=lambda entry: -entry.pk)[:MOST]
    return [_line(entry, names) for entry in newest]


def _line(entry: HistoryEntry, names: dict[str, str]) -> Line:
    model = _MODELS[entry.subject_table]
    labels = {field.column: field for field in model._meta.concrete_fields}
    was, now = entry.was or {}, entry.now or {}
    changed = [name for name in now if name not in _UNSAID and was.get(name) != now.get(name)]
    fields = [
        (str(labels[name].verbose_name), _short(labels[name], was.get(name)), _short(labels[name], now.get(name)))
        for name in changed[:_SHOWN]
        if name in labels
    ]
    return Line(entry.at, names.get(entry.actor, entry.actor), str(model._meta.verbose_name), fields)


def _short(field: Any, value: Any) -> str:
    if value in (None, ""):
        return "—"
    text = str(dict(field.flatchoices).get(value, value))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
