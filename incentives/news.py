"""What happened to an application since a person was last there."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from incentives import conditions, presenting
from incentives.facts import Text, in_language
from incentives.models import Application
from portal.models import Document, StepTaken, User


@dataclass(frozen=True)
class News:
    """One thing that is new: when, what, and where it can be read."""

    at: datetime
    text: Text
    url: str = ""


def news(application: Application, taken: Iterable[StepTaken], *, since: datetime | None, reader: User) -> list[News]:
    """Return what is new to a person, newest first: steps, requests, documents, saved sections. Own deeds are no news.

    Args:
        application: with its answers, documents and change requests.
        taken: its steps.
        since: when the reader was last there; None at the first visit, when all would be new.
        reader: who reads.
    """
    if since is None:
        return []
    found = [
        *_steps(taken, reader),
        *_requests(application),
        *_documents(application, reader),
        *_sections(application, reader),
    ]
    return sorted((item for item in found if item.at > since), key=lambda item: item.at, reverse=True)


def _steps(taken: Iterable[StepTaken], reader: User) -> Iterator[News]:
    for step in taken:
        if step.step in presenting.WORDS and step.by_id != reader.pk:
            yield News(step.at, presenting.WORDS[step.step])


def _requests(application: Application) -> Iterator[News]:
    titles = dict(conditions.section_titles(application))
    for request in application.change_requests.all():
        url = reverse("incentives:changes", args=[application.uid])
        title = titles.get(request.section, request.section)
        yield News(request.at, format_lazy(_("A change is asked for in “{title}”"), title=title), url)


def _documents(application: Application, reader: User) -> Iterator[News]:
    titles = {w["slug"]: in_language(w["title_en"], w["title_zh"]) for w in application.content["documents"]}
    for row in application.documents.all():
        document, title = row.document, titles.get(row.slug, row.document.name)
        if document.uploaded_by_id != reader.pk:
            yield News(document.created_at, format_lazy(_("“{title}”: a document was added"), title=title))
        if document.status == Document.Status.INFECTED and document.done_at:
            words = format_lazy(_("“{title}”: the document was refused by the virus scanner"), title=title)
            yield News(document.done_at, words)


def _sections(application: Application, reader: User) -> Iterator[News]:
    if not application.is_open:
        return
    titles = dict(conditions.section_titles(application))
    for row in application.answers.all():
        if row.saved_by_id != reader.pk and row.section in titles:
            url = reverse("incentives:section", args=[application.uid, row.section])
            words = format_lazy(_("“{title}” was changed by {name}"), title=titles[row.section], name=row.saved_by.name)
            yield News(row.saved_at, words, url)
