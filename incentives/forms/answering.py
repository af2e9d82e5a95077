"""The field of each kind of question."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from incentives import questions
from incentives.answering import answer_to
from incentives.forms.fields import MoneyField, WholeNumberField, WordsField
from incentives.models.money import MAXIMUM

MOST_RADIOS = 8
"""A choice between more answers than these is a list that opens."""

_SPARE = 2
"""Empty rows that a table always offers, as far as it may have as many."""

_ROW = re.compile(r"^(\d{1,2})\.([-\w]{1,40})$", re.ASCII)
_MOST_CHARACTERS = 300


def field_of(question: Mapping[str, Any], *, held: Any = None) -> forms.Field:
    """Return the field of a question; it may be left empty, so that a draft can be saved.

    Args:
        question: as the version keeps it.
        held: the file that was handed in for it.
    """
    common: dict[str, Any] = {
        "label": questions.label_of(question),
        "help_text": questions.help_of(question),
        "required": False,
    }
    make = _FIELDS.get(question["kind"], _long)
    return FileField(question, held, **common) if question["kind"] == "file" else make(question, **common)


def as_json(value: Any) -> Any:
    """Return what a field gave as it is kept: dates and amounts as text, never as floating point."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


class SeveralField(forms.MultipleChoiceField):
    """Several answers, each once, in the order in which they are offered."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> list[str]:
        """Return the keys of what was chosen."""
        chosen = set(super().clean(value))
        return [str(key) for key, _label in self.choices if key in chosen]  # type: ignore[union-attr,misc]


class FileWidget(forms.Widget):
    """What was handed in, and the button that saves and leads to the page where a file is added."""

    template_name = "incentives/widgets/file.html"
    use_fieldset = True

    def __init__(self, question: Mapping[str, Any], held: Any) -> None:
        super().__init__()
        self.question, self.held = question, held

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return what was handed in; nothing typed changes it."""
        return self.held

    def id_for_label(self, id_: str) -> str:
        """Return the id of the button."""
        return id_

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Say what there is."""
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"].pop("class", None)  # it is a button
        return {**context, "answer": answer_to(self.question, self.held), "key": self.question["slug"]}


class FileField(forms.Field):
    """A file, which is handed in on a page of its own."""

    def __init__(self, question: Mapping[str, Any], held: Any, **options: Any) -> None:
        super().__init__(widget=FileWidget(question, held), **options)


class TableWidget(forms.Widget):
    """A table to be filled in: a few spare rows, and a button that asks for more."""

    template_name = "incentives/widgets/table.html"
    use_fieldset = True

    def __init__(self, question: Mapping[str, Any]) -> None:
        super().__init__()
        self.columns, self.least, self.most = question["columns"], question["rows_least"], question["rows_most"]
        self.wrong: set[tuple[int, str]] = set()

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, str]]:
        """Return the rows as they were typed, empty ones too."""
        known = {column["slug"] for column in self.columns}
        typed: dict[int, dict[str, str]] = {}
        for key in data:
            found = _ROW.match(key.removeprefix(f"{name}.")) if key.startswith(f"{name}.") else None
            if found and found[2] in known and (place := int(found[1])) < self.most:
                typed.setdefault(place, {})[found[2]] = data[key]
        return [typed.get(place, {}) for place in range(max(typed, default=-1) + 1)]

    def id_for_label(self, id_: str) -> str:
        """Return the id of the first cell that is wrong, or else of the first."""
        places = ((n, column["slug"]) for n in range(self.most) for column in self.columns)
        place = next((p for p in places if p in self.wrong or not self.wrong), None)
        return f"{id_}-{place[0]}-{place[1]}" if place else id_

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Lay out the cells."""
        given = value if isinstance(value, list) else []
        filled = sum(any(row.values()) for row in given)
        number = min(max(len(given), filled + _SPARE, self.least), self.most)
        context = super().get_context(name, value, attrs)
        inside = context["widget"]["attrs"]
        base = inside.pop("id", name)
        inside.pop("class", None)  # those of one control
        rows = [
            {"number": n + 1, "cells": self._cells(f"{name}.{n}", f"{base}-{n}", given[n] if n < len(given) else {}, n)}
            for n in range(number)
        ]
        return {
            **context,
            "headings": [(column, questions.label_of(column)) for column in self.columns],
            "rows": rows,
            "blank": {"number": "__number__", "cells": self._cells(f"{name}.__place__", f"{base}-__place__", {})},
            "most": self.most,
            "may_add": number < self.most,
            "disabled": inside.pop("disabled", False),
            "base": base,
        }

    def _cells(self, name: str, base: str, row: Mapping[str, Any], place: int = -1) -> list[dict[str, Any]]:
        return [
            {
                "name": f"{name}.{(key := column['slug'])}",
                "id": f"{base}-{key}",
                "value": row.get(key, ""),
                "label": questions.label_of(column),
                "type": "date" if column["kind"] == "date" else "text",
                "inputmode": _MODES.get(column["kind"], ""),
                "wrong": (place, key) in self.wrong,
            }
            for column in self.columns
        ]


