"""What is wrong with the questions of a programme as they are written: asked before it is published."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from incentives.facts import Text, in_language
from incentives.questions import Place, all_questions, label_of, options_of

MOST_CELLS = 800
"""The most cells that the tables of one section have together: a form is sent with a thousand fields at most."""

TAKEN = frozenset({"version", "add_row", "file", "done", "draft", "csrfmiddlewaretoken"})
"""Names that the form of a section has itself."""

TAKEN_SECTIONS = frozenset({"funding", "documents"})
"""Sections that every application has itself, whatever the programme asks."""


def unsound(content: Mapping[str, Any]) -> Iterator[Text]:
    """Yield what is wrong with the questions of a programme, as its version would keep them."""
    earlier: dict[Place, dict[str, Any]] = {}
    for place, question in all_questions(content):
        yield from _of_question(question)
        if condition := question.get("only_if"):
            yield from _of_condition(question, condition, earlier)
        earlier[place] = question
    for section in content["sections"]:
        title = in_language(section["title_en"], section["title_zh"])
        if section["slug"] in TAKEN_SECTIONS:
            yield format_lazy(_("“{title}”: another section has this address already."), title=title)
        if sum(map(_cells, section["questions"])) > MOST_CELLS:
            words = _("“{title}”: its tables have more than {most} cells together. Split the section.")
            yield format_lazy(words, title=title, most=MOST_CELLS)


def _of_question(question: Mapping[str, Any]) -> Iterator[Text]:
    if question["slug"] in TAKEN:
        yield format_lazy(_("“{question}”: the form uses this key itself."), question=label_of(question))
    if question["kind"] == "choice" and len(question["options"]) < 2:  # noqa: PLR2004 -- otherwise it is no choice
        yield format_lazy(_("“{question}”: give at least two answers to choose from."), question=label_of(question))
    if question["kind"] == "table" and not question["columns"]:
        yield format_lazy(_("“{question}”: give the table at least one column."), question=label_of(question))


def _of_condition(
    question: Mapping[str, Any], condition: Mapping[str, Any], earlier: Mapping[Place, Mapping[str, Any]]
) -> Iterator[Text]:
    asked = earlier.get((condition["section"], condition["question"]))
    if asked is None:
        words = _("“{question}”: its condition must be about a question that is asked before it.")
        yield format_lazy(words, question=label_of(question))
    elif asked["kind"] not in {"yes_no", "choice"} or set(condition["any_of"]) - dict(options_of(asked)).keys():
        words = _("“{question}”: its condition names an answer that “{earlier}” does not offer.")
        yield format_lazy(words, question=label_of(question), earlier=label_of(asked))


def _cells(question: Mapping[str, Any]) -> int:
    return question["rows_most"] * len(question["columns"]) if question["kind"] == "table" else 0
