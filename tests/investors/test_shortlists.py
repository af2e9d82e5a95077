"""Shortlists: without an account in the session, with one in rows; taken over, never shown to anybody else."""

import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from investors import comparing
from investors.holding import Holder
from investors.lifecycle import OPPORTUNITY
from investors.models import Opportunity, SharedShortlist, ShortlistItem
from investors.models.shortlists import MOST_KEPT
from investors.services import sharing, shortlists
from investors.shortlisting import MOST_IN_SESSION, Entry
from portal.models import HistoryEntry, User
from portal.personal_data import everything_about
from portal.roles import Role
from tests.asking import given, reached
from tests.investors.conftest import everybody, make_user
from tests.investors.publishing import published
from tests.racing import results_at_once

LIST, ADD, COMPARE = "/en/shortlist/", "/en/shortlist/add/", "/en/compare/"
DESK = "/en/desk/shortlist/"
PASSWORD = "river-blue-77"


@pytest.fixture
def three(make_opportunity: Callable[..., Opportunity]) -> list[Opportunity]:
    """Return three published opportunities."""
    return [make_opportunity(title_en=f"Robot {number}", title_zh=f"机器人{number}") for number in (1, 2, 3)]


def add(client: Client, *opportunities: Opportunity) -> None:
    for one in opportunities:
        assert client.post(ADD, {"item": one.slug}).status_code == 302


def shown(client: Client, path: str = LIST) -> list[str]:
    """Return the titles on a list, in its order."""
    answer = client.get(path, follow=True)
    return re.findall(r"<h2[^>]*>(?:<a [^>]*>)?(?:<span[^>]*>)?(Robot \d)", answer.text)


def beside(client: Client) -> Client:
    """Return another tab of the same browser."""
    tab = Client()
    for name, morsel in client.cookies.items():
        tab.cookies[name] = morsel.value
    return tab


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def sign_in(client: Client, user: User) -> None:
    assert client.post("/en/accounts/login/", {"login": user.email, "password": PASSWORD}).status_code == 302


def entries(user: User) -> list[int]:
    return [entry.pk for entry in shortlists.entries_of(user)]


# --- Without an account -----------------------------------------------------------------


def test_adding_asks_first_and_changes_nothing_by_get(three: list[Opportunity]) -> None:
    client = Client()

    asked = client.get(ADD, {"item": three[0].slug})

    assert (asked.status_code, asked.text.count('method="post"'), shown(client)) == (200, 1, [])
    assert asked["Cache-Control"].startswith("max-age=0")


def test_list_without_account_is_newest_first_and_once_each(three: list[Opportunity]) -> None:
    client = Client()

    add(client, *three, three[0])

    assert shown(client) == ["Robot 3", "Robot 2", "Robot 1"]
    assert ShortlistItem.objects.count() == 0


@pytest.mark.parametrize("item", ["", "nothing", "x" * 500, "%"])
def test_what_is_not_public_cannot_be_added(
    make_opportunity: Callable[..., Opportunity], people: SimpleNamespace, item: str
) -> None:
    draft = make_opportunity("draft")
    owner = signed_in(people.signatory)

    answers = [owner.post(ADD, {"item": slug}).status_code for slug in (item, draft.slug)]

    assert (answers, Client().get(ADD, {"item": draft.slug}).status_code) == ([404, 404], 404)


def test_taken_off_and_put_back_with_its_note(three: list[Opportunity]) -> None:
    client = Client()
    add(client, *three)
    client.post("/en/shortlist/note/", {"item": three[1].pk, "note": "Ask about\u202e the price"})

    answer = client.post("/en/shortlist/remove/", {"item": three[1].pk}, follow=True)
    after = shown(client)
    client.post("/en/shortlist/put-back/")

    assert (after, "Put it back" in answer.text) == (["Robot 3", "Robot 1"], True)
    assert shown(client) == ["Robot 2", "Robot 3", "Robot 1"]
    assert "Ask about the price" in client.get(LIST).text


