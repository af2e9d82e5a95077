"""Compare the counters of budgets, and the awards, with the ledger."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from incentives.models import Award, Budget
from incentives.reconciling import differences


class Command(BaseCommand):
    """Prints what differs; exits 1 where anything does. It can only read."""

    help = "Compare counters of budgets, and awards, with the ledger; exit 1 where they differ."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line for each difference."""
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION READ ONLY")
            found = list(differences())
            budgets, awards = Budget.objects.count(), Award.objects.count()
            transaction.set_rollback(True)
        for one in found:
            line = f"{one.of}: {one.what} is {one.written:,.2f}, by the ledger {one.in_ledger:,.2f}"
            self.stdout.write(self.style.ERROR(line))
        if found:
            message = f"{len(found)} differences"
            raise CommandError(message)
        self.stdout.write(f"{budgets} budgets and {awards} awards are what the ledger makes them.")
