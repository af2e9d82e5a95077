"""The directory: finding by name in either language, filters with counts, pages."""

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from firms.models import Organisation
from firms.search.engine import similar
from tests.firms.conftest import MakeFirm

NAMES = [
    ("上海博凯宇生物科技有限公司", ""),
    ("上海光海软件有限公司", "Shanghai Guanghai Software Co., Ltd."),
    ("上海中越机器人技术股份有限公司", "Shanghai Zhongyue Robotics Co., Ltd."),
]


@pytest.fixture
def three_firms(make_firm: MakeFirm) -> list[Organisation]:
    codes = ["91310110591673062R", "91310110MARL73T8WG", "91310115MAYD6359HM"]
    return [make_firm(zh, name_en=en, uscc=code) for (zh, en), code in zip(NAMES, codes, strict=True)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("博", [0]), ("博凯", [0]), ("博凯宇生物", [0]), ("上海", [0, 1, 2]), ("凯博", []), ("博凯宇 科技", [0]),
        ("software", [1]), ("SOFTWARE guanghai", [1]), ("bokaiyu", [0]), ("bo kai yu", [0]), ("shbky", [0]),
        ("Guanghai Software Co., Ltd.", [1]), ("91310110mArl73t8", [1]), ("光海 software", [1]), ("robot", [2]),
        ("%", []), ("_", []), ("'", []), ("\\", []), ("&|!", []), ("' & '", []), ("ｓｏｆｔｗａｒｅ", [1]), ("𠀀", []),
    ],
)  # fmt: skip
def test_search_finds_names_in_either_language(three_firms: list[Organisation], text: str, found: list[int]) -> None:
    assert set(Organisation.objects.search(text)) == {three_firms[index] for index in found}


@pytest.mark.parametrize(
    "text", ["bokaiyv", "Guanghay Sofware", "zhongyue robtics", "博开宇生物", "%", "中越机器仁技术"]
)
def test_similar_finds_names_with_a_typo(three_firms: list[Organisation], text: str) -> None:
    wanted = {"bokaiyv": 0, "博开宇生物": 0, "Guanghay Sofware": 1, "zhongyue robtics": 2, "中越机器仁技术": 2}

    assert similar(text, limit=1) == ([three_firms[wanted[text]]] if text in wanted else [])


def numbers(response: HttpResponse, facet: str) -> dict[str, int]:
    group = next(group for group in response.context["groups"] if group.facet.name == facet)
    return {option.choice.value: option.number for option in group.options}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_directory_shows_found_firms_with_counts(client: Client, make_firm: MakeFirm, language: str) -> None:
    make_firm("上海甲软件有限公司", subdistrict_id="310110019")
    make_firm("上海乙研发有限公司", subdistrict_id="310110016", industry_code="7340")
    make_firm("上海丙软件有限公司", subdistrict_id="310110016", status="unlisted")

    response = client.get(f"/{language}/firms/", {"subdistrict": "yinhang"})

    assert [o.name_zh for o in response.context["page"].items] == ["上海乙研发有限公司"]
    assert numbers(response, "subdistrict") == {"yinhang": 1, "wujiaochang": 1}
    assert numbers(response, "cluster") == {"life-and-health": 1}
    assert {"en": "1 firm found", "zh-hans": "共找到1家企业"}[language] in response.content.decode()


def test_industries_open_by_selection_and_close_with_their_parent(client: Client, make_firm: MakeFirm) -> None:
    make_firm("上海甲软件有限公司", industry_code="6513")
    make_firm("上海乙研发有限公司", industry_code="7340")

    response = client.get("/en/firms/?industry=I&industry=65&industry=6513&q=软件")

    (group,) = [group for group in response.context["groups"] if group.facet.name == "industry"]
    (section,) = group.options
    (division,) = section.parts
    assert [section.choice.value, division.choice.value, *(part.choice.value for part in division.parts)] == [
        "I",
        "65",
        "6513",
    ]
    assert [link.url for link in response.context["chosen"]] == [
        "?industry=I&industry=65&industry=6513",
        "?q=%E8%BD%AF%E4%BB%B6",
        "?q=%E8%BD%AF%E4%BB%B6&industry=I",
        "?q=%E8%BD%AF%E4%BB%B6&industry=I&industry=65",
    ]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_map_shows_what_the_list_shows_by_subdistrict(client: Client, make_firm: MakeFirm, language: str) -> None:
    for number in range(3):
        make_firm(f"上海{number}软件有限公司", subdistrict_id="310110016")
    make_firm("上海研发有限公司", subdistrict_id="310110019")

    response = client.get(f"/{language}/firms/?q=软件&view=map")

    tiles = {tile.place.slug: tile.value.number for tile in response.context["grid"].tiles}
    assert (len(tiles), sum(tiles.values()), tiles["yinhang"]) == (12, 3, 3)
    html = response.content.decode()
    assert html.count('<svg class="chart__svg"') == html.count("<caption>") == 1
    assert 'href="?q=%E8%BD%AF%E4%BB%B6&amp;subdistrict=yinhang"' in html
    assert 'type="hidden" name="view" value="map"' in html  # another filter keeps the map


