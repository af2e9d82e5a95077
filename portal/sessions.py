"""Sessions by their person: Django finds them by their key alone."""

from collections.abc import Iterator

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session

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
