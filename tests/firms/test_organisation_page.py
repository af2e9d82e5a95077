"""The page of an organisation: facts with sources, certificates, clusters and why, neighbours, and its address."""

import json
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from firms import presentation
from firms.models import Cluster, ClusterMembership, Organisation, ProposedEdit, ProposedValue, Verification
from firms.neighbours import neighbours
from firms.registry.normalising import today_in_shanghai
from portal.local_form import day
from portal.roles import Role
from tests.firms.conftest import MakeFirm, MakeUser

IMPORTED = {"source": "registry-2026.xlsx", "source_date": date(2026, 6, 30)}
HTML = "</script><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7|add:1 }}"


def sources(organisation: Organisation) -> dict[str, str]:
    return {fact.name: fact.source for fact in presentation.facts_of(organisation)}


def clusters_of(firm: Organisation) -> list[int]:
    return list(firm.cluster_memberships.filter(excluded=False).values_list("cluster", flat=True))


def accept(firm: Organisation, make_user: MakeUser, field: str, published: str, proposed: str) -> ProposedValue:
    """Keep a value that an officer accepted from the organisation, as the service leaves it."""
    edit = ProposedEdit.objects.create(
        organisation=firm, proposed_by=make_user("member", member_of=firm), due_at=timezone.now()
    )
    value = edit.values.create(field=field, published=published, proposed=proposed)
    ProposedValue.objects.filter(pk=value.pk).update(
        status="accepted", decided_at=timezone.now(), decided_by=make_user("officer", Role.REGISTRY)
    )
    return value


def test_each_fact_has_its_source_and_date(make_firm: MakeFirm, make_user: MakeUser) -> None:
    firm = make_firm(staff=12, website="https://new.example/", foreign_invested=False, **IMPORTED)
    accept(firm, make_user, "website", "https://old.example/", "https://new.example/")
    registry = "registry-2026.xlsx, as of 30 June 2026"

    assert sources(firm) == {
        "industry_code": registry,
        "staff": registry,
        "size_class": "There are no verified figures from which it follows",
        "foreign_invested": registry,
        "website": f"The organisation, checked on {day(timezone.now())}",
    }


@pytest.mark.parametrize(
    ("now", "dated"), [("https://third.example/", date(2026, 6, 30)), ("https://new.example/", date(2100, 1, 1))]
)
def test_what_the_registry_says_later_is_its_own(
    make_firm: MakeFirm, make_user: MakeUser, now: str, dated: date
) -> None:
    firm = make_firm(website=now, source="registry", source_date=dated)
    accept(firm, make_user, "website", "https://old.example/", "https://new.example/")

    assert sources(firm)["website"].startswith("registry, as of")


def test_who_registered_itself_is_its_own_source_until_checked(make_firm: MakeFirm, make_user: MakeUser) -> None:
    firm = make_firm(source="self-registered")
    before = presentation.source_of(firm)
    Verification.objects.create(
        organisation=firm,
        basis="register",
        reference="1",
        checked_on=date(2026, 7, 1),
        verified_by=make_user("officer", Role.REGISTRY),
    )

    after = presentation.source_of(firm)

    assert (before, after) == (
        "The organisation itself, not verified yet",
        "The organisation, checked on 1 July 2026",
    )


@pytest.mark.parametrize(("language", "capital"), [("en", "CNY 12.5 million"), ("zh-hans", "1250万元")])
def test_facts_are_written_in_local_form(make_firm: MakeFirm, language: str, capital: str) -> None:
    firm = make_firm(registered_capital=12_500_000, staff=300, founded=date(2019, 3, 5))

    with translation.override(language):
        facts = {fact.name: fact.text for fact in presentation.facts_of(firm)}

    founded = {"en": "5 March 2019", "zh-hans": "2019年3月5日"}[language]
    assert (facts["registered_capital"], facts["staff"], facts["founded"]) == (capital, "300+", founded)


@pytest.mark.parametrize(
    ("code", "path"),
    [("6513", ["I", "65", "6513"]), ("651", ["I", "65"]), ("65", ["I", "65"]), ("0000", []), ("", [])],
)
def test_industry_leads_from_section_to_class(make_firm: MakeFirm, client: Client, code: str, path: list[str]) -> None:
    firm = make_firm(industry_code=code)

    page = client.get(f"/en/firms/{firm.slug}/").text

    assert re.findall(r'href="/en/firms/\?industry=(\w+)"', page) == path
    for part in path:
        assert client.get(f"/en/firms/?industry={part}").context["criteria"].facets["industry"][0].value == part


