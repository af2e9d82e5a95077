"""The search, graded by queries derived from the registry."""

from collections.abc import Iterator
from datetime import date

import pytest

from firms.demonstration.load import REGISTRY
from firms.registry.reading import read_table
from firms.registry.rows import Row, read_rows
from firms.services.imports import _subdistricts
from tests.conftest import cloned_database
from tests.firms.grading import WANTED, Graded, graded, graded_queries

TODAY = date(2026, 11, 1)


@pytest.fixture(scope="module")
def rows(template_database: str, django_db_blocker: pytest.FixtureRequest) -> Iterator[list[Row]]:
    with django_db_blocker.unblock(), cloned_database(template_database):
        yield read_rows(read_table(REGISTRY), today=TODAY, subdistricts=_subdistricts()).rows


@pytest.fixture(scope="module")
def queries(rows: list[Row]) -> list[Graded]:
    return graded_queries(rows)


def test_the_same_registry_gives_the_same_queries(rows: list[Row], queries: list[Graded]) -> None:
    assert graded_queries(reversed(rows[:1500])) == graded_queries(rows[:1500])
    assert {kind: sum(query.kind == kind for query in queries) for kind in WANTED} == WANTED
    assert len({query.text for query in queries}) == len(queries)


def test_marks_are_those_of_what_is_found() -> None:
    queries = [Graded("a", "x", frozenset("12")), Graded("a", "y", frozenset("3")), Graded("b", "z", frozenset())]

    marks = graded(queries, lambda query: {"x": ["1", "9"], "y": ["3"], "z": []}[query.text])

    assert (marks["a"].recall, marks["a"].precision) == (0.75, 0.75)
    assert (marks["b"].recall, marks["b"].precision) == (1.0, 1.0)
