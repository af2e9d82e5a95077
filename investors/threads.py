"""The thread of an inquiry: its messages, and what was asked and written in those that were merged into it."""

from collections.abc import Iterator
from typing import NamedTuple

from investors.models import Inquiry, InquiryMessage
from investors.services.personal_data import files_by_message
from portal.models import Document


class Entry(NamedTuple):
    """A message as pages show it, with its files; ``merged`` is the reference of the inquiry that brought it here."""

    message: InquiryMessage
    files: list[Document]
    merged: str


def thread_of(inquiry: Inquiry, *, notes: bool) -> list[Entry]:
    """Return a thread in the order in which it was written, without the question itself; three queries.

    Args:
        inquiry: the inquiry.
        notes: whether internal notes are shown.
    """
    found = InquiryMessage.objects.in_thread(inquiry).select_related("author")
    written = list(found if notes else found.public())
    merged = {other.pk: other for other in inquiry.merged.select_related("sender").order_by("pk")}
    files = files_by_message(written)
    entries = [Entry(m, files.get(m.pk, []), _reference(merged.get(m.inquiry_id))) for m in written]
    return sorted([*entries, *_questions(merged)], key=lambda entry: entry.message.at)


def _questions(merged: dict[int, Inquiry]) -> Iterator[Entry]:
    for other in merged.values():
        question = InquiryMessage(inquiry=other, author=other.sender, body=other.text, at=other.received_at)
        yield Entry(question, [], other.reference)


def _reference(inquiry: Inquiry | None) -> str:
    return inquiry.reference if inquiry else ""
