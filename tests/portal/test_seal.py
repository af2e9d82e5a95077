"""The chain over history holds, and shows what was tampered with."""

import time

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from portal import history
from portal.models import HistoryEntry, Holiday, Seal


def _write(day: str) -> None:
    with transaction.atomic():
        Holiday.objects.create(day=day, name="Test day")


def _seal() -> Seal | None:
    """Seal once no older transaction runs: those of other tests, in other databases of the server, count too."""
    newest = connection.cursor().execute("SELECT max(txid) FROM portal_historyentry").fetchone()[0]
    for _ in range(1800):
        oldest = (
            connection.cursor().execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint").fetchone()[0]
        )
        if oldest > newest:
            break
        time.sleep(0.1)
    return history.seal()


def _as_superuser(statement: str) -> None:
    """Do what only the owner of the cluster could: switch the triggers off and tamper."""
    name = connection.settings_dict["NAME"]
    with psycopg.connect(settings.DATABASE_OWNER_URL, dbname=name, autocommit=True) as owner:
        owner.execute("ALTER TABLE portal_historyentry DISABLE TRIGGER ALL")
        owner.execute(statement)


def test_seal_covers_each_entry_once(committed_db: str) -> None:
    _seal()
    _write("2031-01-04")
    _seal()
    _write("2031-01-05")

    _seal()

    assert _seal() is None
    assert sum(Seal.objects.values_list("entries", flat=True)) == HistoryEntry.objects.count()
    assert list(history.verify()) == []


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        (
            "UPDATE portal_historyentry SET actor = 'user:1' WHERE id = (SELECT max(id) FROM portal_historyentry)",
            "changed",
        ),
        ("DELETE FROM portal_historyentry WHERE id = (SELECT max(id) FROM portal_historyentry)", "sealed"),
    ],
)
def test_verify_history_finds_tampering(committed_db: str, statement: str, fault: str) -> None:
    _write("2031-01-04")
    _seal()
    _as_superuser(statement)

    faults = list(history.verify())

    assert len(faults) == 1
    assert fault in faults[0]
    with pytest.raises(CommandError, match="1 seals do not hold"):
        call_command("verify_history")


def test_seal_leaves_entries_of_running_transaction(committed_db: str) -> None:
    name = connection.settings_dict["NAME"]
    with psycopg.connect(settings.DATABASE_APPLICATION_URL, dbname=name) as other:
        other.execute("SELECT set_config('app.actor', 'test', true)")
        other.execute("INSERT INTO portal_holiday (day, is_working, name) VALUES ('2031-02-01', false, 'x')")
        _write("2031-02-02")
        history.seal()
        before = HistoryEntry.objects.count() - sum(Seal.objects.values_list("entries", flat=True))
        other.commit()

    _seal()

    assert before == 1  # the later row waits for the earlier transaction
    assert sum(Seal.objects.values_list("entries", flat=True)) == HistoryEntry.objects.count()
    assert list(history.verify()) == []


def test_seal_after_restore_into_new_cluster_finds_entries_with_smaller_transaction_ids(committed_db: str) -> None:
    _write("2031-03-01")
    last = _seal()
    assert last is not None
    Seal.objects.create(
        upto=last.upto + 10**9,
        entries=0,
        first_id=0,
        last_id=-1,
        ids="{}",
        digest=_digest_of_nothing(bytes(last.digest)),
    )
    _write("2031-03-02")

    _seal()

    assert sum(Seal.objects.values_list("entries", flat=True)) == HistoryEntry.objects.count()


def _digest_of_nothing(previous: bytes) -> bytes:
    return previous
