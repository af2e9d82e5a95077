"""What holds for every lifecycle and every message, whichever app it is of."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.template.loader import get_template

from portal import database, notices
from portal.environment import BASE_DIR
from portal.lifecycle import Lifecycle, all_lifecycles

LIFECYCLES = pytest.mark.parametrize("table", all_lifecycles(), ids=lambda table: table.model.__name__)


@pytest.mark.parametrize("kind", notices.kinds())
def test_message_has_template(kind: str) -> None:
    if not kind.startswith("account."):
        app, name = kind.split(".")
        assert get_template(f"emails/{app}/{name}.txt")


@LIFECYCLES
def test_lifecycle_names_only_statuses_of_its_model(table: Lifecycle) -> None:
    known = {str(value) for value, _label in table.model._meta.get_field("status").choices}
    used = {status for step in table.steps.values() for status in (*step.sources, step.target or "")} - {""}

    assert used <= known


@LIFECYCLES
def test_lifecycle_is_kept_by_a_trigger(db: None, table: Lifecycle) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname LIKE 'pgtrigger_lifecycle_%%' "
            "AND tgenabled = 'A'",
            [table.model._meta.db_table],
        )
        assert cursor.fetchone() == (1,)


def test_every_trigger_fires_always(db: None) -> None:
    assert database.triggers_not_always() == []


def test_append_only_tables_grant_insert_and_select_alone(db: None) -> None:
    with connection.cursor() as cursor:
        for model in database.append_only_models():
            cursor.execute(
                "SELECT array_agg(p ORDER BY p) FROM unnest(ARRAY['DELETE','INSERT','SELECT','TRUNCATE','UPDATE']) p "
                "WHERE has_table_privilege(%s, p)",
                [model._meta.db_table],
            )
            assert cursor.fetchone() == (["INSERT", "SELECT"],), model


def test_diagrams_in_the_documentation_are_those_of_the_code() -> None:
    printed = StringIO()
    call_command("lifecycles", stdout=printed)

    assert (BASE_DIR / "docs" / "lifecycles.md").read_text() == printed.getvalue()
