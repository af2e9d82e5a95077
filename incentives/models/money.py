"""Money: ``numeric(15,2)`` in CNY, always between two bounds, so never NaN."""

from decimal import Decimal
from typing import Any

from django.db import models

MAXIMUM_AWARD = Decimal("15000000.00")
"""The most that one award may give, in CNY."""

MAXIMUM = Decimal("9999999999999.99")
"""The most that the column holds."""


def money(name: Any, **options: Any) -> "models.DecimalField[Any, Any]":
    """Return a column for an amount in CNY; give it bounds with ``bounded``."""
    return models.DecimalField(name, max_digits=15, decimal_places=2, **options)


def bounded(field: str, name: str, *, least: Decimal | None = None, most: Decimal = MAXIMUM) -> models.CheckConstraint:
    """Return the constraint that keeps an amount between two bounds.

    Args:
        field: the column.
        name: the constraint's name.
        least: the least allowed value; without it, the amount is above zero.
        most: the greatest allowed value; PostgreSQL sorts NaN above it.
    """
    lower = models.Q(**{f"{field}__gt": 0}) if least is None else models.Q(**{f"{field}__gte": least})
    return models.CheckConstraint(condition=lower & models.Q(**{f"{field}__lte": most}), name=name)
