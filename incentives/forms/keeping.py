"""Kept answers of the public check: read from its form, and put into it again, marked with their day."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from incentives.facts import Facts, Text, date_in_language, in_language, lazy_money
from incentives.forms.checking import CheckForm
from incentives.forms.fields import PercentField
from incentives.kept_answers import Kept
from portal.local_form import in_a_row

type Contents = Iterable[Mapping[str, Any]]


def to_keep(form: CheckForm) -> dict[str, str]:
    """Return the answers of a form as a session keeps them."""
    return {name: str(value) for name, value in form.chosen().items()}


def in_words(form: CheckForm) -> list[tuple[Text, Text]]:
    """Return each answer of a form with what was asked, to be read."""
    return [
        (form.fields[name].label or name, _words(form.fields[name], value)) for name, value in form.chosen().items()
    ]


def fill_in(form: CheckForm, kept: Kept, contents: Contents, *, known: bool = False) -> None:
    """Show kept answers in a form that is not bound, as far as they answer what it asks now, marked as kept.

    Args:
        form: made of ``contents``.
        kept: the answers.
        contents: the programmes as published.
        known: an organisation is checked: of it nothing is asked.
    """
    mark = format_lazy(_("Kept on {day}."), day=date_in_language(kept.on))
    for name in _read(kept, contents, known=known).chosen():
        form.initial[name] = kept.answers[name]
        form.fields[name].help_text = in_a_row(form.fields[name].help_text, mark)


def facts_of_kept(kept: Kept, contents: Contents) -> Facts:
    """Return kept answers as facts, with their source and day; those that answer nothing any more are left out."""
    found = _read(kept, contents).facts()
    source = _("your answers of the public check")
    return {name: replace(fact, source=source, on=kept.on) for name, fact in found.items()}


def costs_of_kept(kept: Kept, contents: Contents) -> Decimal | None:
    """Return the kept costs of the project in CNY, where they were answered."""
    costs: Decimal | None = _read(kept, contents, known=True).chosen().get("costs")
    return costs


def _read(kept: Kept, contents: Contents, *, known: bool = False) -> CheckForm:
    return CheckForm(dict(kept.answers), contents=contents, known=known)


def _words(field: forms.Field, value: Any) -> Text:
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices)[value])  # type: ignore[arg-type]
    if isinstance(field, PercentField):
        return in_language(f"{value} %", f"{value}%")
    if isinstance(value, date):
        return date_in_language(value)
    return lazy_money(value) if isinstance(value, Decimal) else str(value)
