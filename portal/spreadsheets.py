"""Files for spreadsheets, whose cells are read as text, never as formulas."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from tempfile import NamedTemporaryFile
from typing import IO, Any, NamedTuple

import xlsxwriter

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_LONGEST_CELL, _LONGEST_TITLE = 32_767, 31  # of Excel


def as_text(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: what could be one begins with an apostrophe."""
    return f"'{cell}" if cell.startswith(_FORMULA) or cell.lstrip().startswith(_FORMULA) else cell


type Cell = str | int | Decimal | date | None


class Sheet(NamedTuple):
    """A sheet of a workbook; its rows may come by and by."""

    title: str
    headings: Sequence[str]
    widths: Sequence[int]
    rows: Iterable[Sequence[Cell]]


def csv_lines(rows: Iterable[Iterable[Cell]]) -> bytes:
    """Write rows as lines of a CSV file in which no spreadsheet finds a formula."""
    text = StringIO()
    csv.writer(text).writerows([as_text(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return text.getvalue().encode("utf-8", "replace")


def workbook(*sheets: Sheet) -> IO[bytes]:
    """Write a workbook, whose rows wait on disk, and return the file from its beginning; texts are never formulas."""
    file = NamedTemporaryFile()  # noqa: SIM115 -- whoever sends it closes it
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(file.name, options) as book:
        for sheet in sheets:
            _write(book, sheet)
    file.seek(0)
    return file


def _write(book: Any, sheet: Sheet) -> None:
    page = book.add_worksheet(sheet.title[:_LONGEST_TITLE])
    plain, bold = book.add_format({"quote_prefix": True}), book.add_format({"bold": True})
    amount, day = book.add_format({"num_format": "#,##0.00"}), book.add_format({"num_format": "yyyy-mm-dd"})
    for place, width in enumerate(sheet.widths):
        page.set_column(place, place, width)
    for place, heading in enumerate(sheet.headings):
        page.write_string(0, place, heading, bold)
    if sheet.headings:
        page.freeze_panes(1, 0)
    for line, row in enumerate(sheet.rows, start=1 if sheet.headings else 0):
        for place, cell in enumerate(row):
            if isinstance(cell, date):
                page.write_datetime(line, place, datetime(cell.year, cell.month, cell.day), day)  # noqa: DTZ001 -- a day
            elif isinstance(cell, Decimal | int):
                page.write_number(line, place, cell, amount)
            elif cell:
                page.write_string(line, place, str(cell)[:_LONGEST_CELL], plain)
