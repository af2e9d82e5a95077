"""Tables to rows: each line of a file becomes a row, a fault, a duplicate or a blank."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from firms.registry import normalising
from firms.registry.columns import REQUIRED, column_of, unit_of
from firms.registry.normalising import Cell, Fault, Refused
from firms.registry.reading import NO_HEADER, Table, Unreadable


@dataclass(frozen=True)
class Row:
    """What one line says of a firm, in the registry's own form; money in CNY.

    A column that the file does not have is None here as an empty cell is: neither says anything.
    """

    uscc: str
    name_zh: str
    name_en: str = ""
    industry_code: str = ""
    subdistrict: str = ""
    address: str = ""
    founded: date | None = None
    registered_capital: Decimal | None = None
    staff: int | None = None
    certificate: frozenset[str] = frozenset()
    foreign_invested: bool | None = None
    business_scope: str = ""


@dataclass(frozen=True)
class Refusal:
    """One bad line: where, what was written, and why it is refused."""

    line: int
    header: str
    value: str
    fault: Fault
    cells: list[Cell]


@dataclass
class Reading:
    """A file as read; a refusal names the line of the file."""

    headers: list[str]
    columns: frozenset[str]
    rows: list[Row] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    duplicates: int = 0
    blank: int = 0

    @property
    def lines(self) -> int:
        """How many lines stand below the header."""
        return len(self.rows) + len(self.refusals) + self.duplicates + self.blank


def read_rows(table: Table, *, today: date, subdistricts: dict[str, str]) -> Reading:
    """Return what a table says, line by line.

    Args:
        table: cells with their header.
        today: the day after which a founding date lies ahead, in Shanghai.
        subdistricts: codes by every name a subdistrict goes by.

    Raises:
        Unreadable: the header names no company: it is that of another kind of file.
    """
    header = table.header
    places = _places(header)
    reading = Reading([normalising.text(cell) for cell in header], frozenset(places))
    readers = _readers(
        today, subdistricts, unit_of(header[places["registered_capital"]]) if "registered_capital" in places else 1
    )
    names: dict[str, str] = {}
    seen: set[Row] = set()
    for number, cells in enumerate(table.lines, start=table.header_line + 1):
        written = {column: cells[place] if place < len(cells) else None for column, place in places.items()}
        if not any(normalising.text(cell) for cell in written.values()):
            reading.blank += 1
            continue
        column = "uscc"
        try:
            values: dict[str, Any] = {}
            for column, cell in _in_order(written):
                values[column] = readers[column](cell)
                if column == "name_zh":
                    first = names.setdefault(values["uscc"], values["name_zh"])
                    if first != values["name_zh"]:
                        raise Refused(Fault.NAME_CONFLICT)  # noqa: TRY301 -- one fault, one way out
        except Refused as refused:
            header_text = reading.headers[places[column]]
            value = normalising.text(written[column])
            reading.refusals.append(Refusal(number, header_text, value, refused.fault, cells))
            continue
        row = Row(**values)
        if row in seen:
            reading.duplicates += 1
        else:
            seen.add(row)
            reading.rows.append(row)
    return reading


def _places(header: list[Cell]) -> dict[str, int]:
    places: dict[str, int] = {}
    for place, cell in enumerate(header):
        column = column_of(cell)
        if column and column not in places:
            places[column] = place
    if not set(REQUIRED) <= places.keys():  # a file of yearly figures names no company
        raise Unreadable(*NO_HEADER)
    return places


def _in_order(written: dict[str, Cell]) -> list[tuple[str, Cell]]:
    """Return code and name first: what they contradict is found before the rest is read."""
    first = ("uscc", "name_zh")
    return [(c, written[c]) for c in first] + [(c, cell) for c, cell in written.items() if c not in first]


def _readers(today: date, subdistricts: dict[str, str], unit: int) -> dict[str, Callable[[Cell], Any]]:
    return {
        "uscc": normalising.uscc,
        "name_zh": normalising.name_zh,
        "name_en": normalising.name_en,
        "industry_code": normalising.industry_code,
        "subdistrict": lambda cell: normalising.subdistrict(cell, subdistricts),
        "address": normalising.address,
        "founded": lambda cell: normalising.founded(cell, today),
        "registered_capital": lambda cell: normalising.registered_capital(cell, unit),
        "staff": normalising.staff,
        "certificate": normalising.certificates,
        "foreign_invested": normalising.foreign_invested,
        "business_scope": normalising.business_scope,
    }
