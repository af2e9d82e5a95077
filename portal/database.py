"""The two database roles: the owner migrates, the application reads and writes rows."""

from collections.abc import Iterator
from contextlib import contextmanager

import environ
from django.apps import apps
from django.conf import settings
from django.db import connection, connections
from django.db.backends.utils import CursorWrapper
from django.db.models import Model

from portal.triggers import AppendOnly, AsOwner

_TRIGGER_FUNCTIONS = (
    "FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'pgtrigger%%' "
    "AND prorettype = 'trigger'::regtype"
)
_GUARDED = "proconfig @> ARRAY['search_path=public, pg_temp'] AND NOT has_function_privilege('public', oid, 'EXECUTE')"


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


def limit_statements(seconds: int) -> None:
    """Let PostgreSQL end a statement of this process that takes longer; call it before the first connection.

    For web processes alone: workers, migrations and imports have statements that may take long.

    Args:
        seconds: 0 for no limit.
    """
    options = connections.settings["default"]["OPTIONS"]
    if seconds:
        options["options"] = f"{options.get('options', '')} -c statement_timeout={seconds}s".strip()


def append_only_models() -> list[type[Model]]:
    """Return the models whose rows are only ever added."""
    return [
        model
        for model in apps.get_models()
        if any(isinstance(trigger, AppendOnly) for trigger in getattr(model._meta, "triggers", []))
    ]


def _owners_triggers() -> list[tuple[type[Model], AsOwner]]:
    """Return the triggers that act with the owner's rights, each with the model that declares it."""
    return [
        (model, trigger)
        for model in apps.get_models()
        for trigger in getattr(model._meta, "triggers", [])
        if isinstance(trigger, AsOwner)
    ]


def secure() -> None:
    """Grant the application's role what it needs and no more; make triggers fire always.

    Run by the owner after each migration, which makes functions anew; repeating it changes nothing.
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
        _guard_functions(cursor)
        cursor.execute(_ANALYSE)
        cursor.execute("REVOKE EXECUTE ON FUNCTION portal_analyse(text[]) FROM PUBLIC")
        cursor.execute(f"GRANT EXECUTE ON FUNCTION portal_analyse(text[]) TO {role}")
        for model, trigger in _owners_triggers():
            cursor.execute(f"ALTER FUNCTION {trigger.get_pgid(model)}() SECURITY DEFINER")  # type: ignore[arg-type]
            moved = apps.get_model(trigger.moves)
            table = connection.ops.quote_name(moved._meta.db_table)
            others = [field.column for field in moved._meta.concrete_fields if field.name not in trigger.columns]
            cursor.execute(f"REVOKE UPDATE ON {table} FROM {role}")
            cursor.execute(f"GRANT UPDATE ({', '.join(others)}) ON {table} TO {role}")
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger "
            "WHERE tgname LIKE 'pgtrigger_%%' AND tgenabled <> 'A' AND NOT tgisinternal"
        )
        for table, trigger in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {connection.ops.quote_name(trigger)}")


_ANALYSE = """
    CREATE OR REPLACE FUNCTION public.portal_analyse(names text[]) RETURNS void LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DECLARE name text;
    BEGIN
        FOREACH name IN ARRAY names LOOP EXECUTE format('ANALYZE public.%I', name); END LOOP;
    END $$
"""


def analyse(*models: type[Model]) -> None:
    """Let PostgreSQL see at once what these tables hold now, after many rows were written.

    By itself it looks a minute later, and until then may take a table for empty and join it row by row: minutes instead
    of milliseconds. Before PostgreSQL 17 only a table's owner may do it, so a function does it with the owner's rights.
    """
    tables = sorted({model._meta.db_table for model in models})
    with connection.cursor() as cursor:
        cursor.execute("SELECT portal_analyse(%s)", [tables])


def _guard_functions(cursor: CursorWrapper) -> None:
    """Let nobody switch triggers off by a setting, hide tables from them behind temporary ones, or lend them."""
    cursor.execute(
        "CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name name) RETURNS boolean "
        "LANGUAGE sql IMMUTABLE AS 'SELECT false'"
    )
    cursor.execute(f"SELECT oid::regprocedure::text {_TRIGGER_FUNCTIONS} AND ({_GUARDED}) IS NOT TRUE")
    for (function,) in cursor.fetchall():
        cursor.execute(f"ALTER FUNCTION {function} SET search_path = public, pg_temp")
        cursor.execute(f"REVOKE EXECUTE ON FUNCTION {function} FROM PUBLIC")


def functions_not_guarded() -> list[str]:
    """Return the functions of triggers that a session could evade."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT proname {_TRIGGER_FUNCTIONS} AND ({_GUARDED}) IS NOT TRUE ORDER BY 1")
        found = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            "SELECT proname FROM pg_proc WHERE proname = '_pgtrigger_should_ignore' AND prosrc <> 'SELECT false'"
        )
        return [*found, *(row[0] for row in cursor.fetchall())]


def triggers_not_always() -> list[str]:
    """Return the triggers that a session could switch off (``session_replication_role``)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass || '.' || tgname FROM pg_trigger "
            "WHERE tgname LIKE 'pgtrigger_%%' AND tgenabled <> 'A' AND NOT tgisinternal ORDER BY 1"
        )
        return [row[0] for row in cursor.fetchall()]
