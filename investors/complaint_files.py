"""The files of complaints."""

from collections.abc import Sequence

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q

from investors.models import Complaint, ComplaintMessage
from portal.models import Document
from portal.models.documents import DocumentQuerySet


def files_of(complaint: Complaint) -> DocumentQuerySet:
    """Return the files of a complaint and of the messages about it."""
    kinds = ContentType.objects.get_for_models(Complaint, ComplaintMessage)
    own = Q(subject_type=kinds[Complaint], subject_id=complaint.pk)
    sent = Q(subject_type=kinds[ComplaintMessage], subject_id__in=complaint.messages.values("pk"))
    return Document.objects.filter(own | sent).order_by("pk")


def files_by_subject(complaint: Complaint, messages: Sequence[ComplaintMessage]) -> dict[Model, list[Document]]:
    """Return the files by what they were sent with; one query.

    Args:
        complaint: whose files.
        messages: those that the reader may see.
    """
    kinds = ContentType.objects.get_for_models(Complaint, ComplaintMessage)
    sent: dict[tuple[int, int], Model] = {(kinds[Complaint].pk, complaint.pk): complaint}
    sent |= {(kinds[ComplaintMessage].pk, message.pk): message for message in messages}
    files: dict[Model, list[Document]] = {}
    for document in files_of(complaint):
        if subject := sent.get((document.subject_type_id, document.subject_id)):
            files.setdefault(subject, []).append(document)
    return files
