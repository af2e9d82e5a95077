"""What is proposed while someone types."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from firms.models import Organisation
from firms.search.suggestions import suggest
from tests.firms.conftest import MakeFirm


@pytest.fixture
def firms(make_firm: MakeFirm) -> list[Organisation]:
    return [
        make_firm("上海博凯宇生物科技有限公司", uscc="91310110591673062R", industry_code="7340"),
        make_firm("上海博软件有限公司", name_en="Shanghai Guanghai Software Co., Ltd.", uscc="91310110MARL73T8WG"),
        make_firm("上海隐软件有限公司", status="unlisted"),
    ]


def urls(typed: str) -> list[str]:
    with translation.override("en"):
        return [suggestion.url.removeprefix("/en/") for suggestion in suggest(typed)]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("博", [1, 0]), ("博凯", [0]), ("bok", [0]), ("shbk", [0]), ("guangh", [1]), ("91310110MARL", [1]), ("life", ["life"]),
        ("生命", ["life"]), ("隐", []), ("!!", []), ("", []), ("x" * 10_000, []), ("'", []), ("%", []), ("a & | !", []),
    ],
)  # fmt: skip
def test_suggestions_are_what_may_be_meant(firms: list[Organisation], typed: str, found: list[int | str]) -> None:
    addresses = {"life": "clusters/life-and-health/"} | {n: f"firms/{firm.slug}/" for n, firm in enumerate(firms)}

    assert [url for url in urls(typed) if "industry=" not in url] == [addresses[one] for one in found]


def test_industries_lead_to_their_firms(client: Client, firms: list[Organisation]) -> None:
    found = [url for url in urls("medicine") if "industry=" in url]

    assert found == ["firms/?industry=7340"]
    assert client.get(f"/en/{found[0]}").context["page"].items == [firms[0]]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_at_most_eight_in_two_queries_of_the_page(client: Client, make_firm: MakeFirm, language: str) -> None:
    for number in range(12):
        make_firm(f"上海{number}智能软件有限公司", name_en=f"Software <b>{number}</b>")

    with CaptureQueriesContext(connection) as queries:
        response = client.get(f"/{language}/firms/suggestions/?q={'软件' if language == 'zh-hans' else 'softw'}")

    html = response.content.decode()
    ids = re.findall(r'<li role="option" id="(suggestion-\d)"', html)
    assert ids == [f"suggestion-{number}" for number in range(1, 9)]
    assert len([query for query in queries if "SAVEPOINT" not in query["sql"]]) == 2
    assert response["Cache-Control"] == "max-age=60"
    assert ("<b>" in html, "<mark>" in html) == (False, True)


def test_no_firm_gets_the_address_of_the_suggestions(client: Client, make_firm: MakeFirm) -> None:
    firm = make_firm("", name_en="Suggestions Co., Ltd.", uscc="91310110MARL73T8WG")

    assert firm.slug == "suggestions-73t8wg"
    assert client.get(f"/en/firms/{firm.slug}/").context["organisation"] == firm
