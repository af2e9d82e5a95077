"""Firms invented by rule and seed: the same every time, in any order of making."""

import random
from bisect import bisect
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import accumulate
from typing import Any

from stdnum.cn import uscc

from benchmarks.words import (
    BRAND_CHARACTERS,
    BUSINESSES,
    CERTIFICATES,
    LEGAL_FORMS,
    SCOPE_PHRASES,
    STREETS,
    SUBDISTRICTS,
)
from firms import naming

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_AUTHORITIES = (("91310110", 90), ("91310000", 7), ("91310115", 3))
_TODAY = date(2026, 6, 30)
_STATUSES = (("listed", 965), ("moved_out", 20), ("unlisted", 12), ("suspended", 3))


class Drawing:
    """Draws from weighted choices."""

    def __init__(self, choices: Sequence[tuple[Any, float]]) -> None:
        self.values = [value for value, _weight in choices]
        self.sums = list(accumulate(weight for _value, weight in choices))

    def draw(self, chance: random.Random) -> Any:
        """Return one."""
        return self.values[bisect(self.sums, chance.random() * self.sums[-1])]


def _zipf(values: Sequence[str]) -> Drawing:
    return Drawing([(value, 1 / (place + 4)) for place, value in enumerate(dict.fromkeys(values))])


_CHARACTERS, _PHRASES = _zipf(BRAND_CHARACTERS), _zipf(SCOPE_PHRASES)
_FORMS, _PLACES, _STATUS = Drawing(LEGAL_FORMS), Drawing(SUBDISTRICTS), Drawing(_STATUSES)
_LENGTHS = Drawing([(2, 60), (3, 30), (4, 10)])
_CAPITALS = Drawing([(10, 10), (50, 15), (100, 22), (200, 8), (500, 15), (1000, 15), (3000, 8), (5000, 5), (12000, 2)])
_AUTHORITY = Drawing(_AUTHORITIES)


def shares(size: int) -> list[int]:
    """Return how many firms of ``size`` follow each line of business."""
    total = sum(business.share for business in BUSINESSES)
    found = [size * business.share // total for business in BUSINESSES]
    found[0] += size - sum(found)
    return found


def firm(number: int, business_number: int) -> dict[str, Any]:
    """Return one firm's columns, by name.

    Args:
        number: which firm of the whole; its code and everything drawn follow from it.
        business_number: its line of business, a place in ``BUSINESSES``.
    """
    chance, business = random.Random(number), BUSINESSES[business_number]
    brand = "".join(_CHARACTERS.draw(chance) for _ in range(_LENGTHS.draw(chance)))
    code = business.codes[0] if chance.random() < 0.6 else chance.choice(business.codes)
    capital = _CAPITALS.draw(chance)
    name_en = f"Shanghai {_romanised(brand)} {business.en} Co., Ltd." if chance.random() < 0.6 else ""
    scope = _scope(chance, business.scope)
    described = chance.random() < 0.1
    return {
        "kind": "firm",
        "status": _STATUS.draw(chance),
        "country": "CN",
        "uscc": _code(number, _AUTHORITY.draw(chance)),
        "name_zh": f"上海{brand}{chance.choice(business.zh)}{_FORMS.draw(chance)}",
        "name_en": name_en,
        "industry_code": code,
        "business_scope": scope,
        "subdistrict_id": _PLACES.draw(chance),
        "address": _address(chance),
        "founded": _founded(chance),
        "registered_capital": Decimal(capital) * 10_000,
        "staff": None if chance.random() < 0.02 else _staff(chance),
        "foreign_invested": None if (drawn := chance.random()) < 0.1 else drawn > 0.94,
        "description_zh": f"{brand}专注于{scope[:40]}，服务长三角地区客户。" if described else "",
        "description_en": f"{business.en} for customers in the Yangtze delta; an invented firm." if described else "",
        "source": "invented for benchmarks",
        "source_date": _TODAY,
    }


def certificates(number: int) -> list[tuple[str, date, date]]:
    """Return the certificates of a firm: level, issued, expires."""
    chance = random.Random(number + 2**40)
    found = []
    for level, of_hundred in CERTIFICATES:
        if chance.random() * 100 < of_hundred:
            issued = _TODAY - timedelta(days=chance.randint(0, 1400))
            found.append((level, issued, issued + timedelta(days=1095)))
    return found


def yearly_figures(number: int) -> list[dict[str, Any]]:
    """Return the figures of a firm's last two years, by column; six of ten firms have any."""
    chance = random.Random(number + 2**41)
    if chance.random() < 0.4:
        return []
    revenue = Decimal(int(chance.lognormvariate(16, 1.5)))
    found = []
    for year in (_TODAY.year - 2, _TODAY.year - 1):
        spend = None if chance.random() < 0.1 else (revenue * chance.randint(0, 200) / 1000).quantize(Decimal("0.01"))
        source = {"source": "import", "source_name": "invented for benchmarks", "source_date": _TODAY}
        found.append({"year": year, "revenue": revenue, "rd_spend": spend, **source})
        revenue = (revenue * chance.randint(700, 1500) / 1000).quantize(Decimal("0.01"))
    return found


def _address(chance: random.Random) -> str:
    street, number = chance.choice(STREETS), chance.randint(1, 2500)
    return f"上海市杨浦区{street}{number}号{chance.randint(1, 30)}层{chance.randint(1, 40):02}室"


def _scope(chance: random.Random, own: str) -> str:
    phrases = dict.fromkeys([own, *(_PHRASES.draw(chance) for _ in range(chance.randint(4, 16)))])
    return "一般项目：" + "；".join(phrases) + "。（除依法须经批准的项目外，凭营业执照依法自主开展经营活动）"


def _founded(chance: random.Random) -> date:
    """Draw a day since 1992; most firms are young."""
    days = (_TODAY - date(1992, 1, 1)).days
    return _TODAY - timedelta(days=int(days * chance.random() ** 2.2))


def _staff(chance: random.Random) -> int:
    return min(20_000, max(1, int(chance.lognormvariate(2.4, 1.2))))


@cache
def _syllable(character: str) -> str:
    return naming.romanise(character).lower()


def _romanised(brand: str) -> str:
    return "".join(map(_syllable, brand)).capitalize()


@cache
def _unit() -> int:
    return int(len(_ALPHABET) ** 7 * 0.6180339887) | 1


def _code(number: int, authority: str) -> str:
    """Return a valid code that no other number has: a step of the golden ratio through all of them."""
    left, body = (number + 1) * _unit() % len(_ALPHABET) ** 7, ""
    for _digit in range(7):
        left, digit = divmod(left, len(_ALPHABET))
        body += _ALPHABET[digit]
    code = f"{authority}MA{body}"
    return code + uscc.calc_check_digit(code)
