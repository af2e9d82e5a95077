"""The statutory size class: rows of the standard, written from its table, and what is not known."""

from decimal import Decimal

import pytest
from django.utils import translation

from firms import sizing
from firms.models import Organisation, YearlyFigure

WAN = Decimal(10_000)


def size(code: str, **given: object) -> sizing.Determination:
    firm = Organisation(industry_code=code)
    figures = [YearlyFigure(year=2024, **given)] if given else []
    return sizing.size_of(firm, figures, year=2024)


@pytest.mark.parametrize(
    ("code", "revenue", "staff", "assets", "expected"),
    [
        # revenue and assets in 万元; each row at its lower bounds, and just below one of them
        ("0111", 20_000, None, None, "large"),
        ("0511", "19999.99", None, None, "medium"),
        ("0411", 50, None, None, "small"),
        ("0311", "49.99", None, None, "micro"),
        ("3911", 40_000, 1000, None, "large"),
        ("3911", 400_000, 999, None, "medium"),
        ("0610", 2000, 300, None, "medium"),
        ("4610", 300, 20, None, "small"),
        ("4610", 1_000_000, 19, None, "micro"),
        ("3911", "299.99", 5000, None, "micro"),
        ("4710", 80_000, None, 80_000, "large"),
        ("5013", 6000, None, "4999.99", "small"),
        ("4710", 300, None, 300, "small"),
        ("5111", 40_000, 200, None, "large"),
        ("5199", 5000, 20, None, "medium"),
        ("5199", 1000, 5, None, "small"),
        ("5199", 1000, 4, None, "micro"),
        ("5211", 20_000, 300, None, "large"),
        ("5211", 500, 50, None, "medium"),
        ("5211", 100, 10, None, "small"),
        ("5432", 30_000, 1000, None, "large"),
        ("5810", 3000, 300, None, "medium"),
        ("5910", 200, 20, None, "small"),  # loading is transport
        ("5921", 200, 20, None, "small"),  # storing is warehousing
        ("5990", 1000, 100, None, "medium"),
        ("5990", 30_000, 200, None, "large"),
        ("6010", 2000, 300, None, "medium"),
        ("6010", 100, 20, None, "small"),
        ("6110", 10_000, 300, None, "large"),
        ("6110", 2000, 100, None, "medium"),
        ("6210", 100, 10, None, "small"),
        ("6420", 100_000, 2000, None, "large"),
        ("6311", 1000, 100, None, "medium"),
        ("6450", 100, 10, None, "small"),
        ("6513", 10_000, 300, None, "large"),
        ("6513", 1000, 100, None, "medium"),
        ("6513", 50, 10, None, "small"),
        ("6513", 50_000, 9, None, "micro"),
        ("7010", 200_000, None, 10_000, "large"),
        ("7010", 1000, None, 5000, "medium"),
        ("7010", 100, None, 2000, "small"),
        ("7020", 5000, 1000, None, "large"),
        ("7020", 1000, 300, None, "medium"),
        ("7020", 500, 100, None, "small"),
        ("7262", None, 300, 120_000, "large"),
        ("7111", None, 100, 8000, "medium"),
        ("7299", None, 10, 100, "small"),
        ("7030", None, 300, None, "large"),
        ("7310", None, 100, None, "medium"),
        ("8511", None, 10, None, "small"),
        ("9011", None, 9, None, "micro"),
        ("0111", 0, None, None, "micro"),
    ],
)
def test_class_of_each_row(code: str, revenue: object, staff: int | None, assets: object, expected: str) -> None:
    given = {
        "revenue": None if revenue is None else Decimal(str(revenue)) * WAN,
        "staff": staff,
        "total_assets": None if assets is None else Decimal(str(assets)) * WAN,
    }

    assert size(code, **given).size == expected


@pytest.mark.parametrize(
    ("code", "given", "words"),
    [
        ("6513", {"staff": 5}, "not determined: revenue of 2024 is not known"),
        ("6513", {}, "not determined: staff of 2024 is not known; revenue of 2024 is not known"),
        ("7262", {"staff": 5, "revenue": WAN}, "not determined: total assets of 2024 is not known"),
        ("", {"staff": 5}, "not determined: the industry is not known"),
        ("59", {"staff": 5, "revenue": WAN}, "not determined: the industry is not known to three digits"),
        ("70", {"staff": 5, "revenue": WAN}, "not determined: the industry is not known to three digits"),
        ("6620", {"staff": 5, "revenue": WAN}, "not determined: the standard does not cover this industry"),
        ("5310", {"staff": 5, "revenue": WAN}, "not determined: the standard does not cover this industry"),
        ("7040", {"staff": 5, "revenue": WAN}, "not determined: the standard does not cover this industry"),
        ("8311", {"staff": 5, "revenue": WAN}, "not determined: the standard does not cover this industry"),
        ("8411", {"staff": 5, "revenue": WAN}, "not determined: the standard does not cover this industry"),
        ("9221", {"staff": 5, "revenue": WAN}, "not determined: the standard does not cover this industry"),
    ],
)
def test_what_is_not_known_is_not_determined(code: str, given: dict[str, object], words: str) -> None:
    found = size(code, **given)

    assert (found.size, found.words, found.basis) == (None, words, "")


def test_figures_of_another_year_and_the_profile_do_not_stand_in() -> None:
    firm = Organisation(industry_code="6513", staff=500)
    figures = [YearlyFigure(year=2023, revenue=WAN * 10_000, staff=500), YearlyFigure(year=2024, revenue=WAN * 10_000)]

    assert sizing.size_of(firm, figures, year=2024).words == "not determined: staff of 2024 is not known"


def test_words_and_basis_in_both_languages() -> None:
    found = size("65", staff=45, revenue=WAN * 1500)

    assert (found.words, found.basis) == (
        "small (by the figures of 2024)",
        "software and information technology services: staff 45, revenue CNY 15 million",
    )
    with translation.override("zh-hans"):
        assert (found.words, found.basis) == (
            "小型（按2024年数据）",
            "软件和信息技术服务业：从业人员45，营业收入1500万元",
        )


def test_every_division_is_in_one_row_or_not_covered() -> None:
    codes = [code for sector in sizing.SECTORS for code in sector.codes]
    divisions = {f"{number:02}" for number in range(1, 98)}

    assert len(codes) == len(set(codes))
    assert sorted(divisions - {code[:2] for code in codes}) == [
        "53", "66", "67", "68", "69", "83", "84", *(str(number) for number in range(91, 98)),
    ]  # fmt: skip
