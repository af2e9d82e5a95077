"""Figures of clusters: counted, computed, suppressed, drawn, given as files."""

import csv
from datetime import UTC, date, datetime
from io import StringIO
from xml.etree import ElementTree as ET

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from firms.charts import Value, Words, tile_grid
from firms.charts.pictures import INK
from firms.charts.tiles import QUOTIENT_SHADES, SHADES
from firms.clusters import counts as stored
from firms.clusters import pictures
from firms.models import Cluster, ClusterMembership, CountedGroup, FirmCount, Organisation, Subdistrict
from firms.services.counting import QUEUE, ask_for_count, count_now
from portal import work
from portal.spreadsheets import as_text
from tests.firms.conftest import MakeFirm

LANGUAGES = ["en", "zh-hans"]
WUJIAOCHANG, YINHANG, DAQIAO = "310110019", "310110016", "310110018"


@pytest.fixture
def life() -> Cluster:
    return Cluster.objects.get(slug="life-and-health")


@pytest.fixture
def district(db: None, life: Cluster) -> None:
    """Twenty firms in Wujiaochang, eight of them of the cluster; thirty in Yinhang, twenty; three in Daqiao, two."""
    rows = [(WUJIAOCHANG, 8, 12), (YINHANG, 20, 10), (DAQIAO, 2, 1)]
    for place, inside, outside in rows:
        for number in range(inside + outside):
            firm = Organisation.objects.create(
                name_zh=f"{place}第{number}",
                slug=f"{place}-{number}",
                status="listed",
                source="test",
                source_date=date(2026, 6, 30),
                subdistrict_id=place,
                founded=date(2023 if number % 2 else 2010, 5, 1),
                staff=None if number == 1 else 12,
                foreign_invested=number == 0 if number < 9 else None,
            )
            if number < inside:
                ClusterMembership.objects.create(organisation=firm, cluster=life, rule=life.rules.first())
    with time_machine.travel(datetime(2026, 11, 25, 4, tzinfo=UTC), tick=False):
        count_now()
    FirmCount.objects.update(done_at=datetime(2026, 11, 25, 4, tzinfo=UTC))


def _places() -> list[Subdistrict]:
    return list(Subdistrict.objects.all())


@pytest.mark.usefixtures("district")
def test_location_quotient_is_what_one_computes_by_hand(life: Cluster) -> None:
    found = pictures.quotients(stored.latest(), life, _places())

    # (20 / 30) ÷ (30 / 53) = 0.6667 ÷ 0.5660 = 1.178
    yinhang = found[YINHANG]
    assert yinhang.value.text == "1.18"
    assert [v.text for v in (yinhang.here, yinhang.all_here, yinhang.cluster, yinhang.district)] == [
        "20",
        "30",
        "30",
        "53",
    ]
    assert (yinhang.share_here.text, yinhang.share_in_district.text) == ("66.7%", "56.6%")
    # Daqiao has 2 of 3: too few, and the next smallest is withheld with it: 30 - 20 - 8 would tell
    assert [found[code].value for code in (DAQIAO, WUJIAOCHANG)] == [Value.withheld()] * 2
    assert found["310110001"].value.text == "–"  # no firm at all
    assert pictures.strongest(found.values()) == yinhang


@pytest.mark.usefixtures("district")
def test_stored_counts_are_those_of_a_plain_count(life: Cluster) -> None:
    counts = stored.latest()
    firms = Organisation.objects.listed().firms()

    for cluster, rows in ((None, firms), (life, firms.in_cluster(life))):
        assert counts.total(cluster) == rows.count()
        for place in (WUJIAOCHANG, YINHANG, DAQIAO):
            assert counts.of(cluster, "subdistrict")[place] == rows.filter(subdistrict=place).count()
        assert counts.of(cluster, "staff") == {
            "10-99": rows.filter(staff=12).count(), "": rows.filter(staff=None).count(),
        }  # fmt: skip
        assert counts.of(cluster, "foreign")["yes"] == rows.filter(foreign_invested=True).count()
        assert counts.of(cluster, "founded")["2010"] == rows.filter(founded__year=2010).count()
    assert counts.registry_on == date(2026, 6, 30)