_MODES = {"number": "numeric", "money": "decimal"}


class TableField(forms.Field):
    """Rows of a table; empty ones count for nothing."""

    widget: TableWidget

    def __init__(self, question: Mapping[str, Any], **options: Any) -> None:
        super().__init__(widget=TableWidget(question), **options)
        self.columns = [(column, _COLUMNS[column["kind"]]()) for column in question["columns"]]

    def clean(self, value: Any) -> list[dict[str, Any]]:
        """Return the rows with something in them, as they are kept.

        Raises:
            ValidationError: with one message for each cell that is wrong.
        """
        self.widget.wrong = set()
        rows, errors = [], []
        for place, typed in enumerate(value or []):
            row: dict[str, Any] = {}
            for column, field in self.columns:
                try:
                    cell = as_json(field.clean(typed.get(column["slug"], "")))
                except ValidationError as error:
                    self.widget.wrong.add((place, column["slug"]))
                    errors += [self._error(place, column, message) for message in error.messages]
                else:
                    row |= {column["slug"]: cell} if cell not in questions.NOTHING else {}
            rows += [row] if row else []
        if errors:
            raise ValidationError(errors)
        return rows

    def _error(self, place: int, column: Mapping[str, Any], message: str) -> ValidationError:
        words = {"number": place + 1, "column": questions.label_of(column), "message": message}
        return ValidationError(_("Row %(number)s, “%(column)s”: %(message)s"), params=words)


def _date(**common: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **common)


def _money(**common: Any) -> MoneyField:
    """Return the field of an amount; nothing is an amount too."""
    return MoneyField(most=MAXIMUM, or_nothing=True, **common)


def _long(question: Mapping[str, Any], **common: Any) -> forms.Field:
    return WordsField(max_length=question["maximum_length"], widget=forms.Textarea(attrs={"rows": 6}), **common)


def _choice(question: Mapping[str, Any], **common: Any) -> forms.Field:
    options = questions.options_of(question)
    if question.get("several"):
        return SeveralField(choices=options, **common)
    if len(options) > MOST_RADIOS:
        return forms.ChoiceField(choices=[("", "–"), *options], **common)
    return forms.ChoiceField(choices=options, widget=forms.RadioSelect, **common)


_FIELDS: dict[str, Callable[..., forms.Field]] = {
    "text": lambda question, **common: WordsField(max_length=min(question["maximum_length"], 500), **common),
    "long": _long,
    "number": lambda _question, **common: WholeNumberField(**common),
    "money": lambda _question, **common: _money(**common),
    "date": lambda _question, **common: _date(**common),
    "yes_no": _choice,
    "choice": _choice,
    "table": TableField,
}

_COLUMNS: dict[str, Callable[[], forms.Field]] = {
    "text": lambda: WordsField(max_length=_MOST_CHARACTERS, required=False),
    "number": lambda: WholeNumberField(required=False),
    "money": lambda: _money(required=False),
    "date": lambda: _date(required=False),
}
