"""In which instalments an award is paid, as its programme's version plans them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Any

_FEN = Decimal("0.01")


@dataclass(frozen=True)
class Instalment:
    """One instalment of an award: its share in per cent, its amount in CNY, and what it waits for."""

    share: int
    amount: Decimal
    milestone_en: str
    milestone_zh: str


def instalments(content: Mapping[str, Any], amount: Decimal) -> list[Instalment]:
    """Return the instalments of an award; rounded down to the fen, what is left over comes with the last.

    Args:
        content: of the version that the application was made under.
        amount: of the award, in CNY.
    """
    plan = content["tranches"]
    parts = [(amount * tranche["share"] / 100).quantize(_FEN, ROUND_DOWN) for tranche in plan]
    if parts:
        parts[-1] = amount - sum(parts[:-1], Decimal(0))
    return [
        Instalment(tranche["share"], part, tranche["milestone_en"], tranche["milestone_zh"])
        for tranche, part in zip(plan, parts, strict=True)
    ]
