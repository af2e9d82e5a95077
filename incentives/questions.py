"""The questions of a version: which of them apply, and what an answer lacks."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from incentives.facts import Text, in_language
from incentives.models import Application

type Given = Mapping[str, Mapping[str, Any]]
"""Answers by section and key, as they are kept: JSON; a file as its name, digest and address."""

type Place = tuple[str, str]
"""The keys of a section and of a question in it."""

NOTHING: tuple[Any, ...] = (None, "", [])
"""What stands for no answer."""

YES_NO: list[tuple[str, Text]] = [("yes", _("Yes")), ("no", _("No"))]


def all_questions(content: Mapping[str, Any]) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Yield every question of a version with its place, in the order in which they are asked."""
    for section in content["sections"]:
        for question in section["questions"]:
            yield (section["slug"], question["slug"]), question


def that_apply(content: Mapping[str, Any], given: Given) -> dict[Place, Any]:
    """Return the answer to each question that applies, None where there is none yet.

    A question with a condition applies where the earlier question that it names applies and has one of the answers
    that it names. What stands in ``given`` for other questions is left out: they are not asked.
    """
    found: dict[Place, Any] = {}
    for (section, key), question in all_questions(content):
        if holds(question.get("only_if"), found):
            found[section, key] = given.get(section, {}).get(key)
    return found


def holds(condition: Mapping[str, Any] | None, found: Mapping[Place, Any]) -> bool:
    """Return whether a question with this condition applies, given the answers to the questions before it."""
    if condition is None:
        return True
    value = found.get((condition["section"], condition["question"]))
    return any(chosen in condition["any_of"] for chosen in (value if isinstance(value, list) else [value]))


def given_by(application: Application) -> dict[str, dict[str, Any]]:
    """Return what the applicant has answered until now, files among it with the status of their check."""
    given = {row.section: dict(row.answers) for row in application.answers.all()}
    files = _places_of_files(application.content)
    held = {row.slug: row for row in application.documents.all() if not row.replaced} if files else {}
    for section, key in files:
        given.setdefault(section, {}).pop(key, None)  # a file is what was handed in, whatever else is written
        if row := held.get(file_key(section, key)):
            file = row.document
            given[section][key] = {
                "name": file.name,
                "sha256": file.sha256,
                "uid": str(file.uid),
                "status": file.status,
                "scanned_by": file.scanned_by,
            }
    return given


def file_key(section: str, question: str) -> str:
    """Return under which key the file that answers a question is kept among an application's documents."""
    return f"{section}.{question}"


def to_submit(content: Mapping[str, Any], given: Given) -> dict[str, dict[str, Any]]:
    """Return the answers as a submission keeps them: without those to questions that do not apply."""
    applying, asked = that_apply(content, given), dict(all_questions(content))
    return {
        section: {
            key: _file_to_submit(value) if asked.get((section, key), {}).get("kind") == "file" else value
            for key, value in answers.items()
            if (section, key) in applying or (section, key) not in asked
        }
        for section, answers in given.items()
    }


def _file_to_submit(file: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out the status: only clean files are submitted."""
    return {name: file[name] for name in ("name", "sha256", "uid")}


def files_that_apply(application: Application) -> set[Place]:
    """Return the questions that apply and are answered by a file."""
    applying = that_apply(application.content, given_by(application))
    return _places_of_files(application.content) & applying.keys()


def files_not_asked(application: Application) -> list[str]:
    """Return the keys of the files that belong to questions that do not apply."""
    return [file_key(*place) for place in _places_of_files(application.content) - files_that_apply(application)]


def _places_of_files(content: Mapping[str, Any]) -> set[Place]:
    return {place for place, question in all_questions(content) if question["kind"] == "file"}


def keys_of_files(content: Mapping[str, Any]) -> set[str]:
    """Return under which keys the files that questions ask for are kept."""
    return {file_key(*place) for place in _places_of_files(content)}


# --- What an answer lacks ------------------------------------------------------------------


def lacking(question: Mapping[str, Any], answer: Any) -> Text | None:
    """Return what an answer that is in order still lacks to be complete, in words; None if it lacks nothing."""
    if answer in NOTHING:
        return _LACKING.get(question["kind"], _("Answer this question.")) if question["required"] else None
    if question["kind"] == "table":
        return _lacking_of_table(question, answer)
    return None


_LACKING: dict[str, Text] = {"file": _("Add the file."), "table": _("Fill in the table.")}


def _lacking_of_table(question: Mapping[str, Any], rows: list[dict[str, Any]]) -> Text | None:
    if len(rows) < question["rows_least"]:
        return format_lazy(_("Fill in at least {number} rows."), number=question["rows_least"])
    for number, row in enumerate(rows, 1):
        for column in question["columns"]:
            if column["required"] and row.get(column["slug"]) in NOTHING:
                title = in_language(column["label_en"], column["label_zh"])
                return format_lazy(_("Row {number}: fill in “{column}”."), number=number, column=title)
    return None


def unfinished(application: Application) -> set[str]:
    """Return the sections that lack an answer because one of another section, or a file, is not as it was."""
    given = given_by(application)
    applying, asked = that_apply(application.content, given), dict(all_questions(application.content))
    return {
        place[0]
        for place, answer in applying.items()
        if _may_have_changed(place, asked[place]) and lacking(asked[place], answer)
    }


def _may_have_changed(place: Place, question: Mapping[str, Any]) -> bool:
    return question["kind"] == "file" or question.get("only_if", {}).get("section", place[0]) != place[0]


# --- Words ---------------------------------------------------------------------------------


def options_of(question: Mapping[str, Any]) -> list[tuple[str, Text]]:
    """Return the keys of the answers that can be chosen, with their words."""
    if question["kind"] == "yes_no":
        return YES_NO
    return [(option["slug"], in_language(option["label_en"], option["label_zh"])) for option in question["options"]]


def label_of(question: Mapping[str, Any]) -> Text:
    """Return a question in the reader's language."""
    return in_language(question["label_en"], question["label_zh"])


def help_of(question: Mapping[str, Any]) -> Text:
    """Return the hint of a question in the reader's language."""
    return in_language(question["help_en"], question["help_zh"])


def _either(labels: Iterable[Text]) -> str:
    return gettext(" or ").join(f"“{label}”" for label in labels)


_either_in_language = lazy(_either, str)


def condition_in_words(content: Mapping[str, Any], condition: Mapping[str, Any]) -> Text:
    """Say to which answers a question applies."""
    earlier = dict(all_questions(content)).get((condition["section"], condition["question"]))
    if earlier is None:
        return ""
    labels = tuple(label for key, label in options_of(earlier) if key in condition["any_of"])
    words = _("Answer only if you chose {answers} for “{question}”.")
    return format_lazy(words, answers=_either_in_language(labels), question=label_of(earlier))
