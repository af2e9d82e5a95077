"""Yearly figures: confidential, given once a year has ended, never overwritten unseen, verified with evidence."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from firms import yearly
from firms.models import MEASURES, Membership, Organisation, YearlyFigure
from firms.services.edits import Stale
from firms.services.yearly_figures import enter_figures, remove_figures, state_figures, verify_figures
from portal.lifecycle import NotAllowed, StepClosed
from portal.models import HistoryEntry, User
from portal.roles import Role
from tests.editing import save
from tests.firms.conftest import MakeFirm, MakeUser

LAST = yearly.last_ended_year()
URL = f"/en/desk/organisation/software/figures/{LAST}/"
LIST = "/en/desk/organisation/software/figures/"
SECRET = 73_110_731

type Raw = Callable[..., None]


@pytest.fixture(autouse=True)
def _staff_without_second_factor(settings: Settings) -> None:
    settings.DEMONSTRATION = True


@pytest.fixture
def firm(make_firm: MakeFirm) -> Organisation:
    return make_firm(slug="software")


@pytest.fixture
def editor(make_user: MakeUser, firm: Organisation) -> User:
    return make_user("editor", member_of=firm, role="editor")


@pytest.fixture
def officer(make_user: MakeUser) -> User:
    return make_user("officer", Role.REGISTRY)


def values(**given: Any) -> dict[str, Any]:
    return {**dict.fromkeys(MEASURES), **given}


def state(by: User, firm: Organisation, *, seen: int = 0, year: int = LAST, **given: Any) -> YearlyFigure:
    return state_figures(by=by, organisation=firm, year=year, values=values(**given), seen=seen)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def form(**given: str) -> dict[str, str]:
    return {**dict.fromkeys(MEASURES, ""), "seen": "0", **given}


# --- What the database keeps ----------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        "revenue = 'NaN'",
        "revenue = -0.01",
        "rd_spend = 1000000000000.01",
        "tax_paid = -1",
        "total_assets = 'NaN'",
        "staff = 10000001",
        "revenue = NULL",  # nothing is left
        "year = 1977",
        "year = extract(year FROM now() AT TIME ZONE 'Asia/Shanghai')",
        "source = 'rumour'",
        "entered_by_id = NULL",
        "verified_at = now()",
        "verified_at = now(), verified_by_id = entered_by_id, evidence = ''",
        "verified_at = now(), verified_by_id = entered_by_id, evidence = 'own word'",  # by a member
    ],
)
def test_database_refuses(firm: Organisation, editor: User, change: str) -> None:
    state(editor, firm, revenue=Decimal(100))

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE firms_yearlyfigure SET {change}")


def test_a_year_has_one_row(firm: Organisation, editor: User) -> None:
    state(editor, firm, staff=5)

    with pytest.raises(DatabaseError), transaction.atomic():
        YearlyFigure.objects.create(
            organisation=firm, year=LAST, staff=6, source="member", entered_by=editor, source_date="2026-01-01"
        )


@pytest.mark.parametrize("change", ["revenue = 101", "staff = 0", "year = 2001"])
def test_changed_figures_are_no_longer_verified_whoever_writes(
    firm: Organisation, editor: User, officer: User, change: str
) -> None:
    figure = state(editor, firm, revenue=Decimal(100))
    verify_figures(by=officer, figure=figure, evidence="审计报告", seen=1)

    with connection.cursor() as cursor:
        cursor.execute("UPDATE firms_yearlyfigure SET source_name = 'x'")
        figure.refresh_from_db()
        kept = (figure.is_verified, figure.version)
        cursor.execute(f"UPDATE firms_yearlyfigure SET {change}, version = 1")

    figure.refresh_from_db()
    assert kept == (True, 1)
    assert (figure.is_verified, figure.verified_by, figure.evidence, figure.version) == (False, None, "", 2)


def test_each_change_is_in_the_history(firm: Organisation, editor: User) -> None:
    figure = state(editor, firm, revenue=Decimal(100))
    state(editor, firm, revenue=Decimal(200), seen=1)

    rows = HistoryEntry.objects.filter(subject_table="firms_yearlyfigure", subject_id=str(figure.pk)).order_by("id")
    assert [(row.operation, (row.now or {})["revenue"]) for row in rows] == [("insert", 100.0), ("update", 200.0)]


# --- Who writes -----------------------------------------------------------------------


def test_who_states_enters_and_verifies(firm: Organisation, editor: User, officer: User, make_user: MakeUser) -> None:
    viewer = make_user("viewer", member_of=firm, role="viewer")
    own_officer = make_user("own", Role.REGISTRY, member_of=firm, role="viewer")
    figure = state(editor, firm, staff=5)
    can: dict[str, list[str]] = {}
    for user in (editor, viewer, officer, own_officer, make_user("screener", Role.SCREENING), make_user("stranger")):
        attempts = {
            "state": lambda user=user: state(user, firm, staff=5, seen=1),
            "enter": lambda user=user: enter_figures(
                by=user, organisation=firm, year=LAST, values=values(staff=5), seen=1
            ),
            "verify": lambda user=user: verify_figures(by=user, figure=figure, evidence="x", seen=1),
        }
        for name, attempt in attempts.items():
            try:
                attempt()
            except NotAllowed:
                continue
            can.setdefault(user.name, []).append(name)

    assert can == {"editor": ["state"], "officer": ["enter", "verify"]}


@pytest.mark.parametrize("status", ["suspended", "moved_out"])
def test_gone_organisation_states_nothing(make_firm: MakeFirm, make_user: MakeUser, status: str) -> None:
    gone = make_firm("上海离开有限公司", slug="gone")
    editor = make_user("editor", member_of=gone)
    Organisation.objects.filter(pk=gone.pk).update(status="suspended")
    if status == "moved_out":
        Organisation.objects.filter(pk=gone.pk).update(status=status)

    with pytest.raises(StepClosed):
        state(editor, gone, staff=5)


def test_later_save_over_an_unseen_change_is_refused(firm: Organisation, editor: User, officer: User) -> None:
    figure = state(editor, firm, staff=5)
    for seen in (0, 2):
        with pytest.raises(Stale):
            state(editor, firm, staff=6, seen=seen)
    state(editor, firm, staff=6, seen=1)

    with pytest.raises(Stale):
        verify_figures(by=officer, figure=figure, evidence="x", seen=1)
    with pytest.raises(Stale):
        remove_figures(by=editor, figure=figure, seen=1)


def test_equal_figures_are_left_untouched(firm: Organisation, editor: User, officer: User) -> None:
    figure = state(editor, firm, staff=5)
    verify_figures(by=officer, figure=figure, evidence="社保缴纳记录", seen=1)

    again = state(editor, firm, staff=5, seen=1)

    assert (again.is_verified, again.version) == (True, 1)


def test_verified_and_official_figures_are_not_taken_back(firm: Organisation, editor: User, officer: User) -> None:
    verified = state(editor, firm, staff=5)
    verify_figures(by=officer, figure=verified, evidence="x", seen=1)
    entered = enter_figures(by=officer, organisation=firm, year=LAST - 1, values=values(staff=4), seen=0)

    for figure in (verified, entered):
        with pytest.raises(StepClosed):
            remove_figures(by=editor, figure=figure, seen=1)
    assert YearlyFigure.objects.count() == 2


# --- Who sees -------------------------------------------------------------------------


def test_who_sees(firm: Organisation, editor: User, make_firm: MakeFirm, make_user: MakeUser) -> None:
    state(editor, firm, staff=5)
    other = make_firm("上海另一家有限公司", slug="other")
    users = [editor, make_user("viewer", member_of=firm, role="viewer"), make_user("other", member_of=other)]
    users += [make_user(role.name.lower(), role) for role in Role]
    former = make_user("former", member_of=firm)
    Membership.objects.filter(user=former).update(is_active=False)

    seeing = {user.name for user in [*users, former] if YearlyFigure.objects.visible_to(user).exists()}

    assert seeing == {"editor", "viewer", "registry", "screening", "manager", "auditor", "head"}


def test_no_page_shows_another_ones_figures(
    firm: Organisation, editor: User, make_firm: MakeFirm, make_user: MakeUser
) -> None:
    figure = state(editor, firm, revenue=Decimal(SECRET), staff=7311)
    rival = signed_in(make_user("rival", member_of=make_firm("上海另一家有限公司", slug="other")))
    reviewer = signed_in(make_user("reviewer", Role.REVIEWER))
    admin_pages = ["/admin/firms/yearlyfigure/", f"/admin/firms/yearlyfigure/{figure.pk}/change/"]
    public = ["/en/firms/software/", "/en/firms/", "/zh-hans/firms/software/", "/en/clusters/"]

    answers = {}
    for name, client in (("nobody", Client()), ("rival", rival), ("reviewer", reviewer)):
        for url in (URL, LIST, f"{URL}take-back/", *admin_pages, *public):
            for method in (client.get, client.post):
                answer = method(url)
                shown = [
                    text
                    for text in ("73110731", "73,110,731", "73.110731", "7311.0731", "7,311", "7311")
                    if text in answer.text
                ]
                answers[name, url, method.__name__] = (answer.status_code, shown)

    assert {key: seen for key, (_status, seen) in answers.items() if seen} == {}
    assert {answers["rival", url, "get"][0] for url in (URL, LIST)} == {404}
    assert {answers["nobody", url, "get"][0] for url in (URL, LIST)} == {302}
    assert [answers["reviewer", url, "get"][0] for url in admin_pages] == [403, 403]
    assert [answers["nobody", url, "get"][0] for url in public] == [200] * 4


# --- Pages ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["CNY 15 million", "12.5 %", "stated, not verified"]),
        ("zh-hans", ["1500万元", "12.5 %", "企业填报，未核实"]),
    ],
)
def test_member_gives_figures_and_reads_what_follows(
    firm: Organisation, editor: User, language: str, words: list[str]
) -> None:
    client = signed_in(editor)
    url = f"/{language}/desk/organisation/software/figures/"

    before = client.get(f"{url}{LAST}/")
    sent = client.post(
        f"{url}{LAST}/", form(revenue="１，５００万元", rd_spend="1,875,000.00", staff="45人"), follow=True
    )

    figure: Any = YearlyFigure.objects.get()
    assert before.status_code == 200
    assert sent.redirect_chain == [(url, 302)]
    assert (figure.revenue, figure.rd_spend, figure.staff, figure.tax_paid) == (15_000_000, 1_875_000, 45, None)
    assert (figure.source, figure.entered_by) == ("member", editor)
    assert [word for word in words if word not in sent.text] == []
    assert ["45" in sent.text, str(LAST) in sent.text] == [True, True]


@pytest.mark.parametrize(
    ("field", "text"),
    [
        *(("revenue", text) for text in ("1_000", "1e1000", "1e9", "NaN", "Infinity", "-5", "−5", "12.345", "x" * 41)),
        *(("revenue", text) for text in ("1000000000001", "=1+1", "1,00", "二十", "0x10", "1 000 0")),
        *(("staff", text) for text in ("-1", "1.5", "1_0", "10000001", "9" * 40, "1e3")),
        ("seen", "x"),
        ("seen", "-1"),
        ("seen", "9" * 30),
    ],
)
def test_bad_figures_are_told_and_nothing_is_kept(firm: Organisation, editor: User, field: str, text: str) -> None:
    answer = signed_in(editor).post(URL, form(**{"staff": "5", field: text}))

    assert (answer.status_code, YearlyFigure.objects.exists()) == (422, False)
    assert field == "seen" or f'value="{text}"' in answer.text  # it stays in the form


@pytest.mark.parametrize("year", [1977, LAST + 1, 0, 9999, 10**30])
def test_year_that_has_not_ended_has_no_page(firm: Organisation, editor: User, year: int) -> None:
    client = signed_in(editor)
    url = f"/en/desk/organisation/software/figures/{year}/"

    assert [client.get(url).status_code, client.post(url, form(staff="5")).status_code] == [404, 404]
    assert client.post(f"{url}take-back/").status_code == 404


def test_nothing_given_is_no_year(firm: Organisation, editor: User) -> None:
    answer = signed_in(editor).post(URL, form())

    assert (answer.status_code, "Give at least one figure." in answer.text) == (422, True)


def test_likely_mistake_of_units_is_asked_about_once(firm: Organisation, editor: User) -> None:
    state(editor, firm, year=LAST - 1, revenue=Decimal(15_000_000))
    client, data = signed_in(editor), form(revenue="1500", rd_spend="2000")

    asked = client.post(URL, data)
    sure = client.post(URL, {**data, "is_sure": "on"})

    assert asked.status_code == 422
    assert ["The R&amp;D spend is higher than the revenue." in asked.text, "Is the unit right?" in asked.text] == [
        True
    ] * 2
    assert ['name="is_sure"' in client.get(URL).text, 'name="is_sure"' in asked.text] == [False, True]
    assert (sure.status_code, YearlyFigure.objects.get(year=LAST).revenue) == (302, Decimal(1500))


def test_older_page_shows_both_and_loses_nothing(firm: Organisation, editor: User) -> None:
    state(editor, firm, staff=5)
    client = signed_in(editor)

    old = client.post(URL, form(staff="8"))
    now = client.post(URL, form(staff="8", seen="1"))

    assert old.status_code == 409
    assert ["<strong>Now:</strong> 5" in old.text, "<strong>Yours:</strong> 8" in old.text] == [True, True]
    assert 'name="seen" value="1"' in old.text
    assert (now.status_code, YearlyFigure.objects.get().staff) == (302, 8)


def test_member_takes_a_year_back(firm: Organisation, editor: User, make_user: MakeUser) -> None:
    state(editor, firm, staff=5)
    viewer = signed_in(make_user("viewer", member_of=firm, role="viewer"))

    refused = viewer.post(f"{URL}take-back/", {"seen": "1"}, follow=True)
    stale = signed_in(editor).post(f"{URL}take-back/", {"seen": "x"}, follow=True)
    kept = YearlyFigure.objects.count()
    done = signed_in(editor).post(f"{URL}take-back/", {"seen": "1"}, follow=True)

    assert [answer.status_code for answer in (refused, stale, done)] == [200] * 3
    assert (kept, YearlyFigure.objects.count()) == (1, 0)


def test_viewer_reads_and_does_not_write(firm: Organisation, editor: User, make_user: MakeUser) -> None:
    state(editor, firm, revenue=Decimal(15_000_000))
    client = signed_in(make_user("viewer", member_of=firm, role="viewer"))

    page, written = client.get(LIST), client.post(URL, form(staff="8", seen="1"), follow=True)

    assert ["CNY 15 million" in page.text, URL in page.text] == [True, False]
    assert written.redirect_chain == [(LIST, 302)]
    assert YearlyFigure.objects.get().staff is None


def test_page_asks_as_often_for_three_years_as_for_one(firm: Organisation, editor: User) -> None:
    client = signed_in(editor)
    numbers = []
    for year in (LAST, LAST - 1, LAST - 2):
        state(editor, firm, year=year, staff=5, revenue=Decimal(100))
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        numbers.append(len(queries))

    assert numbers == [numbers[0]] * 3
    assert numbers[0] <= 12


# --- The staff workplace --------------------------------------------------------------


def test_officer_enters_corrects_and_verifies(firm: Organisation, officer: User) -> None:
    client, add = signed_in(officer), "/admin/firms/yearlyfigure/add/"
    data = {"organisation": firm.pk, "year": LAST, **dict.fromkeys(MEASURES, ""), "seen_now": ""}

    entered = client.post(add, {**data, "revenue": "1500万元", "staff": "45"})
    figure: Any = YearlyFigure.objects.get()
    url = f"/admin/firms/yearlyfigure/{figure.pk}/change/"
    first = (figure.source, figure.entered_by, figure.is_verified, figure.revenue)
    save(client, url, {"revenue": "15,000,000", "staff": "46", "seen_now": "审计报告 2026-001"})
    figure.refresh_from_db()
    page = client.get(url).text

    assert entered.status_code == 302
    assert first == ("registry", officer, False, 15_000_000)
    assert (figure.staff, figure.verified_by, figure.evidence) == (46, officer, "审计报告 2026-001")
    assert [text for text in ('value="15,000,000"', "审计报告 2026-001", "Officer"[1:]) if text not in page] == []


@pytest.mark.parametrize(
    "change", [{"revenue": "1_000"}, {"revenue": "NaN"}, {"year": str(LAST + 1)}, {"year": "1e5"}, {"staff": ""}, {"organisation": "9" * 30}]
)  # fmt: skip
def test_officer_is_told_what_is_wrong(firm: Organisation, officer: User, change: dict[str, str]) -> None:
    data = {"organisation": str(firm.pk), "year": str(LAST), **dict.fromkeys(MEASURES, ""), "staff": "5"}

    answer = signed_in(officer).post("/admin/firms/yearlyfigure/add/", {**data, "seen_now": "", **change})

    assert (answer.status_code, YearlyFigure.objects.count()) == (200, 0)


def test_workplace_follows_the_role(firm: Organisation, editor: User, make_user: MakeUser) -> None:
    figure = state(editor, firm, staff=5)
    pages = [
        "/admin/firms/yearlyfigure/",
        f"/admin/firms/yearlyfigure/{figure.pk}/change/",
        "/admin/firms/yearlyfigure/add/",
    ]
    own = make_user("own", Role.REGISTRY, member_of=firm)
    users = [make_user(role.name.lower(), role) for role in Role]

    answers = {user.name: [signed_in(user).get(url).status_code for url in pages] for user in [*users, own]}
    forbidden = signed_in(own).post(pages[1], {"staff": "6", "seen_history": "999999"}).status_code
    data = {"organisation": firm.pk, "year": LAST - 1, **dict.fromkeys(MEASURES, ""), "staff": "5", "seen_now": ""}
    forbidden_to_add = signed_in(own).post(pages[2], data).status_code

    writers, readers = {"registry", "own"}, {"screening", "manager", "auditor", "head"}
    assert answers == {
        user.name: [200, 200, 200] if user.name in writers else [200, 200, 403] if user.name in readers else [403] * 3
        for user in [*users, own]
    }
    assert (forbidden, forbidden_to_add, YearlyFigure.objects.count()) == (403, 403, 1)


# --- The public page ------------------------------------------------------------------


def test_public_page_shows_the_class_once_the_figures_are_verified(
    client: Client, firm: Organisation, editor: User, officer: User
) -> None:
    figure = state(editor, firm, revenue=Decimal(SECRET), staff=45)
    before = client.get("/en/firms/software/").text
    verify_figures(by=officer, figure=figure, evidence="审计报告", seen=1)
    after = client.get("/en/firms/software/").text
    state(editor, firm, revenue=Decimal(SECRET + 1), staff=45, seen=1)

    words = f"small (by the figures of {LAST})"
    assert ["not determined" in before, words in before] == [True, False]
    assert ["not determined" in after, words in after, str(SECRET) in after] == [False, True, False]
    assert "not determined" in client.get("/en/firms/software/").text