@pytest.mark.parametrize(
    ("path", "data", "status"),
    [
        ("remove/", {"item": "x"}, 404),
        ("remove/", {"item": "-1"}, 404),
        ("remove/", {"item": str(2**70)}, 404),
        ("remove/", {"item": "7"}, 302),
        ("note/", {"item": "7", "note": "x"}, 404),
        ("note/", {"item": "7", "note": "x" * 301}, 422),
        ("put-back/", {}, 302),
    ],
)
def test_what_is_not_on_the_list_is_refused_calmly(db: None, path: str, data: dict[str, str], status: int) -> None:
    assert Client().post(f"/en/shortlist/{path}", data).status_code == status


def test_full_list_says_so_and_keeps_what_it_has(three: list[Opportunity]) -> None:
    client = Client()
    add(client, three[0])
    session = client.session
    session["shortlist"] += [Entry(10**6 + number).as_json() for number in range(MOST_IN_SESSION - 1)]
    session.save()

    answer = client.post(ADD, {"item": three[1].slug}, follow=True)

    assert ("holds 50 opportunities" in answer.text, len(client.session["shortlist"])) == (True, MOST_IN_SESSION)


@pytest.mark.parametrize("kept", ["x", 7, None, ["x"], [{"pk": "1"}], [{"pk": 1, "title_en": 5, "note": None}]])
def test_session_that_holds_something_else_breaks_no_page(db: None, kept: Any) -> None:
    client = Client()
    session = client.session
    session["shortlist"] = kept
    session["shortlist_undo"] = kept
    session.save()

    assert client.get(LIST + "?removed=1").status_code == 200


@pytest.mark.parametrize("status", ["withdrawn", "expired", "matched"])
def test_what_is_gone_shows_the_title_it_had_and_nothing_more(
    make_opportunity: Callable[..., Opportunity], people: SimpleNamespace, status: str
) -> None:
    client = Client()
    one = make_opportunity(title_en="Robot 1", summary_en="Seen before")
    add(client, one)
    Opportunity.objects.filter(pk=one.pk).update(title_en="Robot 9, secret now")
    step = {"withdrawn": "withdraw", "expired": "expire", "matched": "match"}[status]
    one.refresh_from_db()
    if step == "expire":
        Opportunity.objects.filter(pk=one.pk).update(expires_on=timezone.localdate() - timedelta(days=1))
        one.refresh_from_db()
    OPPORTUNITY.apply(one, step, by=None if step == "expire" else people.signatory, reason="because")

    text = client.get(LIST).text

    assert ("Robot 1" in text, "Robot 9" in text, "Seen before" in text) == (True, False, False)
    assert "Not offered any more" in text


def test_public_page_is_the_same_for_every_visitor(three: list[Opportunity]) -> None:
    client = Client()
    before = client.get(three[0].get_absolute_url())
    add(client, three[0])
    client.get(LIST)  # which says once that it was added

    after = client.get(three[0].get_absolute_url())

    assert (after.content, "csrf" in after.text, ADD in after.text) == (before.content, False, True)


def test_two_tabs_add_different_things_and_both_stay(committed_db: str, transacted: list[Opportunity]) -> None:
    client = Client()
    add(client, transacted[0])

    def post(one: Opportunity) -> int:
        return beside(client).post(ADD, {"item": one.slug}).status_code

    answers = results_at_once(*(lambda one=one: post(one) for one in transacted[1:] for _time in range(4)))

    assert (set(answers), sorted(shown(client))) == ({302}, ["Robot 1", "Robot 2", "Robot 3"])


# --- With an account --------------------------------------------------------------------


@pytest.fixture
def transacted(committed_db: str) -> list[Opportunity]:
    """Return three published opportunities that other connections see."""
    with transaction.atomic():
        return published(3)


