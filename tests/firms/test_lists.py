"""Lists of the staff workplace that grow: every row once, nothing counted, nothing skipped."""

import re
from datetime import date
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.db.models import Case, F, When
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from firms.models import Organisation, Subdistrict
from portal.admin.lists import GrowingAdmin
from portal.models import Notice, User
from tests.firms.conftest import MakeFirm, MakeUser

LIST = "/admin/firms/organisation/"


@pytest.fixture
def root(client: Client, db: None, settings: Settings) -> Client:
    settings.DEMONSTRATION = True  # staff without a second factor
    client.force_login(User.objects.create_superuser("root@demo.example", name="Root"))
    return client


@pytest.fixture
def eleven(make_firm: MakeFirm) -> list[Organisation]:
    """Make firms with equal values and with none, in every combination that a page can end in."""
    places = list(Subdistrict.objects.values_list("pk", flat=True)[:2])
    return [
        make_firm(
            name_zh=f"上海{'甲乙丙'[number % 3]}示例有限公司",
            slug=f"firm-{number}",
            staff=[None, 5, 5, 70][number % 4],
            founded=[None, date(2020, 1, 1), date(2021, 1, 1)][number % 3],
            subdistrict_id=[None, *places][number % 3],
        )
        for number in range(11)
    ]


def short_pages(monkeypatch: pytest.MonkeyPatch, model: Any = Organisation, **changes: Any) -> None:
    for name, value in {"list_per_page": 3, **changes}.items():
        monkeypatch.setattr(type(admin.site._registry[model]), name, value, raising=False)


def list_of(response: Any) -> Any:
    return response.context_data["cl"]


def walk(client: Client, address: str, way: str) -> list[list[int]]:
    """Follow the links of one way to its end; return the keys of each page."""
    pages, path = [], address.partition("?")[0]
    while True:
        response = client.get(address)
        assert response.status_code == 200
        changes = list_of(response)
        pages.append([row.pk for row in changes.result_list])
        if not getattr(changes, f"{way}_url"):
            return pages
        address = path + getattr(changes, f"{way}_url")


ORDERINGS: list[tuple[Any, ...]] = [
    ("sort_zh", "pk"),
    ("-sort_zh",),
    ("staff",),
    ("-staff", "name_zh"),
    ("subdistrict", "-founded"),
    ("-subdistrict",),
    (F("founded").asc(nulls_first=True), "staff"),
    (F("founded").desc(nulls_last=True),),
    (Case(When(staff=5, then=0), default=1), "founded", "pk"),
    ("pk",),
]


@pytest.mark.parametrize("ordering", ORDERINGS, ids=str)
def test_each_row_is_reached_once_in_order_and_back(
    root: Client, eleven: list[Organisation], monkeypatch: pytest.MonkeyPatch, ordering: tuple[Any, ...]
) -> None:
    short_pages(monkeypatch, ordering=ordering)
    last = ordering[-1]
    down = last.startswith("-") if isinstance(last, str) else getattr(last, "descending", False)
    wanted = list(Organisation.objects.order_by(*ordering, "-pk" if down else "pk").values_list("pk", flat=True))

    forth = walk(root, LIST, "next")
    back = walk(root, f"{LIST}?after={forth[-2][-1]}", "previous")

    assert [pk for page in forth for pk in page] == wanted
    assert [len(page) for page in forth] == [3, 3, 3, 2]
    assert back == forth[::-1]


def test_filters_and_search_stay_while_walking(
    root: Client, eleven: list[Organisation], make_firm: MakeFirm, monkeypatch: pytest.MonkeyPatch
) -> None:
    short_pages(monkeypatch)
    make_firm(name_zh="上海别家有限公司", slug="other")
    wanted = Organisation.objects.search("示例").filter(kind="firm").by_name().values_list("pk", flat=True)

    pages = walk(root, f"{LIST}?kind__exact=firm&q=示例", "next")

    assert [pk for page in pages for pk in page] == list(wanted)


