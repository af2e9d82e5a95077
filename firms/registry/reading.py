"""Files to tables of cells. Spreadsheets are opened in a process of their own, with limits."""

import csv
import io
import json
import lzma
import resource
import subprocess
import sys
import zipfile
import zlib
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from firms.registry.columns import is_header
from firms.registry.normalising import Cell

MAXIMUM_BYTES = 50 * 1024 * 1024
MAXIMUM_UNPACKED = 300 * 1024 * 1024
MAXIMUM_PARTS = 2_000
MAXIMUM_ROWS = 200_000
MEMORY = 3 * 512 * 1024**2
SECONDS = 120
HEADER_WITHIN = 30

type Cells = list[list[Cell]]


class Table(NamedTuple):
    """The header, the lines below it, and on which line of the file the header stands."""

    header: list[Cell]
    lines: Cells
    header_line: int


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


def read_table(path: Path) -> Table:
    """Return the cells of a registry file below its first known header.

    Args:
        path: a CSV or XLSX file; its name does not matter.

    Raises:
        Unreadable: missing, empty, too large, damaged, of another type, with macros, or without a known header.
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
    if head.startswith(b"PK"):
        _check_package(path)
        sheets = _sheets(path)
    else:
        sheets = _tables_of_text(path.read_bytes())
    for sheet in sheets:
        if (start := _header_at(sheet)) is not None:
            return Table(sheet[start], sheet[start + 1 :], start + 1)
    raise Unreadable(*(EMPTY if not any(any(row) for sheet in sheets for row in sheet) else NO_HEADER))


def _header_at(table: Cells) -> int | None:
    for number, row in enumerate(table[:HEADER_WITHIN]):
        if is_header(row):
            return number
    return None


def _check_package(path: Path) -> None:
    """Refuse macros and bombs: each part is unpacked once, counted, and never kept."""
    try:
        with zipfile.ZipFile(path) as package:
            _check_directory(package.infolist())
            _check_contents(package)
    except Unreadable:
        raise
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError, *_PACKING) as error:
        raise Unreadable(*BROKEN) from error


_PACKING = (zlib.error, lzma.LZMAError)


def _check_directory(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename.lower() for part in parts]
    if len(parts) > MAXIMUM_PARTS or sum(part.file_size for part in parts) > MAXIMUM_UNPACKED:
        raise Unreadable(*TOO_LARGE)
    if "xl/workbook.xml" not in names or len(set(names)) != len(names):
        raise Unreadable(*NOT_A_SPREADSHEET)
    if any(name.endswith("vbaproject.bin") or name.startswith("xl/macrosheets/") for name in names):
        raise Unreadable(*MACROS)


def _check_contents(package: zipfile.ZipFile) -> None:
    """Unpack every part: a size that lies, or a sum that does not fit, raises here."""
    unpacked = 0
    for part in package.infolist():
        with package.open(part) as content:
            while chunk := content.read(1 << 20):
                unpacked += len(chunk)
                if unpacked > MAXIMUM_UNPACKED:
                    raise Unreadable(*TOO_LARGE)
                if b"macroEnabled" in chunk and part.filename == "[Content_Types].xml":
                    raise Unreadable(*MACROS)
                if b"<!DOCTYPE" in chunk or b"<!ENTITY" in chunk:
                    raise Unreadable(*BROKEN)


def _sheets(path: Path) -> list[Cells]:
    """Open the workbook in a process that may use so much memory and time and no more."""
    try:
        done = subprocess.run(  # noqa: S603 -- our own interpreter and module
            [sys.executable, "-m", "firms.registry.reading", str(path.resolve())],
            cwd=Path(__file__).resolve().parents[2],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable(*TOO_LARGE) from error
    if done.returncode != 0:
        raise Unreadable(*(TOO_LARGE if done.returncode == _TOO_MANY_ROWS else BROKEN))
    return [[[_cell(value) for value in row] for row in sheet] for sheet in json.loads(done.stdout)]


def _cell(value: Any) -> Cell:
    if isinstance(value, list):
        return datetime.fromisoformat(value[0]).date()
    return value


def _plain(value: Any) -> Any:
    """Return a cell as JSON has it; a date stands in a list."""
    if isinstance(value, (date, datetime)):
        return [value.isoformat()]
    if isinstance(value, (time, timedelta)):
        return str(value)
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


_TOO_MANY_ROWS = 3


def _print_sheets(path: str) -> int:
    """Print the visible sheets as JSON: what the process of its own does."""
    from python_calamine import CalamineWorkbook, SheetVisibleEnum

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    workbook = CalamineWorkbook.from_path(path)
    tables = []
    for about in workbook.sheets_metadata:
        if about.visible == SheetVisibleEnum.Visible:
            sheet = workbook.get_sheet_by_name(about.name)
            if sheet.height > MAXIMUM_ROWS:
                return _TOO_MANY_ROWS
            tables.append([[_plain(cell) for cell in row] for row in sheet.iter_rows()])
    json.dump(tables, sys.stdout, ensure_ascii=True)
    return 0


def _tables_of_text(content: bytes) -> list[Cells]:
    text = _decoded(content)
    tables = []
    csv.field_size_limit(1 << 20)
    for delimiter in ",\t;|":
        try:
            table: Cells = [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]
        except csv.Error:
            continue
        if len(table) > MAXIMUM_ROWS:
            raise Unreadable(*TOO_LARGE)
        if _header_at(table) is not None:
            return [table]
        tables.append(table[:HEADER_WITHIN])
    return tables


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]  # Excel's «Unicode text»
    elif b"\x00" in content:
        raise Unreadable(*NOT_A_SPREADSHEET)
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable(*NOT_A_SPREADSHEET)


if __name__ == "__main__":
    sys.exit(_print_sheets(sys.argv[1]))
