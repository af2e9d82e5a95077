"""Budgets: one per round, filled by the ledger."""

from decimal import Decimal
from uuid import UUID

from django.db import transaction

from incentives import ledger
from incentives.models import Budget, LedgerEntry, Round
from portal.models import User


@transaction.atomic
def open_budget(*, round: Round) -> Budget:  # noqa: A002
    """Return the budget of a round, made empty where there is none."""
    return Budget.objects.get_or_create(round=round)[0]


@transaction.atomic
def allocate_money(*, budget: Budget, amount: Decimal, by: User, key: UUID, note: str) -> LedgerEntry:
    """Add money to a budget; the same key again adds nothing.

    Args:
        budget: the budget of a round.
        amount: CNY, above zero.
        by: who allocates it.
        key: made with the page that was shown.
        note: the decision it rests on.
    """
    Budget.objects.select_for_update().get(pk=budget.pk)
    if found := LedgerEntry.objects.filter(key=f"allocate:{key}").first():
        return found
    return ledger.allocate(budget=budget, amount=amount, by=by, key=f"allocate:{key}", note=note)
