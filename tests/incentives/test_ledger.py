"""The ledger moves budgets; PostgreSQL refuses every other way and every overdraft."""

import threading
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from incentives import ledger
from incentives.models import Application, Budget, LedgerEntry
from tests.incentives import make
from tests.racing import meeting, wait_for_end


def run(statement: str, *values: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def move(application: Application, kind: str, amount: object, key: str = "k") -> None:
    run(
        "INSERT INTO incentives_ledgerentry (budget_id, kind, amount, application_id, key, note) "
        "SELECT b.id, %s, %s, a.id, %s, '' FROM incentives_application a "
        "JOIN incentives_budget b ON b.round_id = a.round_id WHERE a.id = %s",
        kind,
        amount,
        key,
        application.pk,
    )


def counters(application: Application) -> tuple[Any, ...]:
    return (
        Budget.objects.filter(round=application.round).values_list("allocated", "reserved", "committed", "paid").get()
    )


def test_ledger_moves_the_counters_as_each_kind_says(db: None) -> None:
    application = make.draft()

    move(application, "reserve", 500, "1")
    assert counters(application) == (10_000_000, 500, 0, 0)
    move(application, "commit", 500, "2")
    assert counters(application) == (10_000_000, 0, 500, 0)
    move(application, "pay", 200, "3")
    assert counters(application) == (10_000_000, 0, 500, 200)
    move(application, "claw_back", 50, "4")
    assert counters(application) == (10_000_000, 0, 450, 150)
    move(application, "release_commitment", 300, "5")
    assert counters(application) == (10_000_000, 0, 150, 150)
    with connection.cursor() as cursor:  # a draft that holds money fails at the end: give it back
        move(application, "claw_back", 150, "6")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE incentives_budget SET allocated = allocated + 1",
        "UPDATE incentives_budget SET reserved = 1",
        "UPDATE incentives_budget SET committed = 1, paid = 1",
        "UPDATE incentives_ledgerentry SET amount = 1",
        "DELETE FROM incentives_ledgerentry",
        "TRUNCATE incentives_ledgerentry",
        "ALTER TABLE incentives_budget DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
    ],
)
def test_budget_and_ledger_refuse_direct_change(db: None, statement: str) -> None:
    make.draft()

    with pytest.raises(DatabaseError):
        run(statement)


def test_budget_is_not_moved_from_inside_another_trigger(db: None) -> None:
    opened = make.round_of()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE own (id int)")
        cursor.execute(
            "CREATE FUNCTION pg_temp.more() RETURNS trigger LANGUAGE plpgsql AS "
            "'BEGIN UPDATE incentives_budget SET allocated = 99000000; RETURN NULL; END'"
        )
        cursor.execute("CREATE TRIGGER own AFTER INSERT ON own FOR EACH ROW EXECUTE FUNCTION pg_temp.more()")

    with pytest.raises(DatabaseError, match="permission denied"):
        run("INSERT INTO own VALUES (1)")

    assert Budget.objects.get(round=opened).allocated == 10_000_000


def test_ledger_moves_the_budget_and_not_a_temporary_table_of_its_name(db: None) -> None:
    application = make.draft()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE incentives_budget AS SELECT * FROM public.incentives_budget")

    with pytest.raises(DatabaseError, match="budget_not_overcommitted"):
        run(
            "INSERT INTO incentives_ledgerentry (budget_id, kind, amount, application_id, key, note) "
            "SELECT id, 'reserve', 99000000, %s, 'k', '' FROM public.incentives_budget",
            application.pk,
        )


def test_budget_begins_with_nothing(db: None) -> None:
    opened = make.round_of(budget=None)

    with pytest.raises(DatabaseError, match="begins with nothing"):
        run(
            "INSERT INTO incentives_budget (round_id, allocated, reserved, committed, paid) VALUES (%s, 5, 0, 0, 0)",
            opened.pk,
        )


@pytest.mark.parametrize(
    ("kind", "amount"),
    [
        ("reserve", 10_000_001),
        ("reserve", 0),
        ("reserve", -1),
        ("reserve", Decimal("NaN")),
        ("commit", 1),
        ("pay", 1),
        ("release_reservation", 1),
        ("release_commitment", 1),
        ("claw_back", 1),
        ("allocate", 1),
        ("give", 1),
    ],
)
def test_ledger_refuses_what_is_not_held(db: None, kind: str, amount: object) -> None:
    application = make.draft()

    with pytest.raises(DatabaseError):
        move(application, kind, amount)

    assert counters(application) == (10_000_000, 0, 0, 0)


def test_ledger_refuses_money_of_another_application(db: None) -> None:
    opened = make.round_of()
    rich, poor = make.draft(opened), make.draft(opened)
    move(rich, "reserve", 500, "1")

    for kind in ("commit", "release_reservation"):
        with pytest.raises(DatabaseError, match="does not hold"):
            move(poor, kind, 500, "2")
    with pytest.raises(DatabaseError, match="does not hold"):
        move(rich, "reserve", 100, "3")  # a second reservation beside a live one
    move(rich, "release_reservation", 500, "4")


