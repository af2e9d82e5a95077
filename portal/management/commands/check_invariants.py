"""Count what breaks the invariants."""

from argparse import ArgumentParser
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.invariants import all_invariants

_SHOWN = 10


class Command(BaseCommand):
    """Lists each invariant with its number of violations; exits 1 when there is any."""

    help = "Count the violations of every invariant; exit 1 when there is any."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Let a reader see which rows."""
        parser.add_argument("--show", action="store_true", help="name the first violations of each")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line for each invariant."""
        total = 0
        for invariant in all_invariants():
            found = list(invariant.violations())
            total += len(found)
            line = f"{len(found):>7}  {invariant.name:<26} {invariant.says}"
            self.stdout.write(self.style.ERROR(line) if found else line)
            if options["show"]:
                for violation in islice(found, _SHOWN):
                    self.stdout.write(f"           {violation}")
        if total:
            message = f"{total} violations"
            raise CommandError(message)