def test_fifty_clicks_add_once(committed_db: str, transacted: list[Opportunity]) -> None:
    with transaction.atomic():
        user = make_user("wei")
    client = signed_in(user)

    def post() -> int:
        return beside(client).post(ADD, {"item": transacted[0].slug}).status_code

    answers = results_at_once(*[post] * 50)

    assert (set(answers), entries(user)) == ({302}, [transacted[0].pk])


def test_list_of_person_is_bounded_by_postgresql(three: list[Opportunity], people: SimpleNamespace) -> None:
    shortlists.keep(by=people.investor, entry=Entry.of(three[0]))

    for place in (0, MOST_KEPT + 1, 1):
        with pytest.raises(IntegrityError), transaction.atomic():
            ShortlistItem.objects.create(person=people.investor, opportunity=three[1], place=place)
    with pytest.raises(IntegrityError), transaction.atomic():
        ShortlistItem.objects.create(person=people.investor, opportunity=three[0], place=2)


def test_list_is_history_but_its_notes_are_not(three: list[Opportunity], people: SimpleNamespace) -> None:
    shortlists.keep(by=people.investor, entry=Entry.of(three[0]).noted("zqx-secret"))
    shortlists.note(by=people.investor, pk=three[0].pk, text="zqx-other")

    rows = HistoryEntry.objects.filter(subject_table="investors_shortlistitem")

    assert [row.operation for row in rows.order_by("pk")] == ["insert", "update"]
    assert "zqx" not in str([(row.was, row.now) for row in rows])


def test_sign_in_takes_over_and_loses_nothing(three: list[Opportunity], people: SimpleNamespace) -> None:
    user = with_password(people.investor)
    shortlists.keep(by=user, entry=Entry.of(three[0]).noted("mine"))
    client = Client()
    add(client, *three)
    client.post("/en/shortlist/note/", {"item": three[0].pk, "note": "other"})
    client.post("/en/shortlist/note/", {"item": three[2].pk, "note": "new"})

    sign_in(client, user)

    kept = {item.opportunity_id: item.note for item in ShortlistItem.objects.filter(person=user)}
    assert kept == {three[0].pk: "mine", three[1].pk: "", three[2].pk: "new"}
    assert client.session.get("shortlist") == []


def test_next_person_at_the_browser_inherits_nothing(three: list[Opportunity], people: SimpleNamespace) -> None:
    user, other = with_password(people.investor), with_password(people.stranger)
    client = Client()
    add(client, three[0])
    sign_in(client, user)
    client.post("/en/shortlist/remove/", {"item": three[0].pk})
    client.post("/en/accounts/logout/")
    as_nobody = shown(client), client.post("/en/shortlist/put-back/").status_code, shown(client)

    sign_in(client, other)

    assert (as_nobody, entries(other), client.get(DESK).text.count("Robot")) == (([], 302, []), [], 0)


