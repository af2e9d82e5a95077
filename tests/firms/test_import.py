"""The import: what is applied, refused, changed and left untouched."""

import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from firms.models import Certificate, Cluster, ClusterMembership, Organisation
from firms.registry import reading
from firms.registry.reading import Unreadable, read_table
from firms.services import clusters
from firms.services.imports import import_registry
from portal.lifecycle import lifecycle_of
from portal.models import HistoryEntry, StepTaken
from tests.firms import files

TODAY = date(2026, 11, 1)


def run(path: Path, **options: object) -> dict[str, int]:
    return import_registry(path=path, today=TODAY, **options).counts()


def counts(**numbers: int) -> dict[str, int]:
    zero = dict.fromkeys(("created", "updated", "unchanged", "duplicates", "blank", "bad"), 0) | numbers
    return {"rows": sum(zero.values())} | zero


def test_telephone_is_taken_from_a_file_that_has_it_and_kept_by_one_that_has_not(db: None, tmp_path: Path) -> None:
    headers = [*files.HEADERS, "联系电话"]
    lines = [[*files.row(), "０２１－６５９８１２３４ 转 8"], [*files.row(files.CODES[1], "上海另名有限公司"), "no"]]

    first = run(files.xlsx(tmp_path / "a.xlsx", *lines, headers=headers))
    second = run(files.xlsx(tmp_path / "b.xlsx", files.row(从业人数="13")))

    assert (first, second) == (counts(created=1, bad=1), counts(updated=1))
    assert Organisation.objects.get().telephone == "021-65981234 转 8"


def test_import_writes_every_column(db: None, tmp_path: Path) -> None:
    line = files.row(
        英文名称="Shanghai Example Software Co., Ltd.",
        注册地址="国定路1号",
        资质="高新技术企业、专精特新小巨人",
        是否外资="是",
        经营范围="软件开发；人工智能。",
    )

    result = run(files.xlsx(tmp_path / "a.xlsx", line, title="杨浦区企业名录"))

    firm = Organisation.objects.get()
    assert result == counts(created=1)
    assert (firm.uscc, firm.name_zh, firm.slug) == (
        files.CODES[0],
        "上海示例软件有限公司",
        "shanghai-example-software",
    )
    assert firm.name_pinyin == "Shanghai Shili Ruanjian Youxian Gongsi"
    assert (firm.founded, firm.registered_capital, firm.staff) == (date(2019, 3, 5), Decimal(5_000_000), 12)
    assert (firm.foreign_invested, firm.subdistrict_id, firm.status) == (True, "310110019", "listed")
    assert set(firm.certificates.values_list("level", flat=True)) == {"hnte", "little_giant"}
    assert list(firm.cluster_memberships.values_list("cluster__slug", flat=True)) == ["ai-internet-digital-content"]
    assert (firm.source, firm.source_date) == ("a.xlsx", TODAY)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_import_reads_text_in_every_encoding_offices_use(db: None, tmp_path: Path, encoding: str) -> None:
    result = run(files.text(tmp_path / "a.csv", files.row(), encoding=encoding))

    assert result == counts(created=1)
    assert Organisation.objects.get().name_zh == "上海示例软件有限公司"


def test_import_reads_english_headers_in_any_order_and_ignores_others(db: None, tmp_path: Path) -> None:
    headers = ["Remarks", "Employees", "Company name", "Subdistrict", "Industry code", "Unified Social Credit Code"]
    line: list[object] = ["x", "１２", "上海示例软件有限公司", "Wujiaochang Subdistrict", "I6513", files.CODES[0]]

    result = run(files.text(tmp_path / "a.csv", line, headers=headers))

    firm = Organisation.objects.get()
    assert result == counts(created=1)
    assert (firm.staff, firm.subdistrict_id, firm.industry_code) == (12, "310110019", "6513")


def test_dry_run_shows_differences_and_changes_nothing(db: None, tmp_path: Path) -> None:
    run(files.text(tmp_path / "a.csv", files.row()))
    changed = files.text(
        tmp_path / "b.csv", files.row(从业人数="13"), files.row(files.CODES[1], "上海示例数据有限公司")
    )

    outcome = import_registry(path=changed, dry_run=True, today=TODAY)

    assert outcome.counts() == counts(created=1, updated=1)
    assert outcome.differences == [
        {"uscc": files.CODES[0], "name": "上海示例软件有限公司", "changes": {"staff": [12, 13]}}
    ]
    assert list(Organisation.objects.values_list("staff", flat=True)) == [12]


