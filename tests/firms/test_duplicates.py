"""Possible duplicates: what is found and what is not, the queue, two side by side, the decision."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from firms import duplicates
from firms.duplicate_lifecycle import DUPLICATE
from firms.lifecycle import IMPORT
from firms.models import Duplicate, DuplicateSearch, Membership, Organisation, RegistryImport
from firms.models.likeness import telling
from firms.services import duplicates as finding
from firms.services.duplicates import ask_for_search, find_duplicates, put_together
from firms.services.imports import import_registry
from firms.services.undoing import undo
from portal import work
from portal.lifecycle import NotAllowed, StepClosed
from portal.models import User
from portal.roles import Role
from tests.firms import files
from tests.firms.merging import firm, merge, pair_of, person

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
