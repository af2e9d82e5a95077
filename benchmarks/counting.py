"""Counting facets: while something is searched for, and over all firms."""

from collections.abc import Iterator
from dataclasses import replace

from django.db import connection

from benchmarks import asking
from benchmarks.measuring import Goal, Result, Work, by_turns, ratio
from firms.search.choices import FACETS
from firms.search.counting import count
from firms.search.criteria import Criteria

TEXTS = {
    "a text": "",
    "a text and a facet": "subdistrict=wujiaochang",
    "a text and two facets": "subdistrict=wujiaochang&staff=10-99&staff=1-9",
}


def measure(size: int) -> Iterator[Result]:
    """Compare the one query over all facets with one for each, and the counts of everything with a page."""
    for name, more in TEXTS.items():
        asked = [asking.asked(text, more) for text in asking.MIDDLING_WORDS]
        rounds = by_turns(_counts(asked), _one_by_one(asked))
        yield ratio(f"facet counts, {name}", size, Goal.at_least(2), rounds, against="one query for each facet")
    floor = asking.primary_key_pages(asking.sample())
    rounds = by_turns(_counts([Criteria()]), floor)
    yield ratio("facet counts, no text", size, Goal.at_most(5), rounds, against="page by primary key")
    filtered = asking.criteria("cluster=ai-internet-digital-content")
    rounds = by_turns(_counts([filtered]), floor)
    name = "facet counts, no text, the largest cluster"
    yield ratio(name, size, Goal.at_most(5), rounds, against="page by primary key", counts=False)


def _counts(asked: list[Criteria]) -> Work:
    return lambda turn: count(asked[turn % len(asked)])


def _one_by_one(asked: list[Criteria]) -> Work:
    """Return the floor: the choices of each facet counted while the other facets apply, and the total."""

    def ask(turn: int) -> object:
        criteria = asked[turn % len(asked)]
        return [_numbers(criteria, facet) for facet in ["kind", *FACETS]]

    return ask


def _numbers(criteria: Criteria, facet: str) -> object:
    others = {name: chosen for name, chosen in criteria.facets.items() if name != facet}
    condition, params = replace(criteria, facets=others).conditions()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT value, count(*) FROM firms_searchentry, unnest(facets) AS value "
            f"WHERE {condition} AND starts_with(value, %s) GROUP BY value",
            [*params, f"{facet}:"],
        )
        return cursor.fetchall()
