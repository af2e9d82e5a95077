"""Beat's schedule, kept in memory: what is due is in PostgreSQL, so a restart loses nothing."""

from typing import Any

import structlog
from celery.beat import Scheduler as CeleryScheduler
from django.db import DatabaseError, close_old_connections

from portal import health

log = structlog.get_logger()


class Scheduler(CeleryScheduler):
    """Celery's schedule, which notes that beat is at work each time it sends a task."""

    def apply_entry(self, entry: Any, producer: Any = None) -> None:
        """Send a task and note it."""
        super().apply_entry(entry, producer=producer)
        try:
            close_old_connections()
            health.seen("beat")
        except DatabaseError as error:
            log.warning("heartbeat_not_written", error=str(error))