def test_only_certificates_of_today_count_as_held(make_firm: MakeFirm, client: Client) -> None:
    firm, today = make_firm(), today_in_shanghai()
    year = timedelta(days=365)
    firm.certificates.create(level="hnte", issued=today - 2 * year, expires=today - timedelta(days=1))
    firm.certificates.create(
        level="innovative", issued=today - year, expires=today, authority="上海市经济和信息化委员会"
    )
    firm.certificates.create(level="specialised", issued=today + year)

    page = client.get(f"/en/firms/{firm.slug}/")

    shown = [(one.certificate.level, one.state, one.source) for one in page.context["certificates"]]
    assert shown == [
        ("innovative", "Held", "上海市经济和信息化委员会"),
        ("hnte", "Expired", ""),
        ("specialised", "Not valid yet", ""),
    ]
    tags = page.text.split('<ul class="tags">')[1].split("</ul>")[0]
    assert re.findall(r'<strong class="tag tag--green">([^<]+)</strong>', tags) == ["Innovative SME"]


def test_each_cluster_says_why(make_firm: MakeFirm, client: Client) -> None:
    firm = make_firm(industry_code="6513", business_scope="人工智能应用软件开发；节能技术推广")
    by_hand, out = Cluster.objects.filter(slug__in=["life-and-health", "design-and-urban-technology"])
    ClusterMembership.objects.create(organisation=firm, cluster=by_hand)
    ClusterMembership.objects.create(organisation=firm, cluster=out, excluded=True)

    page = client.get(f"/en/firms/{firm.slug}/")

    found = {b.membership.cluster.slug: (b.code, b.words) for b in page.context["belongings"]}
    assert found == {
        "ai-internet-digital-content": ("6513", []),
        "green-and-low-carbon": ("", ["节能"]),
        by_hand.slug: ("", []),
    }
    assert page.text.count("By hand: decided by the district") == 1
    assert page.text.count("Its industry class: 6513") == 1


# --- Neighbours -----------------------------------------------------------------------


def test_neighbours_share_the_cluster_then_the_nearest_industry(make_firm: MakeFirm) -> None:
    def near(name: str, code: str, **fields: Any) -> Organisation:
        return make_firm(f"上海{name}有限公司", industry_code=code, **{"subdistrict_id": "310110019", **fields})

    firm = near("本", "6513")
    near("外", "6513", subdistrict_id="310110016")
    near("隐", "6513", status="unlisted")
    near("校", "6513", kind="university")
    names = {"同": "6513", "组": "6511", "门": "6530", "远": "5411", "医": "7340"}
    others = {name: near(name, code) for name, code in names.items()}

    found = neighbours(firm, clusters_of(firm))

    assert [other.name_zh[2] for other in found] == ["同", "组", "门", "医", "远"]
    assert {other.pk for other in found} == {other.pk for other in others.values()}


def test_neighbours_are_those_beside_it_among_many_of_its_class(make_firm: MakeFirm) -> None:
    firms = [make_firm(f"上海{number}有限公司", subdistrict_id="310110019") for number in range(20)]

    found = {other.pk for other in neighbours(firms[10], clusters_of(firms[10]))}

    assert found == {firms[number].pk for number in (7, 8, 9, 11, 12, 13)}


def test_neighbours_without_subdistrict_come_from_the_district(make_firm: MakeFirm) -> None:
    firm, other = make_firm("上海甲有限公司"), make_firm("上海乙有限公司", subdistrict_id="310110016")

    assert list(neighbours(firm, clusters_of(firm))) == [other]
    assert list(neighbours(make_firm("上海丙有限公司", industry_code=""), [])) == []


def test_neighbours_take_one_query(make_firm: MakeFirm, django_assert_num_queries: Callable[..., Any]) -> None:
    firms = [make_firm(f"上海{number}有限公司", subdistrict_id="310110019") for number in range(3)]

    with django_assert_num_queries(1):
        assert len(neighbours(firms[1], [])) == 2


