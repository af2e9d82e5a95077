"""Django's own commands for accounts work, and leave their name in the history."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from portal import database
from portal.actor import acting
from portal.management.commands import migrate
from portal.models import HistoryEntry, User


def test_createsuperuser_leaves_its_name_in_history(committed_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "correct-horse-battery")

    with acting("command:createsuperuser"):
        call_command("createsuperuser", interactive=False, email="Root@portal.example", name="Root", stdout=StringIO())

    user = User.objects.get(email="root@portal.example")
    assert (user.is_staff, user.is_superuser, user.check_password("correct-horse-battery")) == (True, True, True)
    entries = HistoryEntry.objects.exclude(actor="command:migrate")
    assert set(entries.values_list("actor", flat=True)) == {"command:createsuperuser"}


def test_changepassword_works_in_no_transaction_of_its_own(committed_db: str, monkeypatch: Any) -> None:
    User.objects.create_user("root@portal.example", "correct-horse-battery", name="Root")
    monkeypatch.setattr("getpass.getpass", lambda **_: "another-horse-battery")

    with acting("command:changepassword"):
        call_command("changepassword", "root@portal.example", stdout=StringIO())

    assert User.objects.get(email="root@portal.example").check_password("another-horse-battery")


def test_migrate_mends_what_the_checks_complain_of(committed_db: str) -> None:
    with database.as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT oid::regprocedure::text FROM pg_proc WHERE proname LIKE 'pgtrigger_history_%' LIMIT 1")
        cursor.execute(f"ALTER FUNCTION {cursor.fetchone()[0]} RESET search_path")
    assert len(database.functions_not_guarded()) == 1

    # As from the shell: call_command would leave the checks out.
    migrate.Command().run_from_argv(["manage.py", "migrate", "--verbosity", "0"])

    assert database.functions_not_guarded() == []
