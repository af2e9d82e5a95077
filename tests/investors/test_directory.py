"""The directory of opportunities: what is found by what, in which order, and how it is counted."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from firms import naming
from firms.models import Cluster, Organisation, Subdistrict
from investors.directory.choices import months
from investors.directory.counting import count
from investors.directory.criteria import Criteria
from investors.models import Opportunity, OpportunityCluster, OpportunityEntry
from investors.models.entry_functions import FACTS_READ
from investors.models.facts import Kind

type MakeOpportunity = Callable[..., Opportunity]

PLACE = "310110016"
PREMISES = {"kind": "premises", "title_en": "Bright offices", "title_zh": "明亮办公室", "available_from": "2026-11-01"}


def asked(query: str, **more: Any) -> Criteria:
    return Criteria.from_query(QueryDict(query), **more)


def found(query: str, **more: Any) -> set[int]:
    return set(asked(query, **more).matching().values_list("pk", flat=True))


def numbers(response: Any, facet: str) -> dict[str, int]:
    group = next(group for group in response.context["groups"] if group.facet.name == facet)
    return {option.choice.value: option.number for option in group.options}


@pytest.fixture
def three(make_opportunity: MakeOpportunity) -> list[Opportunity]:
    """Return capital sought, a technology offered, and premises."""
    return [
        make_opportunity("published", subdistrict_id=PLACE, text_zh="面向半导体工厂。", use_en="A pilot line"),
        make_opportunity("published", kind="technology_offered", title_en="Photonic sensor", title_zh="光子传感器"),
        make_opportunity("published", **PREMISES, area=900, rent="3.5", park_zh="长阳创谷", text_en="Near the river."),
    ]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", [0, 1, 2]), ("q=gripper", [0]), ("q=GRIPPERS", [0]), ("q=grip", [0]), ("q=夹", [0]), ("q=夹爪", [0]),
        ("q=机器人夹爪", [0]), ("q=夹爪机器", []), ("q=半导体", [0]), ("q=pilot", [0]), ("q=创谷", [2]),
        ("q=river+offices", [2]), ("q=photonic+传感器", [1]), ("q=专利", [1]), ("q=patent", [1]), ("q=Series+A", [0]),
        ("q=A轮", [0]), ("q=robotics", [0, 1, 2]), ("q=示例Robotics", [0, 1, 2]), ("q=%25", []), ("q='", []),
        ("q=sensor+gripper", []), ("kind=premises", [2]), ("kind=premises&kind=capital_sought", [0, 2]),
        ("subdistrict=yinhang", [0]), ("stage=series_a", [0]), ("amount=20m-50m", [0]), ("amount=50m-100m", []),
        ("object=patent&trl=4-6", [1]), ("trl=7-9", []), ("export=free", [1]), ("area=300-1000&rent=3-5", [2]),
        ("rent=5-8", []), ("by=firm", [0, 1, 2]), ("by=park", []), ("language=en", [0, 1, 2]), ("available=now", [2]),
        ("available=later", []), ("owner=demonstration-robotics", [0, 1, 2]), ("owner=nobody", [0, 1, 2]),
        ("q=gripper&kind=premises", []),
    ],
)  # fmt: skip
def test_search_finds_in_either_language_and_by_facts(three: list[Opportunity], query: str, wanted: list[int]) -> None:
    assert found(query) == {three[place].pk for place in wanted}
    assert count(asked(query)).total == len(wanted)


def test_criteria_are_their_query_string_again(three: list[Opportunity]) -> None:
    page = asked("q=sensor&object=patent&sort=ending&after=x", kinds=(Kind.OFFER, Kind.NEED))

    again = Criteria.from_query(page.as_query())

    assert page.as_query().urlencode() == (
        "q=sensor&object=patent&sort=ending&kind=technology_offered&kind=technology_needed"
    )
    assert (again.as_query(), again.sort) == (page.as_query(), "ending")
    assert set(again.matching()) == set(page.matching()) == {three[1]}


def test_counts_are_live_and_the_same_with_text_or_without(three: list[Opportunity]) -> None:
    cluster = Cluster.objects.all()[0]
    OpportunityCluster.objects.create(opportunity=three[0], cluster=cluster)

    for query in ("", "q=demonstration"):
        counts = count(asked(query)).numbers
        told = {
            "kind:premises": 1,
            "kind:capital_sought": 1,
            f"cluster:{cluster.pk}": 1,
            "available:now": 1,
            "by:firm": 3,
        }
        assert {value: counts.get(value) for value in told} == told

    three[0].clusters.clear()
    assert f"cluster:{cluster.pk}" not in count(asked("")).numbers


def test_each_facet_counts_while_the_others_apply(client: Client, three: list[Opportunity]) -> None:
    page = client.get("/en/opportunities/?kind=premises&area=300-1000")

    assert numbers(page, "kind") == {"premises": 1}
    assert numbers(page, "area") == {"300-1000": 1}
    other = client.get("/en/opportunities/?kind=capital_sought")
    assert numbers(other, "kind") == {"capital_sought": 1, "technology_offered": 1, "premises": 1}
    assert [group.facet.name for group in other.context["groups"]] == [
        *("kind", "subdistrict", "stage", "instrument", "amount", "by", "language"),
    ]


@pytest.mark.parametrize(
    ("page", "kinds"),
    [
        ("opportunities", ["capital_sought", "technology_offered", "premises"]),
        ("technology", ["technology_offered"]),
        ("premises", ["premises"]),
    ],
)
def test_pages_show_their_kinds_alone(client: Client, three: list[Opportunity], page: str, kinds: list[str]) -> None:
    for query in ("", "q=demonstration", "kind=talent_programme"):
        shown = client.get(f"/zh-hans/{page}/?{query}").context
        if shown["criteria"].number_of_choices:
            assert shown["counts"].total == 0
        else:
            assert {hit.opportunity.kind for hit in shown["hits"]} == set(kinds)
            assert shown["counts"].total == len(kinds)


@pytest.mark.parametrize(
    "how",
    ["withdraw", "expire", "suspend the owner", "move the owner out", "not public yet"],
)
def test_what_is_not_public_is_nowhere(three: list[Opportunity], people: Any, client: Client, how: str) -> None:
    from investors.lifecycle import OPPORTUNITY

    gone, owner = three[0], three[0].owner
    if how == "withdraw":
        OPPORTUNITY.apply(gone, "withdraw", by=people.signatory)
    elif how == "expire":
        Opportunity.objects.filter(pk=gone.pk).update(expires_on=timezone.localdate() - timedelta(days=1))
    elif how == "not public yet":
        OPPORTUNITY.apply(gone, "revise", by=people.signatory)
    else:
        Organisation.objects.filter(pk=owner.pk).update(status="suspended" if "suspend" in how else "moved_out")

    left = 0 if "owner" in how else 2
    for query in ("", "q=gripper", "sort=amount", "stage=series_a"):
        page = client.get(f"/en/opportunities/?{query}")
        assert gone.slug not in page.content.decode()
        assert page.context["counts"].total == (left if query in {"", "sort=amount"} else 0)
        assert page.context["counts"].numbers.get("stage:series_a", 0) == 0
    file = client.get("/en/opportunities/export.csv")
    assert gone.slug not in b"".join(file.streaming_content).decode()


def test_pages_lead_through_all_and_back_in_every_order(client: Client, make_opportunity: MakeOpportunity) -> None:
    for number in range(22):
        make_opportunity("published", amount_sought=10_000_000 + number % 3)
    make_opportunity("published", **{**PREMISES, "title_en": "Gripper hall"}, area=50)

    for sort in ("newest", "ending", "amount", "area", "rent", "relevance"):
        for query in (f"sort={sort}&q=gripper", f"sort={sort}"):
            pages, url = [], f"?{query}"
            while url:
                page = client.get(f"/en/opportunities/{url}").context["page"]
                pages.append([one.pk for one in page.items])
                last, url = page, page.next_url
            first = client.get(f"/en/opportunities/{last.previous_url}").context["page"]

            assert [len(page) for page in pages] == [20, 3]
            assert len({pk for page in pages for pk in page}) == 23
            assert ([one.pk for one in first.items], first.previous_url) == (pages[0], "")


def test_orders(make_opportunity: MakeOpportunity, client: Client) -> None:
    day = timezone.localdate()
    small = make_opportunity("published", amount_sought=6_000_000, expires_on=day + timedelta(days=9))
    large = make_opportunity("published", amount_sought=90_000_000, expires_on=day + timedelta(days=30))
    dear = make_opportunity("published", **PREMISES, area=100, rent=9, expires_on=day + timedelta(days=20))
    cheap = make_opportunity("published", **PREMISES, area=2000, rent=2, expires_on=day + timedelta(days=10))

    def order(query: str) -> list[Opportunity]:
        return [hit.opportunity for hit in client.get(f"/en/opportunities/?{query}").context["hits"]]

    assert order("") == order("sort=newest") == [cheap, dear, large, small]
    assert order("sort=ending") == [small, cheap, dear, large]
    assert order("sort=amount")[:2] == [large, small]
    assert order("kind=premises&sort=area") == [cheap, dear]
    assert order("kind=premises&sort=rent") == [cheap, dear]


def test_relevance_puts_titles_first(make_opportunity: MakeOpportunity, client: Client) -> None:
    titled = make_opportunity("published", title_en="Quantum clock")
    make_opportunity("published", text_en="It needs a quantum clock.")

    shown = client.get("/en/opportunities/?q=quantum").context["hits"]

    assert shown[0].opportunity == titled
    assert [hit.snippet and hit.snippet.text for hit in shown] == [None, "It needs a <mark>quantum</mark> clock."]


@pytest.mark.parametrize("typed", ["photonik sensor", "Photonic sensr", "光子传盛器"])
def test_nothing_found_proposes_titles_with_a_typo(client: Client, three: list[Opportunity], typed: str) -> None:
    page = client.get("/en/opportunities/", {"q": typed})

    assert [hit.opportunity for hit in page.context["similar"]] == [three[1]]


def test_nothing_found_proposes_less_with_true_numbers(client: Client, three: list[Opportunity]) -> None:
    page = client.get("/en/opportunities/?q=gripper sensor&kind=premises&area=300-1000")

    proposed = {(p.kind, p.left): p.number for p in page.context["fewer"]}
    assert proposed == {("filters alone", ""): 1}
    for proposal in page.context["fewer"]:
        again = client.get(f"/en/opportunities/?{proposal.criteria.query().urlencode()}")
        assert again.context["counts"].total == proposal.number
    assert client.get("/zh-hans/opportunities/?q=xqzv").context["fewer"] == []


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_map_shows_what_the_list_shows_by_subdistrict(client: Client, three: list[Opportunity], language: str) -> None:
    response = client.get(f"/{language}/opportunities/?q=demonstration&view=map")

    tiles = {tile.place.slug: tile.value.number for tile in response.context["grid"].tiles}
    html = response.content.decode()
    assert (len(tiles), tiles["yinhang"], response.context["without_place"]) == (12, 1, 2)
    assert html.count('<svg class="chart__svg"') == html.count("<caption>") == 1
    assert 'href="?q=demonstration&amp;subdistrict=yinhang"' in html
    assert 'type="hidden" name="view" value="map"' in html


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("page=1000000000000000000000000000000", 404), ("page=-1", 404), ("page=x", 404), ("page=1", 200),
        ("after=nobody", 404), ("before=nobody", 404), ("after=" + "x" * 5000, 404), ("after=%00", 400), ("q=%00", 400),
        ("q=" + "x" * 5000, 200), ("cluster=nothing", 200), ("subdistrict=%F0%A0%80%80", 200), ("q=%ED%A0%80", 200),
        ("q=%F0%9F%98%80", 200), ("ordering=password", 200), ("q='%20&%20'", 200), ("kind=1&kind=2", 200),
        ("q=%E2%80%AE%E2%80%8B", 200), ("title_en__regex=(", 200), ("view=nothing", 200), ("view=map&after=x", 200),
        ("q=%22unbalanced", 200), ("q=a+%26+!b+%7C+(c", 200), ("owner=" + "9" * 999, 200), ("sort=__x", 200),
        ("available=now&available=x&available=later", 200), ("trl=0&trl=1e999", 200), ("sort=relevance", 200),
        ("q=" + "专利" * 50, 200), ("q=a%5Cb%27c", 200), ("sort=rent&q=1", 200), ("amount=NaN&area=-1", 200),
    ],
)  # fmt: skip
@pytest.mark.parametrize("page", ["opportunities", "premises"])
def test_directory_answers_bad_input(
    client: Client, three: list[Opportunity], page: str, query: str, status: int
) -> None:
    assert client.get(f"/en/{page}/?{query}").status_code == status


@pytest.mark.parametrize("query", ["", "q=gripper", "q=示例&kind=capital_sought&sort=amount", "view=map", "q=xqzv"])
def test_directory_asks_as_often_for_three_as_for_one(
    client: Client, make_opportunity: MakeOpportunity, query: str
) -> None:
    asked = []
    for wanted in (1, 3):
        while Opportunity.objects.count() < wanted:
            make_opportunity("published", subdistrict_id=PLACE)
        client.get("/en/opportunities/")  # whom to call is kept for a minute
        with CaptureQueriesContext(connection) as captured:
            client.get(f"/en/opportunities/?{query}")
        asked.append([query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]])

    assert len(asked[0]) == len(asked[1]) <= 6, asked[1]


def test_page_may_be_kept_by_any_cache(client: Client, three: list[Opportunity]) -> None:
    first, second = (client.get("/en/opportunities/?q=a").content.decode() for _time in range(2))

    assert first == second
    assert ("csrfmiddlewaretoken" in first, "nonce" in first, "style=" in first) == (False, False, False)


def test_months_of_a_choice_follow_each_other_without_a_gap() -> None:
    day = timezone.localdate().replace(year=2026, month=11, day=30)

    pieces = [months(value, day) for value in ("now", "3-months", "6-months", "later")]

    assert [piece[0] for piece in pieces] == [f"available:{m}" for m in ("2020-01", "2026-12", "2027-03", "2027-06")]
    assert [piece[-1] for piece in pieces] == [f"available:{m}" for m in ("2026-11", "2027-02", "2027-05", "2049-12")]


def test_subdistricts_have_addresses(db: None) -> None:
    assert Subdistrict.objects.get(pk=PLACE).slug == "yinhang"


def test_confidential_words_are_never_found_nor_stored(make_opportunity: MakeOpportunity, client: Client) -> None:
    one = make_opportunity("published", confidential_en="Zyxwvut reagent", confidential_zh="鼗鼙配方")

    entry = str(OpportunityEntry.objects.filter(pk=one.pk).values().get())
    assert ("yxwvu" in entry, "鼗" in entry) == (False, False)
    for query in ("q=zyxwvut", "q=鼗鼙"):
        assert found(query) == set()
    file = client.get("/en/opportunities/export.csv").streaming_content
    assert "yxwvu" not in b"".join(file).decode() + client.get("/en/opportunities/").content.decode()


def test_entries_are_made_of_columns_that_there_are(db: None) -> None:
    names = {field.name for field in Opportunity._meta.get_fields()}

    assert set(FACTS_READ) <= names
    assert not any("confidential" in name or "licence" in name for name in FACTS_READ)


@pytest.mark.parametrize(
    "text",
    [
        "机器人夹爪",
        "A轮 融资，第2期",
        "ＡＩ芯片①",
        "Zero\u200bwidth\u202e 隐\u200b藏",
        "𠀀𠀁古字",
        "Naïve Straße",
        "",
        "'; \\ %_",
        "x" * 5000,
    ],
)
def test_postgresql_cuts_texts_as_the_search_does(db: None, text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT investors_grams(investors_clean(%s)), investors_vector(%s) IS NOT NULL", [text, text])
        grams, is_there = cursor.fetchone()

    assert (set(grams), is_there) == (naming.grams(text), True)
