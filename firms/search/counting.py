"""Live counts: how many firms each choice would leave, in one query over what is found."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from firms.search.asked import Asked
from firms.search.texts import Sql

MOST_COUNTED = 100_000
"""Of more matches than this so many are counted, and pages say that there are more."""


@dataclass(frozen=True)
class Counts:
    """How many firms are found, and for each choice how many it has while the other facets apply.

    ``without`` says for each facet that applies how many firms it alone keeps out.
    """

    total: int
    is_capped: bool = False
    numbers: dict[str, int] = field(default_factory=dict)
    without: dict[str, int] = field(default_factory=dict)


def count(criteria: Asked) -> Counts:
    """Count what is found and what each choice would find."""
    if criteria.finds_nothing:
        return Counts(0)
    sql, params = _query(criteria)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        numbers = {value: int(number) for value, number in cursor.fetchall()}
    without = {name: numbers.pop(f"without:{name}", 0) for name in criteria.facets}
    return Counts(numbers.get(criteria.whole, 0), bool(numbers.pop("", 0)), numbers, without)


def count_found(criteria: Asked) -> Counts:
    """Count what is found, and nothing else."""
    if not criteria.is_narrowed:
        return count(criteria)
    total = count_only(criteria)
    return Counts(total, is_capped=total == MOST_COUNTED)


def count_only(criteria: Asked) -> int:
    """Count what is found, no further than any page says, and without the totals that are kept."""
    return count_each([criteria])[0]


def count_each(searches: Sequence[Asked]) -> list[int]:
    """Count what each of some searches finds, no further than any page says, in one query."""
    if not searches:
        return []
    counts, params = [], []
    for criteria in searches:
        condition, values = criteria.conditions()
        found = f"SELECT FROM {criteria.entries} WHERE {condition} LIMIT %s"
        counts.append(f"(SELECT count(*) FROM ({found}) AS found)")  # noqa: S608 -- SQL of ours
        params += [*values, MOST_COUNTED]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(counts)}", params)
        return list(map(int, cursor.fetchone()))


def _query(criteria: Asked) -> Sql:
    totals, of_totals = criteria.totals()
    kept = f"SELECT value, number FROM ({totals}) AS totals WHERE number > 0"  # noqa: S608 -- SQL of ours
    if not criteria.is_narrowed:
        return kept, of_totals
    sql, params = _found(criteria)
    if not criteria.text and len(criteria.facets) == 1:  # its own choices count as if it were not there
        (name,) = criteria.facets
        sql = f"""
            {sql} UNION ALL {kept} AND starts_with(value, %s)
             UNION ALL SELECT %s, coalesce(sum(number), 0) - (SELECT count(*) FROM found)
                         FROM ({totals}) AS totals WHERE value = %s
        """  # noqa: S608
        params = [*params, *of_totals, f"{name}:", f"without:{name}", *of_totals, criteria.whole]
    return sql, params


def _found(criteria: Asked) -> Sql:
    """Count over the entries that miss at most one facet: those count for the choices of the facet they miss."""
    stored = {name: criteria.stored(name) for name in criteria.facets}
    base, of_base = criteria.base()
    parts: list[str] = [base]
    params: list[Any] = [*of_base]
    if criteria.text:
        sql, more = criteria.text.found_in("words")
        parts.append(sql)
        params += more
    own_from_totals = not criteria.text and len(stored) == 1
    if own_from_totals:
        parts.append("facets && %s::text[]")
        params += stored.values()
    elif len(stored) > 1:
        ways = []
        for missing in stored:
            others = [values for name, values in stored.items() if name != missing]
            ways.append("(" + " AND ".join(["facets && %s::text[]"] * len(others)) + ")")
            params += others
        parts.append("(" + " OR ".join(ways) + ")")
    met, missed, few = "true", "NULL::text", "true"
    if stored and not own_from_totals:
        met = ", ".join(["facets && %s::text[]"] * len(stored))
        missed = f"(ARRAY[{', '.join(['%s'] * len(stored))}]::text[])[array_position(met, false)]"
        few = "cardinality(array_positions(met, false)) < 2"
    sql = f"""
        WITH found AS MATERIALIZED (
            SELECT facets, ARRAY[{met}] AS met FROM {criteria.entries} WHERE {" AND ".join(parts)} LIMIT %s
        ), counted AS MATERIALIZED (
            SELECT missed, value, count(*) AS number
              FROM (SELECT {missed} AS missed, unnest(facets) AS value FROM found WHERE {few}) AS each
             GROUP BY missed, value
        )
        SELECT CASE WHEN missed IS NOT NULL AND value = %s THEN 'without:' || missed ELSE value END,
               sum(number)
          FROM counted
         WHERE CASE WHEN missed IS NULL THEN NOT starts_with(value, %s)
                    ELSE value = %s OR starts_with(value, missed || ':') END
         GROUP BY 1
         UNION ALL (SELECT '', 1 FROM found OFFSET %s LIMIT 1)
    """  # noqa: S608 -- SQL of ours; what was typed goes by parameter
    if own_from_totals:
        own = f"{next(iter(stored))}:"
        return sql, [*params, MOST_COUNTED + 1, criteria.whole, own, criteria.whole, MOST_COUNTED]
    values = [*stored.values(), *params, MOST_COUNTED + 1, *stored, criteria.whole, "-", criteria.whole]
    return sql, [*values, MOST_COUNTED]
