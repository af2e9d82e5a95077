"""The bands in which amounts, areas and rents are counted; a range is in every band that it touches."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Band:
    """From ``least`` to below ``most``; open upwards where that is None."""

    value: str
    least: Decimal
    most: Decimal | None


def _bands(**bounds: str) -> tuple[Band, ...]:
    """Read bands from their names in addresses and their lower bounds."""
    least = [Decimal(bound) for bound in bounds.values()]
    return tuple(
        Band(value.removeprefix("_").replace("_", "-"), low, high)
        for value, low, high in zip(bounds, least, [*least[1:], None], strict=True)
    )


_MILLIONS = _bands(
    _0_1m="0", _1m_5m="1000000", _5m_20m="5000000", _20m_50m="20000000", _50m_100m="50000000", _100m="100000000"
)
BANDS: dict[str, tuple[Band, ...]] = {
    "amount": _MILLIONS,
    "ticket": _MILLIONS,
    "budget": _bands(_0_100k="0", _100k_500k="100000", _500k_1m="500000", _1m_5m="1000000", _5m="5000000"),
    "area": _bands(_0_100="0", _100_300="100", _300_1000="300", _1000_3000="1000", _3000="3000"),
    "rent": _bands(_0_2="0", _2_3="2", _3_5="3", _5_8="5", _8="8"),
    "trl": _bands(_1_3="1", _4_6="4", _7_9="7"),
}
"""By the name of the facet: CNY, CNY that one investor puts in, CNY, m², CNY per m² and day, levels of readiness."""


def sql(facet: str, least: str, most: str) -> str:
    """Return SQL for the array of the bands that a range touches; empty where neither end is stated.

    Args:
        facet: one of ``BANDS``.
        least: SQL of where the range begins.
        most: SQL of where it ends, perhaps the same.
    """
    rows = ", ".join(
        f"('{facet}:{band.value}', {band.least}::numeric, {band.most or 'NULL'}::numeric)" for band in BANDS[facet]
    )
    return (
        f"ARRAY(SELECT b.value FROM (VALUES {rows}) AS b (value, least, most) "  # noqa: S608 -- constants of ours
        f"WHERE coalesce({least}, {most}) < coalesce(b.most, 'infinity') AND coalesce({most}, {least}) >= b.least)"
    )
