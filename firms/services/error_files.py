"""The file of refused lines: to be corrected and imported again."""

from datetime import date, datetime
from pathlib import Path

import xlsxwriter

from firms.registry.normalising import Cell
from firms.registry.rows import Reading


def write_error_file(*, reading: Reading, path: Path) -> None:
    """Write the refused lines with their own headers, and beside them what is wrong, in both languages.

    The headers added are none the import knows, so the corrected file can be imported as it is. Every cell is
    written as text or number, never as a formula, and keeps Excel from making one of it when it is edited.
    """
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet("errors")
        plain = book.add_format({"quote_prefix": True, "num_format": "@"})
        bold = book.add_format({"bold": True})
        headers = [*reading.headers, "行号 Line", "问题列 Column at fault", "原因", "Reason"]
        for column, header in enumerate(headers):
            sheet.write_string(0, column, header, bold)
        for row, refusal in enumerate(reading.refusals, start=1):
            for column, cell in enumerate(refusal.cells[: len(reading.headers)]):
                _write(sheet, row, column, cell, plain)
            first = len(reading.headers)
            sheet.write_number(row, first, refusal.line)
            sheet.write_string(row, first + 1, refusal.header, plain)
            sheet.write_string(row, first + 2, refusal.fault.zh)
            sheet.write_string(row, first + 3, refusal.fault.en)
        sheet.freeze_panes(1, 0)
        sheet.autofit()


def _write(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, cell: Cell, plain: object) -> None:
    if isinstance(cell, (date, datetime)):
        sheet.write_string(row, column, cell.isoformat()[:10], plain)
    elif isinstance(cell, float) and abs(cell) < 1e15:  # noqa: PLR2004 -- beyond this Excel rounds
        sheet.write_number(row, column, cell)
    elif cell not in (None, ""):
        sheet.write_string(row, column, str(cell)[:32_767], plain)