def test_nothing_found_proposes_searches_that_find_so_many(client: Client, make_firm: MakeFirm) -> None:
    for number in range(3):
        make_firm(f"上海{number}软件有限公司", subdistrict_id="310110016", staff=20)
    make_firm("上海博凯宇生物科技有限公司", subdistrict_id="310110019", staff=5)

    response = client.get("/en/firms/?q=软件 博凯&subdistrict=yinhang&staff=10-99")

    found = {(p.kind, p.left): (p.number, p.criteria) for p in response.context["proposals"].fewer}
    assert {key: number for key, (number, _criteria) in found.items()} == {
        ("word", "博凯"): 3,
        ("filters alone", ""): 3,
    }
    for number, criteria in found.values():
        again = client.get(f"/en/firms/?{criteria.query().urlencode()}")
        assert again.context["counts"].total == number


def test_nothing_found_says_how_many_each_filter_keeps_out(client: Client, make_firm: MakeFirm) -> None:
    for number in range(3):
        make_firm(f"上海{number}软件有限公司", subdistrict_id="310110016", staff=20)

    for query in ("subdistrict=wujiaochang", "q=软件&subdistrict=wujiaochang", "staff=10-99&subdistrict=wujiaochang"):
        response = client.get(f"/en/firms/?{query}")
        (proposal, *_others) = response.context["proposals"].fewer
        assert (proposal.left, proposal.number) == ("Subdistrict: Wujiaochang", 3)
        assert "3 firms without “Subdistrict: Wujiaochang”" in response.content.decode()


def test_nothing_found_proposes_near_names(client: Client, three_firms: list[Organisation]) -> None:
    response = client.get("/en/firms/?q=博开宇生物")

    assert (response.context["proposals"].fewer, response.context["proposals"].similar) == ([], [three_firms[0]])


def test_pages_lead_through_all_firms_and_back(client: Client, make_firm: MakeFirm) -> None:
    for number in range(45):
        make_firm("上海同名有限公司", name_en=f"Same {number // 10}")
    seen, url = [], "/en/firms/"
    pages = []
    while url:
        page = client.get(url).context["page"]
        pages.append([o.pk for o in page.items])
        seen += pages[-1]
        last, url = page, f"/en/firms/{page.next_url}" if page.next_url else ""

    back = client.get(f"/en/firms/{last.previous_url}").context["page"]
    first = client.get(f"/en/firms/{back.previous_url}").context["page"]

    assert [len(page) for page in pages] == [20, 20, 5]
    assert len(set(seen)) == 45
    assert [o.pk for o in back.items] == pages[1]
    assert [o.pk for o in first.items] == pages[0]
    assert first.previous_url == ""


@pytest.mark.parametrize(
    ("query", "most"),
    [
        ("", 5), ("q=软件", 6), ("q=robots&cluster=ai-internet-digital-content&industry=6513&sort=staff", 6),
        ("q=software&subdistrict=wujiaochang&staff=10-99&founded=2023&foreign=no&after={slug}", 8),
        ("q=软件&view=map&industry=I", 5), ("q=博开宇生物 软建&subdistrict=wujiaochang&staff=1-9", 7),
    ],
)  # fmt: skip
def test_directory_asks_as_often_for_three_firms_as_for_one(
    client: Client, make_firm: MakeFirm, query: str, most: int
) -> None:
    asked = []
    for wanted in (1, 3):
        while Organisation.objects.count() < wanted:
            number = Organisation.objects.count()
            make_firm(f"上海{number}软件有限公司", name_en=f"Software robotics {number}", subdistrict_id="310110019")
        address = f"/en/firms/?{query.format(slug=Organisation.objects.latest('pk').slug)}"
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        asked.append([query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]])

    assert len(asked[0]) == len(asked[1]) <= most, asked[1]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("page=1000000000000000000000000000000", 404), ("page=-1", 404), ("page=x", 404), ("page=1", 200),
        ("after=nobody", 404), ("before=nobody", 404), ("after=" + "x" * 5000, 404), ("after=%00", 400), ("q=%00", 400),
        ("q=" + "x" * 5000, 200), ("cluster=nothing", 200), ("subdistrict=%F0%A0%80%80", 200), ("q=%ED%A0%80", 200),
        ("q=%F0%9F%98%80", 200), ("ordering=password", 200), ("q='%20&%20'", 200), ("cluster=1&cluster=2", 200),
        ("q=%E2%80%AE%E2%80%8B", 200), ("name_zh__regex=(", 200), ("view=nothing", 200), ("view=map&after=x", 200),
        ("q=%22unbalanced", 200), ("q=a+%26+!b+%7C+(c", 200), ("industry=" + "9" * 99, 200), ("sort=__x", 200),
    ],
)  # fmt: skip
def test_directory_answers_bad_input(client: Client, make_firm: MakeFirm, query: str, status: int) -> None:
    make_firm()

    assert client.get(f"/en/firms/?{query}").status_code == status


@pytest.mark.parametrize(
    ("query", "notice"),
    [
        ("q=" + "长" * 10_000, "Only the first 100 characters were searched for."),
        ("q=!!!", "Type letters, digits or Chinese characters: signs alone find nothing."),
        ("cluster=nothing", "“nothing” is no choice of “Cluster” and was left out."),
        ("sort=password", "The list cannot be sorted by “password”."),
    ],
)
def test_what_was_not_understood_is_said(client: Client, make_firm: MakeFirm, query: str, notice: str) -> None:
    assert notice in client.get(f"/en/firms/?{query}").content.decode()


def test_page_may_be_kept_by_any_cache(client: Client, make_firm: MakeFirm) -> None:
    first, second = (client.get("/en/firms/?q=a").content.decode() for _time in range(2))

    assert first == second
    assert ("csrfmiddlewaretoken" in first, "nonce" in first, "style=" in first) == (False, False, False)
