"""Two texts of one opportunity: on which fields they differ, and the form once one was chosen for each."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from investors.forms.opportunities import OpportunityForm
from investors.models import Opportunity

KEEP = "keep-"


@dataclass(frozen=True)
class Difference:
    """A field with two texts; ``choice`` names the field by which one is kept."""

    label: Any
    choice: str
    theirs: str
    mine: str


def differences(typed: OpportunityForm, newer: Opportunity) -> list[Difference]:
    """Return the fields in which what was typed and what somebody saved meanwhile differ.

    Args:
        typed: bound to what was typed.
        newer: what is saved now.
    """
    saved = OpportunityForm(opportunity=newer)
    names = [name for name in typed.fields if name != "version" and not _same(typed, newer, name)]
    return [
        Difference(
            label=typed[name].label,
            choice=f"{KEEP}{name}",
            theirs=_in_words(saved[name], _texts(saved[name])),
            mine=_in_words(typed[name], _texts(typed[name])),
        )
        for name in names
    ]


def _same(typed: OpportunityForm, newer: Opportunity, name: str) -> bool:
    if name not in typed.cleaned_data:
        return False
    held, mine = getattr(newer, name), typed.cleaned_data[name]
    return set(held.all()) == set(mine) if name == "clusters" else bool((held or None) == (mine or None))


def settled(sent: QueryDict, newer: Opportunity) -> QueryDict:
    """Return what was sent, with the other's text where the writer chose it.

    Args:
        sent: by the form; ``keep-…`` where there was a choice.
        newer: what is saved now.
    """
    if not any(name.startswith(KEEP) for name in sent):
        return sent
    saved, data = OpportunityForm(opportunity=newer), sent.copy()
    for name in saved.fields:
        if name != "version" and sent.get(f"{KEEP}{name}") == "theirs":
            data.setlist(name, _texts(saved[name]))
    return data


def at_version(sent: QueryDict, version: int) -> QueryDict:
    """Return what was sent, to be saved over this version."""
    data = sent.copy()
    data["version"] = str(version)
    return data


def _texts(field: forms.BoundField) -> list[str]:
    """Return what a field holds as a browser sends it; nothing for an empty one."""
    value = field.value()
    if isinstance(field.field, forms.BooleanField):
        return ["on"] if field.field.widget.value_from_datadict({field.name: value}, {}, field.name) else []
    held = value if isinstance(value, list | tuple) else [] if value in (None, "") else [value]
    return [str(one).replace("\r\n", "\n") for one in held]


def _in_words(field: forms.BoundField, texts: list[str]) -> str:
    """Return what a field holds as it is read."""
    choices = dict(_flat(getattr(field.field, "choices", ())))
    if isinstance(field.field, forms.BooleanField):
        return "✓" if texts else "–"
    return "\n".join(str(choices.get(text, text)) for text in texts) or "–"


def _flat(choices: Any) -> Iterator[tuple[str, Any]]:
    return ((str(value), label) for value, label in choices)
