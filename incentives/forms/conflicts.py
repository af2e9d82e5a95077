"""Two texts of one section: which questions differ, and the form as it is once a text was chosen for each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from incentives import questions
from incentives.answering import MISSING, answer_to
from incentives.facts import Text
from incentives.forms.applying import SectionForm, Stored
from incentives.models import SectionAnswers

_KEEP = "keep-"


@dataclass(frozen=True)
class Conflict:
    """A question with two texts; ``choice`` names the field by which one is kept."""

    label: Text
    choice: str
    theirs: Text
    mine: Text


def conflicts(form: SectionForm, saved: SectionAnswers) -> list[Conflict]:
    """Return the questions on which a form and what someone saved meanwhile differ.

    Args:
        form: bound to what was typed.
        saved: what stands there now.
    """
    answers, typed = form.answers(), form.typed()
    mine, theirs = {**answers, **typed}, saved.stored
    return [
        Conflict(
            label=form[name].label,
            choice=f"{_KEEP}{name}",
            theirs=_in_words(form, name, theirs.get(name), is_answer=name not in saved.typed),
            mine=_in_words(form, name, mine.get(name), is_answer=name not in typed),
        )
        for name in form.fields
        if name != "version" and (mine.get(name) or "") != (theirs.get(name) or "")
    ]


def _in_words(form: SectionForm, name: str, value: Any, *, is_answer: bool) -> Text:
    """Return what a question holds as it is read; what is no answer, as it was typed."""
    if value in questions.NOTHING:
        return MISSING.words
    if is_answer and (question := getattr(form, "asked", {}).get(name)):
        return str(answer_to(question, value))
    lines = value if isinstance(value, list) else [value]
    return "\n".join("; ".join(line.values()) if isinstance(line, dict) else str(line) for line in lines)


def chosen(sent: Mapping[str, Any]) -> bool:
    """Whether a text was chosen for any question."""
    return any(name.startswith(_KEEP) for name in sent)


def settled(form: SectionForm, sent: Mapping[str, Any], saved: SectionAnswers | None) -> Stored:
    """Return what a form holds, with the other's text where the writer chose it.

    Args:
        form: bound to what was sent.
        sent: what was sent: ``keep-…`` where there was a choice.
        saved: what stands there now.
    """
    theirs = saved.stored if saved else {}
    return Stored(
        {name: theirs.get(name) if sent.get(f"{_KEEP}{name}") == "theirs" else form[name].data for name in form.fields}
    )
