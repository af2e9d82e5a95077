"""The public pages of organisations and clusters, and who may open which page."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from firms.models import Cluster, ClusterMembership, Organisation
from firms.services.counting import count_now
from portal.roles import Role
from tests.firms.conftest import MakeFirm, MakeUser

LANGUAGES = ["en", "zh-hans"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_firm_page_tells_facts_cluster_and_why(client: Client, make_firm: MakeFirm, language: str) -> None:
    firm = make_firm("上海博凯宇生物科技有限公司", industry_code="7340", registered_capital=12_005_000, staff=12)
    firm.certificates.create(level="hnte", from_registry=True)

    html = client.get(f"/{language}/firms/{firm.slug}/").content.decode()

    texts = {
        "en": ["Shanghai Bokaiyu Shengwu Keji Youxian Gongsi", "Name romanised", "Research and development in medicine",
               "By the rule “Medical research and development”", "High and new technology enterprise", "10–99"],
        "zh-hans": ["<title>上海博凯宇生物科技有限公司", "医学研究和试验发展", "10–99"],
    }  # fmt: skip
    for text in [*texts[language], "7340", "上海博凯宇生物科技有限公司"]:
        assert text in html


def test_firm_kept_out_by_hand_is_in_no_figure(client: Client, make_firm: MakeFirm) -> None:
    for number in range(7):
        make_firm(f"上海{number}有限公司", subdistrict_id="310110019" if number < 5 else "310110016")
    firm = make_firm("上海外有限公司", subdistrict_id="310110019")
    ClusterMembership.objects.filter(organisation=firm).update(rule=None, excluded=True)
    count_now()

    page = client.get("/en/clusters/ai-internet-digital-content/")

    assert page.context["counts"].of(page.context["cluster"], "subdistrict") == {"310110019": 5, "310110016": 2}
    assert "上海外有限公司" not in page.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "page", ["firms/", "universities/", "institutes/", "parks/", "clusters/", "clusters/life-and-health/"]
)
def test_page_without_data_is_whole(client: Client, db: None, language: str, page: str) -> None:
    response = client.get(f"/{language}/{page}")

    html = response.content.decode()
    assert response.status_code == 200
    assert html.count("<h1") == 1
    assert "style=" not in html


@pytest.mark.parametrize("url", ["clusters/", "universities/", "clusters/life-and-health/"])
def test_lists_ask_as_often_for_three_as_for_one(client: Client, make_firm: MakeFirm, url: str) -> None:
    numbers = []
    for wanted in (1, 3):
        while Organisation.objects.count() < wanted:
            name = f"上海{Organisation.objects.count()}大学"
            kind = "university" if url == "universities/" else "firm"
            make_firm(name, kind=kind, industry_code="7340", subdistrict_id="310110019")
            Cluster.objects.create(slug=f"c{Organisation.objects.count()}", title_en="x", title_zh="x")
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/en/{url}")
        numbers.append(len(queries))

    assert numbers[0] == numbers[1] <= 18


# Who opens what: anonymous, stranger, member, registry officer, reviewer, auditor. L is the door to the sign-in.
PAGES = {
    "firms/": "200 200 200 200 200 200",
    "firms/listed/": "200 200 200 200 200 200",
    "firms/unlisted/": "404 404 200 200 404 200",
    "firms/suspended/": "404 404 404 200 404 200",
    "firms/nothing/": "404 404 404 404 404 404",
    "firms/listed/claim/": "L 200 200 200 200 200",
    "firms/unlisted/claim/": "L 404 404 404 404 404",
    "universities/": "200 200 200 200 200 200",
    "institutes/": "200 200 200 200 200 200",
    "parks/": "200 200 200 200 200 200",
    "universities/university/": "200 200 200 200 200 200",
    "institutes/institute/": "200 200 200 200 200 200",
    "parks/park/": "200 200 200 200 200 200",
    "parks/hidden-park/": "404 404 404 200 404 200",
    "firms/hidden-park/": "404 404 404 302 404 302",
    "parks/listed/": "302 302 302 302 302 302",
    "clusters/": "200 200 200 200 200 200",
    "clusters/life-and-health/": "200 200 200 200 200 200",
    "clusters/nothing/": "404 404 404 404 404 404",
    "clusters/figures/staff.csv": "200 200 200 200 200 200",
    "clusters/life-and-health/figures/staff.svg": "200 200 200 200 200 200",
    "desk/organisation/": "L 200 200 200 200 200",
    "desk/organisation/register/": "L 200 200 200 200 200",
    "desk/organisation/unlisted/members/": "L 404 200 404 404 404",
    "desk/organisation/listed/members/": "L 404 404 404 404 404",
    "desk/organisation/unlisted/members/1/end/": "405 405 405 405 405 405",
    "desk/organisation/claims/1/withdraw/": "405 405 405 405 405 405",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("who", range(6))
def test_every_page_has_its_answer_for_everyone(
    client: Client, make_firm: MakeFirm, make_user: MakeUser, settings: Settings, who: int, language: str
) -> None:
    settings.DEMONSTRATION = True  # staff without a second factor
    make_firm("甲公司", slug="listed")
    count_now()
    unlisted = make_firm("乙公司", slug="unlisted", status="unlisted")
    for kind in ("university", "institute", "park"):
        make_firm("丁机构", slug=kind, kind=kind)
    make_firm("戊园区", slug="hidden-park", kind="park", status="unlisted")
    suspended = make_firm("丙公司", slug="suspended", status="unlisted")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE firms_organisation SET status = 'suspended' WHERE id = %s", [suspended.pk])
    make = [
        None,
        lambda: make_user("stranger"),
        lambda: make_user("member", member_of=unlisted),
        lambda: make_user("registry", Role.REGISTRY),
        lambda: make_user("reviewer", Role.REVIEWER),
        lambda: make_user("auditor", Role.AUDITOR),
    ][who]
    if make:
        client.force_login(make())

    answers = {}
    for page in PAGES:
        response = client.get(f"/{language}/{page}")
        is_door = response.status_code == 302 and "/accounts/login/" in response["Location"]
        answers[page] = "L" if is_door else str(response.status_code)

    assert answers == {page: verdicts.split()[who] for page, verdicts in PAGES.items()}


def test_clusters_stand_in_their_order(client: Client, db: None) -> None:
    page = client.get("/en/clusters/").text

    titles = list(Cluster.objects.order_by("position").values_list("title_en", flat=True))
    assert titles[0] == "AI, internet and digital content"
    assert sorted(titles, key=page.index) == titles
