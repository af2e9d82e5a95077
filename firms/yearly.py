"""What yearly figures mean: which years are asked for, what is doubtful, and what follows from them."""

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from firms.models import AMOUNTS, YearlyFigure
from firms.registry.normalising import today_in_shanghai

YEARS_ASKED = 5
"""So many ended years a page asks for."""

_FACTOR = 10
_TENTH = Decimal("0.1")


def last_ended_year() -> int:
    """Return the last year that has ended in Shanghai: figures of a year can be given once it has ended."""
    return today_in_shanghai().year - 1


def doubts(values: Mapping[str, Any], *, year_before: YearlyFigure | None) -> list[str]:
    """Return what looks like a mistake, most of all of units; a person who is sure may give it all the same.

    Args:
        values: the measures of one year; None where not given.
        year_before: the figures of the year before, if there are any.
    """
    revenue = values.get("revenue")
    found = []
    for name, words in (
        ("rd_spend", _("The R&D spend is higher than the revenue.")),
        ("tax_paid", _("The tax paid is higher than the revenue.")),
    ):
        amount = values.get(name)
        if revenue is not None and amount is not None and amount > revenue:
            found.append(words)
    if year_before is None:
        return found
    jumps = [name for name in (*AMOUNTS, "staff") if _jumps(values.get(name), getattr(year_before, name))]
    labels = [str(YearlyFigure._meta.get_field(name).verbose_name) for name in jumps]  # type: ignore[union-attr]
    sentence = _("%(measure)s: ten times as much, or a tenth, of the year before. Is the unit right?")
    return found + [sentence % {"measure": label[:1].upper() + label[1:]} for label in labels]


def _jumps(value: Any, before: Any) -> bool:
    return bool(value and before) and (value >= before * _FACTOR or value * _FACTOR <= before)


def rd_intensity(figure: YearlyFigure) -> Decimal | None:
    """Return the R&D spend as a share of the revenue of the year, in percent to one place."""
    if figure.rd_spend is None or not figure.revenue:
        return None
    return _percent(figure.rd_spend / figure.revenue)


def growth(figures: Iterable[YearlyFigure], year: int) -> Decimal | None:
    """Return by how much the revenue of a year is above that of the year before, in percent to one place."""
    revenue = {figure.year: figure.revenue for figure in figures}
    now, before = revenue.get(year), revenue.get(year - 1)
    return None if now is None or not before else _percent(now / before - 1)


def _percent(share: Decimal) -> Decimal:
    return (share * 100).quantize(_TENTH, rounding=ROUND_HALF_UP)
