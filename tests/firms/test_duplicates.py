"""Possible duplicates: what is found and what is not, the queue, two side by side, the decision."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from firms import duplicates
from firms.duplicate_lifecycle import DUPLICATE
from firms.lifecycle import IMPORT
from firms.models import Duplicate, DuplicateSearch, Membership, Organisation, RegistryImport
from firms.models.likeness import telling
from firms.services import duplicates as finding
from firms.services.claims import submit_claim
from firms.services.duplicates import ask_for_search, find_duplicates, put_together
from firms.services.imports import import_registry
from firms.services.undoing import undo
from portal import work
from portal.lifecycle import NotAllowed, StepClosed
from portal.models import User
from portal.roles import Role
from tests.firms import files
from tests.firms.merging import firm, merge, pair_of, person, upload

CODE, OTHER_CODE = files.CODES[0], files.CODES[2]
ROOM = "上海市杨浦区国定路323号11层01室"


@pytest.fixture
def officer(db: None) -> User:
    return person("registry", Role.REGISTRY)


def found() -> list[tuple[list[str], int, str]]:
    find_duplicates()
    return [(pair.reasons, pair.score, pair.status) for pair in Duplicate.objects.order_by("pk")]


# --- What is compared -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("上海示例软件有限公司", "示例软件"),
        ("示例软件（上海）有限公司", "示例软件"),
        ("上海市杨浦区示例软件股份有限公司", "示例软件"),
        ("示例软件（集团）有限公司", "示例软件"),
        ("上海示例软件有限公司杨浦分公司", "示例软件有限公司分"),  # a branch is not its firm
        ("上海有限公司", "上海有限公司"),
        ("Example Software", ""),
    ],
)
def test_core_of_a_name(name: str, core: str) -> None:
    assert duplicates.core_name(name) == core


def compared(column: str, text: str) -> str | None:
    """Return what PostgreSQL compares of a text in a column."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {telling(column, 'o')} FROM (SELECT %s::text AS {column}) AS o", [text])
        found: str | None = cursor.fetchone()[0]
    return found


@pytest.mark.parametrize(
    "address",
    [ROOM, "国定路323号11层01室", "杨浦区国定路３２３号11层01室", "上海市 杨浦区 国定路323号，11层01室"],
)
def test_one_address_written_in_many_ways(db: None, address: str) -> None:
    assert compared("address", address) == compared("address", ROOM) == "国定路323-11-01"


@pytest.mark.parametrize("address", ["", "上海市杨浦区", "国定路", "5号"])
def test_address_without_a_house_tells_nothing(db: None, address: str) -> None:
    assert compared("address", address) is None


@pytest.mark.parametrize(
    ("website", "host"),
    [
        ("https://www.Example.com/a?b", "example.com"),
        ("http://example.com:8000", "example.com"),
        ("no address", None),
        ("", None),
    ],
)
def test_host_of_a_website(db: None, website: str, host: str | None) -> None:
    assert compared("website", website) == host


@pytest.mark.parametrize(
    ("telephone", "number"),
    [
        ("65981234", "65981234"),
        ("021-6598 1234", "65981234"),
        ("（021）65981234", "65981234"),
        ("+86 21 6598 1234", "65981234"),
        ("0086-21-65981234转801", "65981234"),
        ("65981234 ext. 12", "65981234"),
        ("65981234/65981235", "65981234"),
        ("+86 138 0000 1234", "13800001234"),
        ("0571-88001234", "057188001234"),
        ("86541234", "86541234"),
        ("21541234", "21541234"),
        ("０２１－６５９８１２３４", "65981234"),
        ("110", None),
        ("", None),
    ],
)
def test_number_of_a_telephone(db: None, telephone: str, number: str | None) -> None:
    assert compared("telephone", telephone) == number


# --- What is found --------------------------------------------------------------------

SAME = {"address": ROOM}
SITE = {"website": "https://www.example.com/"}
CALL = {"telephone": "021-65981234"}


