"""Erasing what inquiries say: texts and files, of the sender and of those who answered."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from investors.models import Inquiry, InquiryMessage
from portal.documents import erase_documents
from portal.models import Document
from portal.models.consents import ERASED
from portal.models.documents import DocumentQuerySet

ATTACHMENT = "inquiry_attachment"
"""The purpose of files in threads."""


def files_of(inquiry: Inquiry) -> DocumentQuerySet:
    """Return the files of an inquiry and of its messages, the notes among them."""
    kinds = ContentType.objects.get_for_models(Inquiry, InquiryMessage)
    own = Q(subject_type=kinds[Inquiry], subject_id=inquiry.pk)
    sent = Q(subject_type=kinds[InquiryMessage], subject_id__in=inquiry.messages.values("pk"))
    return Document.objects.filter(own | sent).order_by("pk")


def erase_thread(inquiry: Inquiry) -> None:
    """Erase the messages, notes and files of an inquiry: answers quote the question."""
    erase_documents(files_of(inquiry))
    inquiry.drafts.all().delete()
    inquiry.messages.exclude(body=ERASED).update(body=ERASED)
