"""What must always be true, each as a search for what breaks it; ``manage.py check_invariants`` counts them.

PostgreSQL keeps them (constraints, triggers, grants). This looks whether it did: after a restore, a drill or a
repair by hand of somebody who switched the guards off.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pgtrigger
from django.apps import apps
from django.db import connection
from django.db.models import (
    BooleanField,
    CharField,
    CheckConstraint,
    DateTimeField,
    ExpressionWrapper,
    Model,
    Q,
    Value,
)
from django.db.models.functions import Cast, Concat

from portal import database, history
from portal.lifecycle import all_lifecycles
from portal.triggers import History

type Violations = Callable[[], Iterable[str]]


@dataclass(frozen=True)
class Invariant:
    """A sentence that is always true, and the search for what breaks it.

    Args:
        name: a short name that stays the same.
        says: the sentence.
        violations: yields one text for each violation.
    """

    name: str
    says: str
    violations: Violations


_invariants: dict[str, Invariant] = {}


def contribute(name: str, says: str, violations: Violations) -> None:
    """Let an app state an invariant of its tables; the same name again replaces it."""
    _invariants[name] = Invariant(name, says, violations)


def all_invariants() -> list[Invariant]:
    """Return every invariant, the core's first, then the apps' in their order."""
    return list(_invariants.values())


def rows(statement: str) -> Violations:
    """Return a search by SQL: each row it finds is a violation, named by its first column."""

    def search() -> Iterator[str]:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            yield from (str(row[0]) for row in cursor.fetchall())

    return search


def _guards() -> Iterator[str]:
    """Yield each declared trigger or constraint that is missing or does not count, and each function to be evaded."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'pgtrigger_%%' AND NOT tgisinternal")
        there = {row[0] for row in cursor.fetchall()}
        cursor.execute("""
            SELECT conname FROM pg_constraint WHERE convalidated
             UNION SELECT relname FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid
              WHERE indisunique AND indisvalid
        """)
        standing = {row[0] for row in cursor.fetchall()}
    declared = pgtrigger.registered()
    yield from sorted({f"{trigger} is missing" for model, trigger in declared if trigger.get_pgid(model) not in there})
    named = {constraint.name for model in _tables() for constraint in model._meta.constraints}
    yield from sorted(f"{name} is missing or not validated" for name in named - standing)
    yield from database.triggers_not_always()
    yield from database.functions_not_guarded()


def _tables() -> Iterator[type[Model]]:
    """Yield each model with a table of its own."""
    yield from (model for model in apps.get_models(include_auto_created=True) if not model._meta.proxy)


@cache
def _unlike_its_checks() -> tuple[str, list[Any]]:
    """Return the search for rows of which some declared CHECK is false, in one statement over all tables."""
    parts: list[str] = []
    values: list[Any] = []
    for model in _tables():
        checks = [one.condition for one in model._meta.constraints if isinstance(one, CheckConstraint)]
        if not checks:
            continue
        columns = {f"check_{n}": ExpressionWrapper(Q(one), BooleanField()) for n, one in enumerate(checks)}
        fails = Q(*((name, False) for name in columns), _connector=Q.OR)
        row = Concat(Value(f"{model._meta.db_table} "), Cast("pk", CharField()))
        found = model._base_manager.annotate(**columns).filter(fails).order_by().values_list(row)
        statement, given = found.query.sql_with_params()
        parts.append(f"({statement})")
        values += given
    return " UNION ALL ".join(parts), values


def _failing() -> Iterator[str]:
    """Yield each row that a CHECK of its table would refuse; as for PostgreSQL, NULL is not false."""
    with connection.cursor() as cursor:
        statement, values = _unlike_its_checks()
        cursor.execute(statement, values)
        yield from (row[0] for row in cursor.fetchall())


