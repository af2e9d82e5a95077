"""Money and dates in each language."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import timezone, translation
from django.utils.formats import date_format

from portal.local_form import day, moment, money


@pytest.mark.parametrize(
    ("amount", "english", "chinese"),
    [
        (Decimal(15_000_000), "CNY 15 million", "1500万元"),
        (Decimal("1234.50"), "CNY 1,234.50", "1,234.50元"),
        (Decimal(120_000_000), "CNY 120 million", "1.2亿元"),
        (Decimal(1_200_000_000), "CNY 1.2 billion", "12亿元"),
        (Decimal(999_999), "CNY 999,999", "999,999元"),
        (Decimal(1_234_567), "CNY 1,234,567", "1,234,567元"),
        (Decimal(500_000), "CNY 500,000", "50万元"),
        (Decimal("15000000.01"), "CNY 15,000,000.01", "15,000,000.01元"),
        (Decimal(-2_500_000), "−CNY 2.5 million", "−250万元"),
        (Decimal("-0"), "CNY 0", "0元"),
        (0, "CNY 0", "0元"),
        ("30000", "CNY 30,000", "3万元"),
        (Decimal(10) ** 12, "CNY 1,000 billion", "10000亿元"),
    ],
)
def test_money_is_exact_in_the_unit_of_the_language(amount: Decimal, english: str, chinese: str) -> None:
    with translation.override("en"):
        assert money(amount) == english
    with translation.override("zh-hans"):
        assert money(amount) == chinese


@pytest.mark.parametrize(
    "amount", [None, "", "x", 1.5, Decimal("NaN"), Decimal("Infinity"), "1e1000", Decimal(10) ** 30]
)
def test_money_of_what_is_no_amount_is_empty(amount: Decimal) -> None:
    assert money(amount) == ""


@pytest.mark.parametrize(
    ("language", "value", "expected"),
    [
        ("en", datetime(2026, 3, 3, 17, 0, tzinfo=UTC), "4 March 2026"),
        ("zh-hans", datetime(2026, 3, 3, 17, 0, tzinfo=UTC), "2026年3月4日"),
        ("en", date(2028, 2, 29), "29 February 2028"),
        ("zh-hans", date(1, 1, 1), "0001年1月1日"),
        ("en", None, ""),
    ],
)
def test_a_day_is_shanghais(language: str, value: date | None, expected: str) -> None:
    with translation.override(language):
        assert day(value) == expected


@pytest.mark.parametrize(("language", "expected"), [("en", "4 March 2026, 01:05"), ("zh-hans", "2026年3月4日 01:05")])
def test_a_moment_is_shanghais(language: str, expected: str) -> None:
    with translation.override(language):
        assert moment(datetime(2026, 3, 3, 17, 5, tzinfo=UTC)) == expected


@pytest.mark.parametrize(
    ("language", "written"), [("en", "24 November 2026, 09:05"), ("zh-hans", "2026年11月24日 09:05")]
)
def test_django_writes_moments_as_the_pages_do(language: str, written: str) -> None:
    at = datetime(2026, 11, 24, 1, 5, tzinfo=UTC)

    with translation.override(language):
        assert (date_format(timezone.localtime(at), "DATETIME_FORMAT"), moment(at)) == (written, written)
