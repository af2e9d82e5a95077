"""The files of interests: what was sent with messages, the notice of a price, the agreement; and who opens them."""

from collections.abc import Sequence

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from investors.disclosure import closed_to_files
from investors.interest_rules import is_party, writes_for_owner
from investors.models import Interest, InterestAcceptance, InterestMessage
from portal.models import Document, User
from portal.models.documents import DocumentQuerySet


def files_of(interest: Interest) -> DocumentQuerySet:
    """Return the files of an interest and of the messages about it."""
    kinds = ContentType.objects.get_for_models(Interest, InterestMessage)
    own = Q(subject_type=kinds[Interest], subject_id=interest.pk)
    sent = Q(subject_type=kinds[InterestMessage], subject_id__in=interest.messages.values("pk"))
    return Document.objects.filter(own | sent).order_by("pk")


def files_by_message(messages: Sequence[InterestMessage]) -> dict[int, list[Document]]:
    """Return the files that were sent with messages, by message; one query."""
    kind = ContentType.objects.get_for_model(InterestMessage)
    found: dict[int, list[Document]] = {}
    for document in Document.objects.filter(subject_type=kind, subject_id__in=[m.pk for m in messages]).order_by("pk"):
        found.setdefault(document.subject_id, []).append(document)
    return found


def files_for(user: User, interest: Interest) -> list[Document]:
    """Return the agreement and the evidence of the price, for the two sides alone."""
    return list(Document.objects.about(interest).order_by("pk")) if is_party(user, interest) else []


def is_for_parties(user: User, document: Document) -> bool:
    """Return whether somebody opens a file of the interest itself: the two sides, never an officer who reads along."""
    interest = document.subject
    return isinstance(interest, Interest) and user.is_authenticated and is_party(user, interest)


def opens_what_was_sent(user: User, document: Document) -> bool:
    """Return whether somebody opens a file of a message.

    Whoever reads the thread does, but what an owner sent about a technology the interested side opens only while its
    confidential tier is open to them.
    """
    message = document.subject
    if not isinstance(message, InterestMessage):
        return False
    if not InterestMessage.objects.visible_to(user).filter(pk=message.pk).exists():
        return False
    return not (message.side == InterestAcceptance.Side.OWNER and are_shut(user, message.interest))


def are_shut(user: User, interest: Interest) -> bool:
    """Return whether files that the owner sent with messages are closed to somebody of the interested side now."""
    if user.pk == interest.officer_id or writes_for_owner(user, interest):
        return False
    return bool(closed_to_files(interest, user))
