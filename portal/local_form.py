"""Money and dates as each language writes them."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import dateformat, timezone
from django.utils.functional import lazy
from django.utils.translation import get_language, pgettext

SHANGHAI = ZoneInfo("Asia/Shanghai")
TEN_THOUSAND = Decimal(10_000)
MILLION = Decimal(1_000_000)
HUNDRED_MILLION = Decimal(100_000_000)
BILLION = Decimal(1_000_000_000)
MOST = Decimal(10) ** 15
CENT = Decimal("0.01")


def is_chinese() -> bool:
    """Say whether the active language is Chinese."""
    return (get_language() or "").startswith("zh")


def _in_a_row(*sentences: Any) -> str:
    """Write sentences one after another: with a space between them, which Chinese has not."""
    return ("" if is_chinese() else " ").join(filter(None, map(str, sentences)))


in_a_row: Callable[..., Any] = lazy(_in_a_row, str)
"""Sentences one after another, in the language in which they are read."""


def money(amount: Decimal | int | str | None) -> str:
    """Write an amount of CNY exactly, in the unit that the language counts large sums in.

    Args:
        amount: yuan; nothing is ever rounded away but fractions of a fen.

    Returns:
        For example "CNY 15 million" or "1500万元"; empty for no amount or no number.
    """
    if isinstance(amount, float) or amount is None or amount == "":
        return ""
    try:
        value = Decimal(amount)
    except (InvalidOperation, ValueError, TypeError):
        return ""
    if not value.is_finite() or abs(value) > MOST:
        return ""
    value = value.quantize(CENT)
    sign = "−" if value < 0 else ""
    return _chinese(sign, abs(value)) if is_chinese() else _english(sign, abs(value))


def _short(value: Decimal, unit: Decimal) -> str | None:
    """Return the value in the unit where two places tell it exactly."""
    if value < unit:
        return None
    scaled = value / unit
    if scaled != scaled.quantize(CENT):
        return None
    return f"{scaled.normalize():f}"


def _plain(value: Decimal) -> str:
    return f"{value:,.0f}" if value == value.to_integral_value() else f"{value:,.2f}"


def _english(sign: str, value: Decimal) -> str:
    for unit, name in ((BILLION, "billion"), (MILLION, "million")):
        if number := _short(value, unit):
            return f"{sign}CNY {Decimal(number):,f} {name}"
    return f"{sign}CNY {_plain(value)}"


def _chinese(sign: str, value: Decimal) -> str:
    for unit, name in ((HUNDRED_MILLION, "亿元"), (TEN_THOUSAND, "万元")):
        if number := _short(value, unit):
            return f"{sign}{number}{name}"
    return f"{sign}{_plain(value)}元"


def day(value: date | datetime | None) -> str:
    """Write the day, in Shanghai, on which a moment falls."""
    return _formatted(value, pgettext("date format", "j F Y"))


def moment(value: datetime | None) -> str:
    """Write a moment to the minute in Shanghai's time."""
    return _formatted(value, pgettext("date and time format", "j F Y, H:i"))


def clock_time(value: datetime | None) -> str:
    """Write the hour and minute in Shanghai, of a moment today."""
    return _formatted(value, "H:i")


def _formatted(value: date | datetime | None, pattern: str) -> str:
    if isinstance(value, datetime):
        value = timezone.localtime(value, SHANGHAI) if timezone.is_aware(value) else value
    elif not isinstance(value, date):
        return ""
    return dateformat.format(value, pattern)
