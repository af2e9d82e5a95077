"""What the application's role might try against the triggers: settings, temporary tables, functions of its own."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from portal import database
from portal.models import HistoryEntry, Holiday, User


def _triggers(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE 'pgtrigger_%%'", [table]
        )
        return [row[0] for row in cursor.fetchall()]


def test_triggers_are_not_switched_off_by_their_packages_setting(db: None) -> None:
    user = User.objects.create_user("wei@demo.example", name="Wei")
    before = HistoryEntry.objects.of(user).count()
    with connection.cursor() as cursor:
        names = ",".join(_triggers("portal_user"))
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [f"{{{names}}}"])

    User.objects.filter(pk=user.pk).update(name="Other")

    assert HistoryEntry.objects.of(user).count() == before + 1


def test_history_is_not_caught_by_a_temporary_table_of_its_name(db: None) -> None:
    user = User.objects.create_user("wei@demo.example", name="Wei")
    before = HistoryEntry.objects.of(user).count()
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE portal_historyentry (LIKE public.portal_historyentry INCLUDING ALL)")
        cursor.execute("UPDATE portal_user SET name = 'Other' WHERE id = %s", [user.pk])
        cursor.execute("DROP TABLE pg_temp.portal_historyentry")

    assert HistoryEntry.objects.of(user).count() == before + 1


def test_functions_of_triggers_are_not_lent_to_other_tables(db: None) -> None:
    function = _triggers("portal_historyentry")[0]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE own (id int)")

    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TRIGGER own AFTER INSERT ON own FOR EACH ROW EXECUTE FUNCTION {function}()")


def test_every_function_of_a_trigger_is_guarded(db: None) -> None:
    assert database.functions_not_guarded() == []


def test_application_may_have_statistics_taken(db: None) -> None:
    days = (date(2090, 1, 1) + timedelta(days=number) for number in range(500))
    Holiday.objects.bulk_create(Holiday(day=day, name="x") for day in days)

    database.analyse(Holiday)

    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'portal_holiday'")
        assert cursor.fetchone()[0] == Holiday.objects.count()
        with pytest.raises(DatabaseError, match="does not exist"), transaction.atomic():
            cursor.execute("SELECT portal_analyse(%s)", [["portal_holiday; DROP TABLE portal_holiday"]])