@pytest.mark.usefixtures("district")
def test_growth_compares_the_recent_years_with_those_before(life: Cluster) -> None:
    growth = pictures.growth(stored.latest(), life)

    assert (growth.since, growth.recent.text, growth.before.text) == (2021, "15", "15")
    assert growth.recent_share.text == "50.0%"
    assert (growth.years[2023].text, growth.years[2010].text, growth.years[2026].text) == ("15", "15", "0")


@pytest.mark.usefixtures("district")
def test_foreign_share_is_of_those_known_and_hides_few(life: Cluster) -> None:
    counts = stored.latest()

    # three firms are foreign-invested in all: nothing of it is told, nor its share
    assert pictures.foreign_share(counts, None) == Value.withheld()
    table = pictures.foreign_investment(counts, None).table
    assert [[str(getattr(cell, "text", cell)) for cell in row[1:]] for row in table.rows] == [
        ["fewer than 5", "not shown"], ["not shown", "not shown"], ["32", "60.4%"], ["53", ""],
    ]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.usefixtures("district")
def test_pages_show_no_suppressed_number_and_every_picture_has_its_table(client: Client, language: str) -> None:
    overview = client.get(f"/{language}/clusters/").text
    page = client.get(f"/{language}/clusters/life-and-health/").text

    # five pictures each with a table; nine on the overview, with two tables of all clusters
    assert [html.count('role="img"') for html in (page, overview)] == [5, 9]
    assert [html.count("<table") for html in (page, overview)] == [5, 11]
    assert [html.count(" download>") for html in (page, overview)] == [10, 19]
    words = {"en": ["fewer than 5", "not shown", "counted on 25 November 2026", "1.18"],
             "zh-hans": ["少于5家", "不予显示", "2026年11月25日", "1.18"]}  # fmt: skip
    for html in (page, overview):
        assert [word for word in words[language] if word not in html] == []
        assert ">2<" not in html  # of Daqiao
        assert "style=" not in html


def test_pages_say_that_firms_are_being_counted(client: Client, db: None) -> None:
    pages = [client.get(f"/en/{url}").text for url in ("clusters/", "clusters/life-and-health/")]

    assert ["being counted" in page for page in pages] == [True, True]
    assert client.get("/en/clusters/figures/staff.svg").status_code == 404


@pytest.mark.usefixtures("district")
def test_pages_ask_as_little_with_many_firms(client: Client) -> None:
    numbers = []
    for url in ("clusters/", "clusters/life-and-health/"):
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/en/{url}")
        numbers.append(len(queries))

    assert [number <= most for number, most in zip(numbers, (12, 19), strict=True)] == [True, True], numbers


@pytest.mark.parametrize("name", pictures.NAMES)
@pytest.mark.parametrize("slug", ["", "life-and-health/"])
@pytest.mark.usefixtures("district")
def test_picture_is_given_as_files(client: Client, name: str, slug: str) -> None:
    svg = client.get(f"/zh-hans/clusters/{slug}figures/{name}.svg")
    numbers = client.get(f"/en/clusters/{slug}figures/{name}.csv")

    if slug or name != "location-quotients":  # of the whole district it is 1 everywhere
        root = ET.fromstring(svg.content)  # noqa: S314 -- our own
        texts = "".join(element.text or "" for element in root.iter())
        assert (svg["Content-Type"], root.tag) == ("image/svg+xml", "{http://www.w3.org/2000/svg}svg")
        assert "2026年11月25日" in texts
    else:
        assert svg.status_code == 404
    rows = list(csv.reader(StringIO(numbers.text.removeprefix("\ufeff"))))
    assert [row[0] for row in rows[-3:]] == ["Figures", "Method", "Source"]
    assert "counted on 25 November 2026" in rows[-1][1]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize(
    "path",
    ["figures/nothing.svg", "figures/staff.pdf", "nothing/figures/staff.svg", "life-and-health/figures/staff.exe",
     "life-and-health/?subdistrict=nowhere", "life-and-health/?subdistrict=%F0%9F%92%A9"],
)  # fmt: skip
@pytest.mark.usefixtures("district")
def test_what_is_not_there_is_not_found(client: Client, path: str) -> None:
    assert client.get(f"/en/clusters/{path}").status_code == 404


