"""What a cell means: each function returns the value, or raises the fault that the row has."""

import re
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from zoneinfo import ZoneInfo

from stdnum.cn import uscc as uscc_number

from firms.naming import clean, clean_chinese, clean_prose


class Merged(Enum):
    """A cell that a merged cell hides: it is not empty, and says nothing that could be read."""

    CELL = "merged"


MERGED = Merged.CELL

type Cell = str | float | bool | date | Merged | None

MAXIMUM_CAPITAL = Decimal(10) ** 12
MAXIMUM_STAFF = 10_000_000
EARLIEST = date(1800, 1, 1)
_TELEPHONE = re.compile(
    r"(?=(?:\D*[0-9]){7})[+(]?[0-9][0-9 ()+/、-]*(?:(?:转|分机|ext\.?|x) ?[0-9]{1,6})?", re.IGNORECASE
)


class Fault(Enum):
    """Why a row is refused, in both languages."""

    MISSING_CODE = ("The unified social credit code is missing.", "缺少统一社会信用代码。")
    CHECKSUM = (
        "The unified social credit code is mistyped: its check digit does not fit.",
        "统一社会信用代码有误：校验码不符。",
    )
    MISSING_NAME = ("The name is missing.", "缺少企业名称。")
    NAME_CONFLICT = (
        "An earlier row of the file gives the same code another name.",
        "文件中前面的行以同一代码登记了另一名称。",
    )
    TOO_LONG = ("The text is too long.", "文字过长。")
    SUBDISTRICT = ("This is none of the twelve subdistricts of Yangpu.", "不是杨浦区的十二个街道之一。")
    INDUSTRY = (
        "The first two digits are no division of GB/T 4754-2017.",
        "前两位不是《国民经济行业分类》（GB/T 4754-2017）的大类代码。",
    )
    DATE = ("This is no date.", "日期无法识别。")
    FUTURE = ("The date lies ahead.", "日期晚于今天。")
    CAPITAL = ("This is no amount.", "金额无法识别。")
    CAPITAL_NEGATIVE = ("The amount is negative.", "金额为负数。")
    CAPITAL_TOO_LARGE = (
        "The amount is above CNY 1,000,000 million: is the unit right?",
        "金额超过1万亿元，请核对单位。",
    )
    STAFF = ("This is no whole number of people.", "人数应为非负整数。")
    TELEPHONE = ("This is no telephone number.", "电话号码无法识别。")
    MERGED = (
        "The cell is merged with another one: give each row a cell of its own.",
        "该单元格与其他单元格合并，请取消合并并逐行填写。",
    )

    YEAR = ("This is no year that has ended, from 1978 on.", "年度应为1978年以来已结束的年份。")
    UNKNOWN_FIRM = ("No organisation of the registry has this code.", "登记库中没有使用该代码的机构。")
    NO_FIGURES = ("The row gives no figure.", "该行没有任何数据。")
    FIGURES_CONFLICT = (
        "An earlier row of the file gives the same year of the same firm other figures.",
        "文件中前面的行对同一企业同一年度填报了不同数据。",
    )
    VERIFIED = (
        "An officer verified other figures for this year: correct them in the workplace.",
        "该年度数据已由工作人员核实且与文件不同，请在工作人员平台中更正。",
    )

    @property
    def en(self) -> str:
        """The reason in English."""
        return self.value[0]

    @property
    def zh(self) -> str:
        """The reason in Chinese."""
        return self.value[1]


class Refused(ValueError):  # noqa: N818 -- a verdict
    """A cell that makes its row a bad one."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.en)


def today_in_shanghai() -> date:
    """Return the day it is in Shanghai."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


def text(cell: Cell) -> str:
    """Return a cell as a person reads it."""
    if cell is None or cell is MERGED:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e18 else repr(cell)  # noqa: PLR2004
    return clean(str(cell))


def written_code(cell: Cell) -> str:
    """Return what was written for a code, without gaps, in capital letters."""
    return re.sub(r"[\s'’‘`-]", "", text(cell)).upper()


def uscc(cell: Cell) -> str:
    """Return a valid code in capital letters; a letter O is never taken for a zero."""
    code = written_code(cell)
    if not code:
        raise Refused(Fault.MISSING_CODE)
    if not uscc_number.is_valid(code):
        raise Refused(Fault.CHECKSUM)
    return code


def name_zh(cell: Cell) -> str:
    """Return a name as the register writes it."""
    name = clean_chinese(text(cell))
    if not any(character.isalnum() for character in name):
        raise Refused(Fault.MISSING_NAME)
    return _short(name, 200)


def name_en(cell: Cell) -> str:
    """Return an English name, which may be empty."""
    return _short(text(cell), 200)


def address(cell: Cell) -> str:
    """Return an address, which may be empty."""
    return _short(clean_chinese(text(cell)), 500)


def business_scope(cell: Cell) -> str:
    """Return a business scope, which may be empty, in its own punctuation."""
    return clean_prose(cell) if isinstance(cell, str) else text(cell)


def telephone(cell: Cell) -> str:
    """Return a telephone number as it was written, which may be empty."""
    number = _short(text(cell), 40)
    if number and not _TELEPHONE.fullmatch(number):
        raise Refused(Fault.TELEPHONE)
    return number


