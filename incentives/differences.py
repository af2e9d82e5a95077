"""Two submissions of one application side by side: what was asked, what was changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext_lazy as _

from firms.profile import Part, differences
from incentives import presenting
from incentives.facts import Text, in_language
from incentives.models import Application, ChangeRequest, Snapshot

type Content = Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """One question before and after."""

    label: str
    before: str
    after: str

    @property
    def is_changed(self) -> bool:
        """Whether the two differ."""
        return self.before != self.after

    @property
    def parts(self) -> list[Part]:
        """What was taken out of the text and what was put in, word by word."""
        return differences(self.before, self.after)


@dataclass(frozen=True)
class Section:
    """A section with what was asked of it, and its questions before and after."""

    slug: str
    title: Text
    asked: list[str]
    rows: list[Row]

    @property
    def changed(self) -> list[Row]:
        """The questions whose answers differ."""
        return [row for row in self.rows if row.is_changed]


@dataclass(frozen=True)
class Comparison:
    """Two states of an application: a submission, and the next one or the draft as it stands now.

    Args:
        before: when the earlier one was submitted.
        after: when the later one was; None for the draft.
        sections: those that were asked to be changed, or were.
    """

    before: datetime
    after: datetime | None
    sections: list[Section]


def of_submissions(application: Application, older: Snapshot, newer: Snapshot) -> Comparison:
    """Compare one submission with the next."""
    asked = [r for r in application.change_requests.all() if older.at <= r.at <= newer.at]
    return Comparison(older.at, newer.at, _sections(application, older.content, newer.content, asked))


def of_draft(application: Application, older: Snapshot) -> Comparison:
    """Compare the latest submission of a returned application with what stands there now."""
    asked = [r for r in application.change_requests.all() if older.at <= r.at]
    now = {
        "answers": {row.section: row.answers for row in application.answers.all()},
        "documents": [
            {"slug": row.slug, "name": row.document.name, "sha256": row.document.sha256}
            for row in application.documents.all()
            if not row.replaced
        ],
    }
    return Comparison(older.at, None, _sections(application, older.content, now, asked))


def all_of(application: Application, snapshots: Sequence[Snapshot]) -> list[Comparison]:
    """Return every comparison of an application, the newest first.

    Args:
        application: with its change requests, answers and documents.
        snapshots: its submissions, oldest first.
    """
    found = [of_submissions(application, *pair) for pair in pairwise(snapshots)]
    if application.status == Application.Status.RETURNED and snapshots:
        found.append(of_draft(application, snapshots[-1]))
    return found[::-1]


def _sections(
    application: Application, before: Content, after: Content, requests: Iterable[ChangeRequest]
) -> list[Section]:
    asked: dict[str, list[str]] = {}
    for request in requests:
        asked.setdefault(request.section, []).append(request.reason)
    was = {s.slug: s.rows for s in presenting.answers(application, before["answers"])}
    found = [
        Section(s.slug, s.title, asked.get(s.slug, []), _rows(was.get(s.slug, []), s.rows))
        for s in presenting.answers(application, after["answers"])
    ]
    found.append(Section("documents", _("Documents"), [], _documents(application, before, after)))
    return [section for section in found if section.asked or section.changed]


def _rows(before: Iterable[tuple[Any, Any]], after: Iterable[tuple[Any, Any]]) -> list[Row]:
    was = {str(label): str(value) for label, value in before}
    now = {str(label): str(value) for label, value in after}
    return [Row(label, was.get(label, ""), now.get(label, "")) for label in dict.fromkeys([*now, *was])]


def _documents(application: Application, before: Content, after: Content) -> list[Row]:
    was = {document["slug"]: document for document in before["documents"]}
    now = {document["slug"]: document for document in after["documents"]}
    rows = []
    for wanted in application.content["documents"]:
        old, new = was.get(wanted["slug"]), now.get(wanted["slug"])
        if old and new and old["sha256"] == new["sha256"]:
            continue
        title = str(in_language(wanted["title_en"], wanted["title_zh"]))
        rows.append(Row(title, _named(old), _named(new)))
    return rows


def _named(document: Mapping[str, Any] | None) -> str:
    return f"{document['name']} ({document['sha256'][:8]})" if document else ""
