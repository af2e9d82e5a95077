"""The owner's side of the confidential tier: files that come, change, are replaced and go."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from investors.models import DataRoom, DataRoomDocument, Opportunity
from investors.rules import edits_for_owner
from portal.documents import store_document
from portal.lifecycle import NotAllowed, StepClosed
from portal.models import Document, User

PURPOSE = "data_room"
"""The purpose of files in the confidential tier."""

MOST_FILES = 100
"""How many files one opportunity shows at a time."""

MOST_BYTES = 1024**3
"""How much one opportunity keeps, with what was withdrawn."""


@transaction.atomic
def add_room_document(
    *, by: User, opportunity: Opportunity, values: Mapping[str, str], upload: UploadedFile, key: UUID
) -> DataRoomDocument:
    """Put a file into a tier, behind the others; nobody else opens it before it is checked.

    Args:
        by: a signatory or editor of the owner.
        opportunity: whose confidential tier.
        values: ``tier``, ``title_en``, ``title_zh``; one of the titles may be empty.
        upload: the file.
        key: of the form that was sent; the same key again returns the file that it put there.

    Raises:
        NotAllowed: the person does not write for the owner.
        StepClosed: the room is full.
        ValidationError: the file is not acceptable.
    """
    _hold(by, opportunity)
    if made := DataRoomDocument.objects.filter(opportunity=opportunity, idempotency_key=key).first():
        return made
    current = DataRoomDocument.objects.filter(opportunity=opportunity).current()
    _check_room(opportunity, upload, current.count())
    last = current.filter(tier=values["tier"]).order_by().aggregate(last=Max("position"))["last"] or 0
    row = DataRoomDocument(opportunity=opportunity, position=last + 1, idempotency_key=key, **values)
    return _keep(by, row, upload)


@transaction.atomic
def replace_room_document(*, by: User, document: DataRoomDocument, upload: UploadedFile, key: UUID) -> DataRoomDocument:
    """Put another file in the place of one, which is withdrawn; who saw which is kept apart.

    Args:
        by: a signatory or editor of the owner.
        document: what is replaced.
        upload: the other file.
        key: of the form that was sent; the same key again returns what it put there.

    Raises:
        NotAllowed: the person does not write for the owner.
        StepClosed: it is not in the room any more, or the room is full.
        ValidationError: the file is not acceptable.
    """
    _hold(by, document.opportunity)
    if made := DataRoomDocument.objects.filter(replaces=document, idempotency_key=key).first():
        return made
    held = _withdrawn(document)
    _check_room(held.opportunity, upload, 0)
    row = DataRoomDocument(opportunity=held.opportunity, replaces=held, position=held.position, idempotency_key=key)
    row.tier, row.title_en, row.title_zh = held.tier, held.title_en, held.title_zh
    return _keep(by, row, upload)


@transaction.atomic
def withdraw_room_document(*, by: User, document: DataRoomDocument) -> None:
    """Take a file out of the room: from the next request on nobody but the owner opens it.

    Args:
        by: a signatory or editor of the owner.
        document: what is withdrawn.

    Raises:
        NotAllowed: the person does not write for the owner.
        StepClosed: it is not in the room any more.
    """
    _hold(by, document.opportunity)
    _withdrawn(document)


@transaction.atomic
def change_room_document(*, by: User, document: DataRoomDocument, values: Mapping[str, Any]) -> None:
    """Give a file another title, tier or place.

    Args:
        by: a signatory or editor of the owner.
        document: what is changed.
        values: ``tier``, ``title_en``, ``title_zh``, ``position``.

    Raises:
        NotAllowed: the person does not write for the owner.
        StepClosed: it is not in the room any more.
    """
    _hold(by, document.opportunity)
    held = _current(document)
    for name, value in values.items():
        setattr(held, name, value)
    held.save(update_fields=[*values])


@transaction.atomic
def announce_room(*, by: User, opportunity: Opportunity, announced: str) -> None:
    """Say what the public page tells of the confidential tier.

    Args:
        by: a signatory or editor of the owner.
        opportunity: whose confidential tier.
        announced: one of ``DataRoom.Announced``.

    Raises:
        NotAllowed: the person does not write for the owner.
    """
    _hold(by, opportunity)
    DataRoom.objects.update_or_create(opportunity=opportunity, defaults={"announced": announced})


def _hold(by: User, opportunity: Opportunity) -> None:
    """Let one person at a time change a room, if they may."""
    held = Opportunity.objects.select_for_update(of=("self",), no_key=True).get(pk=opportunity.pk)
    if not edits_for_owner(by, held):
        raise NotAllowed(_("You may not write for this organisation."))


def _current(document: DataRoomDocument) -> DataRoomDocument:
    """Lock a file of the room, after whoever opens it just now."""
    held = DataRoomDocument.objects.select_for_update(of=("self",)).get(pk=document.pk)
    if held.withdrawn_at:
        raise StepClosed(_("This file is not in the data room any more."))
    return held


def _withdrawn(document: DataRoomDocument) -> DataRoomDocument:
    held = _current(document)
    held.withdrawn_at = timezone.now()
    held.save(update_fields=["withdrawn_at"])
    return held


def _check_room(opportunity: Opportunity, upload: UploadedFile, already: int) -> None:
    if already >= MOST_FILES:
        raise StepClosed(_("There are %(most)d files already. Withdraw one first.") % {"most": MOST_FILES})
    kept = Document.objects.filter(pk__in=opportunity.room_documents.values("document"))
    size = kept.aggregate(size=Sum("size"))["size"] or 0
    if size + (upload.size or 0) > MOST_BYTES:
        raise StepClosed(_("The files of this opportunity are larger than 1 GB together. Write to us for more."))


def _keep(by: User, row: DataRoomDocument, upload: UploadedFile) -> DataRoomDocument:
    row.save()
    row.document = store_document(by=by, upload=upload, subject=row, purpose=PURPOSE)
    row.save(update_fields=["document"])
    return row
