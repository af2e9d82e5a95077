"""What offices' spreadsheets hide: formulas, merged cells, several sheets, a million rows, slips in codes."""

import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from firms.registry import reading
from firms.registry.reading import Unreadable, read_table
from firms.registry.rows import Reading, read_rows
from firms.registry.suggesting import probable_code
from tests.firms import files
from tests.firms.test_import import TODAY

A, B = "上海示例甲有限公司", "上海示例乙有限公司"


def read(path: Path) -> Reading:
    return read_rows(read_table(path), today=TODAY, subdistricts={"五角场": "310110019"})


def english(found: Reading) -> list[str]:
    return [note.en for note in found.notes]


# --- Columns --------------------------------------------------------------------------


def test_unknown_repeated_and_missing_columns_are_reported(tmp_path: Path) -> None:
    headers = ["备注", "企业名称", "Company name", "统一社会信用代码", "传真"]

    found = read(files.text(tmp_path / "a.csv", ["x", A, "y", files.CODES[0], "1"], headers=headers))

    assert [row.name_zh for row in found.rows] == [A]
    missing = "english name, industry, subdistrict, address, founded, registered capital, staff, certificate"
    assert english(found) == [
        "Columns not understood, left out: 备注, 传真.",
        "Columns that stand there twice; the first was read: Company name.",
        f"Columns that the file does not have; what the registry knows stays: {missing}, foreign invested, business scope.",
    ]


def test_three_hundred_columns_are_read_and_reported_in_short(tmp_path: Path) -> None:
    headers = [*files.HEADERS, *(f"附加{n}" for n in range(288))]

    found = read(files.xlsx(tmp_path / "a.xlsx", [*files.row(), *range(288)], headers=headers))

    assert len(found.rows) == 1
    assert english(found)[0].endswith("附加19 … (+268).")


@pytest.mark.parametrize("titles", [0, 1, 20])
def test_header_is_found_under_title_rows_and_lines_are_those_of_the_file(tmp_path: Path, titles: int) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        if titles:
            sheet.merge_range(0, 0, 0, 11, "杨浦区企业名录")
        sheet.write_row(titles, 0, files.HEADERS)
        sheet.write_row(titles + 1, 0, files.row())
        sheet.write_row(titles + 2, 0, files.row(files.CODES[1], B, 从业人数="x"))

    found = read(path)

    assert [row.line for row in found.rows] == [titles + 2]
    assert [bad.line for bad in found.refusals] == [titles + 3]


# --- Sheets, formulas, merged cells ---------------------------------------------------


def test_other_sheets_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("说明").write(0, 0, "填表说明")
        for name in ("甲", "乙"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, files.HEADERS)
            sheet.write_row(1, 0, files.row(name=A if name == "甲" else B))
        book.add_worksheet("空")

    found = read(path)

    assert [row.name_zh for row in found.rows] == [A]
    assert found.notes == [
        (
            "Only the sheet “甲” was read; these were left out: 说明, 乙.",
            "只读取了工作表“甲”，未读取：说明、乙。",
        )
    ]


def test_formulas_give_their_saved_results_and_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, files.HEADERS)
        sheet.write_row(1, 0, files.row())
        sheet.write_formula(1, 8, "=6*7", value=42)
        sheet.write_row(2, 0, files.row(files.CODES[1], B))
        sheet.write_formula(2, 8, "=1/0", value="#DIV/0!")

    found = read(path)

    assert [row.staff for row in found.rows] == [42, None]
    assert found.notes == [reading.FORMULAS, reading.ERRORS]


def test_formulas_without_results_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, files.HEADERS)
        sheet.write_row(1, 0, files.row())
        sheet.write_formula(1, 8, "=6*7", value=42)
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].replace(b"<v>42</v>", b"")

    found = read(files.packed(path, parts | {"xl/worksheets/sheet1.xml": sheet}))

    assert [row.staff for row in found.rows] == [None]
    assert found.notes == [reading.FORMULAS, reading.NO_RESULTS]


def test_cell_hidden_by_a_merged_one_refuses_its_row(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(1, 1, files.HEADERS)
        for number, code in enumerate(files.CODES[:3], start=2):
            sheet.write_row(number, 1, files.row(code, A))
        sheet.merge_range(2, 5, 4, 5, "五角场")
        sheet.merge_range(5, 1, 5, 12, "制表：示例")

    found = read(path)

    assert [row.line for row in found.rows] == [3]
    faults = [(bad.line, bad.header, bad.fault.name) for bad in found.refusals]
    assert faults == [(4, "所属街道", "MERGED"), (5, "所属街道", "MERGED"), (6, "统一社会信用代码", "CHECKSUM")]


def test_capital_in_a_unit_that_is_not_understood_refuses_the_file(tmp_path: Path) -> None:
    headers = [header.replace("(万元)", "（万美元）") for header in files.HEADERS]

    with pytest.raises(Unreadable, match="The unit of the column"):
        read(files.text(tmp_path / "a.csv", files.row(), headers=headers))


# --- Too much, too little -------------------------------------------------------------


def test_a_cell_in_the_last_row_of_excel_is_too_many_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, files.HEADERS)
        sheet.write_row(1, 0, files.row())
        sheet.write(1_048_575, 299, "x")

    with pytest.raises(Unreadable, match="too large"):
        read(path)


def test_text_with_too_many_lines_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAXIMUM_ROWS", 2)

    with pytest.raises(Unreadable, match="200,000 rows"):
        read(files.text(tmp_path / "a.csv", files.row(), files.row(files.CODES[1], B)))


@pytest.mark.parametrize("lines", [[], [[""] * 12]])
def test_header_alone_says_that_there_are_no_rows(tmp_path: Path, lines: list[list[object]]) -> None:
    for path in (files.text(tmp_path / "a.csv", *lines), files.xlsx(tmp_path / "a.xlsx", *lines)):
        with pytest.raises(Unreadable, match="no rows below it"):
            read(path)


def test_quotation_mark_that_is_never_closed_names_its_line(tmp_path: Path) -> None:
    path = files.text(tmp_path / "a.csv", files.row())
    path.write_text(path.read_text() + '"' + "x" * 1_100_000)

    with pytest.raises(Unreadable, match="Line 3 cannot be read"):
        read(path)


@pytest.mark.parametrize("head", [b"%PDF-1.7\n", b"<html><table>", b"{\\rtf1 "])
def test_another_type_of_text_is_said_to_be_no_spreadsheet(tmp_path: Path, head: bytes) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(head + "统一社会信用代码,企业名称\n".encode())

    with pytest.raises(Unreadable, match="neither an XLSX workbook nor a CSV file"):
        read(path)


# --- What was probably meant ----------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("9131O110591673062R", "91310110591673062R"),
        ("913I0110591673062R", "91310110591673062R"),
        ("91310110591673602R", "91310110591673062R"),
        ("913101105916733062R", "91310110591673062R"),
        ("91310110591673062X", ""),
        ("91310110591673", ""),
        ("合计", ""),
        ("", ""),
    ],
)
def test_slip_in_a_code_is_mended_where_one_code_alone_fits(written: str, meant: str) -> None:
    assert probable_code(written) == meant
