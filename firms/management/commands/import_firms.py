"""Import a registry file from the command line."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from firms.registry.reading import Unreadable
from firms.registry.rows import Reading
from firms.services.error_files import write_error_file
from firms.services.imports import RegistryChangedError, import_registry
from firms.services.outcomes import Outcome

_SHOWN = 20


class Command(BaseCommand):
    """Exit 0 when applied (or, in a dry run, when it would be), 2 when the file cannot be read."""

    help = "Import a registry file (CSV or XLSX): good rows are applied, bad ones reported."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("file", type=Path, help="the CSV or XLSX file")
        parser.add_argument("--dry-run", action="store_true", help="show what would change, and change nothing")
        parser.add_argument("--errors", type=Path, metavar="OUT.xlsx", help="write the bad rows here")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--source", default="", help="how pages name the source; by default the file's name")
        parser.add_argument(
            "--full", action="store_true", help="the file names every firm: count those missing from it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import and print the outcome."""
        try:
            outcome = import_registry(
                path=options["file"],
                source=options["source"],
                dry_run=options["dry_run"],
                is_full=options["full"],
                on_wait=lambda: self.stderr.write("Another import is at work; this one waits for it."),
            )
        except Unreadable as unreadable:
            raise CommandError(f"{unreadable.en} {unreadable.zh}", returncode=2) from unreadable
        except RegistryChangedError as changed:
            raise CommandError(
                "Firms of the file were changed at the same moment. Nothing was applied; try again."
            ) from changed
        if options["errors"]:
            try:
                write_error_file(reading=outcome.reading, path=options["errors"])
            except OSError as error:
                self.stderr.write(f"The file of errors could not be written: {error}")
        if options["json"]:
            self.stdout.write(json.dumps(_summary(outcome, dry_run=options["dry_run"]), ensure_ascii=False))
        else:
            self._print(outcome, dry_run=options["dry_run"])

    def _print(self, outcome: Outcome[Reading], *, dry_run: bool) -> None:
        for name, count in outcome.counts().items():
            self.stdout.write(f"{name:>10} {count}")
        if outcome.missing:
            self.stdout.write(f"{'missing':>10} {outcome.missing}: to be decided in the staff workplace")
        for note in outcome.reading.notes:
            self.stdout.write(f"  {note.en}")
        for difference in outcome.differences[:_SHOWN]:
            changes = "; ".join(f"{column}: {was} → {now}" for column, (was, now) in difference["changes"].items())
            self.stdout.write(f"  {difference['uscc']} {difference['name']}: {changes}")
        if len(outcome.differences) > _SHOWN:
            self.stdout.write(f"  and {len(outcome.differences) - _SHOWN} more")
        for refusal in outcome.reading.refusals[:_SHOWN]:
            meant = f" Probably meant: {refusal.meant}" if refusal.meant else ""
            self.stdout.write(f"  line {refusal.line}, {refusal.header}: {refusal.value!r}: {refusal.fault.en}{meant}")
        if len(outcome.reading.refusals) > _SHOWN:
            self.stdout.write(f"  and {len(outcome.reading.refusals) - _SHOWN} more; --errors writes them all")
        self.stdout.write("Nothing was changed: this was a dry run." if dry_run else "Applied.")


def _summary(outcome: Outcome[Reading], *, dry_run: bool) -> dict[str, Any]:
    return {
        **outcome.counts(),
        "dry_run": dry_run,
        "missing": outcome.missing,
        "notes": [note.en for note in outcome.reading.notes],
        "faults": outcome.faults(),
        "differences": outcome.differences,
    }
