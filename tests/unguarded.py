"""A session to which no guard says anything, and what the invariants then find broken."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection, transaction

from portal.database import as_owner
from portal.invariants import all_invariants


def broken(without: Collection[str] = ()) -> dict[str, int]:
    """Return how often each invariant is broken; some may be left out, to be quick."""
    wanted = [invariant for invariant in all_invariants() if invariant.name not in without]
    found = {invariant.name: len(list(invariant.violations())) for invariant in wanted}
    return {name: number for name, number in found.items() if number}


@contextmanager
def unguarded_session() -> Iterator[Callable[[str], Any]]:
    """Give the owner's session, to whom no trigger and no CHECK says anything, and no unique key that is tried."""
    with as_owner(), connection.cursor() as owner:
        owner.execute("""
            ALTER TABLE portal_notice DROP CONSTRAINT notice_once;
            ALTER TABLE investors_searchhit DROP CONSTRAINT search_hit_once;
            DROP INDEX interest_one_live_per_person;
            DO $$ DECLARE t record; BEGIN
                FOR t IN SELECT DISTINCT tgrelid::regclass AS name FROM pg_trigger
                          WHERE tgname LIKE 'pgtrigger_%' AND NOT tgisinternal LOOP
                    EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', t.name);
                END LOOP;
                FOR t IN SELECT conrelid::regclass AS tab, conname AS name FROM pg_constraint
                          WHERE contype = 'c' AND connamespace = 'public'::regnamespace LOOP
                    EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', t.tab, t.name);
                END LOOP;
            END $$
        """)
        yield owner.execute


def found_by(statement: str, execute: Callable[[str], Any], without: Collection[str] = ()) -> set[str]:
    """Return which invariants find what a statement did, and take it back; that the guards are off is known."""
    with transaction.atomic():
        execute(statement)
        found = broken({"guards", *without}).keys()
        transaction.set_rollback(True)
    return set(found)


def rewrite(database: str, trigger: str, old: str, new: str) -> None:
    """Write part of a trigger's function otherwise, as the owner; the database is dropped after the test."""
    with psycopg.connect(settings.DATABASE_OWNER_URL, dbname=database, autocommit=True) as owner:
        row = owner.execute(
            "SELECT pg_get_functiondef(tgfoid) FROM pg_trigger WHERE tgname LIKE %s", [f"pgtrigger\\_{trigger}\\_%"]
        ).fetchone()
        assert row is not None
        assert old in row[0]
        owner.execute(row[0].replace(old, new))


def during(work: Callable[[], object], statement: str, *values: Any) -> str:
    """Run a statement of the application's role beside work that is written and not committed yet; both are committed.

    Args:
        work: what is written meanwhile.
        statement: of another connection.
        values: its parameters.

    Returns:
        ``waits`` where the statement has to wait for the work, ``happens`` where it does not.
    """
    url, name = settings.DATABASE_APPLICATION_URL, connection.settings_dict["NAME"]
    with psycopg.connect(url, dbname=name) as other:
        with transaction.atomic():
            work()
            other.execute("SELECT set_config('app.actor', 'test', true)")
            other.execute("SET LOCAL lock_timeout = '200ms'")
            try:
                other.execute(statement, values)
            except psycopg.errors.LockNotAvailable:
                other.rollback()
                return "waits"
        other.commit()
    return "happens"