@pytest.mark.parametrize(
    ("first", "second", "reasons", "score"),
    [
        ({}, {"name_zh": "示例软件（上海）股份有限公司"}, ["name"], 60),
        ({"uscc": CODE}, {"name_zh": "示例软件有限公司", "uscc": OTHER_CODE}, ["name"], 40),
        ({"uscc": CODE}, {"uscc": OTHER_CODE}, ["full_name"], 60),
        ({}, {"name_zh": "上海实例软件有限公司"}, ["sound"], 40),
        (SAME, {"name_zh": "上海示例软体有限公司", **SAME}, ["similar", "address"], 70),
        (SAME, {"name_zh": "上海另名智能有限公司", **SAME}, ["address"], 40),
        (SITE, {"name_zh": "上海另名智能有限公司", **SITE}, ["website"], 40),
        (CALL, {"name_zh": "上海另名智能有限公司", "telephone": "+86 21 6598 1234"}, ["telephone"], 40),
        (
            {"name_en": "Shanghai Example Software Co., Ltd."},
            {"name_zh": "", "name_en": "Example Software GmbH"},
            ["english"],
            40,
        ),
        (
            {"uscc": CODE, **SAME, **SITE},
            {"name_zh": "上海另名有限公司", "uscc": OTHER_CODE, **SAME, **SITE},
            ["address", "website"],
            60,
        ),
    ],
)
def test_pair_is_found(db: None, first: dict[str, Any], second: dict[str, Any], reasons: list[str], score: int) -> None:
    for fields in (first, second):
        values = {"name_zh": "上海示例软件有限公司", **fields}
        firm(values.pop("name_zh"), **values)

    assert found() == [(reasons, score, "open")]
    assert found() == [(reasons, score, "open")]  # looked for again: nothing twice


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {"name_zh": "上海示例机械有限公司"}),  # another trade
        ({}, {"name_zh": "上海示例软体有限公司"}),  # alike in writing alone
        ({"uscc": CODE, **SAME}, {"name_zh": "上海另名有限公司", "uscc": OTHER_CODE, **SAME}),  # neighbours
        ({"uscc": CODE, **SITE}, {"name_zh": "上海另名有限公司", "uscc": OTHER_CODE, **SITE}),  # a group's site
        ({"uscc": CODE}, {"name_zh": "上海实例软件有限公司", "uscc": OTHER_CODE}),  # two companies of one sound
        ({}, {"name_zh": "上海示例软件有限公司杨浦分公司"}),  # a branch
    ],
)
def test_pair_is_not_found(db: None, first: dict[str, Any], second: dict[str, Any]) -> None:
    for fields in (first, second):
        values = {"name_zh": "上海示例软件有限公司", **fields}
        firm(values.pop("name_zh"), **values)

    assert found() == []


def test_address_of_a_park_floods_nothing(db: None) -> None:
    for number in "甲乙丙丁戊己庚辛壬癸子丑":
        firm(f"上海{number * 2}园区企业{number}有限公司", address=ROOM)

    assert found() == []


def test_queue_takes_no_more_than_officers_can_look_at(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "MOST_WAITING", 2)
    for name in ("上海示例软件有限公司", "上海示例软件有限公司", "示例软件（上海）有限公司"):
        firm(name)

    assert [score for _reasons, score, _status in found()] == [80, 60]
    assert len(found()) == 2


def test_dismissed_pair_is_never_proposed_again_also_after_a_merge(officer: User) -> None:
    a, b, c = (firm("上海示例软件有限公司") for _ in range(3))
    find_duplicates()
    DUPLICATE.apply(Duplicate.objects.get(first=a, second=b), "dismiss", by=officer, reason="a sister company")

    merge(officer, c, a)
    find_duplicates()

    statuses = {(pair.first_id, pair.second_id): pair.status for pair in Duplicate.objects.all()}
    assert statuses[a.pk, b.pk] == "dismissed"
    assert statuses[a.pk, c.pk] == "merged"
    assert statuses[b.pk, c.pk] == "gone"  # c stands for a now, and a is not b


