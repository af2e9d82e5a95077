"""Files to tables of cells, line by line. Spreadsheets are opened in a process of their own, with limits."""

import csv
import json
import lzma
import re
import resource
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from errno import ENOSPC
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, NamedTuple

from firms.registry.columns import is_header
from firms.registry.normalising import MERGED, Cell

MAXIMUM_BYTES = 50 * 1024 * 1024
MAXIMUM_UNPACKED = 300 * 1024 * 1024
MAXIMUM_PARTS = 2_000
MAXIMUM_ROWS = 200_000
MEMORY = 3 * 512 * 1024**2
SECONDS = 120
HEADER_WITHIN = 30

type Cells = list[list[Cell]]


class Note(NamedTuple):
    """What a reader should know of a file that was read, in both languages."""

    en: str
    zh: str


class Table(NamedTuple):
    """The header, the lines below it (to be read once), on which line of the file the header stands, how many follow.

    ``notes`` are what a reader should know.
    """

    header: list[Cell]
    lines: Iterable[list[Cell]]
    header_line: int
    total: int = 0
    notes: tuple[Note, ...] = ()


class Unreadable(Exception):  # noqa: N818 -- the sentence says it
    """A file that cannot be read as a registry; ``en`` and ``zh`` say why. Nothing was applied."""

    def __init__(self, en: str, zh: str) -> None:
        self.en, self.zh = en, zh
        super().__init__(en)


NOT_A_SPREADSHEET = (
    "This is neither an XLSX workbook nor a CSV file in UTF-8 or GB18030.",
    "文件既不是XLSX工作簿，也不是UTF-8或GB18030编码的CSV文件。",
)
EMPTY = ("The file is empty.", "文件为空。")
TOO_LARGE = (
    "The file is too large: 50 MB packed, 300 MB unpacked and 200,000 rows are the limits.",
    "文件过大：压缩后不得超过50MB，解压后不得超过300MB，且不得超过20万行。",
)
MACROS = ("The workbook contains macros. Save it as .xlsx without macros.", "工作簿含有宏，请另存为不含宏的.xlsx文件。")
OLD_EXCEL = (
    "This is an old or encrypted Excel workbook. Save it as .xlsx without a password, or as CSV.",
    "这是旧版或加密的Excel工作簿，请另存为无密码的.xlsx或CSV文件。",
)
BROKEN = ("The workbook is damaged.", "工作簿已损坏。")
NO_HEADER = (
    "No header row was found that names the unified social credit code and the company's name.",
    "未找到包含“统一社会信用代码”和“企业名称”的表头行。",
)
NO_ROWS = ("The file has a header and no rows below it.", "文件只有表头，没有数据行。")
FORMULAS = Note(
    "The workbook has formulas; their results as last saved were read.",
    "工作簿含有公式，读取的是最近一次保存的计算结果。",
)
NO_RESULTS = Note(
    "Some formulas have no saved result and were read as empty cells. Open the file in Excel and save it to keep them.",
    "部分公式没有保存计算结果，已按空白单元格处理；请用Excel打开并保存后重新上传。",
)
ERRORS = Note(
    "Cells that show an error such as #N/A were read as empty cells.",
    "显示错误值（如#N/A）的单元格已按空白单元格处理。",
)


_OTHER_TYPES = (b"%PDF", b"{\\rtf", b"<")
"""Text that is no CSV; HTML and XML are what some offices' systems save as .xls."""


