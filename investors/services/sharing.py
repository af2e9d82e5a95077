"""Showing a shortlist to others by a link, and ending it."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.core import signing
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from investors.holding import Holder
from investors.models import SharedShortlist
from investors.models.shortlists import MOST_KEPT
from portal.models import User

VALID = timedelta(days=30)
"""For how long a link works."""

MOST_LIVE = 10
"""So many links of one holder work at a time."""

_SALT = "investors.shared_shortlist"


class TooManyLinks(Exception):  # noqa: N818 -- reads as the sentence it is
    """As many links of this holder work as may."""


class DeadLink(Exception):  # noqa: N818 -- reads as the sentence it is
    """The link shows nothing."""


class LinkIsWrong(DeadLink):
    """The link is not one that was made, or not all of it."""


class LinkHasEnded(DeadLink):
    """The link was right once: it has expired, or whoever made it ended it."""


@transaction.atomic
def share(*, by: Holder, opportunities: Sequence[int]) -> SharedShortlist:
    """Make a link to a shortlist as it is now; while one to just this list works, that is returned.

    Args:
        by: whose list it is.
        opportunities: their keys, in the list's order.

    Raises:
        TooManyLinks: ``MOST_LIVE`` links of this holder work.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{_SALT}:{by.name}"])
    shown = list(dict.fromkeys(opportunities))[:MOST_KEPT]
    live = links_of(by)
    if same := live.filter(opportunities=shown).first():
        return same
    if live.count() >= MOST_LIVE:
        raise TooManyLinks
    now = timezone.now()
    return SharedShortlist.objects.create(**by.fields, opportunities=shown, created_at=now, expires_at=now + VALID)


def links_of(holder: Holder) -> QuerySet[SharedShortlist]:
    """Return the links of a holder that work, newest first."""
    return holder.theirs(SharedShortlist.objects.live()).order_by("-created_at", "-pk")


def end_link(*, by: Holder, uid: UUID) -> bool:
    """End a link at once; return whether it was the holder's, and worked."""
    return bool(links_of(by).filter(uid=uid).order_by().update(revoked_at=timezone.now()))


def token_of(shared: SharedShortlist) -> str:
    """Return what the address of a link ends with: the row's ``uid``, signed, so that the database alone makes none."""
    return signing.Signer(salt=_SALT).sign(str(shared.uid))


def find(token: str) -> SharedShortlist:
    """Return what a link shows.

    Raises:
        LinkIsWrong, LinkHasEnded: it shows nothing.
    """
    try:
        uid = UUID(signing.Signer(salt=_SALT).unsign(token))
    except (signing.BadSignature, ValueError) as error:
        raise LinkIsWrong from error
    shared = SharedShortlist.objects.live().filter(uid=uid).first()
    if shared is None:
        raise LinkHasEnded
    return shared


def take_over(*, by: User, session_digest: str) -> None:
    """Give a person the links that were made without an account."""
    SharedShortlist.objects.filter(session_digest=session_digest).update(person=by, session_digest="")
