"""What of a breakdown may be shown: tried by a reader who adds and subtracts."""

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from firms.charts import Value
from firms.clusters.suppression import protect, total_of

FEW, HIDDEN = Value.few(), Value.withheld()


def _shown(*numbers: int) -> str:
    signs = {FEW: "f", HIDDEN: "-"}
    return " ".join(signs.get(value, value.text) for value in protect(dict(enumerate(numbers))).values())


@pytest.mark.parametrize(
    ("numbers", "shown"),
    [
        ((5, 70, 0), "5 70 0"),  # nothing small
        ((3, 70, 9), "f 70 -"),  # 3 = total - 70 - 9: another is withheld, the smallest
        ((3, 70, 9, 0), "f 70 - 0"),
        ((2, 3, 4, 70), "f f f 70"),  # three hidden numbers guard each other
        ((1, 1, 70, 9), "f f 70 -"),  # together 2: each would be 1
        ((4, 4, 70, 9), "f f 70 -"),  # together 8: each would be 4
        ((3, 70), "f -"),  # 73 may be 1 and 72 or 4 and 69
        ((3, 5, 0), "- - -"),  # 8 cannot be 4 and 5 or more: nothing is shown
        ((3, 1, 0), "- - -"),  # the total itself is below five
        ((4,), "-"),
        ((0, 0), "0 0"),
    ],
)
def test_breakdown_shows(numbers: tuple[int, ...], shown: str) -> None:
    assert _shown(*numbers) == shown


def test_total_under_five_is_not_shown() -> None:
    assert [total_of(number).text for number in (0, 1, 4, 5)] == ["0", "fewer than 5", "fewer than 5", "5"]


def _possible(values: list[Value], total: int) -> Iterator[tuple[int, ...]]:
    """Yield every way in which what is hidden can add up, as a reader can work out."""
    left = total - sum(int(value.number) for value in values if value.number is not None)
    ways = {FEW: range(1, 5), HIDDEN: range(5, left + 1)}
    hidden = [ways[value] for value in values if value.number is None]
    yield from (way for way in product(*hidden) if sum(way) == left)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.integers(0, 6), st.integers(0, 14)), min_size=1, max_size=5))
def test_reader_who_subtracts_learns_nothing_of_small_numbers(numbers: list[int]) -> None:
    values = list(protect(dict(enumerate(numbers))).values())
    if all(value == HIDDEN for value in values):
        return  # nothing but the total is told

    small = [place for place, value in enumerate(v for v in values if v.number is None) if value == FEW]
    ways = list(_possible(values, sum(numbers)))

    assert all(
        value.number == number for value, number in zip(values, numbers, strict=True) if value.number is not None
    )
    assert not [n for n, value in zip(numbers, values, strict=True) if 0 < n < 5 and value != FEW]
    for place in small:
        assert {way[place] for way in ways} == {1, 2, 3, 4}