def read_table(path: Path) -> Table:
    """Return the cells of a registry file below its first known header.

    Args:
        path: a CSV or XLSX file; its name does not matter.

    Raises:
        Unreadable: missing, empty, too large, damaged, of another type, with macros, or without a known header. What
            stands further down may raise it while the lines are read.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(8)
    except OSError as error:
        raise Unreadable("The file cannot be opened.", "文件无法打开。") from error
    if not size:
        raise Unreadable(*EMPTY)
    if size > MAXIMUM_BYTES:
        raise Unreadable(*TOO_LARGE)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(*OLD_EXCEL)
    if head.startswith(_OTHER_TYPES):
        raise Unreadable(*NOT_A_SPREADSHEET)
    if head.startswith(b"PK"):
        return _table_of_workbook(path, _check_package(path))
    return _table_of_text(path)


def _header_at(table: Cells) -> int | None:
    for number, row in enumerate(table):
        if is_header(row):
            return number
    return None


def _nothing_found(*tables: Cells) -> Unreadable:
    return Unreadable(*(NO_HEADER if any(any(row) for table in tables for row in table) else EMPTY))


# --- Workbooks: the package -----------------------------------------------------------

_PACKING = (zlib.error, lzma.LZMAError)
_NO_RESULT = re.compile(rb"</f>\s*(?:<v\s*/>|<v></v>)?\s*</c>")
_OVERLAP = 64


def _check_package(path: Path) -> list[Note]:
    """Refuse macros and bombs: each part is unpacked once, counted, and never kept. Return what is worth knowing."""
    try:
        with zipfile.ZipFile(path) as package:
            _check_directory(package.infolist())
            return _check_contents(package)
    except Unreadable:
        raise
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError, *_PACKING) as error:
        raise Unreadable(*BROKEN) from error


def _check_directory(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename.lower() for part in parts]
    if len(parts) > MAXIMUM_PARTS or sum(part.file_size for part in parts) > MAXIMUM_UNPACKED:
        raise Unreadable(*TOO_LARGE)
    if "xl/workbook.xml" not in names or len(set(names)) != len(names):
        raise Unreadable(*NOT_A_SPREADSHEET)
    if any(name.endswith("vbaproject.bin") or name.startswith("xl/macrosheets/") for name in names):
        raise Unreadable(*MACROS)


def _check_contents(package: zipfile.ZipFile) -> list[Note]:
    """Unpack every part: a size that lies, or a sum that does not fit, raises here."""
    unpacked = 0
    found: set[Note] = set()
    for part in package.infolist():
        before = b""
        with package.open(part) as content:
            while chunk := content.read(1 << 20):
                unpacked += len(chunk)
                if unpacked > MAXIMUM_UNPACKED:
                    raise Unreadable(*TOO_LARGE)
                piece = before + chunk
                if b"macroEnabled" in piece and part.filename == "[Content_Types].xml":
                    raise Unreadable(*MACROS)
                if b"<!DOCTYPE" in piece or b"<!ENTITY" in piece:
                    raise Unreadable(*BROKEN)
                if part.filename.startswith("xl/worksheets/"):
                    found |= _noticed(piece)
                before = chunk[-_OVERLAP:]
    return [note for note in (FORMULAS, NO_RESULTS, ERRORS) if note in found]


def _noticed(piece: bytes) -> set[Note]:
    found = set()
    if b"<f>" in piece or b"<f " in piece:
        found.add(FORMULAS)
    if _NO_RESULT.search(piece):
        found.add(NO_RESULTS)
    if b' t="e"' in piece:
        found.add(ERRORS)
    return found


# --- Workbooks: the cells, from a process of their own --------------------------------

_TOO_MANY_ROWS, _NO_ROOM = 3, 4


def _table_of_workbook(path: Path, notes: list[Note]) -> Table:
    """Let a process that may use so much memory and time and no more print the sheet, and read what it prints."""
    printed = _printed(path)
    about = next(printed)
    if "header" not in about:
        raise Unreadable(*(NO_HEADER if about["has_cells"] else EMPTY))
    if about["others"]:
        left = "、".join(about["others"])
        notes.append(
            Note(
                f"Only the sheet “{about['sheet']}” was read; these were left out: {', '.join(about['others'])}.",
                f"只读取了工作表“{about['sheet']}”，未读取：{left}。",
            )
        )
    header = [_cell(value) for value in about["header"]]
    lines = ([_cell(value) for value in row] for row in printed)
    return Table(header, lines, about["line"], about["total"], tuple(notes))


def _printed(path: Path) -> Iterator[Any]:
    """Yield what the process printed, line by line; it has ended by then, and given its memory back.

    Raises:
        Unreadable: it used too much, or the workbook is damaged.
        OSError: what it printed found no room.
    """
    with TemporaryFile() as printed:
        try:
            ended = subprocess.run(  # noqa: S603 -- our own interpreter and module
                [sys.executable, "-m", "firms.registry.reading", str(path.resolve())],
                cwd=Path(__file__).resolve().parents[2],
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=subprocess.DEVNULL,
                timeout=SECONDS,
                check=False,
            ).returncode
        except subprocess.TimeoutExpired as error:
            raise Unreadable(*TOO_LARGE) from error
        if ended == _NO_ROOM:
            raise OSError(ENOSPC, "no room to read the workbook")
        if ended:
            raise Unreadable(*(TOO_LARGE if ended == _TOO_MANY_ROWS or ended < 0 else BROKEN))
        printed.seek(0)
        for line in printed:
            yield json.loads(line)


def _cell(value: Any) -> Cell:
    if isinstance(value, list):
        return datetime.fromisoformat(value[0]).date()
    return MERGED if isinstance(value, dict) else value


def _plain(value: Any) -> Any:
    """Return a cell as JSON has it; a date stands in a list."""
    if isinstance(value, (date, datetime)):
        return [value.isoformat()]
    if isinstance(value, (time, timedelta)):
        return str(value)
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _print_sheet(path: str) -> int:
    """Print the first visible sheet with a known header as lines of JSON: what the process of its own does."""
    from python_calamine import CalamineWorkbook, SheetVisibleEnum

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    workbook = CalamineWorkbook.from_path(path)
    names = [about.name for about in workbook.sheets_metadata if about.visible == SheetVisibleEnum.Visible]
    found: tuple[Any, int, list[Any]] | None = None
    filled = []
    for name in names:
        sheet = workbook.get_sheet_by_name(name)
        if sheet.height > MAXIMUM_ROWS:
            return _TOO_MANY_ROWS
        top = [[_plain(cell) for cell in row] for row in islice(sheet.iter_rows(), HEADER_WITHIN)]
        if any(any(row) for row in top):
            filled.append(name)
        if found is None and (start := _header_at(top)) is not None:
            found = sheet, start, top[start]
    if found is None:
        print(json.dumps({"has_cells": bool(filled)}))  # noqa: T201 -- what the other process reads
        return 0
    sheet, start, header = found
    others = [name for name in filled if name != sheet.name]
    rows = islice(enumerate(sheet.iter_rows()), start + 1, None)
    total = max(sheet.total_height - start - 1, 0)
    about = {"sheet": sheet.name, "others": others, "header": header, "line": start + 1, "total": total}
    print(json.dumps(about))  # noqa: T201
    covered = _covered(sheet, start)
    for number, row in rows:
        cells = [_plain(cell) for cell in row]
        for place in covered.get(number, ()):
            if place < len(cells):
                cells[place] = {}
        sys.stdout.write(json.dumps(cells) + "\n")
    sys.stdout.flush()
    return 0


def _covered(sheet: Any, header: int) -> dict[int, list[int]]:
    """Return which cells of each line below the header merged cells hide; they are no empty cells."""
    hidden: dict[int, list[int]] = {}
    left = sheet.start[1] if sheet.start else 0
    for (top, first), (bottom, last) in sheet.merged_cell_ranges or ():
        for number in range(max(top, header + 1), min(bottom, sheet.total_height) + 1):
            places = [place - left for place in range(max(first, left), last + 1)]
            hidden.setdefault(number, []).extend(places[1:] if number == top else places)
    return hidden


# --- Text -----------------------------------------------------------------------------


def _table_of_text(path: Path) -> Table:
    encoding, total = _encoding_of(path)
    csv.field_size_limit(1 << 20)
    tops = []
    for delimiter in ",\t;|":
        top: Cells = []
        with suppress(Unreadable):  # told again when the lines are read
            top.extend(islice(_rows_of_text(path, encoding, delimiter), HEADER_WITHIN))
        if (start := _header_at(top)) is not None:
            lines = islice(_rows_of_text(path, encoding, delimiter), start + 1, None)
            return Table(top[start], lines, start + 1, max(total - start - 1, 0))
        tops.append(top)
    raise _nothing_found(*tops)


def _rows_of_text(path: Path, encoding: str, delimiter: str) -> Iterator[list[Cell]]:
    number = 0
    with path.open(encoding=encoding, newline="") as file:
        try:
            for number, row in enumerate(csv.reader(file, delimiter=delimiter), start=1):
                if number > MAXIMUM_ROWS:
                    raise Unreadable(*TOO_LARGE)
                yield list(row)
        except csv.Error as error:
            raise Unreadable(
                f"Line {number + 1} cannot be read: perhaps a quotation mark is never closed.",
                f"第{number + 1}行无法读取，可能是引号没有成对。",
            ) from error


def _encoding_of(path: Path) -> tuple[str, int]:
    """Return in which encoding the whole file can be read, and how many ends of lines it has."""
    with path.open("rb") as file:
        if file.read(2) in {b"\xff\xfe", b"\xfe\xff"}:
            encodings = ["utf-16"]  # Excel's «Unicode text»
        else:
            file.seek(0)
            if any(b"\x00" in chunk for chunk in iter(lambda: file.read(1 << 20), b"")):
                raise Unreadable(*NOT_A_SPREADSHEET)
            encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            with path.open(encoding=encoding, newline="") as text:
                return encoding, sum(chunk.count("\n") for chunk in iter(lambda: text.read(1 << 16), ""))
        except UnicodeError:
            continue
    raise Unreadable(*NOT_A_SPREADSHEET)


if __name__ == "__main__":
    try:
        sys.exit(_print_sheet(sys.argv[1]))
    except MemoryError:
        sys.exit(_TOO_MANY_ROWS)
    except OSError:
        sys.exit(_NO_ROOM)
