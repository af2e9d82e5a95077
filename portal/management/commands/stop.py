"""End what is left running here."""

from typing import Any

from django.core.management.base import BaseCommand

from portal import embedded
from portal.environment import VAR
from portal.supervisor import end_recorded


class Command(BaseCommand):
    """Ends web, worker and beat of ``make demo``, then the embedded PostgreSQL and Valkey."""

    help = "End what is left running here: web, worker, beat, PostgreSQL, Valkey."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """End it all and say what ran."""
        ended = end_recorded(VAR / "demo.json")
        stopped = ["web, worker and beat"] if ended else []
        stopped += embedded.stop(VAR)
        self.stdout.write(f"Stopped: {', '.join(stopped)}." if stopped else "Nothing was running.")
