"""What PostgreSQL itself keeps true, declared on models: history, append-only tables."""

from collections.abc import Sequence

import pgtrigger


class AsOwner(pgtrigger.Trigger):
    """Acts with the owner's rights, and is the only one to change some columns: the application has no right to them.

    ``moves`` names their model, ``columns`` its fields. ``portal.database.secure`` gives and takes the rights.
    """

    moves: str
    columns: tuple[str, ...]


class History(pgtrigger.Trigger):
    """One history row for each change of a governed row, in the same transaction.

    Args:
        without: columns whose change is no history (``password``, ``last_login``).
        masked: columns with personal data: that they changed is kept, the values are not.

    The function reads who acts from ``app.actor`` and refuses a change by nobody.
    """

    name = "history"
    when = pgtrigger.After
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete

    def __init__(self, *, without: Sequence[str] = (), masked: Sequence[str] = ()) -> None:
        self.without = tuple(without)
        self.masked = tuple(masked)
        super().__init__()

    def get_declare(self, model: object) -> list[tuple[str, str]]:
        """Declare what the function works with."""
        return [
            ("actor", "text := nullif(current_setting('app.actor', true), '')"),
            ("was", "jsonb := '{}'"),
            ("now", "jsonb := '{}'"),
        ]

    def get_func(self, model: object) -> str:
        """Write the function; ``TG_TABLE_NAME`` makes it the same for every table."""
        without = "ARRAY[" + ", ".join(f"'{c}'" for c in self.without) + "]::text[]"
        masked = "ARRAY[" + ", ".join(f"'{c}'" for c in self.masked) + "]::text[]"
        return f"""
            IF TG_OP <> 'INSERT' THEN was := to_jsonb(OLD) - {without}; END IF;
            IF TG_OP <> 'DELETE' THEN now := to_jsonb(NEW) - {without}; END IF;
            IF TG_OP = 'UPDATE' THEN
                SELECT coalesce(jsonb_object_agg(o.key, o.value), '{{}}'),
                       coalesce(jsonb_object_agg(o.key, now -> o.key), '{{}}')
                  INTO was, now
                  FROM jsonb_each(was) AS o WHERE o.value IS DISTINCT FROM now -> o.key;
                IF now = '{{}}' THEN RETURN NULL; END IF;
            END IF;
            IF actor IS NULL THEN
                RAISE EXCEPTION 'nobody acts: name an actor before writing %', TG_TABLE_NAME
                    USING ERRCODE = 'insufficient_privilege';
            END IF;
            INSERT INTO portal_historyentry
                (at, txid, subject_table, subject_id, operation, was, now, actor, request)
            VALUES (
                clock_timestamp(), pg_current_xact_id()::text::bigint, TG_TABLE_NAME,
                CASE WHEN TG_OP = 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END ->> 'id',
                lower(TG_OP),
                (SELECT coalesce(jsonb_object_agg(key, CASE WHEN key = ANY({masked}) AND value <> 'null'
                    THEN '"…"' ELSE value END), '{{}}') FROM jsonb_each(was)),
                (SELECT coalesce(jsonb_object_agg(key, CASE WHEN key = ANY({masked}) AND value <> 'null'
                    THEN '"…"' ELSE value END), '{{}}') FROM jsonb_each(now)),
                actor, coalesce(current_setting('app.request', true), '')
            );
            RETURN NULL;
        """  # noqa: S608 -- column names from code


class AppendOnly(pgtrigger.Trigger):
    """Rows are added and never changed, deleted or truncated, by anyone."""

    name = "append_only"
    when = pgtrigger.Before
    level = pgtrigger.Statement
    operation = pgtrigger.Update | pgtrigger.Delete | pgtrigger.Truncate
    func = """
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
    """