def test_what_has_no_room_waits_until_there_is(three: list[Opportunity], people: SimpleNamespace) -> None:
    user = with_password(people.investor)
    shortlists.keep(by=user, entry=Entry.of(three[0]))
    ShortlistItem.objects.filter(person=user).update(place=MOST_KEPT)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO investors_opportunity SELECT (jsonb_populate_record(o, jsonb_build_object("
            "'id', 900000 + n, 'status', 'draft', 'slug', 'copy-' || n))).* FROM investors_opportunity o, generate_series(1, %s) n"
            " WHERE o.id = %s",
            [MOST_KEPT - 1, three[0].pk],
        )
    copies = Opportunity.objects.filter(pk__gt=900000).order_by("pk")
    shortlists.take_over(by=user, entries=[Entry.of(copy) for copy in copies])
    client = Client()
    add(client, three[1])

    sign_in(client, user)
    told = client.get(DESK).text
    client.post("/en/shortlist/remove/", {"item": three[0].pk})

    assert "1 opportunity that you kept before you signed in has no room" in told
    assert (three[1].pk in entries(user), ShortlistItem.objects.filter(person=user).count()) == (True, MOST_KEPT)


@pytest.mark.parametrize("number", [1, 3])
def test_list_takes_the_same_queries_however_long(
    three: list[Opportunity], people: SimpleNamespace, number: int
) -> None:
    client = signed_in(people.investor)
    for one in three[:number]:
        shortlists.keep(by=people.investor, entry=Entry.of(one))

    with CaptureQueriesContext(connection) as queries:
        client.get(DESK)

    assert len(queries) == 10


def test_nobody_reaches_the_list_of_another(three: list[Opportunity], people: SimpleNamespace, settings: Any) -> None:
    settings.DEMONSTRATION = True
    shortlists.keep(by=people.investor, entry=Entry.of(three[0]).noted("zqx-note"))
    shared = sharing.share(by=Holder(person=people.investor), opportunities=[three[0].pk])
    end, link = f"/en/shortlist/links/{shared.uid}/end/", sharing.token_of(shared)
    accounts = {name: user for name, user in everybody(people).items() if user != people.investor}

    assert reached(accounts, [end], "zqx-note", link, theirs=[DESK, LIST]) == {}
    assert len(accounts) == 1 + len(Role) + 6
    assert given(people.investor, [DESK], "zqx-note") == given(people.investor, [DESK], link) == [DESK]
    for user in filter(None, accounts.values()):
        shortlists.note(by=user, pk=three[0].pk, text="theirs")
        shortlists.drop(by=user, pk=three[0].pk)
    client = signed_in(people.stranger)
    client.post("/en/shortlist/note/", {"item": three[0].pk, "note": "theirs"})
    client.post("/en/shortlist/remove/", {"item": three[0].pk})
    for verb in ("get", "post", "head", "put", "patch", "delete", "options"):
        assert [b"zqx-note" in getattr(client, verb)(path).content for path in (DESK, LIST)] == [False, False]
    assert ShortlistItem.objects.get().note == "zqx-note"
    assert SharedShortlist.objects.live().get() == shared


def test_export_and_erasure_know_the_list(three: list[Opportunity], people: SimpleNamespace) -> None:
    shortlists.keep(by=people.investor, entry=Entry.of(three[0]).noted("a note"))
    client = signed_in(people.investor)
    client.post("/en/shortlist/share/")

    told = everything_about(people.investor)

    assert [(one["opportunity"], one["note"]) for one in told["shortlist"]] == [(three[0].slug, "a note")]
    assert [one["opportunities"] for one in told["shared_shortlists"]] == [[three[0].pk]]


# --- Side by side -----------------------------------------------------------------------


def test_comparison_says_what_is_not_stated_and_what_differs(make_opportunity: Callable[..., Opportunity]) -> None:
    one = make_opportunity(title_en="Robot 1", amount_secured=None)
    two = make_opportunity(title_en="Robot 2", amount_sought=40_000_000)
    offered = make_opportunity(kind="technology_offered", title_en="Robot 3")

    rows = {str(row.label): row for row in comparing.compare([one, two, offered])}

    sought = rows["Amount sought"]
    assert [(cell.text, cell.applies) for cell in sought.cells] == [
        ("CNY 30 million", True),
        ("CNY 40 million", True),
        ("", False),
    ]
    assert (sought.differs, rows["Stage"].differs, rows["Already secured"].differs) == (True, False, True)
    assert [rows["Already secured"].cells[0].text, rows["Already secured"].cells[0].applies] == ["", True]


def test_comparison_is_public_and_shows_five_at_most(make_opportunity: Callable[..., Opportunity]) -> None:
    slugs = [make_opportunity(title_en=f"Robot {number}").slug for number in range(1, 7)]
    gone = make_opportunity("withdrawn", title_en="Robot 7").slug

    answer = Client().get(COMPARE, {"item": [gone, *slugs]})

    assert (answer.text.count('role="columnheader"'), "Robot 7" in answer.text, "Robot 5" in answer.text) == (
        5,
        False,
        False,
    )
    assert ("Only the first 5 are shown" in answer.text, "1 of those asked for" in answer.text) == (True, True)
    assert ("csrf" in answer.text, answer.cookies) == (False, {})


@pytest.mark.parametrize("query", ["", "?item=", "?item=" + "x" * 3000, "?item=%ff", "?item=a&item=a&item=b&q=%27"])
def test_comparison_of_nothing_says_how_to_begin(db: None, query: str) -> None:
    answer = Client().get(COMPARE + query)

    assert answer.status_code in {200, 400}
    if answer.status_code == 200:
        assert "Nothing to compare yet" in answer.text


# --- Shared -----------------------------------------------------------------------------


def share(client: Client) -> str:
    """Make a link and return its path."""
    client.post("/en/shortlist/share/")
    found = re.search(r'value="https?://[^/]+(/en/shortlist/shared/[^"]+)"', client.get(LIST, follow=True).text)
    assert found
    return found.group(1)


@pytest.mark.parametrize("account", [False, True])
def test_link_shows_the_list_and_not_whose_it_is(
    three: list[Opportunity], people: SimpleNamespace, account: bool
) -> None:
    client = signed_in(people.investor) if account else Client()
    add(client, *three)
    client.post("/en/shortlist/note/", {"item": three[0].pk, "note": "zqx-note"})
    path = share(client)
    Opportunity.objects.filter(pk=three[2].pk).update(expires_on=timezone.localdate().replace(year=2020))
    recipient = Client()

    text = recipient.get(path).text
    recipient.post(path)

    assert [word in text for word in ("Robot 1", "Robot 2", "Robot 3", "zqx", people.investor.email)] == [
        True, True, False, False, False,
    ]  # fmt: skip
    assert ("1 of them is not offered" in text, shown(recipient)) == (True, ["Robot 2", "Robot 1"])


def test_link_ends_at_once_by_its_maker_alone(three: list[Opportunity], people: SimpleNamespace, settings: Any) -> None:
    settings.DEMONSTRATION = True
    client, other = signed_in(people.investor), signed_in(people.stranger)
    add(client, three[0])
    path = share(client)
    end = f"/en/shortlist/links/{SharedShortlist.objects.get().uid}/end/"

    by_others = [someone.post(end).status_code for someone in (other, Client(), signed_in(people.administrator))]
    still = Client().get(path).status_code
    client.post(end)

    assert (by_others, still, Client().get(path).status_code, Client().post(path).status_code) == (
        [404, 404, 404],
        200,
        410,
        410,
    )


def test_link_expires_and_a_wrong_one_is_told_apart(three: list[Opportunity]) -> None:
    client = Client()
    add(client, three[0])
    path = share(client)
    SharedShortlist.objects.update(expires_at=timezone.now())

    assert Client().get(path).status_code == 410
    assert Client().get(path[:-2] + "/").status_code == 404
    assert Client().get(f"/en/shortlist/shared/{SharedShortlist.objects.get().uid}/").status_code == 404


def test_same_list_is_shared_by_one_link_and_links_are_bounded(three: list[Opportunity]) -> None:
    client = Client()
    add(client, three[0])
    paths = {share(client), share(client)}

    for number in range(12):
        client.post("/en/shortlist/remove/", {"item": three[number % 2].pk})
        add(client, three[1 - number % 2])
        add(client, three[2])
        client.post("/en/shortlist/share/")

    assert (len(paths), SharedShortlist.objects.count() <= 10) == (1, True)


def test_link_made_without_account_is_ended_with_it(three: list[Opportunity], people: SimpleNamespace) -> None:
    user = with_password(people.investor)
    client = Client()
    add(client, three[0])
    path = share(client)
    sign_in(client, user)

    client.post(f"/en/shortlist/links/{SharedShortlist.objects.get(person=user).uid}/end/")

    assert Client().get(path).status_code == 410


def test_shared_list_belongs_to_one_holder(db: None, people: SimpleNamespace) -> None:
    for holder in ({"person": people.investor, "session_digest": "x"}, {"person": None, "session_digest": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            SharedShortlist.objects.create(opportunities=[1], expires_at=timezone.now(), **holder)