@pytest.mark.usefixtures("district")
def test_formula_is_explained_for_the_place_that_was_chosen(client: Client) -> None:
    highest = client.get("/en/clusters/life-and-health/").text
    hidden = client.get("/en/clusters/life-and-health/?subdistrict=daqiao").text

    assert "= (20 ÷ 30) ÷ (30 ÷ 53)" in highest
    assert ("÷ 30" in hidden, "For Daqiao the quotient cannot be shown" in hidden) == (False, True)


def test_title_that_is_code_stays_text(client: Client, make_firm: MakeFirm, life: Cluster) -> None:
    for number in range(6):
        make_firm(f"上海{number}有限公司", industry_code="7340", subdistrict_id=YINHANG)
    Cluster.objects.filter(pk=life.pk).update(title_en="=1+1<script>\x0b&")
    count_now()

    svg = client.get("/en/clusters/life-and-health/figures/staff.svg")
    numbers = client.get("/en/clusters/life-and-health/figures/staff.csv").text

    assert "=1+1<script>&" in "".join(e.text or "" for e in ET.fromstring(svg.content).iter())  # noqa: S314
    assert "Firms by number of staff: =1+1" in numbers
    assert [as_text(text) for text in ("=1", " +1", "＝1", "\t1", "a=1")] == ["'=1", "' +1", "'＝1", "'\t1", "a=1"]


def test_worker_counts_again_and_keeps_the_last_few(make_firm: MakeFirm) -> None:
    make_firm()
    ask_for_count()
    ask_for_count()  # one that waits is enough
    assert work.run(QUEUE) == 1
    assert stored.latest().total(None) == 1
    for _time in range(4):
        count_now()

    assert FirmCount.objects.exclude(done_at=None).count() == 4  # three, and the newest
    assert CountedGroup.objects.filter(grouping="staff", cluster=None).count() == 4
    assert work.run(QUEUE) == 0  # the next waits for its time
    assert FirmCount.objects.open().count() == 1


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("number", [None, 0, 1, 20, 40, 60, 80, 100])
def test_words_on_a_tile_can_be_read(db: None, number: int | None) -> None:
    values = {place.pk: Value.of(100) for place in _places()}
    values[YINHANG] = Value.few() if number is None else Value.of(number)

    grid = tile_grid(_places(), values, words=Words(name="x", title="x"))

    tile = next(tile for tile in grid.tiles if tile.place.pk == YINHANG)
    dark, light = sorted((_luminance(tile.fill), _luminance(tile.ink)))
    assert (light + 0.05) / (dark + 0.05) >= 4.5
    assert tile.lines[1][3] == ("<5" if number is None else str(number))
    assert {SHADES[-1], QUOTIENT_SHADES[-1]} == {"#0a5a8a"}
    assert INK == "#14212b"


def test_tile_grid_with_links_is_a_group_of_links(db: None) -> None:
    places = _places()

    grid = tile_grid(
        places, {p.pk: Value.of(1) for p in places}, words=Words(name="x", title="x"), links={YINHANG: "?a=1&b=2"}
    )

    assert (grid.svg().count("<a href"), 'role="group"' in grid.svg(), "?a=1&amp;b=2" in grid.svg()) == (1, True, True)
