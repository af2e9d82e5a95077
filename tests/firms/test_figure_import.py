"""Files of yearly figures: headers and units as offices write them, good rows applied, bad ones reported, twice the same."""

import json
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from firms import yearly
from firms.models import MEASURES, Organisation, YearlyFigure
from firms.registry.columns import figure_of, unit_of
from firms.registry.reading import Unreadable
from firms.services.error_files import write_error_file
from firms.services.figure_imports import import_figures
from firms.services.imports import import_registry
from firms.services.yearly_figures import state_figures, verify_figures
from portal.models import HistoryEntry
from portal.roles import Role
from tests.firms import files
from tests.firms.conftest import MakeFirm, MakeUser
from tests.firms.files import CODES, text, xlsx

LAST = yearly.last_ended_year()
HEADERS = ["统一社会信用代码", "企业名称", "年度", "营业收入（万元）", "研发费用(万元)", "纳税总额(千元)", "年末从业人员（人）", "资产总额(元)"]  # fmt: skip
GOOD = [CODES[0], "上海示例软件有限公司", f"{LAST}年", "1,500", "187.5", "３００", "45", "9000000"]


@pytest.fixture
def firm(make_firm: MakeFirm) -> Organisation:
    return make_firm(slug="software", uscc=CODES[0])


def kept() -> list[tuple[object, ...]]:
    names = ("organisation__uscc", "year", *MEASURES, "source", "source_name", "version")
    return list(YearlyFigure.objects.order_by("year").values_list(*names))


@pytest.mark.parametrize("kind", ["xlsx", "gb18030", "utf-8-sig"])
def test_file_is_read_as_offices_write_it(firm: Organisation, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "figures"
    if kind == "xlsx":
        xlsx(path, GOOD, ["", "合计"], headers=HEADERS, title="杨浦区企业年度数据")
    else:
        text(path, GOOD, [], headers=HEADERS, encoding=kind)

    outcome = import_figures(path=path, source="区统计局")

    assert kept() == [
        (CODES[0], LAST, 15_000_000, 1_875_000, 300_000, 9_000_000, 45, "import", "区统计局", 1),
    ]
    assert (outcome.created, len(outcome.reading.refusals)) == (1, 0)


def test_english_headers_and_missing_columns(firm: Organisation, tmp_path: Path) -> None:
    headers = [
        "Unified Social Credit Code",
        "Fiscal year",
        "Revenue (CNY million)",
        "R&D expenditure (RMB)",
        "Employees",
    ]

    import_figures(path=text(tmp_path / "f.csv", [CODES[0].lower(), LAST, "1.5", "", "7"], headers=headers))

    assert kept() == [(CODES[0], LAST, 1_500_000, None, None, None, 7, "import", "f.csv", 1)]


def test_same_file_twice_changes_nothing(firm: Organisation, tmp_path: Path) -> None:
    path = text(tmp_path / "f.csv", GOOD, GOOD, headers=HEADERS)
    first = import_figures(path=path).counts()
    history = HistoryEntry.objects.count()

    second = import_figures(path=path).counts()

    zero = dict.fromkeys(("updated", "blank", "bad"), 0)
    assert first == {"rows": 2, "created": 1, "unchanged": 0, "duplicates": 1, **zero}
    assert second == {"rows": 2, "created": 0, "unchanged": 1, "duplicates": 1, **zero}
    assert HistoryEntry.objects.count() == history


def test_dry_run_says_what_would_change(firm: Organisation, tmp_path: Path) -> None:
    import_figures(path=text(tmp_path / "a.csv", GOOD, headers=HEADERS))
    changed = [*GOOD[:3], "1600", *GOOD[4:]]

    outcome = import_figures(path=text(tmp_path / "b.csv", changed, headers=HEADERS), dry_run=True)

    assert outcome.differences == [
        {"uscc": CODES[0], "year": LAST, "changes": {"revenue": ["15000000.00", "16000000.00"]}}
    ]
    assert kept()[0][2] == 15_000_000


def test_office_replaces_what_a_member_stated_but_not_what_is_verified(
    firm: Organisation, make_user: MakeUser, tmp_path: Path
) -> None:
    editor, officer = make_user("editor", member_of=firm), make_user("officer", Role.REGISTRY)
    given = dict.fromkeys(MEASURES)
    for year in (LAST, LAST - 1, LAST - 2):
        state_figures(
            by=editor, organisation=firm, year=year, values={**given, "revenue": Decimal(5), "staff": 9}, seen=0
        )
    for year in (LAST - 1, LAST - 2):
        figure = YearlyFigure.objects.get(year=year)
        verify_figures(by=officer, figure=figure, evidence="审计报告", seen=1)
    rows = [[CODES[0], LAST, "6", ""], [CODES[0], LAST - 1, "6", ""], [CODES[0], LAST - 2, "5", ""]]
    path = text(tmp_path / "f.csv", *rows, headers=["信用代码", "年份", "营业收入(元)", "从业人数"])

    outcome = import_figures(path=path)

    assert outcome.counts() == {
        "rows": 3, "created": 0, "updated": 1, "unchanged": 1, "duplicates": 0, "blank": 0, "bad": 1,
    }  # fmt: skip
    assert outcome.faults() == {"verified": 1}
    assert [(row[1], row[2], row[6], row[7], row[9]) for row in kept()] == [
        (LAST - 2, 5, 9, "member", 1),
        (LAST - 1, 5, 9, "member", 1),
        (LAST, 6, 9, "import", 2),  # the empty cell left the staff
    ]
    assert YearlyFigure.objects.filter(verified_at__isnull=False).count() == 2


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({0: ""}, "missing_code"),
        ({0: CODES[0][:-1] + "A"}, "checksum"),
        ({0: CODES[2]}, "unknown_firm"),
        ({2: ""}, "year"),
        ({2: str(LAST + 1)}, "year"),
        ({2: "1977"}, "year"),
        ({2: "二〇二五"}, "year"),
        ({2: "20251"}, "year"),
        ({3: "NaN"}, "capital"),
        ({3: "1_500"}, "capital"),
        ({3: "1e1000"}, "capital"),
        ({3: "-1"}, "capital_negative"),
        ({3: "100000001"}, "capital_too_large"),
        ({3: "=1+1"}, "capital"),
        ({6: "4.5"}, "staff"),
        ({6: "-4"}, "staff"),
        ({3: "", 4: "", 5: "", 6: "", 7: ""}, "no_figures"),
    ],
)
def test_bad_row_is_reported_and_the_good_one_applied(
    firm: Organisation, tmp_path: Path, cells: dict[int, str], fault: str
) -> None:
    bad = [cells.get(place, cell) for place, cell in enumerate(GOOD)]
    good = [*GOOD[:2], str(LAST - 1), *GOOD[3:]]

    outcome = import_figures(path=text(tmp_path / "f.csv", bad, good, headers=HEADERS))
    write_error_file(reading=outcome.reading, path=tmp_path / "errors.xlsx")
    again = import_figures(path=tmp_path / "errors.xlsx")

    assert (outcome.faults(), [row[1] for row in kept()]) == ({fault: 1}, [LAST - 1])
    assert again.faults() == {fault: 1}  # the file of errors is read as the file was


