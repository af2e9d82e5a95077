"""The search, graded by queries derived from the registry."""

from collections.abc import Iterator
from datetime import date

import pytest

from firms.demonstration.load import REGISTRY
from firms.models import Organisation
from firms.registry.reading import read_table
from firms.registry.rows import Row, read_rows
from firms.search.engine import similar
from firms.services.imports import _subdistricts, import_registry
from portal.actor import acting
from tests.conftest import cloned_database
from tests.firms.grading import WANTED, Graded, graded, graded_queries

LEAST = {  # recall and precision
    "scope phrase": (1.0, 1.0),
    "typo": (0.95, 0.0),
    "two characters": (1.0, 1.0),
    "initials": (0.95, 0.95),
    "stem": (0.95, 0.95),
    "nothing": (1.0, 1.0),
}
TODAY = date(2026, 11, 1)


@pytest.fixture(scope="module")
def rows(template_database: str, django_db_blocker: pytest.FixtureRequest) -> Iterator[list[Row]]:
    with django_db_blocker.unblock(), cloned_database(template_database), acting("test"):
        import_registry(path=REGISTRY, today=TODAY)
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


def _found(query: Graded) -> list[str]:
    """Return all that a page finds; after a typo the first ten, with the similar names that the page proposes."""
    listed = Organisation.objects.listed().firms()
    found = [code or "" for code in listed.search(query.text).values_list("uscc", flat=True)]
    if query.kind == "typo":
        return (found + [firm.uscc or "" for firm in similar(query.text)])[:10]
    return found


def test_search_finds_what_it_should_and_little_else(
    queries: list[Graded], django_db_blocker: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    with django_db_blocker.unblock():
        marks = graded(queries, _found)

    with capsys.disabled():
        print("", *marks.values(), sep="\n")  # noqa: T201 -- the figures are what the test is for
    for kind, (recall, precision) in LEAST.items():
        assert marks[kind].recall >= recall, kind
        assert marks[kind].precision >= precision, kind