def test_nothing_is_counted_and_nothing_skipped(
    root: Client, eleven: list[Organisation], monkeypatch: pytest.MonkeyPatch
) -> None:
    short_pages(monkeypatch)
    for address in (LIST, f"{LIST}?after={eleven[4].pk}", f"{LIST}?before={eleven[9].pk}&kind__exact=firm"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert root.get(address).status_code == 200
        of_list = [q["sql"] for q in queries if "firms_organisation" in q["sql"]]

        assert [sql for sql in of_list if re.search(r"count\s*\(|offset", sql, re.IGNORECASE)] == []
        assert len(of_list) <= 6


GROWING = [
    *(
        "firms.organisation",
        "firms.membership",
        "firms.claim",
        "portal.user",
        "portal.historyentry",
        "portal.steptaken",
    ),
    *("portal.deadline", "portal.notice", "incentives.application", "incentives.ledgerentry", "incentives.award"),
    *("incentives.reviewassignment", "incentives.objection", "investors.inquiry", "investors.opportunity"),
]


@pytest.mark.parametrize("label", GROWING)
def test_no_list_that_grows_counts_or_skips(root: Client, label: str) -> None:
    app, model = label.split(".")
    with CaptureQueriesContext(connection) as queries:
        response = root.get(f"/admin/{app}/{model}/")

    assert response.status_code == 200
    assert isinstance(list_of(response).model_admin, GrowingAdmin)
    assert [q["sql"] for q in queries if re.search(r"count\s*\(\s*\*|offset|distinct", q["sql"], re.IGNORECASE)] == []


@pytest.mark.parametrize("key", ["abc", "1" * 30, "-1e5", "", "１２x", "1' OR 1=1", "None"])
@pytest.mark.parametrize("side", ["after", "before"])
def test_a_key_that_no_row_can_have_is_refused(root: Client, eleven: list[Organisation], side: str, key: str) -> None:
    assert root.get(LIST, {side: key}).status_code == 400


def test_two_keys_at_once_are_refused(root: Client, eleven: list[Organisation]) -> None:
    assert root.get(LIST, {"after": eleven[0].pk, "before": eleven[5].pk}).status_code == 400


def test_a_row_that_is_gone_leads_to_the_beginning_with_its_filters(root: Client, eleven: list[Organisation]) -> None:
    response = root.get(f"{LIST}?after=999999999&kind__exact=firm", follow=True)

    assert response.redirect_chain == [(f"{LIST}?kind__exact=firm", 302)]
    assert [str(m) for m in response.context["messages"]] == [
        "The row at which that page began is gone: the list begins anew."
    ]


def test_a_row_that_left_the_filter_still_marks_its_place(
    root: Client, eleven: list[Organisation], monkeypatch: pytest.MonkeyPatch
) -> None:
    short_pages(monkeypatch, ordering=("pk",))
    Organisation.objects.filter(pk=eleven[2].pk).update(kind="park")

    response = root.get(f"{LIST}?kind__exact=firm&after={eleven[2].pk}")

    assert [row.pk for row in list_of(response).result_list] == [firm.pk for firm in eleven[3:6]]


@pytest.mark.parametrize("query", ["p=7", "all=", "all=1&p=-1"])
def test_addresses_with_page_numbers_lead_to_the_first_page(root: Client, query: str) -> None:
    response = root.get(f"{LIST}?{query}&kind__exact=firm")

    assert (response.status_code, response["Location"]) == (302, f"{LIST}?kind__exact=firm")


def test_columns_without_an_index_are_not_sorted_by(root: Client, eleven: list[Organisation]) -> None:
    columns = admin.site._registry[Organisation].get_list_display(None)
    response = root.get(f"{LIST}?o={columns.index('kind') + 1}")  # the box to tick is the first column

    assert list_of(response).queryset.query.order_by == ("sort_zh", "pk")


def test_actions_touch_the_ticked_rows_alone(root: Client, make_user: MakeUser) -> None:
    user = make_user("someone")
    fields = {"recipient": user, "kind": "k", "channel": "email", "language": "en", "tries": 5}
    notices = [Notice.objects.create(event=f"e{n}", parked_at="2026-01-01T00:00Z", **fields) for n in range(3)]

    form = {"action": "try_again", "select_across": "1", "index": "0", "_selected_action": [notices[1].pk]}
    response = root.post("/admin/portal/notice/", form)

    assert response.status_code == 302
    assert list(Notice.objects.parked().order_by("pk")) == [notices[0], notices[2]]


def test_choosing_a_row_counts_nothing(root: Client, eleven: list[Organisation]) -> None:
    address = "/admin/autocomplete/?app_label=firms&model_name=membership&field_name=organisation&term=示例"
    with CaptureQueriesContext(connection) as queries:
        answer = root.get(address).json()

    assert len(answer["results"]) == 11
    assert answer["pagination"] == {"more": False}
    assert [q["sql"] for q in queries if re.search(r"count\s*\(", q["sql"], re.IGNORECASE)] == []
    assert root.get(f"{address}&page=11").status_code == 404
