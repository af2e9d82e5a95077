"""What inquiries hold about the people who asked, and how it is erased."""

from collections.abc import Sequence
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from investors.lifecycle import INQUIRY
from investors.models import Inquiry, InquiryMessage, UnconfirmedInquiry
from portal.models import Document, User
from portal.personal_data import Part, Purpose, contribute, contribute_purpose

INQUIRIES = "inquiries"


def inquiries_of(user: User) -> list[dict[str, Any]]:
    """Return a person's inquiries with their threads, as the person may read them, in values of JSON."""
    found = Inquiry.objects.sent_by(user).select_related(
        "officer", "opportunity", "about_organisation", "programme", "organisation"
    )
    inquiries = list(found)
    threads: dict[int, list[InquiryMessage]] = {inquiry.pk: [] for inquiry in inquiries}
    for message in InquiryMessage.objects.public().filter(inquiry__in=inquiries).select_related("author"):
        threads[message.inquiry_id].append(message)
    files = files_by_message([message for thread in threads.values() for message in thread])
    return [in_json(inquiry, threads[inquiry.pk], files) for inquiry in inquiries]


def files_by_message(messages: Sequence[InquiryMessage]) -> dict[int, list[Document]]:
    """Return the files of messages by message, in the order in which they were sent; one query."""
    kind = ContentType.objects.get_for_model(InquiryMessage)
    files: dict[int, list[Document]] = {}
    for document in Document.objects.filter(subject_type=kind, subject_id__in=[m.pk for m in messages]).order_by("pk"):
        files.setdefault(document.subject_id, []).append(document)
    return files


def in_json(inquiry: Inquiry, thread: Sequence[InquiryMessage], files: dict[int, list[Document]]) -> dict[str, Any]:
    """Return one inquiry with its thread in values of JSON.

    Args:
        inquiry: with what it is about.
        thread: the messages that the reader may see.
        files: by message.
    """
    about = inquiry.about
    return {
        "reference": inquiry.reference,
        "topic": inquiry.topic,
        "about": settings.SITE_URL + about.get_absolute_url() if about else None,
        "on_behalf_of": inquiry.organisation.title if inquiry.organisation else inquiry.firm or None,
        "country": str(inquiry.country) or None,
        "language": inquiry.language,
        "subject": inquiry.subject,
        "text": inquiry.text,
        "status": inquiry.status,
        "officer": inquiry.officer.name if inquiry.officer else None,
        "received_at": inquiry.received_at,
        "confirmation_due": inquiry.acknowledge_due,
        "confirmed_at": inquiry.acknowledged_at,
        "answer_due": inquiry.answer_due,
        "answered_at": inquiry.answered_at,
        "rating": inquiry.rating,
        "rating_comment": inquiry.rating_comment,
        "erased_at": inquiry.erased_at,
        "messages": [
            {
                "at": message.at,
                "by": "you" if message.author_id == inquiry.sender_id else message.author.name,
                "text": message.body,
                "files": [
                    {"name": file.name, "size": file.size, "sha256": file.sha256, "status": file.status}
                    for file in files.get(message.pk, [])
                ],
            }
            for message in thread
        ],
    }


def erase_inquiries(user: User) -> int:
    """End the person's inquiries and erase what they say; return how many.

    What was asked on which topic, when, and how fast it was answered stays: the figures of the service standard rest on
    it, and say nothing of anybody.
    """
    addresses = [user.email, *EmailAddress.objects.filter(user=user).values_list("email", flat=True)]
    UnconfirmedInquiry.objects.filter(Q(email__in=addresses) | Q(inquiry__sender=user)).delete()
    number = 0
    own = Inquiry.objects.filter(sender=user, erased_at=None)
    for inquiry in own.exclude(status=Inquiry.Status.MERGED).order_by("pk"):  # what was merged goes with the other
        if inquiry.status in Inquiry.UNANSWERED:
            INQUIRY.apply(inquiry, "withdraw", by=user)
        elif inquiry.status == Inquiry.Status.ANSWERED:
            INQUIRY.apply(inquiry, "close", by=user)
        INQUIRY.apply(inquiry, "forget", by=user)
        number += 1
    return number


def contribute_all() -> None:
    """Add the purpose of asking, and the part that holds the inquiries."""
    says = _(
        "What you write and send us in inquiries, to answer it. {years} years after the last thing that happened to a "
        "closed inquiry its texts and files are erased."
    )
    contribute_purpose(
        Purpose(
            INQUIRIES,
            _("Asking the district"),
            format_lazy(says, years=settings.INQUIRY_RETENTION_YEARS),
            _("Your open inquiries are withdrawn, and the texts and files of all of them are erased."),
        )
    )
    contribute(Part(INQUIRIES, _("Inquiries"), inquiries_of, erase_inquiries, purpose=INQUIRIES))
