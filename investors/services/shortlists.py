"""Keeping opportunities: the shortlist of a person with an account."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from investors.models import Opportunity, ShortlistItem
from investors.models.shortlists import MOST_KEPT, NOTE_LENGTH
from investors.shortlisting import Entry
from portal.models import User


class ListIsFull(Exception):  # noqa: N818 -- reads as the sentence it is
    """The list holds as many as one may."""


def entries_of(person: User) -> list[Entry]:
    """Return what a person keeps, newest first."""
    items = ShortlistItem.objects.visible_to(person).order_by("-added_at", "-pk")
    return [Entry(item.opportunity_id, item.title_en, item.title_zh, item.note) for item in items]


@transaction.atomic
def keep(*, by: User, entry: Entry) -> None:
    """Keep an opportunity; one that is kept already stays as it is.

    Args:
        by: whose list it is.
        entry: of an opportunity that the public sees, or of one that was taken off the list just now.

    Raises:
        ListIsFull: the list holds ``MOST_KEPT``.
    """
    if take_over(by=by, entries=[entry]):
        raise ListIsFull


@transaction.atomic
def take_over(*, by: User, entries: Iterable[Entry]) -> list[Entry]:
    """Add what was kept without an account to what the person keeps; a note there stays, where there is none it comes.

    Args:
        by: whose list it is.
        entries: newest first.

    Returns:
        What did not fit.
    """
    wanted = list(entries)
    if not wanted:
        return []
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # two tabs at once wait for each other
    kept = {item.opportunity_id: item for item in ShortlistItem.objects.filter(person=by)}
    there = set(Opportunity.objects.filter(pk__in=[entry.pk for entry in wanted]).values_list("pk", flat=True))
    taken = {item.place for item in kept.values()}
    free = iter(place for place in range(1, MOST_KEPT + 1) if place not in taken)
    left = []
    for entry in reversed(wanted):
        item = kept.get(entry.pk)
        if item or entry.pk not in there:
            _complete(item, entry)
        elif place := next(free, None):
            _add(by, entry, place)
        else:
            left.append(entry)
    return left[::-1]


def _complete(item: ShortlistItem | None, entry: Entry) -> None:
    if item and entry.note and not item.note:
        item.note = entry.note
        item.save(update_fields=["note"])


def _add(by: User, entry: Entry, place: int) -> None:
    words = {"title_en": entry.title_en, "title_zh": entry.title_zh, "note": entry.note[:NOTE_LENGTH]}
    ShortlistItem.objects.create(person=by, opportunity_id=entry.pk, place=place, added_at=timezone.now(), **words)


@transaction.atomic
def drop(*, by: User, pk: int) -> Entry | None:
    """Take an opportunity off the list.

    Args:
        by: whose list it is.
        pk: of the opportunity.

    Returns:
        What was taken off, with its note, so that it can be put back; nothing where it was not there.
    """
    item = ShortlistItem.objects.select_for_update().filter(person=by, opportunity=pk).first()
    if item is None:
        return None
    item.delete()
    return Entry(pk, item.title_en, item.title_zh, item.note)


def note(*, by: User, pk: int, text: str) -> bool:
    """Write to an opportunity that a person keeps; return whether it is on the list."""
    return bool(ShortlistItem.objects.filter(person=by, opportunity=pk).update(note=text[:NOTE_LENGTH]))