def test_another_name_than_the_registrys_is_a_change_and_keeps_the_address_of_the_page(
    db: None, tmp_path: Path
) -> None:
    run(files.text(tmp_path / "a.csv", files.row()))
    slug = Organisation.objects.get().slug

    result = run(files.text(tmp_path / "b.csv", files.row(name="上海新名软件有限公司")))

    firm = Organisation.objects.get()
    assert result == counts(updated=1)
    assert (firm.name_zh, firm.name_pinyin, firm.slug) == (
        "上海新名软件有限公司",
        "Shanghai Xinming Ruanjian Youxian Gongsi",
        slug,
    )
    assert Organisation.objects.search("新名").exists()


def test_another_name_in_the_same_file_is_refused_and_the_same_line_again_is_a_duplicate(
    db: None, tmp_path: Path
) -> None:
    lines = [files.row(), files.row(name="上海另名软件有限公司"), files.row(从业人数="１２人"), [""] * 12]

    assert run(files.text(tmp_path / "a.csv", *lines)) == counts(created=1, bad=1, duplicates=1, blank=1)


def test_a_later_line_corrects_an_earlier_one_and_a_second_run_changes_nothing(db: None, tmp_path: Path) -> None:
    file = files.text(tmp_path / "a.csv", files.row(), files.row(从业人数="20"))

    assert run(file) == counts(created=1, updated=1)
    assert Organisation.objects.get().staff == 20
    assert run(file) == counts(unchanged=2)


def test_rows_that_are_equal_are_not_touched(db: None, tmp_path: Path) -> None:
    file = files.text(tmp_path / "a.csv", files.row(资质="高新技术企业"))
    run(file)
    firms = HistoryEntry.objects.exclude(subject_table="firms_registryimport")
    before = firms.count()

    assert run(file, source="another source") == counts(unchanged=1)
    assert firms.count() == before


def test_an_empty_cell_leaves_what_is_known(db: None, tmp_path: Path) -> None:
    run(files.text(tmp_path / "a.csv", files.row()))

    assert run(files.text(tmp_path / "b.csv", files.row(从业人数="", 成立日期=""))) == counts(unchanged=1)
    assert Organisation.objects.get().staff == 12


def test_certificates_follow_the_file_and_others_stay(db: None, tmp_path: Path) -> None:
    run(files.text(tmp_path / "a.csv", files.row(资质="高新技术企业")))
    firm = Organisation.objects.get()
    Certificate.objects.create(organisation=firm, level="specialised", authority="市经信委")

    result = run(files.text(tmp_path / "b.csv", files.row(资质="创新型中小企业")))

    assert result == counts(updated=1)
    assert set(firm.certificates.values_list("level", flat=True)) == {"innovative", "specialised"}


def test_by_hand_wins_over_the_rules(db: None, tmp_path: Path) -> None:
    file = files.text(tmp_path / "a.csv", files.row())
    run(file)
    firm, cluster = Organisation.objects.get(), Cluster.objects.get(slug="ai-internet-digital-content")
    other = Cluster.objects.get(slug="life-and-health")
    ClusterMembership.objects.filter(organisation=firm, cluster=cluster).update(rule=None, excluded=True)
    ClusterMembership.objects.create(organisation=firm, cluster=other)

    assert clusters.apply_rules() == 0

    assert not Organisation.objects.in_cluster(cluster).exists()
    assert Organisation.objects.in_cluster("life-and-health").get() == firm


def test_rules_take_a_firm_out_again(db: None, tmp_path: Path) -> None:
    run(files.text(tmp_path / "a.csv", files.row()))

    run(files.text(tmp_path / "b.csv", files.row(行业代码="7340")))

    slugs = ClusterMembership.objects.values_list("cluster__slug", flat=True)
    assert list(slugs) == ["life-and-health"]


def test_import_lists_an_organisation_that_had_registered_itself(db: None, tmp_path: Path) -> None:
    organisation = Organisation.objects.create(uscc=files.CODES[0], name_zh="上海示例软件有限公司", slug="x")

    assert run(files.text(tmp_path / "a.csv", files.row())) == counts(updated=1)

    organisation.refresh_from_db()
    assert organisation.status == "listed"
    assert [(s.step, s.by) for s in StepTaken.objects.about(organisation)] == [("list", None)]
    assert [door for door in lifecycle_of(organisation).allowed(None, organisation) if door.is_open] == []


def test_number_of_queries_does_not_grow_with_rows(db: None, tmp_path: Path) -> None:
    numbers = []
    for count in (1, 3):
        lines = [files.row(code, f"上海示例{code[-4:]}有限公司") for code in files.CODES[-count:]]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            run(files.text(tmp_path / "a.csv", *lines), dry_run=True)
        numbers.append(len(queries))

    assert numbers[0] == numbers[1]


# --- Bad files ------------------------------------------------------------------------

CONTENT_TYPES = b'<Types><Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'


def _sparse(path: Path) -> Path:
    with path.open("wb") as file:
        file.truncate(200 * 1024 * 1024)
    return path


