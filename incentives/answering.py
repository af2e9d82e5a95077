"""An answer in words: the one place that turns what is kept into what is read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from incentives import questions
from incentives.facts import Text, date_in_language, in_language, lazy_money
from portal.models.documents import state_in_words


class Cell(NamedTuple):
    """One cell of a table in words; figures and dates are not broken over two lines."""

    words: Text
    is_figure: bool


@dataclass(frozen=True)
class Answer:
    """An answer as it is read. ``incentives/_answer.html`` shows it; as text it is its words.

    Args:
        words: what it says, in lines of text.
        chosen: several answers that were chosen.
        headings: of a table.
        rows: of a table.
        file: the name and address of a file; ``status`` and ``scanned_by`` where the check is told with it.
        is_missing: whether there is none.
    """

    words: Text
    chosen: tuple[Text, ...] = ()
    headings: tuple[Text, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    file: Mapping[str, Any] | None = None
    is_missing: bool = False

    def __str__(self) -> str:
        if self.rows:
            return "\n".join(
                "; ".join(f"{h}: {cell.words}" for h, cell in zip(self.headings, row, strict=True) if str(cell.words))
                for row in self.rows
            )
        if self.chosen:
            return "\n".join(map(str, self.chosen))
        return str(self.words)

    @property
    def is_open(self) -> bool:
        """Whether the file may be opened: it was found clean, or submitted, which only clean files are."""
        return self.file is not None and self.file.get("status", "clean") == "clean"

    @property
    def status(self) -> Text:
        """How far the check of the file is, in words; nothing of one whose check is not told with it."""
        if self.file is None or "status" not in self.file:
            return ""
        return state_in_words(self.file["status"], self.file["scanned_by"])


MISSING = Answer(_("not answered"), is_missing=True)


def written(words: Text | None) -> Answer:
    """Return an answer that is plain text."""
    return Answer(words) if words else MISSING


def answer_to(question: Mapping[str, Any], value: Any) -> Answer:
    """Return the answer to a question of a version, from what is kept."""
    if value in questions.NOTHING:
        return MISSING
    match question["kind"]:
        case "yes_no" | "choice":
            return _chosen(question, value)
        case "table":
            columns = question["columns"]
            headings = tuple(in_language(c["label_en"], c["label_zh"]) for c in columns)
            rows = tuple(tuple(_cell(c["kind"], row.get(c["slug"])) for c in columns) for row in value)
            return Answer("", headings=headings, rows=rows)
        case "file":
            return Answer(value["name"], file=value)
        case kind:
            return Answer(_plain(kind, value))


def _chosen(question: Mapping[str, Any], value: Any) -> Answer:
    words = dict(questions.options_of(question))
    if isinstance(value, list):
        return Answer("", chosen=tuple(words.get(key, str(key)) for key in value))
    return Answer(words.get(value, str(value)))


def _cell(kind: str, value: Any) -> Cell:
    return Cell(_plain(kind, value), kind != "text")


def _plain(kind: str, value: Any) -> Text:
    """Return one value in words."""
    if value in questions.NOTHING:
        return ""
    if kind == "money":
        amount: Text = lazy_money(value)
        return amount
    if kind == "date" and isinstance(day := parse_date(str(value)), date):
        return date_in_language(day)
    return str(value)
