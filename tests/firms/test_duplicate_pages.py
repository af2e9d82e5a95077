"""The pages of duplicates: compared, merged, dismissed, put together by hand."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from firms.models import Duplicate, DuplicateSearch, Membership, Organisation
from firms.services.claims import submit_claim
from firms.services.duplicates import find_duplicates
from portal.models import User
from portal.roles import Role
from tests.firms.merging import firm, merge, pair_of, person, upload
from tests.firms.test_duplicates import CODE


@pytest.fixture
def officer(db: None) -> User:
    return person("registry", Role.REGISTRY)


@pytest.fixture
def staff(settings: Settings, client: Client, officer: User) -> Client:
    settings.DEMONSTRATION = True  # staff without a second factor
    client.force_login(officer)
    return client


@pytest.fixture
def pair(db: None) -> Duplicate:
    firm("上海示例软件有限公司", uscc=CODE, staff=12)
    firm("示例软件（上海）有限公司", name_en="Example Software", staff=7)
    find_duplicates()
    return Duplicate.objects.get()


def url(pair: Duplicate) -> str:
    return f"/admin/firms/duplicate/{pair.pk}/change/"


def form_of(client: Client, pair: Duplicate, query: str = "") -> dict[str, str]:
    """Return what the form of the page would send as it stands, with reason and tick."""
    text = client.get(url(pair) + query).text
    data = dict(re.findall(r'name="(stays|seen)" value="([^"]+)"', text))
    boxes = re.findall(
        r'<input[^>]*name="(take-\w+)"[^>]*value="(\w+)"[^>]*checked|checked[^>]*name="(take-\w+)"', text
    )
    data |= {name: value for name, value, _other in boxes if name}
    return {**data, "decision": "merge", "reason": "looked up", "is_sure": "on"}


@pytest.mark.parametrize(
    ("role", "answers"),
    [
        (Role.REGISTRY, [200, 200, 200]),
        (Role.AUDITOR, [200, 200, 403]),
        (Role.HEAD, [200, 200, 403]),
        (Role.INVESTMENT, [403, 404, 403]),
        (Role.REVIEWER, [403, 404, 403]),
    ],
)
def test_pages_open_for_their_roles(
    settings: Settings, client: Client, pair: Duplicate, role: Role, answers: list[int]
) -> None:
    settings.DEMONSTRATION = True
    client.force_login(person("somebody", role))

    pages = ["/admin/firms/duplicate/", url(pair), "/admin/firms/duplicate/by-hand/"]

    assert [client.get(page).status_code for page in pages] == answers
    if role != Role.REGISTRY:
        assert client.post(url(pair), {"decision": "dismiss", "why": "x"}).status_code in {403, 404}
        assert client.post("/admin/firms/duplicate/look/").status_code == 403
        assert Duplicate.objects.get().status == "open"


def test_page_proposes_what_the_survivor_lacks_and_merges(staff: Client, officer: User, pair: Duplicate) -> None:
    data = form_of(staff, pair)
    assert (data["stays"], data["take-name_en"], data["take-staff"]) == (str(pair.first_id), "goes", "stays")

    answer = staff.post(url(pair), {**data, "take-staff": "goes"})

    survivor = Organisation.objects.get(pk=pair.first_id)
    assert (answer.status_code, answer["Location"]) == (302, f"/admin/firms/organisation/{survivor.pk}/change/")
    assert (survivor.name_en, survivor.staff, survivor.predecessors.get().pk) == ("Example Software", 7, pair.second_id)
    page = staff.get(answer["Location"]).text
    assert "示例软件（上海）有限公司" in page
    assert "Merge into another (示例软件（上海）有限公司)" in page  # a step of its predecessor
    assert staff.get(url(pair)).status_code == 200
    assert staff.post(url(pair), data).status_code == 409


def test_other_one_may_stay(staff: Client, pair: Duplicate) -> None:
    data = form_of(staff, pair, f"?stays={pair.second_id}")

    staff.post(url(pair), data)

    merged = Organisation.objects.get(pk=pair.first_id)
    assert (merged.merged_into_id, merged.uscc) == (pair.second_id, None)
    assert Organisation.objects.get(pk=pair.second_id).uscc == CODE


def test_merge_without_reason_or_tick_or_with_an_old_page_is_refused(staff: Client, pair: Duplicate) -> None:
    data = form_of(staff, pair)
    Organisation.objects.filter(pk=pair.first_id).update(staff=99)

    answers = [
        staff.post(url(pair), {**data, "reason": " "}),
        staff.post(url(pair), {**data, "is_sure": ""}),
        staff.post(url(pair), data),
        staff.post(url(pair), {**data, "decision": "nothing"}),
        staff.post(url(pair), {**data, "stays": "9" * 40, "seen": "x\x00"}),
    ]

    assert [answer.status_code for answer in answers] == [422, 422, 409, 200, 422]
    assert Duplicate.objects.get().status == "open"


def test_conflict_is_shown_with_the_page_to_settle_it_on(staff: Client, pair: Duplicate) -> None:
    claim = submit_claim(by=person("Wei"), organisation=pair.second, position="director", letter=upload())
    data = form_of(staff, pair)

    page = staff.get(url(pair)).text
    answer = staff.post(url(pair), data)

    assert "Wei has claimed the one that goes, and waits for an answer. Decide the claim first." in page
    assert f'href="/admin/firms/claim/{claim.pk}/change/"' in page
    assert answer.status_code == 409
    assert Organisation.objects.living().count() == 2


def test_dismissing_and_looking_again(staff: Client, pair: Duplicate) -> None:
    assert staff.post(url(pair), {"decision": "dismiss", "why": ""}).status_code == 422
    assert staff.post(url(pair), {"decision": "dismiss", "why": "sisters"}).status_code == 302
    assert "sisters" in staff.get(url(pair)).text

    staff.post(url(pair), {"decision": "reopen"})

    pair.refresh_from_db()
    assert (pair.status, pair.reason) == ("open", "")


def test_two_are_found_and_compared_by_hand(staff: Client, db: None) -> None:
    first, second = firm("上海示例甲有限公司"), firm("上海别的乙有限公司", uscc=CODE)
    page = "/admin/firms/duplicate/by-hand/"

    assert f'href="?first={first.pk}"' in staff.get(page, {"q": "示例甲"}).text
    assert f'name="second" value="{second.pk}"' in staff.get(page, {"q": CODE, "first": first.pk}).text
    answer = staff.post(page, {"first": first.pk, "second": second.pk})

    assert answer["Location"] == url(Duplicate.objects.get())
    assert staff.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize("query", ["first=x", "first=" + "9" * 40, "first=0", "q=%00", "first=1&q=a"])
def test_bad_input_by_hand_gets_a_clear_answer(staff: Client, query: str) -> None:
    assert staff.get(f"/admin/firms/duplicate/by-hand/?{query}").status_code in {200, 400, 404}


def test_search_is_asked_for_by_a_button(staff: Client, pair: Duplicate) -> None:
    DuplicateSearch.objects.update(done_at="2026-01-01T00:00Z")

    staff.post("/admin/firms/duplicate/look/")

    assert DuplicateSearch.objects.due().count() == 1
    assert "They will be looked for again in a moment." in staff.get("/admin/firms/duplicate/").text


def test_list_takes_as_many_queries_for_three_as_for_one(staff: Client, pair: Duplicate) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert staff.get("/admin/firms/duplicate/").status_code == 200
        return len(captured)

    queries()
    one = queries()
    third = firm("示例软件有限公司")
    pair_of(pair.first, third)
    pair_of(pair.second, third)

    assert queries() == one
    assert staff.get("/admin/firms/duplicate/?q=示例软件").text.count('class="field-pair') <= 3


def test_merged_organisation_is_read_and_not_edited(staff: Client, officer: User, pair: Duplicate) -> None:
    merge(officer, pair.first, pair.second)
    page = f"/admin/firms/organisation/{pair.second_id}/change/"

    assert staff.get(page).status_code == 200
    assert staff.post(page, {"name_zh": "x"}).status_code == 403
    member = person("member")
    answer = staff.post(
        "/admin/firms/membership/add/", {"user": member.pk, "organisation": pair.second_id, "role": "viewer"}
    )
    assert (answer.status_code, Membership.objects.count()) == (200, 0)
