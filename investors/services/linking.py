"""Records that an inquiry has to do with: found by reference, number, code or address."""

from urllib.parse import urlsplit

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from firms.models import Organisation
from incentives.models import Application, Programme
from investors.models import Inquiry, InquiryLink, Opportunity
from investors.models.links import TARGETS
from investors.rules import answers
from portal.lifecycle import NotAllowed, StepClosed
from portal.models import User

MOST = 30
"""How many records one inquiry may be linked with."""


def find(user: User, text: str) -> tuple[str, models.Model] | None:
    """Return the record that a text names, as the column that holds it and the row; only what the person may see.

    Args:
        user: who looks.
        text: the reference of an inquiry, the number of an application, a social credit code, or the address of a page.
    """
    parts = [part for part in urlsplit(text.strip()).path.split("/") if part]
    word = parts[-1] if parts else ""
    if not word or len(word) > 100:  # noqa: PLR2004 -- no address is longer
        return None
    looked_at: list[tuple[str, models.QuerySet[models.Model]]] = [
        ("other", Inquiry.objects.visible_to(user).filter(reference=word.upper())),
        ("application", Application.objects.handled_by(user).filter(number=word.upper())),
        ("opportunity", Opportunity.objects.visible_to(user).filter(slug=word)),
        ("programme", Programme.objects.published().filter(slug=word)),
        ("organisation", _organisations(user, word)),
    ]
    for column, rows in looked_at:
        if (found := rows.first()) is not None:
            return column, found
    return None


def _organisations(user: User, word: str) -> models.QuerySet[Organisation]:
    living = Organisation.objects.visible_to(user).living()
    return living.filter(models.Q(slug=word) | models.Q(uscc=word.upper()))


@transaction.atomic
def link(*, by: User, inquiry: Inquiry, text: str) -> InquiryLink:
    """Link an inquiry with a record; the same record twice is linked once.

    Args:
        by: an officer for it.
        inquiry: the inquiry.
        text: what names the record, as ``find`` takes it.

    Raises:
        NotAllowed: ``by`` may not answer the inquiry.
        StepClosed: nothing is named so, or it is the inquiry itself.
    """
    locked = Inquiry.objects.select_for_update(of=("self",), no_key=True).get(pk=inquiry.pk)
    if not answers(by, locked):
        raise NotAllowed(_("You may not take this step."))
    found = find(by, text)
    if found is None or found[1] == locked:
        raise StepClosed(_("No record that you may see is named so."))
    if locked.links.count() >= MOST:
        raise StepClosed(_("No more records can be linked with it."))
    made, _new = InquiryLink.objects.get_or_create(inquiry=locked, **{found[0]: found[1]}, defaults={"linked_by": by})
    return made


@transaction.atomic
def unlink(*, by: User, inquiry: Inquiry, number: int) -> None:
    """Take a link away; history keeps it.

    Raises:
        NotAllowed: ``by`` may not answer the inquiry.
    """
    if not answers(by, inquiry):
        raise NotAllowed(_("You may not take this step."))
    inquiry.links.filter(pk=number).delete()


def links_of(inquiry: Inquiry, user: User) -> list[tuple[InquiryLink, models.Model]]:
    """Return the linked records that a person may see; the others stay unsaid."""
    found = list(inquiry.links.select_related(*TARGETS, "application__organisation", "other__sender"))
    applications = [link.application_id for link in found if link.application_id]
    others = [link.other_id for link in found if link.other_id]
    seen = set(Application.objects.handled_by(user).filter(pk__in=applications).values_list("pk", flat=True))
    asked = set(Inquiry.objects.visible_to(user).filter(pk__in=others).values_list("pk", flat=True))
    return [
        (link, link.target)
        for link in found
        if (link.application_id is None or link.application_id in seen)
        and (link.other_id is None or link.other_id in asked)
    ]
