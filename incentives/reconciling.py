"""The counters of budgets, and the awards, against the ledger: what differs, and nothing is changed."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Case, DecimalField, F, OuterRef, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from incentives.ledger import MOVES
from incentives.models import Award, Budget, LedgerEntry

COUNTERS = ("allocated", "reserved", "committed", "paid")


class Difference(NamedTuple):
    """One number that is not what the ledger makes it."""

    of: str
    what: str
    written: Decimal
    in_ledger: Decimal


def differences() -> Iterator[Difference]:
    """Yield every counter of a budget, and every amount of an award, that the ledger does not make what it is.

    Each of the two is one statement, so that nothing moves between a counter and its ledger.
    """
    sums: Any = {f"in_ledger_{name}": _sum(name, budget=OuterRef("pk")) for name in COUNTERS}
    for budget in Budget.objects.select_related("round__programme").annotate(**sums).order_by("pk"):
        name = f"budget {budget.pk} ({budget.round.programme} · {budget.round})"
        for counter in COUNTERS:
            written, moved = getattr(budget, counter), getattr(budget, f"in_ledger_{counter}")
            if written != moved:
                yield Difference(name, counter, written, moved)
    of_award = {"application": OuterRef("application")}
    entries = LedgerEntry.objects.filter(kind=LedgerEntry.Kind.COMMIT, **of_award).order_by().values("application")
    made = Coalesce(Subquery(entries.annotate(sum=Sum("amount")).values("sum")), Value(Decimal(0)), output_field=_MONEY)
    held: Any = {f"in_ledger_{name}": _sum(name, **of_award) for name in ("reserved", "committed", "paid")}
    for award in Award.objects.select_related("application").annotate(made=made, **held).order_by("pk"):
        yield from _of_award(award)


def _of_award(award: Any) -> Iterator[Difference]:
    name = f"award of {award.application}"
    if award.amount != award.made:
        yield Difference(name, "amount", award.amount, award.made)
    if award.in_ledger_reserved != 0:
        yield Difference(name, "reserved", Decimal(0), award.in_ledger_reserved)
    if not 0 <= award.in_ledger_paid <= award.in_ledger_committed:
        yield Difference(name, "paid", award.in_ledger_committed, award.in_ledger_paid)


_MONEY: Any = DecimalField(max_digits=17, decimal_places=2)


def _sum(counter: str, **of: Any) -> Any:
    """Return what the ledger makes of a counter."""
    moves = [
        When(kind=kind, then=F("amount") * Value(signs[counter], output_field=_MONEY))
        for kind, signs in MOVES.items()
        if counter in signs
    ]
    entries = LedgerEntry.objects.filter(**of).order_by().values(*of)
    summed = entries.annotate(sum=Sum(Case(*moves, default=Value(Decimal(0)), output_field=_MONEY)))
    return Coalesce(Subquery(summed.values("sum")), Value(Decimal(0)), output_field=_MONEY)
