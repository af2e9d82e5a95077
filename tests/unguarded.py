"""A session to which no guard says anything, and what the invariants then find broken."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any

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