def _lying(path: Path) -> Path:
    """A package whose directory says that a part of 3 MB has 10 bytes."""
    files.packed(path, {"xl/workbook.xml": b"0" * 3_000_000})
    content = path.read_bytes().replace((3_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    path.write_bytes(content)
    return path


BAD_FILES = {
    "missing": lambda path: path,
    "empty": lambda path: (path.write_bytes(b"") and path) or path,
    "picture": lambda path: path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20) and path,
    "pdf": lambda path: path.write_bytes(b"%PDF-1.7\n1 0 obj << >>\n") and path,
    "old Excel": lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600) and path,
    "200 MB": _sparse,
    "no known header": lambda path: files.text(path, ["1", "2"], headers=["a", "b"]),
    "half a header": lambda path: files.text(path, ["1", "2"], headers=["企业名称", "b"]),
    "macros": lambda path: files.packed(path, {"xl/workbook.xml": b"<x/>", "xl/vbaProject.bin": b"1"}),
    "macro type": lambda path: files.packed(path, {"xl/workbook.xml": b"<x/>", "[Content_Types].xml": CONTENT_TYPES}),
    "some zip": lambda path: files.packed(path, {"readme.txt": b"hello"}),
    "bomb": lambda path: files.packed(path, {"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": b"0" * 6_000_000}),
    "bomb that lies": _lying,
    "entities": lambda path: files.packed(
        path, {"xl/workbook.xml": b'<!DOCTYPE x [<!ENTITY a "aaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'}
    ),
    "half a zip": lambda path: path.write_bytes(files.xlsx(path, files.row()).read_bytes()[:2000]) and path,
    "not a workbook": lambda path: files.packed(path, {"xl/workbook.xml": b"<x/>"}),
    "bad bytes": lambda path: path.write_bytes("统一社会信用代码,企业名称\n".encode() + b"\xff\xff\xff") and path,
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_file_that_cannot_be_read_is_refused_with_exit_2(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(reading, "MAXIMUM_UNPACKED", 5_000_000)
    path = BAD_FILES[kind](tmp_path / "file.xlsx")

    with pytest.raises(CommandError) as refused:
        call_command("import_firms", str(path), stdout=io.StringIO())

    assert refused.value.returncode == 2
    assert not Organisation.objects.exists()


def test_workbook_that_would_fill_the_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A million cells that all point to one long text."""
    monkeypatch.setattr(reading, "SECONDS", 30)
    rows: list[list[object]] = [["x" * 32_000] * 2]
    path = files.xlsx(tmp_path / "a.xlsx", files.row(), *rows)
    import zipfile

    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    cell = parts["xl/worksheets/sheet1.xml"].rsplit(b"<c ", 1)[1].split(b"</c>")[0]
    value = cell.split(b"<v>")[1].split(b"<")[0]
    line = b"".join(
        b'<row r="%d">%s</row>'
        % (n, b"".join(b'<c r="%s%d" t="s"><v>%s</v></c>' % (c, n, value) for c in (b"A", b"B")))
        for n in range(5, 40_000)
    )
    sheet = parts["xl/worksheets/sheet1.xml"].replace(b"</sheetData>", line + b"</sheetData>")
    files.packed(path, parts | {"xl/worksheets/sheet1.xml": sheet})

    with pytest.raises(Unreadable):
        read_table(path)


def test_error_file_is_safe_and_can_be_imported_again(db: None, tmp_path: Path) -> None:
    bad = files.row(注册地址='=HYPERLINK("http://x")', 从业人数="约50人")
    errors = tmp_path / "errors.xlsx"
    call_command(
        "import_firms",
        str(files.xlsx(tmp_path / "a.xlsx", [f"{c}" for c in bad])),
        "--errors",
        str(errors),
        stdout=io.StringIO(),
    )

    table = read_table(errors)

    (line,) = table.lines
    assert line[5] == '=HYPERLINK("http://x")'
    assert line[-5:-3] == [2.0, "从业人数"]
    assert line[-2:] == ["This is no whole number of people.", ""]
    assert b"<f>" not in _sheet(errors)
    assert run(errors) == counts(bad=1)


def _sheet(path: Path) -> bytes:
    import zipfile

    with zipfile.ZipFile(path) as package:
        return package.read("xl/worksheets/sheet1.xml")


def test_command_prints_one_json_object(db: None, tmp_path: Path) -> None:
    out = io.StringIO()

    call_command("import_firms", str(files.text(tmp_path / "a.csv", files.row())), "--json", "--dry-run", stdout=out)

    assert json.loads(out.getvalue()) == {
        **counts(created=1),
        "dry_run": True,
        "missing": 0,
        "notes": [],
        "faults": {},
        "differences": [],
    }
