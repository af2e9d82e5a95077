"""What a session holds goes with it: rows that have expired are deleted, others stay."""

from datetime import timedelta

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from portal.tasks import delete_expired_sessions


def test_expired_sessions_are_deleted_once_and_no_others(db: None) -> None:
    keys = []
    for left in (timedelta(seconds=-1), timedelta(days=-30), timedelta(minutes=1)):
        session = SessionStore()
        session["shortlist"] = [{"pk": 1}]
        session.set_expiry(timezone.now() + left)
        session.save()
        keys.append(session.session_key)

    for _beat in range(2):
        delete_expired_sessions()

    assert list(Session.objects.values_list("pk", flat=True)) == keys[2:]
