"""What the public may read of yearly figures: sums and medians over firms, never one that tells a firm's own figure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from firms.models import AMOUNTS, MEASURES, Cluster, Organisation, YearlyFigure
from portal import local_form

LEAST = 5
"""Aggregates over fewer firms than this are not shown."""

GROUP = LEAST
"""Firms are counted in groups of so many: a new one shows only with others, or the difference would tell its figure."""

DOMINANT = Decimal("0.85")
"""Nothing is shown where one firm has a larger share of the sum than this: the sum would tell its figure."""

DIGITS = 3
"""Sums and medians are rounded to so many digits."""

_MEASURES = ", ".join(f"('{name}', f.{name}::numeric)" for name in MEASURES)
_READ = f"""
    WITH given AS (
        SELECT m.measure, m.value,
               row_number() OVER (PARTITION BY m.measure ORDER BY coalesce(f.verified_at, f.entered_at), f.id) AS place,
               count(*) OVER (PARTITION BY m.measure) AS number
          FROM firms_yearlyfigure f
          -- CASE keeps PostgreSQL from reading all listed firms for each figure while it has no statistics yet.
          JOIN firms_organisation o ON o.id = f.organisation_id
           AND CASE WHEN o.status = %(status)s THEN o.kind = %(kind)s END
          CROSS JOIN LATERAL (VALUES {_MEASURES}) m(measure, value)
         WHERE f.year = %(year)s AND m.value IS NOT NULL
           AND (f.verified_at IS NOT NULL OR f.source = 'import')
           AND (%(cluster)s::bigint IS NULL OR EXISTS (
                SELECT FROM firms_clustermembership c
                 WHERE c.organisation_id = o.id AND c.cluster_id = %(cluster)s AND NOT c.excluded))
    )
    SELECT measure, count(*), sum(value), max(value), percentile_cont(0.5) WITHIN GROUP (ORDER BY value)::numeric
      FROM given WHERE place <= number / {GROUP} * {GROUP}
     GROUP BY measure
"""  # noqa: S608 -- names and numbers of ours

_YEARS = """
    SELECT year FROM unnest(%s::int[]) year
     WHERE EXISTS (SELECT FROM firms_yearlyfigure f WHERE f.year = year.year) ORDER BY year DESC
"""


@dataclass(frozen=True)
class Aggregate:
    """A measure over firms; amounts in CNY, staff in people, both rounded to three digits.

    Args:
        firms: over how many; always a multiple of five.
        total: their sum.
        median: the middle one.
    """

    firms: int
    total: Decimal
    median: Decimal


def of_year(year: int, *, cluster: Cluster | None = None) -> Mapping[str, Aggregate | None]:
    """Return what may be shown of each measure of a year.

    Only figures that an officer verified or an office delivered count: what a firm merely says of itself can neither
    move a public figure nor be used to single out the others. The firms are taken in groups of five in the order in
    which their figures were attested.

    Args:
        year: of the figures.
        cluster: listed firms of this cluster; None for all listed firms.

    Returns:
        By measure (``MEASURES``); None where it may not be shown: over fewer than five firms, or one firm dominates.
    """
    values = {
        "year": year,
        "cluster": cluster.pk if cluster else None,
        "status": Organisation.Status.LISTED,
        "kind": Organisation.Kind.FIRM,
    }
    with connection.cursor() as cursor:
        cursor.execute(_READ, values)
        found = {row[0]: _shown(*row[1:]) for row in cursor.fetchall()}
    return {name: found.get(name) for name in MEASURES}


def _shown(firms: int, total: Decimal, most: Decimal, median: Decimal) -> Aggregate | None:
    if firms < LEAST or not total or most > DOMINANT * total:
        return None
    return Aggregate(firms, rounded(total), rounded(median))


def rounded(value: Decimal) -> Decimal:
    """Return a number with its first three digits."""
    number = Decimal(value)
    return number if not number else round(number, DIGITS - 1 - number.adjusted())


def newest(*, cluster: Cluster | None = None, among: range) -> tuple[int, Mapping[str, Aggregate | None]] | None:
    """Return the newest of some years for which anything may be shown, with what may be shown, or None.

    Args:
        cluster: see ``of_year``.
        among: the years to look at, such as the last five that have ended.
    """
    with connection.cursor() as cursor:
        cursor.execute(_YEARS, [list(among)])
        years = [row[0] for row in cursor.fetchall()]
    found = ((year, of_year(year, cluster=cluster)) for year in years)
    return next(((year, shown) for year, shown in found if any(shown.values())), None)


@dataclass(frozen=True)
class Row:
    """A measure as a page shows it, in the reader's language."""

    label: str
    firms: int
    total: str
    median: str


def rows(found: Mapping[str, Aggregate | None]) -> list[Row]:
    """Return what may be shown, as texts."""
    return [
        Row(str(YearlyFigure._meta.get_field(name).verbose_name), a.firms, _text(name, a.total), _text(name, a.median))  # type: ignore[union-attr]
        for name, a in found.items()
        if a
    ]


def _text(measure: str, value: Decimal) -> str:
    return local_form.money(value) if measure in AMOUNTS else f"{value:,.0f}"
