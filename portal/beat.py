"""Beat's schedule, kept in memory: what is due is in PostgreSQL, so a restart loses nothing."""

from datetime import timedelta
from typing import Any

import structlog
from celery.beat import Scheduler as CeleryScheduler
from django.db import DatabaseError, close_old_connections

from portal import health

log = structlog.get_logger()


class Scheduler(CeleryScheduler):
    """Celery's schedule, which begins at once and notes that beat is at work each time it sends a task."""

    def setup_schedule(self) -> None:
        """Let everything be due now: what an outage left waits no longer, and a start soon shows that it works."""
        super().setup_schedule()
        for entry in self.schedule.values():
            entry.last_run_at = entry.default_now() - timedelta(days=1)

    def apply_entry(self, entry: Any, producer: Any = None) -> None:
        """Send a task and note it."""
        super().apply_entry(entry, producer=producer)
        try:
            close_old_connections()
            health.seen("beat")
        except DatabaseError as error:
            log.warning("heartbeat_not_written", error=str(error))