def test_other_figures_of_the_same_year_are_refused(firm: Organisation, tmp_path: Path) -> None:
    other = [*GOOD[:3], "1600", *GOOD[4:]]

    outcome = import_figures(path=text(tmp_path / "f.csv", GOOD, other, headers=HEADERS))

    assert (outcome.faults(), kept()[0][2]) == ({"figures_conflict": 1}, 15_000_000)


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("营业收入", 10_000),
        ("营业收入（万元）", 10_000),
        ("营业收入(单位：千元)", 1000),
        ("营业收入【百万元】", 1_000_000),
        ("营业收入(亿元)", 100_000_000),
        ("Revenue (CNY)", 1),
        ("Revenue (RMB 10,000)", 10_000),
        ("营业收入(含税)", 10_000),
        ("营业收入(2025年)(元)", 1),
        ("营业收入(美元)", None),
        ("Revenue (USD million)", None),
        ("营业收入(十万元)", None),
    ],
)
def test_unit_of_a_column(header: str, unit: int | None) -> None:
    assert (figure_of(header), unit_of(header)) == ("revenue", unit)


def test_unit_that_is_not_understood_refuses_the_file(firm: Organisation, tmp_path: Path) -> None:
    headers = [header.replace("营业收入（万元）", "营业收入（美元）") for header in HEADERS]

    with pytest.raises(Unreadable, match="The unit of the column"):
        import_figures(path=text(tmp_path / "f.csv", GOOD, headers=headers))
    assert kept() == []


def test_each_import_refuses_the_other_ones_file(firm: Organisation, tmp_path: Path) -> None:
    figures = text(tmp_path / "f.csv", GOOD[:1] + GOOD[2:], headers=HEADERS[:1] + HEADERS[2:])
    registry = text(tmp_path / "r.csv", files.row())

    with pytest.raises(Unreadable, match="company's name"):
        import_registry(path=figures)
    with pytest.raises(Unreadable, match="and the year"):
        import_figures(path=registry)


def test_command_prints_a_summary_without_figures(firm: Organisation, tmp_path: Path) -> None:
    path = text(tmp_path / "f.csv", GOOD, [*GOOD[:2], "x", *GOOD[3:]], headers=HEADERS)
    plain, as_json = StringIO(), StringIO()

    call_command("import_figures", str(path), errors=tmp_path / "errors.xlsx", dry_run=True, stdout=plain)
    call_command("import_figures", str(path), json=True, stdout=as_json)
    with pytest.raises(CommandError) as unreadable:
        call_command("import_figures", str(tmp_path / "none.csv"))

    assert json.loads(as_json.getvalue()) == {
        "rows": 2, "created": 1, "updated": 0, "unchanged": 0, "duplicates": 0, "blank": 0, "bad": 1,
        "dry_run": False, "faults": {"year": 1}, "differences": [],
    }  # fmt: skip
    assert ["1,500" in plain.getvalue(), "Nothing was changed" in plain.getvalue()] == [False, True]
    assert ((tmp_path / "errors.xlsx").stat().st_size > 1000, unreadable.value.returncode) == (True, 2)
