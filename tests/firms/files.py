"""Registry files made for a test."""

import csv
import io
import zipfile
from pathlib import Path

import xlsxwriter

HEADERS = [
    "统一社会信用代码",
    "企业名称",
    "英文名称",
    "行业代码",
    "所属街道",
    "注册地址",
    "成立日期",
    "注册资本(万元)",
    "从业人数",
    "资质",
    "是否外资",
    "经营范围",
]
CODES = ["91310110591673062R", "12100000425006117P", "91310110MARL73T8WG", "91310115MAYD6359HM"]


def row(code: str = CODES[0], name: str = "上海示例软件有限公司", **cells: object) -> list[object]:
    """Return a good line; name a header to put something else there."""
    values: dict[str, object] = dict.fromkeys(HEADERS, "")
    values |= {"统一社会信用代码": code, "企业名称": name, "行业代码": "6513", "所属街道": "五角场街道"}
    values |= {"成立日期": "2019-03-05", "注册资本(万元)": "500", "从业人数": "12"}
    return [*(values | cells).values()][: len(HEADERS)]


def xlsx(path: Path, *rows: list[object], headers: list[str] | None = None, title: str = "") -> Path:
    """Write a workbook."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        lines: list[list[object]] = [[title]] if title else []
        lines += [list(headers or HEADERS), *rows]
        for number, line in enumerate(lines):
            for column, cell in enumerate(line):
                sheet.write(number, column, cell)
    return path


def text(path: Path, *rows: list[object], headers: list[str] | None = None, encoding: str = "utf-8") -> Path:
    """Write a CSV file."""
    out = io.StringIO()
    csv.writer(out).writerows([headers or HEADERS, *rows])
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def packed(path: Path, parts: dict[str, bytes]) -> Path:
    """Write a package with the given parts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path
