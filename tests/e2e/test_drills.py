"""What must survive the death of a process or of Redis, each ending with the invariant."""

import json
import signal
from collections import Counter
from uuid import uuid4

import pytest
import redis

from tests.e2e.running import RunningPortal

pytestmark = pytest.mark.drill


def _write_notices(portal: RunningPortal, count: int) -> str:
    """Write notices as a cause would: rows, committed, and nobody woken."""
    address = f"{uuid4().hex[:12]}@drill.example"
    portal.sql(
        "INSERT INTO portal_notice (event, kind, channel, address, language, context, last_error) "
        "SELECT %s || n, 'account.drill', 'email', %s, 'en', %s::jsonb, '' FROM generate_series(1, %s) n",
        uuid4().hex,
        address,
        json.dumps({"subject": "Drill", "text": "One of many."}),
        count,
    )
    return address


def _open(portal: RunningPortal, address: str) -> int:
    (row,) = portal.sql("SELECT count(*) FROM portal_notice WHERE address = %s AND done_at IS NULL", address)
    return int(row[0])


def test_killed_worker_loses_nothing_and_doubles_nothing(portal: RunningPortal) -> None:
    address = _write_notices(portal, 400)
    portal.wait_for(lambda: _open(portal, address) < 390, 60, "the worker did not begin")

    portal.kill_worker()
    left = _open(portal, address)
    portal.start_worker()
    portal.wait_for(lambda: _open(portal, address) == 0, 120, "not everything was delivered after the kill")

    sent = Counter(str(mail["Message-ID"]) for mail in portal.mails(address))
    assert left > 0
    assert (len(sent), sum(sent.values())) == (400, 400)


def test_flushed_redis_loses_nothing(portal: RunningPortal) -> None:
    address = _write_notices(portal, 5)
    with redis.Redis.from_url(portal.environment["REDIS_URL"]) as broker:
        broker.flushdb()

    portal.wait_for(lambda: _open(portal, address) == 0, 60, "the sweep did not find the notices")

    assert len(portal.mails(address)) == 5


def test_tasks_delivered_five_times_work_once(portal: RunningPortal) -> None:
    address = _write_notices(portal, 3)
    for _time in range(5):
        portal.send_task("portal.tasks.sweep")

    portal.wait_for(lambda: _open(portal, address) == 0, 60, "nothing was delivered")

    assert len(portal.mails(address)) == 3


def test_worker_that_no_longer_consumes_ends_itself(portal: RunningPortal) -> None:
    worker = portal.processes["worker"]
    portal.stop_consuming()
    address = _write_notices(portal, 1)

    portal.wait_for(lambda: worker.poll() is not None, 90, "the worker lives on and does nothing")
    portal.start_worker()

    portal.wait_for(lambda: _open(portal, address) == 0, 60, "what waited was not delivered")
    assert worker.returncode == -signal.SIGKILL
