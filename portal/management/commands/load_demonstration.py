"""Load the demonstration once."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal import demonstration


class Command(BaseCommand):
    """Loads accounts and every app's part; does nothing when they are there."""

    help = "Load the demonstration data, once. Needs DEMONSTRATION=1."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say how long it took."""
        if not settings.DEMONSTRATION:
            message = "This is no demonstration: set DEMONSTRATION=1."
            raise CommandError(message)
        if demonstration.is_loaded():
            self.stdout.write("The demonstration is loaded already.")
            return
        start = time.monotonic()
        demonstration.load()
        self.stdout.write(f"The demonstration was loaded in {time.monotonic() - start:.0f} s.")
