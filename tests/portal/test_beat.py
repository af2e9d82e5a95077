"""Beat begins at once: a start after an outage waits for no interval."""

from portal.beat import Scheduler
from portal.celery import app


def test_scheduler_starts_with_everything_due() -> None:
    scheduler = Scheduler(app)

    due = {name: entry.is_due().is_due for name, entry in scheduler.schedule.items()}
    assert due == {"sweep": True, "seal": True, "sessions": True}
