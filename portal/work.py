"""Work is a row: waking workers, claiming rows, parking what fails."""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from celery import current_app
from django.db import OperationalError, connection, transaction
from django.db.models.functions import Now
from django.utils import timezone
from psycopg.errors import LockNotAvailable

from portal import actor
from portal.models import Job, JobQuerySet

log = structlog.get_logger()

MAX_TRIES = 5
BATCH = 200
_BACK_OFF = [timedelta(seconds=seconds) for seconds in (20, 60, 300, 900, 3600)]

_CLAIM = """
UPDATE {table} SET
       next_try_at = coalesce(statement_timestamp() + (%s::interval[])[tries + 1], next_try_at),
       tries = least(tries + 1, %s), parked_at = CASE WHEN tries >= %s THEN statement_timestamp() END
 WHERE id = ANY(ARRAY({first}))
RETURNING id, parked_at IS NOT NULL, last_error
"""
"""Beyond the last try there is no wait: the row is parked. As an array, the first row is looked for once."""

_LOCK = "SELECT * FROM {table} WHERE id = %s AND done_at IS NULL AND parked_at IS NULL FOR UPDATE {if_locked}"


class NotNow(Exception):  # noqa: N818 -- not an error
    """The work cannot be done yet and nothing failed: look again after ``seconds``."""

    def __init__(self, seconds: int = 600) -> None:
        self.seconds = seconds
        super().__init__(f"again in {seconds} s")


@dataclass(frozen=True)
class Queue:
    """Rows that are work, and what does one of them.

    Args:
        name: the queue's word.
        rows: returns the rows that belong to it.
        handle: does one locked row inside its transaction; marks nothing itself.
        seconds: how long one row may take, where that is longer than a task's usual limit; such a queue is worked on in
            tasks of its own, never in the sweep, and by one process at a time, so that its backlog leaves the others to
            mail and deadlines. Beyond the broker's visibility timeout, the message comes again, and whoever takes it
            finds the queue locked.
    """

    name: str
    rows: Callable[[], JobQuerySet[Any]]
    handle: Callable[[Any], None]
    seconds: int = 0


_queues: dict[str, Queue] = {}


def register(queue: Queue) -> None:
    """Add a queue for the workers."""
    _queues[queue.name] = queue


def wake(name: str) -> None:
    """On commit, tell a worker that a queue has work; a sweep finds it if nobody hears."""
    request_id = now.request_id if (now := actor.current()) else ""
    transaction.on_commit(lambda: _send(name, request_id), robust=True)


def sweep() -> None:
    """Do what nobody woke a worker for, in every queue; wake a worker for what takes long."""
    for name, queue in sorted(_queues.items()):
        if not queue.seconds:
            run(name)
        elif queue.rows().due().exists():
            wake(name)


def _send(name: str, request_id: str) -> None:
    queue = _queues.get(name)
    limits: dict[str, Any] = (
        {"soft_time_limit": queue.seconds, "time_limit": queue.seconds + 20} if queue and queue.seconds else {}
    )
    try:
        current_app.send_task(
            "portal.tasks.run_queue",
            args=[name],
            headers={"request_id": request_id},
            expires=60,
            retry=False,
            **limits,
        )
    except Exception as error:  # noqa: BLE001 -- Redis being away must not break what was committed
        log.warning("wake_failed", queue=name, error=str(error))


def run(name: str) -> int:
    """Do what is due in a queue, row by row, until nothing is due or a batch is done.

    A queue whose rows take long is left to the process that is at it already.

    Returns:
        How many rows were done.
    """
    queue = _queues[name]
    done = 0
    undone: set[int] = set()
    with _alone(queue) as may:
        while may and done + len(undone) < BATCH and (pk := _claim(queue, undone)):
            if _do(queue, pk):
                done += 1
            else:
                undone.add(pk)
    return done


@contextmanager
def _alone(queue: Queue) -> Iterator[bool]:
    """Hold the lock of a queue whose rows take long; say whether nobody else does. A process that dies frees it."""
    if not queue.seconds:
        yield True
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [f"queue {queue.name}"])
        (may,) = cursor.fetchone()
    try:
        yield may
    finally:
        if may:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [f"queue {queue.name}"])


def run_these(name: str, pks: Iterable[int]) -> int:
    """Do rows of a queue now for somebody who waits, each in its transaction; what fails is left to the workers.

    Returns:
        How many rows were done.
    """
    return sum(_do(_queues[name], pk) for pk in pks)


def _claim(queue: Queue, undone: Collection[int]) -> int | None:
    """Count a try and commit it before the work starts, so that poison parks."""
    with transaction.atomic(), connection.cursor() as cursor:
        rows = queue.rows().due().exclude(pk__in=undone).order_by("next_try_at").only("pk")
        first, values = rows.select_for_update(skip_locked=True, of=("self",))[:1].query.sql_with_params()
        statement = _CLAIM.format(table=rows.model._meta.db_table, first=first)
        cursor.execute(statement, [_BACK_OFF, MAX_TRIES, MAX_TRIES, *values])
        pk, is_parked, error = cursor.fetchone() or (None, False, "")
    if is_parked:
        log.error("work_parked", queue=queue.name, id=pk, error=error)
    return pk


def _lock(model: type[Job], pk: int) -> Job | None:
    """Lock a claimed row; None where another worker has it, or where it is done.

    Another worker that looked for work may hold the lock for a moment, though it did not get the row: PostgreSQL locks
    a row before it looks again whether it still is due. Hence a short wait; one that lasts means that it is being done.
    """
    if row := _read(model, pk, "SKIP LOCKED"):
        return row
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            row = _read(model, pk)
            cursor.execute("SET LOCAL lock_timeout = DEFAULT")
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            return None
        raise
    return row


def _read(model: type[Job], pk: int, if_locked: str = "") -> Job | None:
    rows = model._base_manager.raw(_LOCK.format(table=model._meta.db_table, if_locked=if_locked), [pk])
    return next(iter(rows), None)


def _do(queue: Queue, pk: int) -> int:
    model = queue.rows().model
    try:
        with transaction.atomic():
            row = _lock(model, pk)
            if row is None:
                return 0
            queue.handle(row)
            model._base_manager.filter(pk=pk).update(done_at=Now(), last_error="")
    except NotNow as later:
        again = timezone.now() + timedelta(seconds=later.seconds)
        model._base_manager.filter(pk=pk).update(next_try_at=again, tries=0)
        return 0
    except Exception as error:
        log.warning("work_failed", queue=queue.name, id=pk, error=repr(error), exc_info=True)
        model._base_manager.filter(pk=pk).update(last_error=repr(error)[:2000])
        return 0
    return 1
