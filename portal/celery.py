"""The Celery application: what wakes the workers. Rows in PostgreSQL hold the work."""

import os
from typing import Any
from uuid import uuid4

import structlog
from celery import Celery, Task
from celery.signals import worker_ready

from portal.actor import acting

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")


class ActingTask(Task):
    """A task that acts as ``system:<name>`` under the id of the request that woke it."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run as the actor named after the task."""
        headers = self.request.headers or {}
        request_id = headers.get("request_id") or uuid4().hex
        with (
            acting(f"system:{self.name}", request_id),
            structlog.contextvars.bound_contextvars(request_id=request_id, task=self.name),
        ):
            return super().__call__(*args, **kwargs)


app = Celery("portal", task_cls=ActingTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
def watch(sender: Any, **signal: Any) -> None:
    """Let each worker be watched."""
    from portal import watchdog  # Django's settings are ready only now

    watchdog.start(sender, **signal)
