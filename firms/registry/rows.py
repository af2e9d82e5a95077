"""Tables to rows: each line of a file becomes a row, a fault, a duplicate or a blank."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from firms.registry import normalising
from firms.registry.columns import ADDED, REQUIRED, SELDOM, SYNONYMS, column_of, unit_of
from firms.registry.normalising import MERGED, Cell, Fault, Refused
from firms.registry.reading import NO_HEADER, NO_ROWS, Note, Table, Unreadable
from firms.registry.suggesting import probable_code

_SHOWN = 20
_TOLD_EVERY = 1000


@dataclass(frozen=True, slots=True)
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
    telephone: str = ""
    line: int = field(default=0, compare=False)


@dataclass(slots=True)
class Refusal:
    """One bad line: where, what was written, why it is refused, and whom it is about as far as it says.

    ``meant`` is the code that was probably meant.
    """

    line: int
    header: str
    value: str
    fault: Fault
    cells: list[Cell]
    code: str = ""
    name: str = ""
    meant: str = ""


@dataclass
class Reading:
    """A file as read; a refusal names the line of the file, ``notes`` say what a reader should know."""

    headers: list[str]
    columns: frozenset[str]
    rows: list[Row] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    duplicates: int = 0
    blank: int = 0
    notes: list[Note] = field(default_factory=list)

    @property
    def lines(self) -> int:
        """How many lines stand below the header."""
        return len(self.rows) + len(self.refusals) + self.duplicates + self.blank


def read_rows(
    table: Table,
    *,
    today: date,
    subdistricts: dict[str, str],
    tell: Callable[[int, int], None] | None = None,
) -> Reading:
    """Return what a table says, line by line.

    Args:
        table: cells with their header.
        today: the day after which a founding date lies ahead, in Shanghai.
        subdistricts: codes by every name a subdistrict goes by.
        tell: is told how many lines were read, and how many there are about.

    Raises:
        Unreadable: the header names no company (it is that of another kind of file), there is no line below it, or what
            comes later in the file cannot be read.
    """
    header = table.header
    places = _places(header)
    reading = Reading([normalising.text(cell) for cell in header], frozenset(places))
    reading.notes = [*table.notes, *_about_columns(reading.headers, places)]
    unit = unit_in(header[places["registered_capital"]]) if "registered_capital" in places else 1
    lines = _Lines(reading, places, _readers(today, subdistricts, unit))
    for number, cells in enumerate(table.lines, start=table.header_line + 1):
        if tell and number % _TOLD_EVERY == 0:
            tell(number - table.header_line, table.total)
        lines.read(number, cells)
    if reading.lines == reading.blank:
        raise Unreadable(*NO_ROWS)
    return reading


def unit_in(header: Cell) -> int:
    """Return what one unit of a column of amounts is in CNY.

    Raises:
        Unreadable: the header names a unit that is not understood: a guess would be wrong by powers of ten.
    """
    unit = unit_of(header)
    if unit is None:
        name = normalising.text(header)[:60]
        raise Unreadable(
            f"The unit of the column “{name}” is not understood: write 元, 千元, 万元, 百万元 or 亿元.",
            f"无法识别“{name}”一列的单位，请写明元、千元、万元、百万元或亿元。",
        )
    return unit


@dataclass
class _Lines:
    """Reads line after line, and remembers what earlier ones said."""

    reading: Reading
    places: dict[str, int]
    readers: dict[str, Callable[[Cell], Any]]
    names: dict[str, str] = field(default_factory=dict)
    seen: set[Row] = field(default_factory=set)

    def read(self, number: int, cells: list[Cell]) -> None:
        """Add a line to the reading: a row, a refusal, a duplicate or a blank."""
        written = {column: cells[place] if place < len(cells) else None for column, place in self.places.items()}
        if not any(normalising.text(cell) for cell in written.values()):
            self.reading.blank += 1
            return
        column = "uscc"
        try:
            values: dict[str, Any] = {}
            for column, cell in _in_order(written):
                values[column] = _value(self.readers[column], cell)
                if column == "name_zh" and self.names.setdefault(values["uscc"], values[column]) != values[column]:
                    raise Refused(Fault.NAME_CONFLICT)  # noqa: TRY301 -- one fault, one way out
        except Refused as refused:
            header, value = self.reading.headers[self.places[column]], normalising.text(written[column])
            self.reading.refusals.append(_about_whom(Refusal(number, header, value, refused.fault, cells), written))
            return
        row = Row(**values, line=number)
        if row in self.seen:
            self.reading.duplicates += 1
        else:
            self.seen.add(row)
            self.reading.rows.append(row)


def _value(reader: Callable[[Cell], Any], cell: Cell) -> Any:
    if cell is MERGED:
        raise Refused(Fault.MERGED)
    return reader(cell)


def _about_whom(refusal: Refusal, written: dict[str, Cell]) -> Refusal:
    """Add what a bad line says of whom it is about, and what its code probably should be."""
    code = normalising.written_code(written["uscc"])
    refusal.code = code[:40]
    try:
        refusal.name = normalising.name_zh(written["name_zh"])
    except Refused:
        refusal.name = ""
    if refusal.fault is Fault.CHECKSUM:
        refusal.meant = probable_code(code)
    return refusal


def _about_columns(headers: list[str], places: dict[str, int]) -> list[Note]:
    """Return what is to be said of columns that are not understood, or stand there twice, or are missing."""
    notes = []
    unknown = [
        text
        for place, text in enumerate(headers)
        if text and place not in places.values() and text not in ADDED and not column_of(text)
    ]
    again = [text for place, text in enumerate(headers) if column_of(text) and place not in places.values()]
    missing = [words for column, words in SYNONYMS.items() if column not in places and column not in SELDOM]
    if unknown:
        notes.append(
            Note(
                f"Columns not understood, left out: {_listed(unknown)}.",
                f"未识别的列，已忽略：{_listed(unknown, '、')}。",
            )
        )
    if again:
        notes.append(
            Note(
                f"Columns that stand there twice; the first was read: {_listed(again)}.",
                f"重复的列，只读取第一列：{_listed(again, '、')}。",
            )
        )
    if missing:
        english = _listed([next(word for word in words if word.isascii()) for words in missing])
        notes.append(
            Note(
                f"Columns that the file does not have; what the registry knows stays: {english}.",
                f"文件没有的列，登记信息保持不变：{_listed([words[0] for words in missing], '、')}。",
            )
        )
    return notes


def _listed(texts: list[str], between: str = ", ") -> str:
    more = f" … (+{len(texts) - _SHOWN})" if len(texts) > _SHOWN else ""
    return between.join(text[:60] for text in texts[:_SHOWN]) + more


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
        "telephone": normalising.telephone,
    }
