"""Whether everything that the portal needs is there and at work."""

from datetime import datetime, timedelta
from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Min
from django.db.models.functions import Now

from portal.calendar_desk import missing_year
from portal.clock import SHANGHAI
from portal.models import Heartbeat, Notice

# Beat sends a sweep every 20 seconds; a worker may be busy with one task for up to 60.
SILENT_AFTER = timedelta(seconds=90)
PROCESSES = ("worker", "beat")


def seen(name: str) -> None:
    """Note that a process of this kind is at work.

    Args:
        name: ``worker`` or ``beat``.
    """
    row = Heartbeat(name=name, seen_at=Now())
    Heartbeat.objects.bulk_create([row], update_conflicts=True, unique_fields=["name"], update_fields=["seen_at"])


def report() -> dict[str, Any]:
    """Return the state of each part, in seconds where it is an age, and ``ready`` for the whole."""
    answer: dict[str, Any] = {"database": False, "redis": _redis_answers()}
    ages: dict[str, float | None] = dict.fromkeys(PROCESSES)
    oldest = missing = None
    try:
        now = _database_time()
        answer["database"] = True
        ages |= {beat.name: (now - beat.seen_at).total_seconds() for beat in Heartbeat.objects.all()}
        waiting = Notice.objects.to_deliver().filter(done_at=None, parked_at=None)
        first = waiting.aggregate(first=Min("created_at"))["first"]
        oldest = (now - first).total_seconds() if first else 0.0
        missing = missing_year(now.astimezone(SHANGHAI).date())
    except DatabaseError:
        answer["database"] = False
    for name in PROCESSES:
        answer[f"{name}_seen_seconds_ago"] = _rounded(ages[name])
    answer["oldest_unsent_notice_seconds"] = _rounded(oldest)
    answer["holidays_not_published_of"] = missing
    awake = all(age is not None and age < SILENT_AFTER.total_seconds() for age in (ages[name] for name in PROCESSES))
    return {"ready": answer["database"] and answer["redis"] and awake, **answer}


def _database_time() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now


def _redis_answers() -> bool:
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)
