"""When a worker counts as one that no longer takes what waits."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
import redis
from celery.worker import state
from django.conf import settings

from portal.celery import app
from portal.watchdog import LOOKS, Watchdog


@pytest.fixture
def watchdog() -> Iterator[Watchdog]:
    made = Watchdog(app, patience=1)
    made.queue = uuid4().hex
    url = settings.REDIS_URL
    yield made
    with redis.Redis.from_url(url) as client:
        client.delete(made.queue)


def _message(watchdog: Watchdog) -> None:
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        client.rpush(watchdog.queue, "{}")


def _looks(watchdog: Watchdog) -> list[bool]:
    return [watchdog.is_stuck() for _look in range(LOOKS + 1)]


def test_idle_beside_waiting_messages_is_stuck_after_some_looks(watchdog: Watchdog) -> None:
    _message(watchdog)

    assert _looks(watchdog) == [False] * LOOKS + [True]  # the first look only learns what was done so far


def test_idle_without_messages_is_well(watchdog: Watchdog) -> None:
    assert not any(_looks(watchdog))


def test_busy_is_well(watchdog: Watchdog, monkeypatch: pytest.MonkeyPatch) -> None:
    _message(watchdog)
    monkeypatch.setattr(state, "active_requests", {object()})

    assert not any(_looks(watchdog))


def test_task_done_since_the_last_look_begins_anew(watchdog: Watchdog, monkeypatch: pytest.MonkeyPatch) -> None:
    _message(watchdog)
    _looks(watchdog)
    monkeypatch.setitem(state.total_count, "portal.tasks.sweep", 1)

    assert watchdog.is_stuck() is False


def test_without_redis_the_worker_waits(watchdog: Watchdog, monkeypatch: pytest.MonkeyPatch) -> None:
    _message(watchdog)
    monkeypatch.setattr(settings, "REDIS_URL", "redis://127.0.0.1:1/0")

    assert not any(_looks(watchdog))
