"""Migrate as the owner of the tables, then grant the application's role its rights."""

from typing import Any

from django.core.management.commands import migrate

from portal import database, permissions


class Command(migrate.Command):
    """Django's command, run as the owner."""

    # The checks look for what this command is there to mend; they run in `make check` and at each start.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, grant, and give each role its admin permissions."""
        with database.as_owner():
            super().handle(*args, **options)
            database.secure()
            permissions.grant_to_roles()
