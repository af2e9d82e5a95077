"""Verify the chain over history."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal import history
from portal.models import HistoryEntry, Seal


class Command(BaseCommand):
    """Recomputes every seal; exits 1 when one does not hold."""

    help = "Verify that no sealed history entry was changed or removed."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each broken link, or how much was verified."""
        faults = list(history.verify())
        for fault in faults:
            self.stderr.write(self.style.ERROR(fault))
        if faults:
            message = f"{len(faults)} seals do not hold"
            raise CommandError(message)
        self.stdout.write(f"{Seal.objects.count()} seals hold over {HistoryEntry.objects.count()} entries")
