"""Migrate as the owner of the tables, then grant the application's role its rights."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from portal import database, deadlines, permissions


class Command(migrate.Command):
    """Django's command, run as the owner; at the end, what was in progress gets the clocks that are new."""

    # The checks look for what this command is there to mend; they run in `make check` and at each start.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, grant, and give each role its admin permissions."""
        with database.as_owner():
            super().handle(*args, **options)
            database.secure()
            permissions.grant_to_roles()
            if self._is_up_to_date():  # on the way back to an older state, the models are ahead of the tables
                number = deadlines.set_missing()
                if number and options.get("verbosity"):
                    self.stdout.write(f"Set {number} deadlines of what was in progress.")

    @staticmethod
    def _is_up_to_date() -> bool:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
