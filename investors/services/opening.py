"""The one way to what is confidential: an opening is a row first, and bytes only after it."""

from django.db import IntegrityError, transaction
from psycopg.errors import CheckViolation

from investors.models import DataRoomDocument, DataRoomView, Interest
from investors.notices.dataroom import RoomFirstOpened
from portal.models import Document, User


def open_file(user: User, document: Document) -> bool:
    """Return whether a person may open a file of a data room now; the row that says so is written by this.

    Its owner opens it without a row. The door to documents asks it once, in the transaction of the request.

    Args:
        user: who wants to open it.
        document: a file of a data room.
    """
    if DataRoomDocument.objects.visible_to(user).filter(document=document).exists():
        return True
    held = DataRoomDocument.objects.current().checked().filter(document=document).first()
    if held is None:
        return False
    disclosed = Interest.objects.of_person(user).filter(
        opportunity=held.opportunity_id, status__in=Interest.DISCLOSED, access_revoked_at=None
    )
    return any(record_opening(by=user, interest=interest, document=held) for interest in disclosed.order_by("-pk"))


def record_opening(*, by: User, interest: Interest, document: DataRoomDocument | None = None) -> DataRoomView | None:
    """Write that a person opens a file, or the confidential text, and return the row; nothing where it is closed.

    PostgreSQL alone decides, at that instant. What the row names may be shown in the same transaction, and not without.
    The owner is told of the first opening by each person.

    Args:
        by: who opens it, of the interested side.
        interest: on which the person stands.
        document: the file; None for the text.
    """
    is_first = not DataRoomView.objects.filter(interest=interest, person=by).exists()
    try:
        with transaction.atomic():
            view = DataRoomView.objects.create(interest=interest, person=by, document=document)
    except IntegrityError as refused:
        if isinstance(refused.__cause__, CheckViolation):
            return None
        raise
    if is_first:
        RoomFirstOpened().tell(view)
    return view
