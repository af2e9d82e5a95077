"""What the directory finds, as files: the same firms as the page, public facts, no formulas."""

import csv
from datetime import date
from io import BytesIO, StringIO
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from firms.models import Cluster
from firms.search import pages
from firms.views import exports
from tests.firms.conftest import MakeFirm


@pytest.fixture(autouse=True)
def _own_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports.Limit, "scope", f"export-{uuid4()}")


def read(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def rows_of(response: Any) -> list[dict[str, str]]:
    """Return the rows below the lines that say what the file is."""
    text = read(response).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text.partition("\r\n\r\n")[2])))


def sheets_of(response: Any) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_filelike(BytesIO(read(response)))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


@pytest.fixture
def software(make_firm: MakeFirm) -> None:
    firm = make_firm(
        "上海光海软件有限公司", name_en="Shanghai Guanghai Software Co., Ltd.", uscc="91310110MARL73T8WG", staff=37,
        founded=date(2012, 5, 1), registered_capital="1200.50", subdistrict_id="310110019", foreign_invested=False,
    )  # fmt: skip
    firm.certificates.create(level="hnte", expires=date(2099, 1, 1))
    firm.certificates.create(level="innovative", expires=date(2020, 1, 1))
    make_firm("上海博凯宇生物科技有限公司", industry_code="7340")
    make_firm("上海隐软件有限公司", status="unlisted")


def test_csv_tells_what_was_found_from_where_and_when(client: Client, software: None) -> None:
    response = client.get("/en/firms/export.csv?q=软件&subdistrict=wujiaochang")
    text = read(response).decode()

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"].startswith('attachment; filename="yangpu-firms-')
    lines = text.removeprefix("\ufeff").splitlines()
    assert text.startswith("\ufeff")
    assert lines[0] == 'Firms,"Firms of Yangpu District, Shanghai"'
    assert "http://testserver/en/firms/?q=%E8%BD%AF%E4%BB%B6&subdistrict=wujiaochang" in lines[2]
    assert lines[3:6] == ["Found by,“软件”; Subdistrict: Wujiaochang; sorted by name", "Number of firms,1", ""]
    (row,) = csv.DictReader(StringIO("\n".join(lines[6:])))
    assert row | {"Page": ""} == {
        "Unified social credit code": "91310110MARL73T8WG",
        "Name in Chinese": "上海光海软件有限公司",
        "Name in English": "Shanghai Guanghai Software Co., Ltd.",
        "Name in pinyin": "Shanghai Guanghai Ruanjian Youxian Gongsi",
        "Industry code (GB/T 4754-2017)": "6513",
        "Industry": "Development of application software",
        "Clusters": "AI, internet and digital content",
        "Subdistrict": "Wujiaochang",
        "Address": "",
        "Founded": "2012-05-01",
        "Registered capital (CNY)": "1200.50",
        "Staff": "10–99",
        "Foreign-invested": "No",
        "Certificates": "High and new technology enterprise",
        "Website": "",
        "Business scope": "",
        "Page": "",
        "Source": "test",
        "Date of the source": "",
    }


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_spreadsheet_has_the_firms_and_a_sheet_about_them(client: Client, software: None, language: str) -> None:
    sheets = sheets_of(client.get(f"/{language}/firms/export.xlsx?q=软件"))

    firms, about = sheets.values()
    words = {
        "en": (["Firms", "About this file"], "Unified social credit code", "“软件”; sorted by name"),
        "zh-hans": (["企业名录", "文件说明"], "统一社会信用代码", "“软件”；按名称排序"),
    }
    names, heading, found_by = words[language]
    assert list(sheets) == names
    assert [row[:2] for row in firms] == [[heading, firms[0][1]], ["91310110MARL73T8WG", "上海光海软件有限公司"]]
    assert (firms[1][9], firms[1][10]) == (date(2012, 5, 1), 1200.5)
    assert about[3] == [about[3][0], found_by]


@pytest.mark.parametrize("file", ["export.csv", "export.xlsx"])
@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t=", " =", "＝", "＋", "－", "＠"])
def test_no_cell_is_a_formula(client: Client, make_firm: MakeFirm, file: str, begin: str) -> None:
    typed = f"{begin}1+1|cmd"
    make_firm(f"{typed}软件", name_en=typed, address=typed, business_scope=typed, source=typed)

    response = client.get(f"/en/firms/{file}", {"q": "软件"})
    if file.endswith("csv"):
        cells = [cell for row in rows_of(response) for cell in row.values()]
        assert sum("1+1|cmd" in cell for cell in cells) == 6  # the pinyin too
        assert [cell for cell in cells if cell.strip()[:1] in tuple("=+-@＝＋－＠")] == []
    else:
        with ZipFile(BytesIO(read(response))) as archive:
            xml = archive.read("xl/worksheets/sheet1.xml").decode()
        assert ("1+1|cmd" in xml, "<f>" in xml) == (True, False)


@pytest.mark.parametrize("sort", ["relevance", "name", "newest", "staff"])
def test_every_firm_is_written_once_in_order(
    client: Client, make_firm: MakeFirm, monkeypatch: pytest.MonkeyPatch, sort: str
) -> None:
    for number in range(7):
        make_firm(
            f"上海软件{number % 3}有限公司",
            staff=[None, 5, 5][number % 3],
            founded=[None, date(2020, 1, 1)][number % 2],
        )
    monkeypatch.setattr(pages.in_batches, "__defaults__", (3,))

    page = client.get(f"/en/firms/?q=软件&sort={'name' if sort == 'relevance' else sort}").context["page"].items
    rows = rows_of(client.get(f"/en/firms/export.csv?q=软件&sort={sort}"))

    assert [row["Page"].rstrip("/").rpartition("/")[2] for row in rows] == [firm.slug for firm in page]


def test_spreadsheet_stops_where_it_says(client: Client, make_firm: MakeFirm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("firms.search.files.MOST_OF_SPREADSHEET", 2)
    monkeypatch.setattr("firms.views.directory.MOST_OF_SPREADSHEET", 2)
    for number in range(3):
        make_firm(f"上海{number}软件有限公司")

    firms, about = sheets_of(client.get("/en/firms/export.xlsx")).values()

    assert (len(firms), about[-1]) == (3, ["Number of firms", "the first 2 of 3; the CSV file has all"])
    assert "The first 2 as XLSX" in client.get("/en/firms/").content.decode()
    assert len(rows_of(client.get("/en/firms/export.csv"))) == 3


def test_nothing_found_gives_a_file_without_firms(client: Client, make_firm: MakeFirm) -> None:
    assert rows_of(client.get("/en/firms/export.csv?q=nothing")) == []
    assert len(next(iter(sheets_of(client.get("/en/firms/export.xlsx?q=!!!")).values()))) == 1


def test_file_asks_as_often_for_three_firms_as_for_one(client: Client, make_firm: MakeFirm) -> None:
    asked = []
    for wanted in (1, 3):
        for number in range(wanted):
            firm = make_firm(f"上海{wanted}{number}软件有限公司", subdistrict_id="310110019")
            firm.certificates.create(level="hnte")
            firm.cluster_memberships.get_or_create(cluster=Cluster.objects.all()[number])
        with CaptureQueriesContext(connection) as queries:
            read(client.get("/en/firms/export.csv"))
        asked.append(len(queries))

    assert asked[0] == asked[1] <= 9


def test_who_asks_too_often_is_told_to_wait(client: Client, db: None) -> None:
    answers = [client.get("/en/firms/export.csv?q=!") for _time in range(11)]

    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 60
