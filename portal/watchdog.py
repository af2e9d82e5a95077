"""Ends a worker that lives but no longer takes what waits, so that whoever keeps it running starts another."""

import threading
from typing import Any

import psutil
import redis
import structlog
from celery import Celery
from celery.worker import state
from django.conf import settings

log = structlog.get_logger()

LOOKS = 4


class Watchdog(threading.Thread):
    """Looks at the queue and at its own worker; a thread, for the event loop may be what hangs.

    After a broken connection to Redis, a worker can live on without consuming. It is idle then while messages wait.

    Args:
        app: the Celery application whose worker this process is.
        patience: seconds of idleness beside waiting messages after which the worker ends.
    """

    def __init__(self, app: Celery, patience: float) -> None:
        super().__init__(name="watchdog", daemon=True)
        self.queue: str = app.conf.task_default_queue
        self.patience = patience
        self.strikes = 0
        self.done_before = -1

    def run(self) -> None:
        """Look again and again."""
        while True:
            threading.Event().wait(self.patience / LOOKS)
            if self.is_stuck():
                log.error("worker_does_not_consume", seconds=self.patience)
                end()

    def is_stuck(self) -> bool:
        """Look once; return whether messages waited beside an idle worker at each of the last looks."""
        done = sum(state.total_count.values())
        idle = not state.reserved_requests and not state.active_requests and done == self.done_before
        self.done_before = done
        self.strikes = self.strikes + 1 if idle and self._waiting() else 0
        return self.strikes >= LOOKS

    def _waiting(self) -> int:
        try:
            with redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2) as client:
                return int(client.llen(self.queue))
        except redis.RedisError:
            return 0  # Redis is away: the worker waits for it, as it should


def end() -> None:
    """Kill this process and its children: what they held is rows, which a sweep finds again."""
    this = psutil.Process()
    for child in this.children(recursive=True):
        child.kill()
    this.kill()


_started = threading.Event()


def start(sender: Any, **_signal: Any) -> None:
    """Start once the worker is ready; later calls, after a reconnect, change nothing."""
    if not _started.is_set():
        _started.set()
        Watchdog(sender.app, settings.WORKER_PATIENCE).start()