def test_ledger_refuses_budget_of_another_round(db: None) -> None:
    application, other = make.draft(), make.draft()

    with pytest.raises(DatabaseError, match="not of this budget"):
        run(
            "INSERT INTO incentives_ledgerentry (budget_id, kind, amount, application_id, key, note) "
            "VALUES (%s, 'reserve', 5, %s, 'k', '')",
            other.round.budget.pk,
            application.pk,
        )


def test_ledger_moves_once_per_key(db: None) -> None:
    application = make.draft()
    move(application, "reserve", 500, "same")
    statement = (
        "INSERT INTO incentives_ledgerentry (budget_id, kind, amount, application_id, key, note) "
        "VALUES (%s, 'reserve', 500, %s, 'same', '')"
    )

    with pytest.raises(DatabaseError, match="unique"):
        run(statement, application.round.budget.pk, application.pk)
    run(f"{statement} ON CONFLICT (key) DO NOTHING", application.round.budget.pk, application.pk)

    assert counters(application) == (10_000_000, 500, 0, 0)
    move(application, "release_reservation", 500, "back")


def test_draft_that_holds_money_is_refused_at_the_end(db: None) -> None:
    application = make.draft()
    move(application, "reserve", 500)

    with pytest.raises(DatabaseError, match="still holds money"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    move(application, "release_reservation", 500, "back")


def _race(database: str, statement: str, budget: int, times: int) -> list[str]:
    """Run a statement many times at once as the application's role; return the errors."""
    barrier = meeting(times)
    errors: list[str] = []

    def one(number: int) -> None:
        with psycopg.connect(settings.DATABASE_APPLICATION_URL, dbname=database, autocommit=True) as own:
            barrier.wait()
            try:
                with own.transaction():
                    own.execute("SELECT set_config('app.actor', 'test', true)")
                    own.execute(statement, {"budget": budget, "key": f"race-{number}"})
            except psycopg.Error as error:
                errors.append(str(error))

    threads = [threading.Thread(target=one, args=(number,), daemon=True) for number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        wait_for_end(thread)
    return errors


# Each entry is 600 of a budget of 1,000 and is bound to an application of its own.
RACE = """
    INSERT INTO incentives_ledgerentry (budget_id, kind, amount, application_id, key, note)
    SELECT b.id, 'reserve', 600, a.id, %(key)s::text, ''
      FROM incentives_budget b JOIN incentives_application a ON a.round_id = b.round_id
     WHERE b.id = %(budget)s ORDER BY a.id OFFSET split_part(%(key)s::text, '-', 2)::int LIMIT 1
"""
UNGUARDED = """
    CREATE OR REPLACE FUNCTION sums_without_lock() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF (SELECT coalesce(sum(amount), 0) FROM incentives_ledgerentry
             WHERE budget_id = NEW.budget_id AND kind = 'reserve') + NEW.amount
           > (SELECT allocated FROM incentives_budget WHERE id = NEW.budget_id) THEN
            RAISE EXCEPTION 'over budget' USING ERRCODE = 'check_violation';
        END IF;
        PERFORM pg_sleep(0.3);
        RETURN NEW;
    END $$;
    CREATE TRIGGER sums BEFORE INSERT ON incentives_ledgerentry FOR EACH ROW EXECUTE FUNCTION sums_without_lock();
"""


@transaction.atomic
def _racing_budget(times: int) -> int:
    opened = make.round_of(budget=1000)
    for _ in range(times):
        make.draft(opened)
    return int(opened.budget.pk)


def _without(trigger: str, database: str) -> None:
    with psycopg.connect(settings.DATABASE_OWNER_URL, dbname=database, autocommit=True) as owner:
        names = owner.execute(
            "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE %s", [f"pgtrigger_{trigger}_%"]
        ).fetchall()
        assert names
        for name, table in names:
            owner.execute(f"DROP TRIGGER {name} ON {table}")


def test_race_for_a_budget_never_overcommits(committed_db: str) -> None:
    budget = _racing_budget(6)
    _without("decided", committed_db)  # the race is about the budget alone: drafts may hold money here

    errors = _race(committed_db, RACE, budget, 6)

    assert len(errors) == 5
    assert Budget.objects.get(pk=budget).reserved == 600
    assert LedgerEntry.objects.filter(budget=budget, kind="reserve").count() == 1


def test_race_with_the_guard_off_overcommits(committed_db: str) -> None:
    """The twin: a trigger that sums without a lock lets two through, so the race is real."""
    budget = _racing_budget(6)
    _without("decided", committed_db)
    _without("moves_budget", committed_db)
    with psycopg.connect(settings.DATABASE_OWNER_URL, dbname=committed_db, autocommit=True) as owner:
        owner.execute(UNGUARDED)

    _race(committed_db, RACE, budget, 6)

    taken = sum(LedgerEntry.objects.filter(budget=budget, kind="reserve").values_list("amount", flat=True))
    assert taken > 1000


def test_allocate_twice_with_one_key_is_refused(db: None) -> None:
    opened = make.round_of(budget=None)
    budget = Budget.objects.create(round=opened)
    ledger.allocate(budget=budget, amount=Decimal(5), by=make.person(), key="x")

    with pytest.raises(DatabaseError), transaction.atomic():
        ledger.allocate(budget=budget, amount=Decimal(5), by=make.person(), key="x")
