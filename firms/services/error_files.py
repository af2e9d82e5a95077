"""The file of refused lines: to be corrected and imported again."""

from datetime import date, datetime
from pathlib import Path

import xlsxwriter

from firms.registry.columns import ADDED
from firms.registry.normalising import Cell, Merged
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
        own = [place for place, header in enumerate(reading.headers) if header not in ADDED]
        headers = [*(reading.headers[place] for place in own), *ADDED]
        for column, header in enumerate(headers):
            sheet.write_string(0, column, header, bold)
        for row, refusal in enumerate(reading.refusals, start=1):
            for column, place in enumerate(own):
                if place < len(refusal.cells):
                    _write(sheet, row, column, refusal.cells[place], plain)
            first = len(own)
            sheet.write_number(row, first, refusal.line)
            sheet.write_string(row, first + 1, refusal.header, plain)
            sheet.write_string(row, first + 2, refusal.fault.zh)
            sheet.write_string(row, first + 3, refusal.fault.en)
            sheet.write_string(row, first + 4, refusal.meant, plain)
        sheet.freeze_panes(1, 0)
        sheet.autofit()


def _write(sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, cell: Cell, plain: object) -> None:
    if isinstance(cell, (date, datetime)):
        sheet.write_string(row, column, cell.isoformat()[:10], plain)
    elif isinstance(cell, float) and abs(cell) < 1e15:  # noqa: PLR2004 -- beyond this Excel rounds
        sheet.write_number(row, column, cell)
    elif cell not in (None, "") and not isinstance(cell, Merged):
        sheet.write_string(row, column, str(cell)[:32_767], plain)
