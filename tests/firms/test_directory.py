"""The directory: finding by name in either language, filters with counts, pages."""

import pytest
from django.db import connection
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


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_directory_shows_found_firms_with_counts(client: Client, make_firm: MakeFirm, language: str) -> None:
    make_firm("上海甲软件有限公司", subdistrict_id="310110019")
    make_firm("上海乙研发有限公司", subdistrict_id="310110016", industry_code="7340")
    make_firm("上海丙软件有限公司", subdistrict_id="310110016", status="unlisted")

    response = client.get(f"/{language}/firms/", {"subdistrict": "yinhang"})

    assert response.status_code == 200
    assert [o.name_zh for o in response.context["page"].items] == ["上海乙研发有限公司"]
    choices = dict(response.context["form"].fields["subdistrict"].choices)
    assert choices["yinhang"] == {"en": "Yinhang (1)", "zh-hans": "殷行 (1)"}[language]
    assert choices["wujiaochang"].endswith(" (1)")
    clusters = dict(response.context["form"].fields["cluster"].choices)
    assert clusters["life-and-health"].endswith(" (1)")
    assert clusters["ai-internet-digital-content"].endswith(" (0)")


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


def test_directory_asks_as_often_for_three_firms_as_for_one(client: Client, make_firm: MakeFirm) -> None:
    numbers = []
    for wanted in (1, 3):
        while Organisation.objects.count() < wanted:
            make_firm(f"上海{Organisation.objects.count()}软件有限公司", subdistrict_id="310110019")
        with CaptureQueriesContext(connection) as queries:
            client.get("/en/firms/?q=软件")
        numbers.append(len(queries))

    assert numbers[0] == numbers[1] <= 8


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("page=1000000000000000000000000000000", 404), ("page=-1", 404), ("page=x", 404), ("page=1", 200),
        ("after=nobody", 404), ("before=nobody", 404), ("after=" + "x" * 5000, 404), ("after=%00", 400), ("q=%00", 400),
        ("q=" + "x" * 5000, 200), ("cluster=nothing", 200), ("subdistrict=%F0%A0%80%80", 200), ("q=%ED%A0%80", 200),
        ("q=%F0%9F%98%80", 200), ("ordering=password", 200), ("q='%20&%20'", 200), ("cluster=1&cluster=2", 200),
        ("q=%E2%80%AE%E2%80%8B", 200), ("name_zh__regex=(", 200),
    ],
)  # fmt: skip
def test_directory_answers_bad_input(client: Client, make_firm: MakeFirm, query: str, status: int) -> None:
    make_firm()

    assert client.get(f"/en/firms/?{query}").status_code == status
