"""Matching graded by profiles written by hand before the engine: the test prints how many stand where they must."""

import sys
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from investors.matching.pairings import PAIRINGS
from investors.matching.sides import Firm, Investor, Listing, PremisesWish
from investors.matching.verdicts import Fit, Known, judge
from tests.investors.match_grading import CASES, GRADED_ON, Case

SIDES: dict[str, tuple[type, type]] = {
    "capital": (Investor, Listing),
    "technology": (Investor, Listing),
    "need": (Listing, Listing),
    "digital": (Listing, Firm),
    "premises": (PremisesWish, Listing),
}
WHOLE = {"trl", "trl_min", "horizon_years", "staff"}


def side(of: type, said: dict[str, Any]) -> Any:
    """Return a side of the engine from what a case says, by the names of its fields."""
    values = dict(said)
    values["languages"] = values.get("languages") or [
        language for language in ("en", "zh") if values.get(f"title_{language}")
    ]
    values["systems"] = " ".join(filter(None, [values.get("systems_en"), values.get("systems_zh")]))
    values["text"] = values.get("business_scope", "")
    known = {field.name for field in fields(of)}
    return of(**{name: _plain(name, value) for name, value in values.items() if name in known})


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return frozenset(value)
    if isinstance(value, str) and name in {"needed_from", "available_from", "need_by", "legal_expires_on"}:
        return date.fromisoformat(value)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return Decimal(str(value)) if is_number and name not in WHOLE else value


def fits(case: Case) -> tuple[list[Fit], list[Fit]]:
    """Return the fits of those that must stand above, and of the near misses."""
    seeker, found = SIDES[case.pairing]
    sought, known = side(seeker, case.profile), Known(GRADED_ON)
    criteria = PAIRINGS[case.pairing].criteria
    right, near = (
        [judge(criteria, sought, side(found, said), known) for said in saids] for saids in (case.right, case.near)
    )
    return right, near


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.pairing}-{case.name[14:40]}")
def test_each_of_three_stands_above_each_near_miss(case: Case) -> None:
    right, near = fits(case)

    assert [len(right), len(near)] == [3, 3]
    assert min(fit.rank for fit in right) > max(fit.rank for fit in near), [
        (fit.rank, str(fit.summary)) for fit in (*right, *near)
    ]


def test_print_how_many_stand_where_they_must(capsys: pytest.CaptureFixture[str]) -> None:
    pairs = [
        (case, one.rank > other.rank)
        for case in CASES
        for right, near in [fits(case)]
        for one in right
        for other in near
    ]
    whole = [case for case in CASES if all(above for other, above in pairs if other is case)]

    with capsys.disabled():
        above = sum(above for _case, above in pairs)
        sys.stdout.write(
            f"\nMatching: {len(whole)} of {len(CASES)} cases, {above} of {len(pairs)} pairs as they must\n"
        )

    assert (len(CASES), len(pairs)) == (20, 180)
    assert len(whole) == 20
