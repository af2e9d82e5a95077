"""Tables to yearly figures: each line becomes the figures of one firm's year, a fault, a duplicate or a blank."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from firms.registry import normalising, reading
from firms.registry.columns import FIGURES_REQUIRED, figure_of
from firms.registry.normalising import Cell, Fault, Refused
from firms.registry.reading import Table, Unreadable, read_table
from firms.registry.rows import Reading, Refusal, unit_in

EARLIEST_YEAR = 1978
NO_HEADER = (
    "No header row was found that names the unified social credit code and the year.",
    "未找到包含“统一社会信用代码”和“年度”的表头行。",
)
_AMOUNTS = ("revenue", "rd_spend", "tax_paid", "total_assets")


@dataclass(frozen=True)
class FigureRow:
    """What one line says of a firm's year; money in CNY. An empty cell says nothing."""

    uscc: str
    year: int
    revenue: Decimal | None = None
    rd_spend: Decimal | None = None
    tax_paid: Decimal | None = None
    total_assets: Decimal | None = None
    staff: int | None = None
    line: int = field(default=0, compare=False)
    cells: tuple[Cell, ...] = field(default=(), compare=False)


@dataclass
class FigureReading(Reading):
    """A file of yearly figures as read."""

    figures: list[FigureRow] = field(default_factory=list)
    code_header: str = ""

    @property
    def lines(self) -> int:
        """How many lines stand below the header."""
        return len(self.figures) + len(self.refusals) + self.duplicates + self.blank

    def refuse(self, row: FigureRow, fault: Fault) -> None:
        """Make a row that was read a bad one."""
        self.figures.remove(row)
        self.refusals.append(Refusal(row.line, self.code_header, row.uscc, fault, list(row.cells)))


def table_of_figures(path: Path) -> Table:
    """Return the cells of a file; see ``read_table``.

    Raises:
        Unreadable: as there, and where no header names a code and a year.
    """
    try:
        return read_table(path)
    except Unreadable as unreadable:
        if (unreadable.en, unreadable.zh) == reading.NO_HEADER:
            raise Unreadable(*NO_HEADER) from unreadable
        raise


def read_figures(table: Table, *, last_year: int, codes: Collection[str]) -> FigureReading:
    """Return what a table says, line by line.

    Args:
        table: cells with their header.
        last_year: the last year that has ended.
        codes: of the organisations that are known.

    Raises:
        Unreadable: the header is that of another kind of file, or names a unit that is not understood.
    """
    places: dict[str, int] = {}
    for place, cell in enumerate(table.header):
        if (column := figure_of(cell)) and column not in places:
            places[column] = place
    if not set(FIGURES_REQUIRED) <= places.keys():
        raise Unreadable(*NO_HEADER)
    headers = [normalising.text(cell) for cell in table.header]
    found = FigureReading(headers, frozenset(places), code_header=headers[places["uscc"]])
    readers = _readers(last_year, codes, {name: headers[place] for name, place in places.items()})
    seen: dict[tuple[str, int], FigureRow] = {}
    for number, cells in enumerate(table.lines, start=table.header_line + 1):
        written = {column: cells[places[column]] if places[column] < len(cells) else None for column in readers}
        if not any(normalising.text(cell) for cell in written.values()):
            found.blank += 1
            continue
        column = "uscc"
        try:
            values: dict[str, Any] = {}
            for column, cell in written.items():
                values[column] = readers[column](cell)
            row = FigureRow(**values, line=number, cells=tuple(cells))
            column = "year"
            is_new = _is_new(row, seen)
        except Refused as refused:
            value = normalising.text(written[column])
            found.refusals.append(Refusal(number, headers[places[column]], value, refused.fault, cells))
            continue
        if is_new:
            seen[row.uscc, row.year] = row
            found.figures.append(row)
        else:
            found.duplicates += 1
    return found


def _is_new(row: FigureRow, seen: dict[tuple[str, int], FigureRow]) -> bool:
    if all(getattr(row, name) is None for name in (*_AMOUNTS, "staff")):
        raise Refused(Fault.NO_FIGURES)
    first = seen.get((row.uscc, row.year))
    if first is not None and first != row:
        raise Refused(Fault.FIGURES_CONFLICT)
    return first is None


def _readers(last_year: int, codes: Collection[str], headers: dict[str, str]) -> dict[str, Callable[[Cell], Any]]:
    """Return what reads each column of the file, code and year first."""
    readers: dict[str, Callable[[Cell], Any]] = {
        "uscc": lambda cell: _known(normalising.uscc(cell), codes),
        "year": lambda cell: year(cell, last_year),
    }
    for name in _AMOUNTS:
        if name in headers:
            readers[name] = _amounts_in(headers[name])
    if "staff" in headers:
        readers["staff"] = normalising.staff
    return readers


def _known(code: str, codes: Collection[str]) -> str:
    if code not in codes:
        raise Refused(Fault.UNKNOWN_FIRM)
    return code


def _amounts_in(header: str) -> Callable[[Cell], Decimal | None]:
    unit = unit_in(header)
    return lambda cell: normalising.registered_capital(cell, unit)


_YEAR = re.compile(r"([0-9]{4})\s*(?:年度?|会计年度|fy)?", re.IGNORECASE)


def year(cell: Cell, last_year: int) -> int:
    """Return a year that has ended: 2025, 2025年 or 2025年度."""
    found = _YEAR.fullmatch(normalising.text(cell))
    if not found or not EARLIEST_YEAR <= int(found[1]) <= last_year:
        raise Refused(Fault.YEAR)
    return int(found[1])
