"""The ledger's movements: each once, under its key, on the budget of the application's round."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

import pgtrigger
from django.db import IntegrityError
from django.db.models import Case, DecimalField, F, Sum, Value, When
from django.db.models.functions import Coalesce

from incentives.models import Application, Budget, LedgerEntry
from portal.models import User

Kind = LedgerEntry.Kind

MOVES_BUDGET = "incentives.LedgerEntry:moves_budget"
DECIDED = tuple(
    f"incentives.{model}:decided" for model in ("Application", "Recommendation", "Approval", "Award", "LedgerEntry")
)
"""The triggers that move a budget, and that look whether status, decision and money agree."""

MOVES: dict[str, dict[str, int]] = {
    Kind.ALLOCATE: {"allocated": 1},
    Kind.RESERVE: {"reserved": 1},
    Kind.COMMIT: {"reserved": -1, "committed": 1},
    Kind.RELEASE_RESERVATION: {"reserved": -1},
    Kind.RELEASE_COMMITMENT: {"committed": -1},
    Kind.PAY: {"paid": 1},
    Kind.CLAW_BACK: {"committed": -1, "paid": -1},
}
"""What each movement does to the counters of a budget, as the trigger of the ledger does it; a test compares them."""


class OverBudgetError(Exception):
    """A budget does not have what was to be taken from it."""


@contextmanager
def moved_last() -> Iterator[None]:
    """Let the counters move when all else of the transaction is written and checked.

    Whoever moves a budget holds its row until the transaction ends; so others wait for one UPDATE, not a whole step.

    Raises:
        OverBudgetError: another took the money since it was seen.
    """
    pgtrigger.constraints(pgtrigger.Deferred, MOVES_BUDGET)
    yield
    pgtrigger.constraints(pgtrigger.Immediate, *DECIDED)
    try:
        pgtrigger.constraints(pgtrigger.Immediate, MOVES_BUDGET)
    except IntegrityError as error:
        if "budget_not_overcommitted" in str(error):
            raise OverBudgetError from error
        raise
    pgtrigger.constraints(pgtrigger.Deferred, *DECIDED)  # as they were: a transaction may go on


def allocate(*, budget: Budget, amount: Decimal, by: User, key: str, note: str = "") -> LedgerEntry:
    """Add money to a budget.

    Args:
        budget: the budget of a round.
        amount: CNY, above zero.
        by: who allocates it.
        key: the same key moves money once.
        note: where the decision is written down.
    """
    return LedgerEntry.objects.create(budget=budget, kind=Kind.ALLOCATE, amount=amount, by=by, key=key, note=note)


def reserve(application: Application, amount: Decimal, *, by: User | None, key: str) -> LedgerEntry:
    """Hold money of the round's budget for an application; the database refuses what is not there."""
    return _move(application, Kind.RESERVE, amount, by=by, key=key)


def commit(application: Application, *, by: User | None, key: str) -> LedgerEntry:
    """Turn all that an application has reserved into a commitment."""
    return _move(application, Kind.COMMIT, reserved(application), by=by, key=key)


def release(application: Application, *, by: User | None, key: str) -> LedgerEntry | None:
    """Give back all that an application has reserved, if anything."""
    amount = reserved(application)
    return _move(application, Kind.RELEASE_RESERVATION, amount, by=by, key=key) if amount else None


def reserved(application: Application) -> Decimal:
    """Return what an application holds in reservation."""
    return _held(application, {Kind.RESERVE: 1, Kind.COMMIT: -1, Kind.RELEASE_RESERVATION: -1})


def committed(application: Application) -> Decimal:
    """Return what is committed to an application, paid or not."""
    return _held(application, {Kind.COMMIT: 1, Kind.RELEASE_COMMITMENT: -1, Kind.CLAW_BACK: -1})


def _held(application: Application, signs: dict[Kind, int]) -> Decimal:
    money = DecimalField(max_digits=17, decimal_places=2)
    moves = [When(kind=kind, then=F("amount") * Value(sign, output_field=money)) for kind, sign in signs.items()]
    total = Sum(Case(*moves, default=Value(Decimal(0)), output_field=money))
    held: Decimal = application.ledger.aggregate(held=Coalesce(total, Value(Decimal(0)), output_field=money))["held"]
    return held


def _move(application: Application, kind: Kind, amount: Decimal, *, by: User | None, key: str) -> LedgerEntry:
    return LedgerEntry.objects.create(
        budget=Budget.objects.get(round=application.round_id),
        kind=kind,
        amount=amount,
        application=application,
        by=by,
        key=f"{application.uid}:{key}",
    )
