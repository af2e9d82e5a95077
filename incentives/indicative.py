"""What a programme could come to for a firm: an indication with its arithmetic, never a promise."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from incentives import conditions
from incentives.facts import Text, lazy_money
from incentives.models import Application

_FEN = Decimal("0.01")
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Line:
    """One limit of the amount.

    Args:
        title: what limits it.
        working: how the limit is worked out.
        amount: the limit in CNY, never below zero.
        decides: whether it is the least of all, and so the amount.
    """

    title: Text
    working: Text
    amount: Decimal
    decides: bool = False


@dataclass(frozen=True)
class Indication:
    """The least of some limits, each with its arithmetic.

    Args:
        amount: in CNY.
        lines: the limits.
        costs_known: whether eligible costs were given; without them the amount is the most that any costs could bring.
    """

    amount: Decimal
    lines: list[Line]
    costs_known: bool


def indicate(
    content: Mapping[str, Any], *, costs: Decimal | None, held: Decimal = NOTHING, left: Decimal | None = None
) -> Indication:
    """Return what a programme could come to.

    Args:
        content: the programme as published: ``matching_rate`` in percent, ``cap_award`` and ``cap_firm`` in CNY.
        costs: the eligible costs in CNY, if they are known.
        held: what the firm's other live awards of the programme come to, in CNY.
        left: what the budget of the round can still give, in CNY; None where it has none.
    """
    lines = [
        *([_share(costs, Decimal(content["matching_rate"]))] if costs is not None else []),
        Line(_("Most per award"), "", Decimal(content["cap_award"])),
        _per_firm(Decimal(content["cap_firm"]), held),
        Line(_("Left of the budget of the round"), "", max(left or NOTHING, NOTHING)),
    ]
    least = min(line.amount for line in lines)
    decided = [Line(line.title, line.working, line.amount, decides=line.amount == least) for line in lines]
    return Indication(least, decided, costs_known=costs is not None)


def of_application(application: Application, answers: Mapping[str, Mapping[str, Any]]) -> Indication:
    """Return what an application could come to, from the eligible costs among its answers by section."""
    costs = answers.get(conditions.FUNDING, {}).get("project_cost")
    budget = getattr(application.round, "budget", None)
    return indicate(
        application.content,
        costs=Decimal(costs) if costs else None,
        held=conditions.held_by_firm(application),
        left=budget.left if budget else None,
    )


def _share(costs: Decimal, rate: Decimal) -> Line:
    amount = (costs * rate / 100).quantize(_FEN, rounding=ROUND_DOWN)
    percent = f"{rate.normalize():f}"
    working = format_lazy("{costs} × {percent}%", costs=lazy_money(costs), percent=percent)
    return Line(_("Share of the eligible costs"), working, amount)


def _per_firm(cap: Decimal, held: Decimal) -> Line:
    working: Text = (
        format_lazy(_("{cap} − {held} of live awards"), cap=lazy_money(cap), held=lazy_money(held)) if held else ""
    )
    return Line(_("Most per firm over all its live awards"), working, max(cap - held, NOTHING))
