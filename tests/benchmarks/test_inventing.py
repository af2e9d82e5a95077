"""Invented firms are the same every time, and as the registry's firms are."""

from stdnum.cn import uscc

from benchmarks import inventing
from benchmarks.words import BUSINESSES


def test_a_firm_is_the_same_every_time() -> None:
    assert inventing.firm(4711, 3) == inventing.firm(4711, 3)
    assert inventing.certificates(4711) == inventing.certificates(4711)
    assert inventing.yearly_figures(1) == inventing.yearly_figures(1) != []


def test_codes_are_valid_and_no_two_are_equal() -> None:
    codes = [inventing.firm(number, 0)["uscc"] for number in range(3000)]

    assert len(set(codes)) == 3000
    assert [code for code in codes if not uscc.is_valid(code)] == []


def test_lines_of_business_share_all_firms() -> None:
    assert [sum(inventing.shares(size)) for size in (1, 7_000, 1_000_003)] == [1, 7_000, 1_000_003]
    assert len(inventing.shares(7_000)) == len(BUSINESSES)
