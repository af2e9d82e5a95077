"""Adding, describing, ordering and removing the photographs of premises."""

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from investors.lifecycle import DRAFT, RETURNED
from investors.models import Opportunity, OpportunityPhoto
from investors.models.facts import Kind
from investors.models.photos import MOST_PHOTOS, PURPOSE
from investors.pictures import made_anew
from investors.rules import edits_for_owner
from portal.documents import erase_documents, store_document
from portal.lifecycle import NotAllowed, StepClosed
from portal.models import Document, User


def _held(by: User, opportunity: Opportunity) -> Opportunity:
    locked = Opportunity.objects.select_for_update(of=("self",)).get(pk=opportunity.pk)
    if not edits_for_owner(by, locked):
        raise NotAllowed(_("You may not write for this organisation."))
    if locked.kind != Kind.PREMISES:
        raise StepClosed(_("Only premises have photographs."))
    if locked.status not in {DRAFT, RETURNED}:
        raise StepClosed(_("It can be changed only while it is a draft or was returned to you."))
    return locked


@transaction.atomic
def add_photo(
    *, by: User, opportunity: Opportunity, upload: UploadedFile, caption_en: str, caption_zh: str
) -> OpportunityPhoto:
    """Add a photograph behind the others; what is kept is the picture made anew, and its file is checked like any.

    Args:
        by: a signatory or editor of the owner.
        opportunity: premises, a draft or returned.
        upload: a JPEG or PNG, see ``pictures.made_anew``.
        caption_en: what it shows, for those who do not see it.
        caption_zh: the same in Chinese; at least one of both.

    Raises:
        ValidationError: the picture is refused.
        NotAllowed: the person does not write for the owner.
        StepClosed: it is no longer written, or has eight already.
    """
    held = _held(by, opportunity)
    number = held.photos.count()
    if number >= MOST_PHOTOS:
        raise StepClosed(_("There are eight photographs already. Remove one first."))
    picture = made_anew(upload)
    file = SimpleUploadedFile("photo.jpg", picture.content, "image/jpeg")
    document = store_document(by=by, upload=file, subject=held, purpose=PURPOSE)
    return OpportunityPhoto.objects.create(
        opportunity=held,
        document=document,
        position=number + 1,
        width=picture.width,
        height=picture.height,
        caption_en=caption_en,
        caption_zh=caption_zh,
    )


@transaction.atomic
def describe_photo(*, by: User, photo: OpportunityPhoto, caption_en: str, caption_zh: str) -> None:
    """Say what a photograph shows.

    Args:
        by: a signatory or editor of the owner.
        photo: of premises that are written.
        caption_en: in English.
        caption_zh: in Chinese; at least one of both.

    Raises:
        NotAllowed, StepClosed: as for adding one.
    """
    _held(by, photo.opportunity)
    photo.caption_en, photo.caption_zh = caption_en, caption_zh
    photo.save(update_fields=["caption_en", "caption_zh"])


@transaction.atomic
def move_photo(*, by: User, photo: OpportunityPhoto) -> None:
    """Put a photograph one place further to the front; the first stays where it is.

    Args:
        by: a signatory or editor of the owner.
        photo: of premises that are written.

    Raises:
        NotAllowed, StepClosed: as for adding one.
    """
    held = _held(by, photo.opportunity)
    order = list(held.photos.all())
    place = next((number for number, one in enumerate(order) if one.pk == photo.pk), 0)
    if place:
        order[place - 1], order[place] = order[place], order[place - 1]
        _number(order)


@transaction.atomic
def remove_photo(*, by: User, photo: OpportunityPhoto) -> None:
    """Remove a photograph and its file for good.

    Args:
        by: a signatory or editor of the owner.
        photo: of premises that are written.

    Raises:
        NotAllowed, StepClosed: as for adding one.
    """
    held = _held(by, photo.opportunity)
    document = photo.document_id
    photo.delete()
    _number(list(held.photos.all()))
    erase_documents(Document.objects.filter(pk=document))


def _number(order: list[OpportunityPhoto]) -> None:
    for place, photo in enumerate(order, start=1):
        photo.position = place
    OpportunityPhoto.objects.bulk_update(order, ["position"])
