"""What the database keeps of a merge, whoever writes."""

import pytest
from django.db import DatabaseError, connection, transaction

from firms import merging
from firms.lifecycle import ORGANISATION
from firms.models import (
    ClusterMembership,
    Organisation,
    SearchEntry,
)
from portal.models import User
from portal.roles import Role
from tests.firms.merging import firm, merge, person
from tests.firms.test_merging import CODE


@pytest.fixture
def officer(db: None) -> User:
    return person("registry", Role.REGISTRY)


@pytest.fixture
def kept(db: None) -> Organisation:
    return firm("上海示例软件有限公司", uscc=CODE)


@pytest.fixture
def gone(db: None) -> Organisation:
    return firm("示例软件（上海）有限公司", name_en="Example Software", website="https://old.example/")


@pytest.fixture
def merged(officer: User, kept: Organisation, gone: Organisation) -> Organisation:
    merge(officer, kept, gone)
    return Organisation.objects.get(pk=gone.pk)


def refused(sql: str, *params: object) -> str:
    """Return why the database refuses a statement, at once or at the end of the transaction."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, params)
            connection.check_constraints()
    except DatabaseError as error:
        return str(error)
    return ""


def test_merged_organisation_gets_no_rows(merged: Organisation) -> None:
    models = {link.model._meta.db_table: link.model for link in merging.following()}
    names = {link.model._meta.db_table: link.field.column for link in merging.following()}
    names.pop("firms_organisation")

    for table, column in names.items():
        written = ", ".join(f'"{f.column}"' for f in models[table]._meta.concrete_fields if not f.generated)
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TEMPORARY TABLE probe ON COMMIT DROP AS SELECT * FROM {table} LIMIT 0")
            cursor.execute(f"INSERT INTO probe ({column}) VALUES (%s)", [merged.pk])
        assert "was merged into another" in refused(f"INSERT INTO {table} ({written}) SELECT {written} FROM probe"), (
            table
        )
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE probe")


def test_rows_are_not_moved_to_a_merged_organisation(merged: Organisation) -> None:
    sql = "UPDATE firms_clustermembership SET organisation_id = %s"

    assert "was merged into another" in refused(sql, merged.pk)


def test_merged_organisation_does_not_change(officer: User, merged: Organisation, kept: Organisation) -> None:
    assert ORGANISATION.allowed(officer, merged) == []
    for change in ("status = 'listed', merged_into_id = NULL", "status = 'listed'", "name_zh = 'x'", "staff = 1"):
        assert refused(f"UPDATE firms_organisation SET {change} WHERE id = %s", merged.pk), change
    assert "check constraint" in refused("UPDATE firms_organisation SET merged_into_id = NULL WHERE id = %s", merged.pk)
    itself = "UPDATE firms_organisation SET status = 'merged', merged_into_id = id WHERE id = %s"
    assert "not_merged_into_itself" in refused(itself, kept.pk)


def test_organisation_is_not_merged_into_a_merged_one_nor_left_with_rows(
    merged: Organisation, kept: Organisation
) -> None:
    into = "UPDATE firms_organisation SET status = 'merged', merged_into_id = %s WHERE id = %s"
    third = firm("上海示例三有限公司")

    assert "was merged itself" in refused(into, merged.pk, third.pk)
    assert "was merged itself" in refused(into, merged.pk, kept.pk)  # no cycle
    assert "still names it" in refused(into, kept.pk, third.pk)  # its clusters and search entry
    SearchEntry.objects.filter(organisation=kept).delete()
    ClusterMembership.objects.filter(organisation=kept).delete()
    assert "firms_organisation still names it" in refused(into, third.pk, kept.pk)  # its predecessor


def test_listed_organisation_is_not_said_to_be_merged(kept: Organisation, gone: Organisation) -> None:
    sql = "UPDATE firms_organisation SET merged_into_id = %s WHERE id = %s"

    assert "merged_into_another" in refused(sql, kept.pk, gone.pk)
