"""Sessions by their person, whom Django finds by their key alone, and the end of those that have expired."""

from collections.abc import Iterator

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

from portal.models import User


def sessions_of(user: User) -> Iterator[Session]:
    """Yield the person's sessions: what they hold is signed and packed, so each one is opened."""
    for session in Session.objects.iterator(chunk_size=500):
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            yield session


def end_sessions(user: User) -> int:
    """Delete the person's sessions, with everything that they hold; return how many."""
    keys = [session.pk for session in sessions_of(user)]
    Session.objects.filter(pk__in=keys).delete()
    return len(keys)


def delete_expired() -> int:
    """Delete the sessions that have expired, with everything that they hold; return how many."""
    number, _by_table = Session.objects.filter(expire_date__lt=timezone.now()).delete()
    return number
