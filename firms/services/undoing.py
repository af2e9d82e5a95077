"""Undoing an import: what it changed is put back from history, as long as nothing later touched its rows."""

from collections.abc import Iterator
from typing import NamedTuple

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _

from firms.lifecycle import IMPORT, ORGANISATION
from firms.models import Certificate, ClusterMembership, Duplicate, Organisation, RegistryImport, SearchEntry
from firms.rules import handles_organisation
from firms.services import search_entries
from firms.services.staging import COLUMNS
from portal import actor
from portal.lifecycle import SYSTEM, Text
from portal.models import User
from portal.models.subjects import About

_PARTS = (Certificate, ClusterMembership)
_OWN = (Organisation, *_PARTS)
_RESTORED = (*COLUMNS, "name_pinyin", "source", "source_date")


class Obstacle(NamedTuple):
    """A firm that stands in the way of undoing an import, and why."""

    organisation: Organisation
    reason: Text


def obstacles(found: RegistryImport, by: User | None) -> list[Obstacle]:
    """Return which firms stand in the way of undoing an import now.

    Args:
        found: an import that was applied.
        by: who would undo it.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        _gather(cursor, found)
        reasons = dict(_reasons(cursor, found, by))
        _drop(cursor)
    firms = Organisation.objects.filter(pk__in=reasons).order_by("sort_zh", "pk")
    return [Obstacle(firm, reasons[firm.pk]) for firm in firms]


def undo(found: RegistryImport) -> None:
    """Put back what an import changed, in the name of who asks for it; keep it where something stands in the way."""
    if obstacles(found, found.settled_by):
        RegistryImport.objects.filter(pk=found.pk).update(problem=list(_KEPT))
        IMPORT.apply(found, "keep", by=SYSTEM)
        return
    with actor.acting(f"user:{found.settled_by_id}", found.undo_request), connection.cursor() as cursor:
        _gather(cursor, found)
        _return_who_moved_out(cursor, found)
        changed = _restore_firms(cursor)
        changed |= _restore_parts(cursor)
        _remove_new_firms(cursor)
        _drop(cursor)
        search_entries.write_search_entries(organisations=sorted(changed))
        IMPORT.apply(found, "restore", by=SYSTEM)


_KEPT = (
    "Nothing was undone: firms of the import were changed after it.",
    "未撤销：导入后相关企业的信息又有变动。",
)


def _gather(cursor: CursorWrapper, found: RegistryImport) -> None:
    """Copy what the import changed from history, each entry with the firm it is about."""
    _drop(cursor)
    cursor.execute(
        f"""
        CREATE TEMPORARY TABLE undone ON COMMIT DROP AS
        SELECT e.id, e.subject_table AS source, e.subject_id::bigint AS pk, e.operation, e.was, e.now,
               CASE e.subject_table WHEN 'firms_organisation' THEN e.subject_id
                    ELSE {_FIRM_OF_PART} END::bigint AS organisation
          FROM portal_historyentry e {_LIVE_PARTS}
         WHERE e.request = %s AND e.subject_table = ANY(%s)
        """,  # noqa: S608 -- names of tables and columns of ours
        [found.request, [model._meta.db_table for model in _OWN]],
    )
    cursor.execute("CREATE INDEX ON undone (organisation)")
    cursor.execute("ANALYZE undone")


_FIRM_OF_PART = "coalesce((e.was || e.now) ->> 'organisation_id', c.organisation_id::text, m.organisation_id::text)"
_LIVE_PARTS = """
          LEFT JOIN firms_certificate c
                 ON e.subject_table = 'firms_certificate' AND e.operation = 'update' AND c.id::text = e.subject_id
          LEFT JOIN firms_clustermembership m
                 ON e.subject_table = 'firms_clustermembership' AND e.operation = 'update' AND m.id::text = e.subject_id
