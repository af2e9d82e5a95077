"""The registry of promises, and the cases of each, told from the steps that were taken."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.functional import Promise as Lazy

type Text = str | Lazy
type Statement = tuple[str, dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Course:
    """Which steps of a lifecycle begin and end a case, so that SQL finds all cases of a promise.

    A case begins when the status comes to be one of ``running`` or ``paused`` (or by a step of ``starts`` that keeps
    it), and ends when it leaves them. Only the time in ``running`` counts.

    Args:
        model: the model, with a ``status`` and a lifecycle.
        running: the statuses in which the clock of the district runs.
        paused: the statuses in which it waits for the other side.
        starts: steps that begin a case without a change of status; never taken while a case is open.
        begun: the column of the moment at which a row began, where no step did.
        voids: steps that end a case without meeting the promise or missing it (withdrawn by who asked); after the
            promised moment it was missed all the same.
        misses: steps that end a case by breaking the promise.
        deadline: the step whose deadline is the promised moment; empty where none is set.
        due: the column of the promised moment, where no deadline holds it; of the latest case of a row.
        part: the column by whose values the figures are broken down, if any.
        only: the rows that count: equal to these values, by column.
    """

    model: type[models.Model]
    running: Collection[str]
    paused: Collection[str] = ()
    starts: Collection[str] = ()
    begun: str = ""
    voids: Collection[str] = ()
    misses: Collection[str] = ()
    deadline: str = ""
    due: str = ""
    part: str = ""
    only: Mapping[str, Any] = field(default_factory=dict)

    def cases(self, since: datetime, now: datetime) -> Statement:
        """Return SQL, and its values, that finds the cases that are open or ended since a moment.

        Its columns: ``part``, ``due`` (null: nothing was promised), ``ended`` (null: still open), ``how``
        (``met``, ``missed``, ``void``, ``open``, ``paused``), ``taken`` (working days, of 24 hours).
        """
        table = self.model._meta.db_table
        statuses = [*self.running, *self.paused]
        values: dict[str, Any] = {
            "kind": ContentType.objects.get_for_model(self.model).pk,
            "since": since,
            "now": now,
            "running": [str(status) for status in self.running],
            "paused": [str(status) for status in self.paused],
            "statuses": [str(status) for status in statuses],
            "starts": [*self.starts],
            "voids": [*self.voids],
            "misses": [*self.misses],
            "deadline": self.deadline,
        }
        where = ""
        for number, (column, value) in enumerate(self.only.items()):
            where += f" AND o.{self._column(column)} = %(only{number})s"
            values[f"only{number}"] = value
        begun = f"UNION ALL {_BEGUN.format(table=table, begun=self._column(self.begun))}" if self.begun else ""
        due, deadlines, latest = "NULL::timestamptz", "", ""
        if self.due:
            due = f"CASE WHEN c.latest THEN o.{self._column(self.due)} END"
        elif self.deadline:
            due, deadlines, latest = "d.due_at", _DEADLINES, ", d.id DESC"
        part = f"o.{self._column(self.part)}::text" if self.part else "''"
        return _CASES.format(
            table=table, begun=begun, due=due, deadlines=deadlines, latest=latest, part=part, where=where
        ), values

    def _column(self, name: str) -> str:
        found = self.model._meta.get_field(name)
        assert isinstance(found, models.Field)  # noqa: S101 -- a column of the table
        return f'"{found.column}"'


_BEGUN = """
SELECT o.id, 0::bigint, o.{begun}, true, 'open' FROM {table} o JOIN subjects s ON s.id = o.id
"""

_DEADLINES = """
LEFT JOIN portal_deadline d ON d.subject_type_id = %(kind)s AND d.subject_id = c.id AND d.step = %(deadline)s
      AND d.while_status = ANY(%(statuses)s)
      AND d.created_at > c.after AND d.created_at <= coalesce(c.ended, 'infinity')
"""

_CASES = """
WITH subjects AS (
    SELECT subject_id AS id FROM portal_steptaken WHERE subject_type_id = %(kind)s AND at >= %(since)s
     UNION
    SELECT id FROM {table} WHERE status = ANY(%(statuses)s)),
