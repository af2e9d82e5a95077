"""Health: alive whatever happens, ready only with database, Redis, worker and beat."""

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.db.models import F
from django.test import Client

from portal import health
from portal.models import Heartbeat


@pytest.fixture
def at_work(db: None) -> None:
    health.seen("worker")
    health.seen("beat")


def test_healthz_answers_without_database(client: Client) -> None:
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"alive\n")


def test_readyz_all_at_work_is_ready(client: Client, at_work: None) -> None:
    response = client.get("/readyz")

    assert (response.status_code, response.json()["ready"]) == (200, True)


def test_readyz_worker_never_seen_is_503(client: Client, db: None) -> None:
    health.seen("beat")

    response = client.get("/readyz")

    assert (response.status_code, response.json()["worker_seen_seconds_ago"]) == (503, None)


def test_readyz_beat_silent_is_503(client: Client, at_work: None) -> None:
    Heartbeat.objects.filter(name="beat").update(seen_at=F("seen_at") - timedelta(seconds=91))

    assert client.get("/readyz").status_code == 503


def test_readyz_redis_down_is_503(client: Client, at_work: None, settings: LazySettings) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    response = client.get("/readyz")

    assert (response.status_code, response.json()["redis"]) == (503, False)


def test_readyz_post_is_refused(client: Client, db: None) -> None:
    assert client.post("/readyz").status_code == 405
