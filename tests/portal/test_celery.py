"""Celery: a killed worker loses no task, and a task knows which request woke it."""

from typing import Any

import pytest
import structlog

from portal import actor, tasks, work
from portal.actor import acting
from portal.celery import app


def test_worker_is_set_up_so_that_no_task_is_lost_kept_or_unreadable() -> None:
    wanted = {
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "worker_prefetch_multiplier": 1,
        "task_soft_time_limit": 60,
        "task_time_limit": 90,
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_ignore_result": True,
        "result_backend": None,
        "visibility_timeout": 300,
        "result_backend_transport_options": {"visibility_timeout": 300},
    }

    assert {name: app.conf[name] for name in wanted} == wanted
    assert app.conf.broker_transport_options["visibility_timeout"] == 300


def test_worker_is_woken_with_the_id_of_the_request(
    db: None, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(work.current_app, "send_task", lambda name, **options: sent.append({"name": name, **options}))

    with acting("user:42", "request-7"), django_capture_on_commit_callbacks(execute=True):
        work.wake("notices")

    (task,) = sent
    assert (task["name"], task["args"], task["headers"]) == (
        "portal.tasks.run_queue",
        ["notices"],
        {"request_id": "request-7"},
    )


def test_task_acts_and_logs_under_the_id_of_the_request(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []

    def look() -> None:
        seen.append((actor.current(), structlog.contextvars.get_contextvars().get("request_id")))

    monkeypatch.setattr(tasks.history, "seal", look)

    tasks.seal_history.apply(headers={"request_id": "request-7"}, throw=True)

    ((who, logged),) = seen
    assert (who.actor, who.request_id, logged) == ("system:portal.tasks.seal_history", "request-7", "request-7")