events (id, step_id, at, begins, how) AS (
    SELECT t.subject_id, t.id, t.at,
           t.target = ANY(%(statuses)s) AND (t.source <> ALL(%(statuses)s) OR t.step = ANY(%(starts)s)),
           CASE WHEN t.target = ANY(%(running)s) THEN 'open' WHEN t.target = ANY(%(paused)s) THEN 'paused'
                WHEN t.step = ANY(%(misses)s) THEN 'missed' WHEN t.step = ANY(%(voids)s) THEN 'void' ELSE 'met' END
      FROM portal_steptaken t JOIN subjects s ON s.id = t.subject_id
     WHERE t.subject_type_id = %(kind)s
       AND (t.step = ANY(%(starts)s)
            OR t.source <> t.target AND (t.source = ANY(%(statuses)s) OR t.target = ANY(%(statuses)s)))
    {begun}),
calendar AS (
    SELECT moment::date AS day, working, sum(working) OVER (ORDER BY moment) - working AS before
      FROM generate_series((SELECT min(at) AT TIME ZONE 'Asia/Shanghai' FROM events)::date,
                           (%(now)s::timestamptz AT TIME ZONE 'Asia/Shanghai')::date, '1 day') moment
      LEFT JOIN portal_holiday h ON h.day = moment::date
     CROSS JOIN LATERAL (SELECT coalesce(h.is_working, extract(isodow FROM moment) < 6)::int AS working) w),
stretches AS (
    SELECT e.*, c.before + c.working * extract(epoch FROM (e.at AT TIME ZONE 'Asia/Shanghai')::time)::float8 / 86400
                AS clock
      FROM events e JOIN calendar c ON c.day = (e.at AT TIME ZONE 'Asia/Shanghai')::date),
numbered AS (
    SELECT *, count(*) FILTER (WHERE begins) OVER w AS number, lead(clock) OVER w - clock AS worked,
           coalesce(lead(begins) OVER w, true) AS is_last
      FROM stretches WINDOW w AS (PARTITION BY id ORDER BY step_id)),
grouped AS (
    SELECT id, number, sum(worked) FILTER (WHERE how = 'open') AS taken, min(how) FILTER (WHERE is_last) AS how,
           min(at) FILTER (WHERE is_last AND how NOT IN ('open', 'paused')) AS ended
      FROM numbered WHERE number > 0 GROUP BY id, number),
cases AS (
    SELECT *, coalesce(lag(ended) OVER (PARTITION BY id ORDER BY number), '-infinity') AS after,
           lead(number) OVER (PARTITION BY id ORDER BY number) IS NULL AS latest
      FROM grouped),
judged AS (
    SELECT DISTINCT ON (c.id, c.number) {part} AS part, {due} AS due, c.ended, c.how, c.taken
      FROM cases c JOIN {table} o ON o.id = c.id {deadlines}
     WHERE (c.ended IS NULL OR c.ended >= %(since)s) {where}
     ORDER BY c.id, c.number {latest})
SELECT part, due, ended, taken, CASE WHEN how = 'void' AND ended > due THEN 'missed' ELSE how END AS how
  FROM judged
"""
"""Only steps that begin a case or go on in it are read: the last one of a case ended it, or left it as it is. Of the
deadlines that were set in a case the last one counts."""


@dataclass(frozen=True, kw_only=True)
class Promise:
    """What the district promises, or only measures, of one kind of case.

    Args:
        key: a short name that stays the same, in files and addresses.
        name: what is done, in words.
        starts: what starts the clock, in words.
        stops: what stops it, in words.
        course: which cases there are.
        days: returns the working days that are promised; several where they differ, none where nothing is promised.
        by: what is promised, in words, where it is no number of working days.
        page: the name of the page that it concerns.
        parts: what the values of the course's ``part`` are called.
        order: smaller comes earlier.
    """

    key: str
    name: Text
    starts: Text
    stops: Text
    course: Course
    days: Callable[[], Sequence[int]] = tuple
    by: Text = ""
    page: str = ""
    parts: Mapping[str, Text] = field(default_factory=dict)
    order: int = 100


_promises: dict[str, Promise] = {}


def contribute(*promises: Promise) -> None:
    """Show promises on the page of the service standard; the same key again replaces one."""
    for promise in promises:
        _promises[promise.key] = promise


def all_promises() -> list[Promise]:
    """Return every promise, in their order."""
    return sorted(_promises.values(), key=lambda promise: promise.order)
