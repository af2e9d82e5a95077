"""Who acts, and in which request: carried from the door to the database's history."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple
from uuid import uuid4

from django.db import connection


class Acting(NamedTuple):
    """The actor (``user:42``, ``system:sweep``, ``command:migrate``) and the request's id."""

    actor: str
    request_id: str


_acting: ContextVar[Acting | None] = ContextVar("acting", default=None)


def current() -> Acting | None:
    """Return who acts now, or None where nobody was named."""
    return _acting.get()


@contextmanager
def acting(actor: str, request_id: str = "") -> Iterator[None]:
    """Name the actor of everything written inside the block.

    Args:
        actor: ``user:<id>``, ``system:<task>`` or ``command:<name>``; never personal data.
        request_id: the id that the logs carry; made when empty.
    """
    token = _acting.set(Acting(actor, request_id or uuid4().hex))
    _announce_inside_transaction()
    try:
        yield
    finally:
        _acting.reset(token)
        _announce_inside_transaction()


def _announce_inside_transaction() -> None:
    """An open transaction already told the database who acts: tell it anew."""
    if connection.connection is not None and connection.in_atomic_block and not connection.needs_rollback:
        connection.announce_actor()  # type: ignore[attr-defined]
