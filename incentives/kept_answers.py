"""The answers of the public check that a visitor asked to keep: in their session, and nowhere else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone
from django.utils.dateparse import parse_date

from firms.models import Organisation
from portal import clock
from portal.models import User

KEPT_FOR = timedelta(days=14)
"""As long as a session lasts; a session that is used on and on keeps them no longer."""

_KEY = "check_answers"
_LONGEST = 30
_MOST = 20


@dataclass(frozen=True)
class Kept:
    """Answers as they were typed, by the name of the question, and the day on which they were kept."""

    on: date
    answers: Mapping[str, str]

    @property
    def until(self) -> date:
        """The last day on which they are kept."""
        return self.on + KEPT_FOR


def keep(session: SessionBase, answers: Mapping[str, str]) -> Kept:
    """Keep answers in a session, in the place of earlier ones."""
    kept = Kept(_today(), dict(answers))
    session[_KEY] = {"on": kept.on.isoformat(), "answers": kept.answers}
    return kept


def forget(session: SessionBase) -> bool:
    """Take the answers out of a session; return whether it kept any."""
    return session.pop(_KEY, None) is not None


def kept_in(session: SessionBase) -> Kept | None:
    """Return what a session keeps; what is past its time, or cannot have been written here, goes."""
    if _KEY not in session:
        return None
    kept = _read(session[_KEY])
    if kept is None:
        forget(session)
    return kept


def kept_about(session: SessionBase, user: User, organisation: Organisation) -> Kept | None:
    """Return what a session keeps, where it is about an organisation: its code was answered, or there is no other.

    Args:
        session: of the request.
        user: who has signed in.
        organisation: one of theirs.
    """
    kept = kept_in(session)
    if kept is None:
        return None
    if code := kept.answers.get("firm"):
        return kept if code == organisation.uscc else None
    theirs = Organisation.objects.with_member(user).values_list("pk", flat=True)[:2]
    return kept if list(theirs) == [organisation.pk] else None


def _read(found: Any) -> Kept | None:
    try:
        on, answers = parse_date(found["on"]), dict(found["answers"])
    except (KeyError, TypeError, ValueError):
        return None
    if on is None or not on <= _today() <= on + KEPT_FOR or len(answers) > _MOST:
        return None
    are_words = all(isinstance(value, str) and len(value) <= _LONGEST for value in answers.values())
    return Kept(on, answers) if are_words else None


def _today() -> date:
    return timezone.localdate(timezone=clock.SHANGHAI)