def _short(value: str, limit: int) -> str:
    if len(value) > limit:
        raise Refused(Fault.TOO_LONG)
    return value


def industry_code(cell: Cell) -> str:
    """Return two to four digits whose first two are a division; a section's letter before them is dropped."""
    found = re.match(r"[A-T]?([0-9]{2,4})(?![0-9])", text(cell).upper())
    if not found or not 1 <= int(found[1][:2]) <= 97:  # noqa: PLR2004 -- the divisions 01 to 97, without gaps
        raise Refused(Fault.INDUSTRY)
    return found[1]


def subdistrict(cell: Cell, known: dict[str, str]) -> str:
    """Return the code of a subdistrict, with or without 街道 or 街道办事处, the English name or the code.

    Args:
        cell: the cell.
        known: codes by short Chinese name, English name in small letters, and code.
    """
    name = clean_chinese(text(cell)).removeprefix("上海市").removeprefix("杨浦区")
    short = re.sub(r"(街道)?(办事处)?$", "", name) if name.endswith(("街道", "街道办事处")) else name
    english = re.sub(r"\s+(sub-?district|street)(\s+office)?$", "", name.casefold())
    code = known.get(short) or known.get(english)
    if not code:
        raise Refused(Fault.SUBDISTRICT)
    return code


_DATE = re.compile(
    r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?"
    r"(?:[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?"
)


def founded(cell: Cell, today: date) -> date | None:
    """Return a date in any of the forms offices write, or None for an empty cell."""
    day = _date(cell)
    if day is None:
        return None
    if day > today:
        raise Refused(Fault.FUTURE)
    if day < EARLIEST:
        raise Refused(Fault.DATE)
    return day


def _date(cell: Cell) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    written = text(cell)
    if not written:
        return None
    try:
        if found := _DATE.fullmatch(written):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if re.fullmatch(r"[0-9]{8}", written):
            return date(int(written[:4]), int(written[4:6]), int(written[6:]))
        if isinstance(cell, float) and 1 <= cell < 100_000:  # noqa: PLR2004 -- a day number of Excel
            return date(1899, 12, 30) + timedelta(days=int(cell))
    except ValueError:
        pass
    raise Refused(Fault.DATE)


_AMOUNT = re.compile(
    r"(?:人民币|rmb|cny|¥)?\s*([+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?(?:e\+?[0-9]{1,2})?)\s*"
    r"(亿元|亿|万元|万|元)?\s*(?:人民币|整)?",
    re.IGNORECASE,
)
_UNITS = {"亿元": 100_000_000, "亿": 100_000_000, "万元": 10_000, "万": 10_000, "元": 1}


def registered_capital(cell: Cell, unit: int = 10_000) -> Decimal | None:
    """Return an amount in CNY, or None for an empty cell.

    Args:
        cell: a number, or a text that may carry its own unit.
        unit: what one unit of the column is in CNY, where the cell does not say.
    """
    written = repr(cell) if isinstance(cell, float) else text(cell).replace("\N{MINUS SIGN}", "-")
    if not written:
        return None
    found = _AMOUNT.fullmatch(written)
    if not found:
        raise Refused(Fault.CAPITAL)
    amount = Decimal(found[1].replace(",", "")) * (_UNITS[found[2]] if found[2] else unit)
    if amount < 0:
        raise Refused(Fault.CAPITAL_NEGATIVE)
    if amount > MAXIMUM_CAPITAL:
        raise Refused(Fault.CAPITAL_TOO_LARGE)
    return abs(amount.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))


def staff(cell: Cell) -> int | None:
    """Return a number of people, or None for an empty cell."""
    written = text(cell)
    if not written:
        return None
    found = re.fullmatch(r"([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.0+)?\s*(?:人|名|people)?", written)
    if not found or len(found[1]) > 10 or (number := int(found[1].replace(",", ""))) > MAXIMUM_STAFF:  # noqa: PLR2004
        raise Refused(Fault.STAFF)
    return number


def foreign_invested(cell: Cell) -> bool | None:
    """Return yes or no, or None where the cell says neither."""
    written = text(cell).casefold()
    if written in {"是", "有", "1", "y", "yes", "true", "t", "外资", "外商投资", "√", "✓"}:
        return True
    if written in {"否", "无", "没有", "0", "n", "no", "false", "f", "内资", "×", "非外资"}:
        return False
    return None


_CERTIFICATES = {
    "little_giant": ("小巨人", "little giant"),
    "specialised": ("专精特新", "specialised", "specialized"),
    "innovative": ("创新型中小企业", "innovative sme"),
    "hnte": ("高新技术企业", "高企", "hnte", "high-tech", "high and new technology"),
}


def certificates(cell: Cell) -> frozenset[str]:
    """Return the levels that a cell names, several between commas; other words are no certificate of ours."""
    found = set()
    for part in re.split(r"[、,;/|+]+", text(cell).casefold()):
        level = next((level for level, words in _CERTIFICATES.items() if any(word in part for word in words)), None)
        if level:
            found.add(level)
    return frozenset(found)
