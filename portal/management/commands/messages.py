"""Bring the catalogues of translations up to date, or check them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal import catalogues


class Command(BaseCommand):
    """Extract messages of each part into ``locale/<part>/zh_Hans/LC_MESSAGES/django.po``."""

    help = "Extracts messages into the catalogues and compiles them; --check only says what is missing."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("parts", nargs="*", metavar="part", help=f"of {', '.join(catalogues.PARTS)}; all if none")
        parser.add_argument("--check", action="store_true", help="change nothing; fail when anything is untranslated")

    def handle(self, *args: Any, parts: list[str], check: bool, **options: Any) -> None:
        """Update or check the catalogues."""
        unknown = set(parts) - set(catalogues.PARTS)
        if unknown:
            message = f"No such part: {', '.join(sorted(unknown))}"
            raise CommandError(message)
        found = []
        for part in parts or catalogues.PARTS:
            if not check:
                catalogues.update(part)
            found += catalogues.problems(part)
        found += catalogues.contradictions()
        self.stdout.write("".join(line + "\n" for line in found) or "Every message is translated.\n", ending="")
        if check and found:
            message = f"{len(found)} messages need work: manage.py messages brings the catalogues up to date."
            raise CommandError(message)
