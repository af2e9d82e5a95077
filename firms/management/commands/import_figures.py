"""Import yearly figures from the command line."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from firms.registry.figures import FigureReading
from firms.registry.reading import Unreadable
from firms.services.error_files import write_error_file
from firms.services.figure_imports import import_figures
from firms.services.outcomes import Outcome

_SHOWN = 20


class Command(BaseCommand):
    """Exit 0 when applied (or, in a dry run, when it would be), 2 when the file cannot be read."""

    help = "Import yearly figures of firms (CSV or XLSX): good rows are applied, bad ones reported."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the arguments."""
        parser.add_argument("file", type=Path, help="the CSV or XLSX file")
        parser.add_argument("--dry-run", action="store_true", help="show what would change, and change nothing")
        parser.add_argument("--errors", type=Path, metavar="OUT.xlsx", help="write the bad rows here")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        parser.add_argument("--source", default="", help="the office that the figures come from; else the file's name")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import and print the outcome; no figure is printed, for a terminal is no place for them."""
        try:
            outcome = import_figures(path=options["file"], source=options["source"], dry_run=options["dry_run"])
        except Unreadable as unreadable:
            raise CommandError(f"{unreadable.en} {unreadable.zh}", returncode=2) from unreadable
        if options["errors"]:
            try:
                write_error_file(reading=outcome.reading, path=options["errors"])
            except OSError as error:
                self.stderr.write(f"The file of errors could not be written: {error}")
        if options["json"]:
            summary = {**outcome.counts(), "dry_run": options["dry_run"], "faults": outcome.faults()}
            summary["differences"] = [
                {**difference, "changes": sorted(difference["changes"])} for difference in outcome.differences
            ]
            self.stdout.write(json.dumps(summary, ensure_ascii=False))
        else:
            self._print(outcome, dry_run=options["dry_run"])

    def _print(self, outcome: Outcome[FigureReading], *, dry_run: bool) -> None:
        for name, count in outcome.counts().items():
            self.stdout.write(f"{name:>10} {count}")
        for difference in outcome.differences[:_SHOWN]:
            changed = ", ".join(difference["changes"]) or "source"
            self.stdout.write(f"  {difference['uscc']} {difference['year']}: {changed}")
        if len(outcome.differences) > _SHOWN:
            self.stdout.write(f"  and {len(outcome.differences) - _SHOWN} more")
        for refusal in outcome.reading.refusals[:_SHOWN]:
            self.stdout.write(f"  line {refusal.line}, {refusal.header}: {refusal.fault.en}")
        if len(outcome.reading.refusals) > _SHOWN:
            self.stdout.write(f"  and {len(outcome.reading.refusals) - _SHOWN} more; --errors writes them all")
        self.stdout.write("Nothing was changed: this was a dry run." if dry_run else "Applied.")
