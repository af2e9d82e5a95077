"""History: written by triggers, refused for nobody, never changed, sealed in a chain."""

import pytest
from django.db import DatabaseError, connection, transaction

from portal import actor
from portal.models import HistoryEntry, User


def test_history_of_new_user_names_actor_and_masks_address(db: None) -> None:
    with actor.acting("user:7", "req-1"):
        user = User.objects.create_user("Wei@demo.example", name="Wei")

    entry = HistoryEntry.objects.of(user).get()

    assert (entry.operation, entry.actor, entry.request) == ("insert", "user:7", "req-1")
    assert entry.now["email"] == "…"
    assert "password" not in entry.now


def test_history_without_actor_refuses_write(db: None) -> None:
    token = actor._acting.set(None)
    try:
        connection.announce_actor()
        with pytest.raises(DatabaseError, match="nobody acts"), transaction.atomic():
            User.objects.create_user("wei@demo.example", name="Wei")
    finally:
        actor._acting.reset(token)


@pytest.mark.parametrize("statement", ["UPDATE portal_historyentry SET actor = 'x'", "DELETE FROM portal_historyentry"])
def test_history_refuses_change_by_application_role(db: None, statement: str) -> None:
    User.objects.create_user("wei@demo.example", name="Wei")

    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