def _moves() -> Iterator[str]:
    """Yield each status that history shows off the table of its lifecycle."""
    for table in all_lifecycles():
        pairs = {(source, step.target) for step in table.steps.values() if step.target for source in step.sources}
        allowed = [f"{source}>{target}" for source, target in pairs]
        with connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT concat_ws(' ', subject_table, subject_id, was ->> 'status', 'to', now ->> 'status')
                  FROM portal_historyentry
                 WHERE subject_table = %s AND now ? 'status'
                   AND CASE operation WHEN 'insert' THEN now ->> 'status' <> ALL(%s)
                                      ELSE (was ->> 'status') || '>' || (now ->> 'status') <> ALL(%s) END
                """,
                [table.model._meta.db_table, sorted(table.initial), allowed],
            )
            yield from (row[0] for row in cursor.fetchall())


def governed_models() -> Iterator[tuple[type[Model], History]]:
    """Yield the models whose changes are history, with the trigger that writes it."""
    for model in apps.get_models():
        for trigger in getattr(model._meta, "triggers", []):
            if isinstance(trigger, History):
                yield model, trigger


def _unwritten() -> Iterator[str]:
    """Yield each row that is not as its history says: changed, made or deleted without an entry.

    Only columns that history knows are compared: masked values are not kept, and a migration adds columns.
    """
    for model, trigger in governed_models():
        table = model._meta.db_table
        moments = [field.column for field in model._meta.concrete_fields if isinstance(field, DateTimeField)]
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                WITH told AS (
                    SELECT subject_id,
                           jsonb_object_agg(key, value ORDER BY h.id) FILTER (WHERE key IS NOT NULL) AS state,
                           (array_agg(operation ORDER BY h.id DESC))[1] AS last
                      FROM portal_historyentry h LEFT JOIN LATERAL jsonb_each(h.now) ON true
                     WHERE subject_table = %s AND (key IS NOT NULL OR operation = 'delete')
                     GROUP BY subject_id
                ), there AS (SELECT id::text AS id, to_jsonb(t) AS state FROM {table} t)
                SELECT coalesce(there.id, told.subject_id)
                  FROM there FULL JOIN told ON told.subject_id = there.id
                 WHERE (there.id IS NULL AND told.last <> 'delete') OR told.subject_id IS NULL OR EXISTS (
                     SELECT FROM jsonb_each(there.state) AS c
                      WHERE told.state ? c.key AND c.key <> ALL(%s) AND told.state -> c.key <> '"…"'
                        AND told.state -> c.key IS DISTINCT FROM c.value
                        AND (c.key = ANY(%s) AND (told.state ->> c.key)::timestamptz
                                                 = (c.value #>> '{{}}')::timestamptz) IS NOT TRUE)
                """,  # noqa: S608 -- the name of a table of ours
                [table, list(trigger.without), moments],
            )
            yield from (f"{table} {row[0]}" for row in cursor.fetchall())


contribute(
    "guards",
    "Every trigger and constraint that was declared is there, counts for every row and cannot be evaded.",
    _guards,
)
contribute("checks_hold", "Every row is as the CHECKs of its table say.", _failing)
contribute("status_moves", "Status begins and moves only as its lifecycle says.", _moves)
contribute("history_complete", "Every governed row is as its history says.", _unwritten)
contribute("history_sealed", "No sealed history entry was changed or removed.", history.verify)
contribute(
    "notice_once",
    "A notice exists once per event, recipient and channel.",
    rows(
        "SELECT event FROM portal_notice GROUP BY event, recipient_id, address, channel HAVING count(*) > 1",
    ),
)
contribute(
    "timer_not_early",
    "The system takes no step before its deadline.",
    rows("""
        SELECT s.id FROM portal_steptaken s
         WHERE s.by_id IS NULL AND EXISTS (
                SELECT FROM portal_deadline d WHERE d.subject_type_id = s.subject_type_id
                   AND d.subject_id = s.subject_id AND d.step = s.step AND d.while_status = s.source
                   AND d.created_at <= s.at)
           AND NOT EXISTS (
                SELECT FROM portal_deadline d WHERE d.subject_type_id = s.subject_type_id
                   AND d.subject_id = s.subject_id AND d.step = s.step AND d.due_at <= s.at)
    """),
)
contribute(
    "document_checked",
    "A document counts as checked only once its check is done.",
    rows("SELECT id FROM portal_document WHERE status <> 'pending' AND done_at IS NULL"),
)
contribute(
    "erased_is_nobody",
    "An account that was erased has no address, no means of signing in, no role and no notice.",
    rows("""
        SELECT u.id FROM portal_user u WHERE u.erased_at IS NOT NULL AND (
            EXISTS (SELECT FROM account_emailaddress a WHERE a.user_id = u.id)
            OR EXISTS (SELECT FROM mfa_authenticator a WHERE a.user_id = u.id)
            OR EXISTS (SELECT FROM portal_user_groups g WHERE g.user_id = u.id)
            OR EXISTS (SELECT FROM portal_notice n WHERE n.recipient_id = u.id))
    """),
)
