"""What complaints hold about the people who complain, and how it is erased."""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from investors.complaint_files import files_of
from investors.models import Complaint
from portal import personal_data
from portal.documents import erase_documents
from portal.lifecycle import Text
from portal.models import User
from portal.models.consents import ERASED


def complaints_of(user: User) -> list[dict[str, Any]]:
    """Return a person's complaints with their threads, as the person may read them, in values of JSON."""
    found = Complaint.objects.sent_by(user).select_related("organisation")
    return [_in_json(complaint) for complaint in found.prefetch_related("complained_of", "messages__author")]


def _in_json(complaint: Complaint) -> dict[str, Any]:
    return {
        "reference": complaint.reference,
        "standing": complaint.standing,
        "on_behalf_of": complaint.complains_for,
        "kind": complaint.kind,
        "authority": complaint.authority,
        "complained_of": [row.named for row in complaint.complained_of.all() if row.named],
        "language": complaint.language,
        "subject": complaint.subject,
        "facts": complaint.facts,
        "request": complaint.request,
        "elsewhere": complaint.elsewhere,
        "status": complaint.status,
        "received_at": complaint.received_at,
        "decision_due": complaint.decide_due,
        "accepted_at": complaint.accepted_at,
        "outcome_due": complaint.close_due,
        "extension_days": complaint.extension_days,
        "extension_reason": complaint.extension_reason,
        "ended_at": complaint.ended_at,
        "ground": complaint.ground,
        "ending": complaint.ending,
        "outcome": complaint.outcome,
        "erased_at": complaint.erased_at,
        "messages": [
            {
                "at": message.at,
                "by": "you" if message.author_id == complaint.complainant_id else message.author.name,
                "text": message.body,
            }
            for message in complaint.messages.all()
            if not message.is_internal
        ],
        "files": [
            {"name": file.name, "size": file.size, "sha256": file.sha256, "status": file.status}
            for file in files_of(complaint)
        ],
    }


def open_complaints(user: User) -> Iterator[Text]:
    """Yield what has to be settled before a person is erased: a complaint that is handled."""
    sentence = _("Complaint {reference} has not ended. Withdraw it first, or wait for its outcome.")
    for complaint in Complaint.objects.sent_by(user).open():
        yield format_lazy(sentence, reference=complaint.reference)


def erase_complaints(user: User) -> int:
    """Erase what a person's complaints say, texts and files; return how many.

    The register keeps the number, kind, dates and how each ended.
    """
    found = Complaint.objects.filter(complainant=user, erased_at=None).exclude(status__in=Complaint.OPEN)
    number = 0
    for complaint in found.select_for_update(of=("self",)).order_by("pk"):
        erase_documents(files_of(complaint))
        complaint.messages.exclude(body=ERASED).update(body=ERASED)
        complaint.complained_of.exclude(named__in=("", ERASED)).update(named=ERASED)
        for name in ("on_behalf_of", "authority", "subject", "facts", "request", "elsewhere", "extension_reason"):
            setattr(complaint, name, ERASED if getattr(complaint, name) else "")
        complaint.outcome = ERASED if complaint.outcome else ""
        complaint.erased_at = timezone.now()
        complaint.save()
        number += 1
    return number


def contribute() -> None:
    """Add the part that holds the complaints: it ends with the account, no consent is asked for it."""
    personal_data.contribute(
        personal_data.Part("complaints", _("Complaints"), complaints_of, erase_complaints, hinders=open_complaints)
    )
