"""The burn-down of budgets: allocated, reserved, committed and paid, day by day, from the ledger."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext as _

from firms.charts import Areas, Layer, Table, Value, Words, areas
from incentives.ledger import MOVES
from incentives.models import Budget, LedgerEntry
from portal import clock, local_form


@dataclass(frozen=True)
class Amount(Value):
    """An amount of CNY: in words in the table, exact in the file."""

    exact: Decimal = Decimal(0)

    @property
    def cell(self) -> str:
        """What a file has in its cell."""
        return f"{self.exact:.2f}"


@dataclass(frozen=True)
class Day:
    """How the money stood at the end of a day."""

    day: date
    allocated: Decimal = Decimal(0)
    reserved: Decimal = Decimal(0)
    committed: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)

    @property
    def unpaid(self) -> Decimal:
        """What is committed and not paid."""
        return self.committed - self.paid

    @property
    def left(self) -> Decimal:
        """What can still be reserved."""
        return self.allocated - self.reserved - self.committed


def days_of(budgets: Collection[Budget]) -> list[Day]:
    """Return how the money of budgets stood after each day on which any of it moved, in Shanghai, and today."""
    moved = (
        LedgerEntry.objects.filter(budget__in=budgets)
        .annotate(day=TruncDate("at", tzinfo=clock.SHANGHAI))
        .order_by("day")
        .values_list("day", "kind")
        .annotate(Sum("amount"))
    )
    stand = {"allocated": Decimal(0), "reserved": Decimal(0), "committed": Decimal(0), "paid": Decimal(0)}
    days: dict[date, Day] = {}
    for day, kind, amount in moved:
        for counter, sign in MOVES[kind].items():
            stand[counter] += sign * amount
        days[day] = Day(day, **stand)
    today = timezone.localdate(timezone=clock.SHANGHAI)
    days.setdefault(today, Day(today, **stand))
    return [days[day] for day in sorted(days)]


def burn_down(budgets: Collection[Budget], *, title: str, of: str) -> Areas:
    """Draw how budgets were reserved, committed and paid over time.

    Args:
        budgets: whose ledger is added up.
        title: what the picture shows.
        of: what makes its id on a page.
    """
    days = days_of(budgets)
    chinese = local_form.is_chinese()
    headings = [_("Day"), _("allocated"), _("reserved"), _("committed, not paid"), _("paid"), _("left")]
    rows: list[list[str | Value]] = [
        [local_form.day(d.day), *map(_amount, (d.allocated, d.reserved, d.unpaid, d.paid, d.left))] for d in days
    ]
    moment = local_form.moment(timezone.now())
    return areas(
        [d.day for d in days],
        [
            Layer(_("paid"), "#14532d", [float(d.paid) for d in days]),
            Layer(_("committed, not paid"), "#0a5a8a", [float(d.unpaid) for d in days]),
            Layer(_("reserved"), "#d9963a", [float(d.reserved) for d in days]),
        ],
        (_("allocated"), [float(d.allocated) for d in days]),
        words=Words(
            name="burn-down",
            of=of,
            title=title,
            description=_(
                "Each movement of the ledger on the day on which it was written, in Shanghai. The distance from the "
                "areas up to the line is what can still be reserved."
            ),
            source=_("Source: the ledger of this portal, added up on %(moment)s.") % {"moment": moment},
        ),
        table=Table(headings, rows),
        unit=(_("CNY 10,000"), 10_000) if chinese else (_("CNY million"), 1_000_000),
        write_day=local_form.day,
    )


def _amount(amount: Decimal) -> Amount:
    text = local_form.money(amount) or "0"
    return Amount(float(amount), text, text, amount)
