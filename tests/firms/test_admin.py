"""The staff workplace: who opens what, the steps, the queue of claims."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from firms.models import Claim, Cluster, ClusterMembership, Membership, Organisation
from firms.services.claims import submit_claim
from portal.models import User
from portal.roles import Role
from tests.editing import save
from tests.firms.conftest import MakeFirm, MakeUser
from tests.firms.test_claims import letter

MODELS = ["organisation", "claim", "membership", "cluster", "subdistrict", "industry"]


@pytest.fixture(autouse=True)
def _demonstration(settings: Settings) -> None:
    settings.DEMONSTRATION = True  # staff without a second factor


@pytest.fixture
def claim(make_firm: MakeFirm, make_user: MakeUser) -> Claim:
    firm = make_firm(uscc="91310110591673062R", subdistrict_id="310110019")
    return submit_claim(by=make_user("claimant"), organisation=firm, position="director", letter=letter())


# List page of each model, in the order of MODELS; P is 403, D the door to the sign-in.
ANSWERS = {
    "registry": (Role.REGISTRY, "200 200 200 200 200 200"),
    "auditor": (Role.AUDITOR, "200 200 200 200 200 200"),
    "reviewer": (Role.REVIEWER, "P P P P P P"),
    "finance": (Role.FINANCE, "P P P P P P"),
    "officer": (Role.INVESTMENT, "200 P P 200 200 200"),
    "no role": (None, "P P P P P P"),
    "company": (False, "D D D D D D"),
}


@pytest.mark.parametrize("who", ANSWERS)
def test_lists_open_for_their_roles_alone(client: Client, claim: Claim, who: str) -> None:
    role, wanted = ANSWERS[who]
    user = User.objects.create_user("x@demo.example", name="x", is_staff=role is not False)
    if role:
        from django.contrib.auth.models import Group

        user.groups.add(Group.objects.get(name=role))
    client.force_login(user)

    answers = []
    for model in MODELS:
        response = client.get(f"/admin/firms/{model}/")
        word = {403: "P", 302: "D"}.get(response.status_code, str(response.status_code))
        answers.append("D" if word == "P" and role is False else word)

    assert " ".join(answers) == wanted


def _url(claim: Claim, step: str) -> str:
    return f"/admin/firms/claim/{claim.pk}/step/{step}/"


def test_officer_accepts_a_claim_in_the_queue(client: Client, claim: Claim, make_user: MakeUser) -> None:
    client.force_login(make_user("registry", Role.REGISTRY))

    page = client.get(f"/admin/firms/claim/{claim.pk}/change/")
    done = client.post(_url(claim, "accept"), {"reason": ""})

    assert page.status_code == 200
    assert _url(claim, "accept") in page.content.decode()
    assert "letter.pdf" in page.content.decode()
    assert done.status_code == 302
    assert Claim.objects.get().status == "accepted"
    assert Membership.objects.get().user == claim.claimant
    assert client.get(f"/admin/firms/claim/{claim.pk}/change/").status_code == 200


@pytest.mark.parametrize(
    ("role", "step", "data", "status"),
    [
        (Role.AUDITOR, "accept", {}, 403), (Role.REVIEWER, "accept", {}, 404), (None, "accept", {}, 404),
        (Role.ADMINISTRATOR, "accept", {}, 404), (Role.REGISTRY, "withdraw", {}, 403), (Role.REGISTRY, "nothing", {}, 403),
        (Role.REGISTRY, "refuse", {}, 302), (Role.REGISTRY, "accept", {"reason": "a\x00b"}, 302),
        (Role.REGISTRY, "accept", {"reason": "x" * 5000}, 302),
    ],
)  # fmt: skip
def test_step_is_refused(
    client: Client, claim: Claim, make_user: MakeUser, role: Role | None, step: str, data: dict[str, str], status: int
) -> None:
    user = make_user("staff", *([role] if role else []))
    User.objects.filter(pk=user.pk).update(is_staff=True)
    client.force_login(user)

    assert client.post(_url(claim, step), data).status_code == status
    assert client.get(_url(claim, step)).status_code == 405
    assert Claim.objects.get().status == "submitted"


def test_officer_corrects_an_organisation_and_what_follows(client: Client, claim: Claim, make_user: MakeUser) -> None:
    client.force_login(make_user("registry", Role.REGISTRY))
    firm = claim.organisation
    management = {
        f"{prefix}-{name}": "0"
        for prefix in ("certificates", "cluster_memberships")
        for name in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    membership = ClusterMembership.objects.get()
    management |= {
        "cluster_memberships-TOTAL_FORMS": "1", "cluster_memberships-INITIAL_FORMS": "1",
        "cluster_memberships-0-id": str(membership.pk), "cluster_memberships-0-organisation": str(firm.pk),
        "cluster_memberships-0-cluster": str(membership.cluster_id),
    }  # fmt: skip
    values = {
        "name_zh": "上海改名生物有限公司",
        "kind": "firm",
        "country": "CN",
        "uscc": firm.uscc,
        "industry_code": "6513",
    }

    page = f"/admin/firms/organisation/{firm.pk}/change/"
    bad = save(client, page, values | management | {"uscc": "1"})
    good = save(client, page, values | management | {"status": "suspended", "slug": "x"})

    assert (bad.status_code, good.status_code) == (200, 302)
    changed = Organisation.objects.search("改名").get()
    assert (changed.name_pinyin, changed.status, changed.slug) == (
        "Shanghai Gaiming Shengwu Youxian Gongsi", "listed", firm.slug,
    )  # fmt: skip


def test_keeping_out_by_hand_drops_the_rule(client: Client, claim: Claim, make_user: MakeUser) -> None:
    client.force_login(make_user("registry", Role.REGISTRY))
    firm, membership = claim.organisation, ClusterMembership.objects.get()
    data = {
        "name_zh": firm.name_zh, "kind": "firm", "country": "CN", "uscc": firm.uscc, "industry_code": "6513",
        "certificates-TOTAL_FORMS": "0", "certificates-INITIAL_FORMS": "0", "cluster_memberships-TOTAL_FORMS": "1",
        "cluster_memberships-INITIAL_FORMS": "1", "cluster_memberships-0-id": str(membership.pk),
        "cluster_memberships-0-organisation": str(firm.pk), "cluster_memberships-0-cluster": str(membership.cluster_id),
        "cluster_memberships-0-excluded": "on",
    }  # fmt: skip
    page = f"/admin/firms/organisation/{firm.pk}/change/"

    assert save(client, page, data).status_code == 200  # why?
    assert save(client, page, {**data, "cluster_memberships-0-reason": "Another business"}).status_code == 302

    membership.refresh_from_db()
    assert (membership.excluded, membership.rule, membership.reason) == (True, None, "Another business")


@pytest.mark.parametrize(
    "query",
    [
        "?q=%00", "?q=博", "?q=%25", "?p=1000000000000000000000000", "?p=-1", "?o=99.-99", "?status__exact=x", "?e=1",
        "?name_zh__regex=(", "?founded__year=99999", "?subdistrict__code__exact=%ED%A0%80", "?claims__claimant__password=x",
    ],
)  # fmt: skip
def test_lists_answer_bad_queries(client: Client, claim: Claim, make_user: MakeUser, query: str) -> None:
    client.force_login(make_user("registry", Role.REGISTRY))

    assert client.get(f"/admin/firms/organisation/{query}").status_code in {200, 302, 400, 404}


@pytest.mark.parametrize("model", ["organisation", "claim", "membership"])
def test_lists_ask_as_often_for_three_as_for_one(
    client: Client, make_firm: MakeFirm, make_user: MakeUser, model: str
) -> None:
    client.force_login(make_user("registry", Role.REGISTRY))
    numbers = []
    for wanted in (1, 3):
        while Organisation.objects.count() < wanted:
            number = Organisation.objects.count()
            firm = make_firm(f"上海{number}有限公司", subdistrict_id="310110019")
            user = make_user(f"u{number}", member_of=make_firm(f"上海丁{number}有限公司"))
            submit_claim(by=user, organisation=firm, position="x", letter=letter())
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/admin/firms/{model}/").status_code == 200
        numbers.append(len(queries))

    assert numbers[0] == numbers[1]


def test_cluster_with_firms_is_not_deleted(client: Client, make_firm: MakeFirm) -> None:
    client.force_login(User.objects.create_superuser("root@demo.example", "x", name="Root"))
    full, empty = Cluster.objects.order_by("pk")[:2]
    ClusterMembership.objects.filter(cluster=empty).delete()
    firm = make_firm()
    ClusterMembership.objects.get_or_create(cluster=full, organisation=firm)

    answers = [client.get(f"/admin/firms/cluster/{c.pk}/delete/").status_code for c in (full, empty)]

    assert answers == [403, 200]
