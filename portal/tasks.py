"""What Celery runs: queues of rows, the sweep that finds what nobody woke, the seal, the end of sessions."""

from celery import shared_task
from django.db import close_old_connections

from portal import health, history, sessions, work


@shared_task
def run_queue(name: str) -> int:
    """Do what is due in one queue."""
    close_old_connections()
    return work.run(name)


@shared_task
def sweep() -> None:
    """Find work that nobody woke a worker for, in every queue."""
    health.seen("worker")
    work.sweep()


@shared_task
def seal_history() -> None:
    """Chain the history rows that no running transaction can add to."""
    history.seal()


@shared_task
def delete_expired_sessions() -> None:
    """Delete what visitors kept for as long as a session lasts."""
    sessions.delete_expired()
