"""Whose shortlist a request is about: that of the person who is signed in, or that of the session."""

import secrets
from abc import ABC, abstractmethod

from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from investors.holding import Holder
from investors.models.shortlists import MOST_KEPT
from investors.services import brochures, sharing, shortlists
from investors.services.shortlists import ListIsFull
from investors.shortlisting import MOST_IN_SESSION, Entry, read
from portal.models import User

_KEY = "shortlist"
_UNDO = "shortlist_undo"
_SECRET = "shortlist_holder"  # noqa: S105 -- the name of a key


class Shortlist(ABC):
    """What pages do with a shortlist, whoever's it is; what was taken off last waits in the session to be put back."""

    most: int

    def __init__(self, session: SessionBase) -> None:
        self._session = session

    @abstractmethod
    def entries(self) -> list[Entry]:
        """Return what is kept, newest first."""

    @abstractmethod
    def keep(self, entry: Entry) -> None:
        """Add an entry; one that is there stays as it is.

        Raises:
            ListIsFull: there is no room.
        """

    @abstractmethod
    def drop(self, pk: int) -> Entry | None:
        """Take an entry off, and return it."""

    @abstractmethod
    def note(self, pk: int, text: str) -> bool:
        """Write to an entry; return whether it is there."""

    def dropped(self) -> Entry | None:
        """Return what was taken off last, unless it was put back."""
        return next(iter(read([self._session.get(_UNDO)])), None)

    def put_back(self) -> Entry | None:
        """Add again what was taken off last, with its note.

        Raises:
            ListIsFull: there is no room any more.
        """
        entry = self.dropped()
        if entry:
            self.keep(entry)
            self._session.pop(_UNDO, None)
        return entry


class _OfPerson(Shortlist):
    """The rows of somebody who is signed in."""

    most = MOST_KEPT

    def __init__(self, session: SessionBase, person: User) -> None:
        super().__init__(session)
        self._person = person

    def entries(self) -> list[Entry]:
        return shortlists.entries_of(self._person)

    def keep(self, entry: Entry) -> None:
        shortlists.keep(by=self._person, entry=entry)

    def drop(self, pk: int) -> Entry | None:
        dropped = shortlists.drop(by=self._person, pk=pk)
        if dropped:
            self._session[_UNDO] = dropped.as_json()
            take_over(self._session, self._person)  # what had no room before
        return dropped

    def note(self, pk: int, text: str) -> bool:
        return shortlists.note(by=self._person, pk=pk, text=text)


class _OfSession(Shortlist):
    """What a session keeps; it goes with the session."""

    most = MOST_IN_SESSION
    _is_new = False

    def entries(self) -> list[Entry]:
        return read(self._session.get(_KEY))

    @transaction.atomic
    def keep(self, entry: Entry) -> None:
        kept = self._locked()
        if any(one.pk == entry.pk for one in kept):
            return
        if len(kept) >= MOST_IN_SESSION:
            raise ListIsFull
        self._write([entry, *kept])

    @transaction.atomic
    def drop(self, pk: int) -> Entry | None:
        kept = self._locked()
        dropped = next((one for one in kept if one.pk == pk), None)
        if dropped:
            self._session[_UNDO] = dropped.as_json()
            self._write([one for one in kept if one.pk != pk])
        return dropped

    @transaction.atomic
    def note(self, pk: int, text: str) -> bool:
        kept = self._locked()
        is_there = any(one.pk == pk for one in kept)
        if is_there:
            self._write([one.noted(text) if one.pk == pk else one for one in kept])
        return is_there

    def _locked(self) -> list[Entry]:
        """Read what the session keeps now; whoever else writes to it waits until this is written."""
        if key := self._session.session_key:
            Session.objects.select_for_update().filter(pk=key).first()
            self._session._session_cache = self._session.load()  # type: ignore[attr-defined]
        return self.entries()

    def _write(self, entries: list[Entry]) -> None:
        """Write at once, under the lock: the middleware would write later, over what somebody wrote meanwhile."""
        self._is_new = self._is_new or self._session.session_key is None
        self._session[_KEY] = [entry.as_json() for entry in entries]
        self._session.setdefault(_SECRET, secrets.token_urlsafe(32))  # before two tabs ask at once for a brochure
        self._session.save()
        self._session.modified = self._is_new  # the cookie of a new one is still to be sent


def shortlist_of(request: HttpRequest) -> Shortlist:
    """Return the shortlist that a request is about."""
    if request.user.is_authenticated:
        return _OfPerson(request.session, request.user)
    return _OfSession(request.session)


def waiting_in(session: SessionBase) -> list[Entry]:
    """Return what a session keeps: after a sign-in, that is what the person's list had no room for."""
    return read(session.get(_KEY))


def take_over(session: SessionBase, user: User) -> None:
    """Give the person who has just signed in what the session keeps; what does not fit waits in it.

    What was shared and printed without an account becomes the person's as well.
    """
    if entries := waiting_in(session):
        left = shortlists.take_over(by=user, entries=entries)
        session[_KEY] = [entry.as_json() for entry in left]
    if secret := session.pop(_SECRET, ""):
        sharing.take_over(by=user, session_digest=_digest(secret))
        brochures.take_over(by=user, session_digest=_digest(secret))


def holder_of(request: HttpRequest) -> Holder:
    """Return whose brochures and links a request is about; a session that holds none yet is nobody's."""
    if request.user.is_authenticated:
        return Holder(person=request.user)
    secret = request.session.get(_SECRET, "")
    return Holder(session_digest=_digest(secret)) if secret else Holder()


def holder_to_be(request: HttpRequest) -> Holder:
    """Return the same for somebody who makes one now: the session gets a secret of which a digest is kept."""
    if not request.user.is_authenticated and _SECRET not in request.session:
        request.session[_SECRET] = secrets.token_urlsafe(32)
    return holder_of(request)


def _digest(secret: str) -> str:
    return salted_hmac("investors.shortlist_holder", secret, algorithm="sha256").hexdigest()
