"""The API of opportunities: what it tells, and what it refuses."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from firms.models import Cluster, Organisation
from investors.api.serializers import FACTS
from investors.models import Opportunity, OpportunityCluster
from investors.stating import SHOWN

type MakeOpportunity = Callable[..., Opportunity]

OPPORTUNITIES = "/api/v1/opportunities/"


@pytest.fixture
def api() -> Iterator[Client]:
    from django.core.cache import cache

    cache.clear()  # the limit of the address
    yield Client()
    cache.clear()


def _slugs(answer: Any) -> list[str]:
    return [one["slug"] for one in answer.json()["results"]]


def test_one_opportunity_is_told_as_its_page_shows_it(api: Client, make_opportunity: MakeOpportunity) -> None:
    one = make_opportunity(
        "published", kind="technology_offered", subdistrict_id="310110016", confidential_en="Zyxwvut reagent"
    )
    OpportunityCluster.objects.create(opportunity=one, cluster=Cluster.objects.all()[0])

    answer = api.get(f"{OPPORTUNITIES}{one.slug}/")
    told = answer.json()

    assert answer.status_code == 200
    assert "yxwvu" not in answer.content.decode()
    assert (told["slug"], told["kind_en"], told["kind_zh"]) == (one.slug, "Technology offered", "技术成果")
    assert (told["title_en"], told["title_zh"], told["trl"]) == (one.title_en, one.title_zh, 6)
    assert (told["modes"], told["export_declaration"]) == (["licence_exclusive"], "free")
    assert (told["stage"], told["area"], told["jurisdiction"]) == (None, None, "CN")
    assert told["owner"]["page_zh"] == f"http://localhost:8000/zh-hans/firms/{one.owner.slug}/"
    assert (told["subdistrict"]["slug"], len(told["clusters"])) == ("yinhang", 1)
    assert told["page_en"] == f"http://localhost:8000/en/opportunities/{one.slug}/"


def test_facts_of_the_api_are_those_of_pages() -> None:
    pairs = {name.removesuffix("_en") + "_zh" for name in SHOWN if name.endswith("_en")}

    assert set(FACTS) == {*SHOWN, *pairs, "ticket_max", "budget_to", "price_from", "price_to"}


@pytest.mark.parametrize("parameters", [{}, {"q": "gripper"}, {"sort": "amount"}, {"kind": "capital_sought"}])
def test_pages_lead_through_all_and_back(
    api: Client, make_opportunity: MakeOpportunity, parameters: dict[str, str]
) -> None:
    for _number in range(3):
        make_opportunity("published")
    seen, address = [], f"{OPPORTUNITIES}?{urlencode({**parameters, 'page_size': 2})}"
    while address:
        answer = api.get(address.removeprefix("http://localhost:8000"))
        seen.append(_slugs(answer))
        last, address = answer.json(), answer.json()["next"]

    before = api.get(last["previous"].removeprefix("http://localhost:8000"))
    assert ([len(page) for page in seen], last["total"]) == ([2, 1], 3)
    assert _slugs(before) == seen[0]


@pytest.mark.parametrize("how", ["draft", "suspended"])
def test_what_is_not_public_is_not_there(api: Client, make_opportunity: MakeOpportunity, how: str) -> None:
    one = make_opportunity("draft" if how == "draft" else "published")
    if how == "suspended":
        Organisation.objects.filter(pk=one.owner_id).update(status="suspended")

    assert (api.get(OPPORTUNITIES).json()["total"], api.get(f"{OPPORTUNITIES}{one.slug}/").status_code) == (0, 404)


def test_facets_count_in_both_languages(api: Client, make_opportunity: MakeOpportunity) -> None:
    make_opportunity("published")

    told = api.get("/api/v1/opportunity-facets/?kind=capital_sought").json()

    kinds = next(facet for facet in told["facets"] if facet["name"] == "kind")
    assert (told["total"], kinds["label_en"], kinds["label_zh"]) == (1, "Kind", "类型")
    assert kinds["choices"][0] == {
        "value": "capital_sought", "label_en": "Capital sought", "label_zh": "融资需求", "parent": None, "opportunities": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    "query",
    [
        "kind=x", "sort=x", "sort=relevance", "foo=1", "q=a&q=b", "page_size=0", "page_size=x", "after=a&before=b",
        "after=nobody", "area=1", "q=!!", "page=2", "kind=" + "&kind=".join(["premises"] * 31),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(api: Client, make_opportunity: MakeOpportunity, query: str) -> None:
    answer = api.get(f"{OPPORTUNITIES}?{query}")

    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer["Cache-Control"] == "no-store"


def test_answers_are_kept_and_asked_for_again(api: Client, make_opportunity: MakeOpportunity) -> None:
    make_opportunity("published")
    first = api.get(OPPORTUNITIES)

    again = api.get(OPPORTUNITIES, headers={"if-none-match": first["ETag"]})

    assert (first["Cache-Control"], again.status_code) == ("public, max-age=60", 304)


def test_a_page_asks_as_often_for_three_as_for_one(api: Client, make_opportunity: MakeOpportunity) -> None:
    asked = []
    for wanted in (1, 3):
        while Opportunity.objects.count() < wanted:
            make_opportunity("published")
        with CaptureQueriesContext(connection) as captured:
            api.get(OPPORTUNITIES)
        asked.append([query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]])

    assert len(asked[0]) == len(asked[1]) <= 5, asked[1]
