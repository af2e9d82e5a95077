"""The two database roles: the owner migrates, the application reads and writes rows."""

from collections.abc import Iterator
from contextlib import contextmanager

import environ
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import Model

from portal.triggers import AppendOnly


@contextmanager
def as_owner() -> Iterator[None]:
    """Connect as the role that owns the tables, for migrations and grants, then as before."""
    before = dict(connection.settings_dict)
    owner = environ.Env.db_url_config(settings.DATABASE_OWNER_URL)
    _switch({**before, "USER": owner["USER"], "PASSWORD": owner["PASSWORD"], "OPTIONS": _without_pool(before)})
    try:
        yield
    finally:
        _switch(before)


def _without_pool(options: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in options["OPTIONS"].items() if key != "pool"}  # type: ignore[attr-defined]


def _switch(to: dict[str, object]) -> None:
    connection.close()
    if "pool" in connection.settings_dict["OPTIONS"]:
        connection.close_pool()  # type: ignore[attr-defined]
    connection.settings_dict.update(to)


def append_only_models() -> list[type[Model]]:
    """Return the models whose rows are only ever added."""
    return [
        model
        for model in apps.get_models()
        if any(isinstance(trigger, AppendOnly) for trigger in getattr(model._meta, "triggers", []))
    ]


def secure() -> None:
    """Grant the application's role what it needs and no more; make triggers fire always.

    Run by the owner after each migration; repeating it changes nothing.
    """
    role = connection.ops.quote_name(environ.Env.db_url_config(settings.DATABASE_APPLICATION_URL)["USER"])
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
        cursor.execute(f"REVOKE CREATE ON SCHEMA public FROM PUBLIC, {role}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")
        cursor.execute(f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}")
        for model in append_only_models():
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}")
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger "
            "WHERE tgname LIKE 'pgtrigger_%%' AND tgenabled <> 'A' AND NOT tgisinternal"
        )
        for table, trigger in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {connection.ops.quote_name(trigger)}")


def triggers_not_always() -> list[str]:
    """Return the triggers that a session could switch off (``session_replication_role``)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass || '.' || tgname FROM pg_trigger "
            "WHERE tgname LIKE 'pgtrigger_%%' AND tgenabled <> 'A' AND NOT tgisinternal ORDER BY 1"
        )
        return [row[0] for row in cursor.fetchall()]
