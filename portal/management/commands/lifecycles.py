"""Print the lifecycles as diagrams for the documentation."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.lifecycle import all_lifecycles


class Command(BaseCommand):
    """Prints ``docs/lifecycles.md``."""

    help = "Print every lifecycle as a Mermaid diagram."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a page of diagrams."""
        parts = ["# Lifecycles", "Printed by `manage.py lifecycles > docs/lifecycles.md`; a test holds it to the code."]
        for table in all_lifecycles():
            parts += [f"## {table.model._meta.verbose_name.capitalize()}", f"```mermaid\n{table.diagram()}\n```"]  # type: ignore[union-attr]
        self.stdout.write("\n\n".join(parts))
