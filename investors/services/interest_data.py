"""What interests hold about people, and how it is erased."""

from collections.abc import Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from investors.agreements import PURPOSE
from investors.interest_files import files_by_message, files_of
from investors.interest_lifecycle import INTEREST
from investors.models import Interest, InterestAcceptance, InterestMessage, InterestMilestone
from portal.documents import erase_documents
from portal.lifecycle import SYSTEM, Text
from portal.models import Document, User
from portal.models.consents import ERASED
from portal.personal_data import Part, contribute


def interests_of(user: User) -> dict[str, Any]:
    """Return the interests that a person expressed, and what they wrote and accepted, in values of JSON."""
    expressed = Interest.objects.filter(person=user).select_related("opportunity", "organisation").order_by("pk")
    written = InterestMessage.objects.filter(author=user).select_related("interest")
    accepted = InterestAcceptance.objects.filter(signed_by=user).select_related("interest", "text")
    planned = InterestMilestone.objects.filter(added_by=user).select_related("interest")
    files = files_by_message(list(written))
    return {
        "expressed": [_in_json(interest) for interest in expressed],
        "messages": [
            {
                "about": m.interest.reference,
                "at": m.at,
                "text": m.body,
                "files": [_file(document) for document in files.get(m.pk, [])],
            }
            for m in written
        ],
        "acceptances": [
            {
                "about": a.interest.reference,
                "at": a.at,
                "name": a.name,
                "on_behalf_of": a.on_behalf_of,
                "text": a.text.number,
                "sha256": a.text_sha256,
            }
            for a in accepted
        ],
        "milestones": [
            {"about": m.interest.reference, "title": m.title, "due_on": m.due_on, "status": m.status} for m in planned
        ],
    }


def _in_json(interest: Interest) -> dict[str, Any]:
    return {
        "reference": interest.reference,
        "opportunity": interest.opportunity.title,
        "on_behalf_of": interest.organisation.title if interest.organisation else None,
        "country": str(interest.country),
        "message": interest.message,
        "status": interest.status,
        "expressed_at": interest.expressed_at,
        "accepted_at": interest.accepted_at,
        "agreed_at": interest.agreed_at,
        "ended_at": interest.ended_at,
        "decline_reason": interest.decline_reason,
        "decline_text": interest.decline_text,
        "price_set_by": interest.price_set_by,
        "price_notice_from": interest.price_notice_from,
        "concluded_on": interest.concluded_on,
        "contract_registration": interest.contract_registration,
        "no_registration_reason": interest.no_registration_reason,
        "export_certificate": interest.export_certificate,
        "access_revoked_at": interest.access_revoked_at,
        "room_opened_at": interest.room_opened_at,
        "files": [_file(document) for document in Document.objects.about(interest).order_by("pk")],
    }


def _file(document: Document) -> dict[str, Any]:
    return {"name": document.name, "size": document.size, "sha256": document.sha256, "status": document.status}


def open_interests(user: User) -> Iterator[Text]:
    """Yield what has to be settled before a person is erased: their interest that has not ended."""
    sentence = _("Expression of interest {reference} has not ended. Withdraw it first.")
    for interest in Interest.objects.filter(person=user).live():
        yield format_lazy(sentence, reference=interest.reference)


def erase_interests(user: User) -> int:
    """Erase what a person's interests say, what they wrote about others, and their name under agreements.

    That both sides accepted which text, and when, stays.

    Returns:
        How many interests of theirs were erased.
    """
    number = 0
    for interest in Interest.objects.filter(person=user, erased_at=None, status__in=Interest.ENDED).order_by("pk"):
        INTEREST.apply(interest, "forget", by=SYSTEM)
        number += 1
    _erase_words(user)
    _erase_names(user)
    return number


def _erase_words(user: User) -> None:
    messages = InterestMessage.objects.filter(author=user).exclude(body=ERASED)
    kind = ContentType.objects.get_for_model(InterestMessage)
    erase_documents(
        Document.objects.filter(subject_type=kind, subject_id__in=list(messages.values_list("pk", flat=True)))
    )
    messages.update(body=ERASED)
    InterestMilestone.objects.filter(added_by=user).exclude(title=ERASED).update(title=ERASED)


def _erase_names(user: User) -> None:
    for acceptance in InterestAcceptance.objects.filter(signed_by=user, erased_at=None).select_related("interest"):
        erase_documents(files_of(acceptance.interest).filter(purpose=PURPOSE))
        acceptance.name, acceptance.erased_at = ERASED, timezone.now()
        acceptance.save(update_fields=["name", "erased_at"])


def contribute_all() -> None:
    """Add the part that holds the interests."""
    contribute(Part("interests", _("Expressions of interest"), interests_of, erase_interests, hinders=open_interests))