"""


def _drop(cursor: CursorWrapper) -> None:
    cursor.execute("SET LOCAL client_min_messages = warning")
    cursor.execute("DROP TABLE IF EXISTS undone")


def _reasons(cursor: CursorWrapper, found: RegistryImport, by: User | None) -> Iterator[tuple[int, Text]]:
    """Yield the firms that stand in the way, and why."""
    for pk in _created_and_in_use():
        yield pk, _("Something in the portal refers to this new firm.")
    cursor.execute(
        "SELECT organisation FROM undone WHERE source = 'firms_organisation' AND operation = 'update' "
        "AND now ->> 'status' = 'listed'"
    )
    for (pk,) in cursor.fetchall():
        yield pk, _("It had registered itself; the import listed it, and its members were told.")
    for firm in Organisation.objects.filter(pk__in=_moved_out(cursor)):
        if firm.status == Organisation.Status.MOVED_OUT and not handles_organisation(by, firm):
            yield firm.pk, _("You belong to it: another registry officer brings it back.")
    for pk in _changed_later(cursor, found):
        yield pk, _("It was changed after the import.")


def _changed_later(cursor: CursorWrapper, found: RegistryImport) -> list[int]:
    """Return the firms of the import of which anything was written after it began: themselves or their parts."""
    cursor.execute(
        f"""
        SELECT DISTINCT u.organisation
          FROM portal_historyentry e {_LIVE_PARTS}
          JOIN undone u ON u.organisation = (CASE e.subject_table WHEN 'firms_organisation' THEN e.subject_id
                                                  ELSE {_FIRM_OF_PART} END)::bigint
         WHERE e.subject_table = ANY(%s) AND e.id > (SELECT min(id) FROM undone) AND e.request <> %s
        """,  # noqa: S608
        [[model._meta.db_table for model in _OWN], found.request],
    )
    return [pk for (pk,) in cursor.fetchall()]


def _created_and_in_use() -> set[int]:
    """Return the firms which the import created and to which any other row refers."""
    created = RawSQL("SELECT pk FROM undone WHERE source = 'firms_organisation' AND operation = 'insert'", [])
    used: set[int] = set()
    for relation in Organisation._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and not relation.concrete) or relation.related_model in {*_PARTS, SearchEntry}:
            continue
        key = relation.field.name  # type: ignore[union-attr]
        rows = relation.related_model._base_manager.filter(**{f"{key}__in": created})  # type: ignore[union-attr]
        if relation.related_model is Duplicate:
            rows = rows.filter(decided_at__isnull=False)  # others a search found, and finds again
        used |= set(rows.values_list(key, flat=True))
    kind = ContentType.objects.get_for_model(Organisation)
    for model in apps.get_models():
        if issubclass(model, About):
            rows = model._base_manager.filter(subject_type=kind, subject_id__in=created)
            used |= set(rows.values_list("subject_id", flat=True))
    return used


# --- Putting back ---------------------------------------------------------------------


def _moved_out(cursor: CursorWrapper) -> list[int]:
    cursor.execute(
        "SELECT organisation FROM undone WHERE source = 'firms_organisation' AND operation = 'update' "
        "AND now ->> 'status' = 'moved_out'"
    )
    return [pk for (pk,) in cursor.fetchall()]


def _return_who_moved_out(cursor: CursorWrapper, found: RegistryImport) -> None:
    for firm in Organisation.objects.filter(pk__in=_moved_out(cursor)).order_by("pk"):
        ORGANISATION.apply(firm, "return", by=found.settled_by)


def _restore_firms(cursor: CursorWrapper) -> set[int]:
    """Give changed firms the values back that they had."""
    columns = ", ".join(_RESTORED)
    cursor.execute(
        f"""
        UPDATE firms_organisation o
           SET ({columns}) = (SELECT {", ".join(f"r.{column}" for column in _RESTORED)}
                                FROM jsonb_populate_record(o, u.was) AS r)
          FROM undone u
         WHERE u.source = 'firms_organisation' AND u.operation = 'update' AND u.pk = o.id AND NOT u.was ? 'status'
        RETURNING o.id
        """  # noqa: S608
    )
    return {pk for (pk,) in cursor.fetchall()}


def _restore_parts(cursor: CursorWrapper) -> set[int]:
    """Take out the certificates and memberships that came, and bring back those that went or changed."""
    changed: set[int] = set()
    for model in _PARTS:
        table = model._meta.db_table
        columns = [str(field.column) for field in model._meta.concrete_fields]
        every, values = ", ".join(columns), ", ".join(f"r.{column}" for column in columns)
        cursor.execute(
            f"DELETE FROM {table} t USING undone u "  # noqa: S608 -- names of tables and columns of ours, here and below
            f"WHERE u.source = '{table}' AND u.operation = 'insert' AND u.pk = t.id"
        )
        cursor.execute(
            f"INSERT INTO {table} ({every}) "  # noqa: S608
            f"SELECT {values} FROM undone u, jsonb_populate_record(NULL::{table}, u.was) AS r "
            f"WHERE u.source = '{table}' AND u.operation = 'delete'"
        )
        cursor.execute(
            f"UPDATE {table} t SET ({every}) = (SELECT {values} FROM jsonb_populate_record(t, u.was) AS r) "  # noqa: S608
            f"FROM undone u WHERE u.source = '{table}' AND u.operation = 'update' AND u.pk = t.id"
        )
        cursor.execute("SELECT DISTINCT organisation FROM undone WHERE source = %s", [table])
        changed |= {pk for (pk,) in cursor.fetchall()}
    return changed


def _remove_new_firms(cursor: CursorWrapper) -> None:
    """Take out the firms that came, and what a search found them to be like; their parts are out already."""
    cursor.execute(
        "DELETE FROM firms_duplicate d USING undone u WHERE u.source = 'firms_organisation' "
        "AND u.operation = 'insert' AND u.pk IN (d.first_id, d.second_id)"
    )
    for table, key in ((SearchEntry._meta.db_table, "organisation_id"), (Organisation._meta.db_table, "id")):
        cursor.execute(
            f"DELETE FROM {table} t USING undone u WHERE u.source = 'firms_organisation' "  # noqa: S608
            f"AND u.operation = 'insert' AND u.pk = t.{key}"
        )