def test_pair_that_is_no_longer_alike_waits_no_more_and_comes_back(db: None) -> None:
    first, _second = (firm("上海示例软件有限公司") for _ in range(2))
    assert found() == [(["full_name"], 80, "open")]

    Organisation.objects.filter(pk=first.pk).update(name_zh="上海别的机械有限公司", name_pinyin="")
    assert found() == [(["full_name"], 80, "gone")]

    Organisation.objects.filter(pk=first.pk).update(name_zh="示例软件有限公司")
    assert found() == [(["name"], 60, "open")]


def test_search_is_asked_for_by_every_save_and_done_once(db: None) -> None:
    firm("上海示例软件有限公司")
    firm("上海示例软件有限公司")
    assert DuplicateSearch.objects.count() == 1

    ask_for_search(at_once=True)
    done = work.run("duplicates")

    wish = DuplicateSearch.objects.get()
    assert (done, wish.found, Duplicate.objects.count()) == (1, 1, 1)
    assert wish.done_at is not None


def test_statements_of_a_search_do_not_grow_with_the_registry(db: None) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            find_duplicates()
        return len(queries)

    for _ in range(2):
        firm("上海示例软件有限公司")
    few = statements()
    for number in "甲乙丙丁":
        firm(f"上海示例{number}软件有限公司")

    assert statements() == few


def test_pair_that_a_search_found_does_not_keep_an_import_from_being_undone(officer: User, tmp_path: Path) -> None:
    rows = [files.row(code, "上海示例软件有限公司") for code in (CODE, OTHER_CODE)]
    import_registry(path=files.xlsx(tmp_path / "a.xlsx", *rows), today=date(2026, 11, 1))
    assert found() == [(["full_name"], 60, "open")]

    applied = IMPORT.apply(RegistryImport.objects.get(), "undo", by=officer).obj
    undo(applied)

    connection.check_constraints()
    assert (Organisation.objects.count(), Duplicate.objects.count()) == (0, 0)


# --- Pairs put together by hand; what the database keeps ------------------------------


def test_two_put_together_by_hand_stay_whatever_a_search_finds(officer: User) -> None:
    first, second = firm("上海示例甲有限公司"), firm("上海别的乙有限公司")

    pair = put_together(by=officer, organisations=[second, first])

    assert (pair.first, pair.second, pair.reasons) == (first, second, ["by_hand"])
    assert put_together(by=officer, organisations=[first, second]) == pair
    assert found() == [(["by_hand"], 0, "open")]
    DUPLICATE.apply(pair, "dismiss", by=officer, reason="no")
    assert put_together(by=officer, organisations=[first, second]).status == "open"


def test_members_of_one_do_not_put_together_and_one_is_no_pair(officer: User) -> None:
    first, second = firm("上海示例甲有限公司"), firm("上海别的乙有限公司")
    with pytest.raises(StepClosed, match="different"):
        put_together(by=officer, organisations=[first, first])
    Membership.objects.create(user=officer, organisation=second, role="viewer")

    with pytest.raises(NotAllowed), transaction.atomic():
        put_together(by=officer, organisations=[first, second])

    assert not Duplicate.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        "first_id = second_id, second_id = first_id",
        "status = 'merged', decided_at = now(), decided_by_id = NULL, reason = 'x'",
        "status = 'dismissed', decided_at = now(), reason = ''",
        "status = 'nothing'",
    ],
)
def test_database_refuses_a_pair_that_cannot_be(officer: User, change: str) -> None:
    pair_of(firm("上海示例甲有限公司"), firm("上海别的乙有限公司"))

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE firms_duplicate SET {change}")


# --- The pages ------------------------------------------------------------------------


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
