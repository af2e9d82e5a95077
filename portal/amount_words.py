"""Amounts of money in words, as letters and vouchers write them beside the figures."""

from decimal import Decimal

CENT = Decimal("0.01")
MOST = Decimal(10) ** 16

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_UNITS = ((10**8, "亿"), (10**4, "万"), (1000, "仟"), (100, "佰"), (10, "拾"))

_SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (1000, "thousand"))
_TWENTY, _HUNDRED = 20, 100


def chinese_words(amount: Decimal) -> str:
    """Return an amount in the capital numerals of Chinese vouchers: 107000.53 is 人民币壹拾万柒仟元伍角叁分.

    Args:
        amount: CNY, from 0 to below 10^16, in whole fen.

    Raises:
        ValueError: it cannot be written so.

    Source: the rules for filling in bills and settlement vouchers, annex 1 of the Payment and Settlement Measures of
    the People's Bank of China (银发〔1997〕393号), where a zero before the jiao may be left out.
    """
    yuan, jiao, fen = _parts(amount)
    whole = f"{_integer(yuan)}元" if yuan or not (jiao or fen) else ""
    if not (jiao or fen):
        return f"人民币{whole}整"
    tenth = f"{_DIGITS[jiao]}角" if jiao else "零" if whole else ""
    return f"人民币{whole}{tenth}{f'{_DIGITS[fen]}分' if fen else ''}"


def english_words(amount: Decimal) -> str:
    """Return an amount in English words: 107000.53 is "one hundred and seven thousand yuan and fifty-three fen".

    Args:
        amount: CNY, from 0 to below 10^16, in whole fen.

    Raises:
        ValueError: it cannot be written so.
    """
    yuan, jiao, fen = _parts(amount)
    cents = jiao * 10 + fen
    parts = [f"{_words(yuan)} yuan"] if yuan or not cents else []
    return " and ".join([*parts, f"{_words(cents)} fen"] if cents else parts)


def _parts(amount: Decimal) -> tuple[int, int, int]:
    """Split an amount into yuan, jiao and fen."""
    if not amount.is_finite() or not 0 <= amount < MOST or amount != amount.quantize(CENT):
        raise ValueError("not an amount in whole fen")
    yuan, cents = divmod(int(amount * _HUNDRED), _HUNDRED)
    return yuan, *divmod(cents, 10)


def _integer(number: int) -> str:
    for size, name in _UNITS:
        if number >= size:
            head, rest = divmod(number, size)
            gap = "零" if 0 < rest < size // 10 else ""
            return f"{_integer(head)}{name}{gap}{_integer(rest) if rest else ''}"
    return _DIGITS[number]


def _words(number: int) -> str:
    for size, name in _SCALES:
        if number >= size:
            head, rest = divmod(number, size)
            joint = " and " if 0 < rest < _HUNDRED else " "
            return f"{_words(head)} {name}{joint + _words(rest) if rest else ''}"
    if number >= _HUNDRED:
        head, rest = divmod(number, _HUNDRED)
        return f"{_SMALL[head]} hundred{f' and {_words(rest)}' if rest else ''}"
    if number < _TWENTY:
        return _SMALL[number]
    head, rest = divmod(number, 10)
    return f"{_TENS[head]}{f'-{_SMALL[rest]}' if rest else ''}"