# --- Address, search engines, print ---------------------------------------------------


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("parks/the-park/", 200),
        ("firms/the-park/", "parks/the-park/"),
        ("universities/the-park/", "parks/the-park/"),
        ("parks/THE-Park/", "parks/the-park/"),
        ("institutes/The-Firm/", "firms/the-firm/"),
        ("firms/" + "x" * 3000 + "/", 404),
        ("firms/the-firm%00/", 400),
        ("firms/%E2%80%AEthe-firm/", 404),
        ("firms/the-firm%ED%A0%80/", 404),
        ("parks/..%2Fthe-firm/", 404),
    ],
)
def test_every_organisation_has_one_address(client: Client, make_firm: MakeFirm, path: str, answer: int | str) -> None:
    make_firm("示例园区", slug="the-park", kind="park")
    make_firm("示例企业", slug="the-firm")

    response = client.get(f"/en/{path}")

    found = response["Location"].removeprefix("/en/") if response.status_code == 302 else response.status_code
    assert found == answer


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_search_engines_read_data_that_cannot_end_its_element(
    client: Client, make_firm: MakeFirm, language: str
) -> None:
    firm = make_firm(
        name_en="Demonstration Software",
        slug="software",
        uscc="91310110591673062R",
        founded=date(2019, 3, 5),
        staff=12,
        address="国定路1号",
        website="https://www.example.com/",
        description_en=HTML,
    )

    page = client.get(f"/{language}/firms/{firm.slug}/").text

    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    data = json.loads(text)
    names = ["Demonstration Software", "上海示例软件有限公司"]
    assert [data["name"], data["alternateName"][0]] == (names if language == "en" else names[::-1])
    assert data["description"] == HTML
    assert data["url"] == f"http://localhost:8000/{language}/firms/software/"
    assert (data["foundingDate"], data["identifier"]["value"]) == ("2019-03-05", "91310110591673062R")
    assert (data["numberOfEmployees"]["minValue"], data["numberOfEmployees"]["maxValue"]) == (10, 99)
    assert page.count("<script") == 2  # the portal's own, and the data
    assert "<img src=x" not in page
    assert f'<link rel="canonical" href="http://localhost:8000/{language}/firms/software/">' in page


def test_printed_page_says_where_and_when(client: Client, make_firm: MakeFirm) -> None:
    page = client.get(f"/en/firms/{make_firm(slug='software').slug}/").text

    assert f"http://localhost:8000/en/firms/software/, printed on {day(timezone.now())}" in page


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_page_of_the_longest_name_opens(client: Client, make_firm: MakeFirm, language: str) -> None:
    firm = make_firm("上海" + "双" * 198, website="https://example.com/" + "a" * 170, address="路" * 500)

    page = client.get(firm.get_absolute_url().replace("/en/", f"/{language}/"))

    assert (page.status_code, len(firm.name_pinyin)) == (200, 600)


# --- Who sees what --------------------------------------------------------------------


def test_members_see_their_unlisted_page_under_a_banner_and_nobody_asks_about_it(
    client: Client, make_firm: MakeFirm, make_user: MakeUser
) -> None:
    firm = make_firm(status="unlisted", slug="software")
    member = make_user("member", member_of=firm)
    client.force_login(member)

    page = client.get("/en/firms/software/").text

    assert "This page is not public." in page
    assert "application/ld+json" not in page
    assert "/inquiries/new/" not in page.split("<main")[1].split("</main>")[0]


def test_page_shows_no_address_of_a_person(client: Client, make_firm: MakeFirm, make_user: MakeUser) -> None:
    firm = make_firm()
    member = make_user("member", member_of=firm)

    page = client.get(f"/en/firms/{firm.slug}/").text

    assert [text for text in ("@", "mailto:", member.name) if text in page.split("<main")[1]] == []


def test_page_asks_as_often_for_three_as_for_one(client: Client, make_firm: MakeFirm) -> None:
    numbers = []
    firm = make_firm(business_scope="节能", subdistrict_id="310110019")
    for number in range(3):
        make_firm(f"上海{number}软件有限公司", subdistrict_id="310110019")
        firm.certificates.create(level=["hnte", "innovative", "specialised"][number])
        ClusterMembership.objects.create(
            organisation=firm, cluster=Cluster.objects.create(slug=f"c{number}", title_en="x", title_zh="x")
        )
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/en/firms/{firm.slug}/")
        numbers.append(len(queries))

    assert numbers == [13, 13, 13]  # with the two of the transaction, and two for whom to call
