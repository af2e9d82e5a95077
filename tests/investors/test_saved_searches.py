"""Saved searches: told once of each opportunity, at once or in digests; ended by one click; private; and their feed."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.test import Client
from django.utils import timezone, translation

from investors.lifecycle import OPPORTUNITY
from investors.models import Announcement, Opportunity, SavedSearch, SearchDigest, SearchHit
from investors.notices.searches import stop_token
from investors.services import saved_searches
from investors.services.saved_searches import Wish, canonical, next_digest, save_search
from portal import work
from portal.lifecycle import StepClosed
from portal.models import Notice, User
from portal.notices import deliver
from portal.personal_data import everything_about
from portal.roles import Role
from tests.asking import given, reached
from tests.investors.conftest import everybody, lead, make_user
from tests.investors.publishing import published
from tests.investors.test_shortlists import beside, signed_in
from tests.racing import results_at_once

SAVE, DESK, FEED = "/en/desk/saved-searches/new/", "/en/desk/saved-searches/", "/en/opportunities/feed/"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def person(people: SimpleNamespace) -> User:
    """Return an investor whose e-mail address is verified."""
    return verified(people.investor)


def verified(user: User) -> User:
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def saved(user: User, query: str = "q=gripper", often: str = "immediate", name: str = "Grippers") -> SavedSearch:
    return save_search(by=user, wish=Wish(name, query, often))


def told(user: User) -> list[Notice]:
    return list(Notice.objects.filter(recipient=user, kind="investors.search_found", channel="email").order_by("pk"))


# --- Saving -----------------------------------------------------------------------------


def test_search_of_the_list_is_saved_changed_paused_and_deleted(person: User) -> None:
    client = signed_in(person)

    answer = client.post(f"{SAVE}?q=gripper&kind=capital_sought&nonsense=1", {"name": "Grippers", "often": "daily"})
    page = client.get(answer["Location"]).text
    client.post(answer["Location"], {"name": "Robots", "often": "weekly"})
    search = SavedSearch.objects.get()
    client.post(f"{answer['Location']}pause/")
    paused = SavedSearch.objects.get().paused_at is not None, SearchDigest.objects.count()
    client.post(f"{answer['Location']}go-on/")
    asked = client.get(f"{answer['Location']}delete/").status_code
    client.post(f"{answer['Location']}delete/")

    assert (search.name, search.often, QueryDict(search.query).dict()) == (
        "Robots", "weekly", {"q": "gripper", "kind": "capital_sought"},
    )  # fmt: skip
    assert ("gripper" in page, "Capital sought" in page, paused, asked) == (True, True, (True, 0), 200)
    assert SavedSearch.objects.count() == 0


@pytest.mark.parametrize("path", [SAVE, DESK])
def test_saving_needs_an_account_and_comes_back_to_the_search(db: None, path: str) -> None:
    answer = Client().get(path + "?q=gripper")

    assert answer["Location"] == f"/en/accounts/login/?next={path}%3Fq%3Dgripper"


def test_unverified_address_hears_nothing(people: SimpleNamespace) -> None:
    answer = signed_in(people.investor).post(SAVE + "?q=x", {"name": "x", "often": "daily"})

    assert (answer.status_code, SavedSearch.objects.count()) == (422, 0)


@pytest.mark.parametrize(
    "changes", [{"name": ""}, {"name": "x" * 81}, {"name": "\u202e"}, {"often": "hourly"}, {"often": ""}]
)
def test_wrong_wish_is_refused(person: User, changes: dict[str, str]) -> None:
    answer = signed_in(person).post(SAVE + "?q=x", {"name": "x", "often": "daily", **changes})

    assert (answer.status_code, SavedSearch.objects.count()) == (422, 0)


def test_same_criteria_are_one_search_and_their_number_is_bounded(person: User) -> None:
    for _time in range(2):
        saved(person)
    for number in range(19):
        saved(person, query=f"q=robot{number}")

    with pytest.raises(StepClosed):
        saved(person, query="q=more")
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedSearch.objects.create(person=person, place=21, name="x", query="q=x", often="daily", since=timezone.now())
    assert SavedSearch.objects.count() == 20


def test_order_of_the_list_is_no_criterion() -> None:
    with translation.override("en"):
        queries = {canonical(QueryDict(query)) for query in ("q=a", "q=a&sort=newest", "page=3&q=a", "sort=ending&q=a")}

    assert len(queries) == 1


def test_fifty_clicks_save_one(committed_db: str) -> None:
    with transaction.atomic():
        user = verified(make_user("wei"))
    client = signed_in(user)
    form = {"name": "Grippers", "often": "daily"}

    answers = results_at_once(*[lambda: beside(client).post(SAVE + "?q=gripper", form).status_code] * 50)

    assert (set(answers), SavedSearch.objects.count(), SearchDigest.objects.count()) == ({302}, 1, 1)


# --- Telling ----------------------------------------------------------------------------


def test_published_listing_is_told_at_once_to_whom_it_fits(
    person: User, people: SimpleNamespace, make_opportunity: Callable[..., Opportunity]
) -> None:
    saved(person)
    other = verified(people.stranger)
    saved(other, query="q=submarine")

    make_opportunity()
    work.run("announcements")

    (notice,) = told(person)
    assert (notice.context["number"], told(other)) == (1, [])
    assert "Growth capital for gripper robots" in notice.context["found"]["en"]
    assert "/zh-hans/opportunities/" in notice.context["found"]["zh"]


def test_listing_published_again_is_not_told_again(
    person: User, people: SimpleNamespace, make_opportunity: Callable[..., Opportunity]
) -> None:
    saved(person)
    one = make_opportunity()
    work.run("announcements")
    for step, by in [("take_down", people.officer), ("submit", people.signatory), ("publish", people.officer)]:
        OPPORTUNITY.apply(one, step, by=by, reason="because")
        one.refresh_from_db()
    work.run("announcements")
    Announcement.objects.update(done_at=None, next_try_at=timezone.now(), tries=0)
    work.run("announcements")

    assert (len(told(person)), SearchHit.objects.count()) == (1, 1)


def test_announcement_goes_on_in_pieces(
    person: User, people: SimpleNamespace, make_opportunity: Callable[..., Opportunity], monkeypatch: Any
) -> None:
    monkeypatch.setattr(saved_searches, "PIECE", 1)
    other = verified(people.stranger)
    saved(person)
    saved(other)

    make_opportunity()
    work.run("announcements")

    assert [len(told(user)) for user in (person, other)] == [1, 1]
    assert Announcement.objects.open().count() == 0


def test_digest_tells_what_is_new_once_and_plans_the_next(
    person: User, make_opportunity: Callable[..., Opportunity]
) -> None:
    make_opportunity(title_en="Gripper of before")
    search = saved(person, often="daily")
    made = [make_opportunity(title_en=f"Gripper {number}") for number in (1, 2)]
    work.run("announcements")
    at_once, early = len(told(person)), work.run("search_digests")
    for _day in range(2):
        SearchDigest.objects.filter(done_at=None).update(next_try_at=timezone.now(), due_at=timezone.now())
        work.run("search_digests")

    (notice,) = told(person)
    assert (at_once, early, notice.context["number"]) == (0, 0, 2)
    assert "before" not in notice.context["found"]["en"]
    assert set(SearchHit.objects.values_list("opportunity", flat=True)) == {one.pk for one in made}
    assert SearchDigest.objects.get(search=search, done_at=None).due_at > timezone.now()


@pytest.mark.parametrize(
    ("often", "now", "due"),
    [
        ("daily", "2026-11-26T00:00:00", "2026-11-27T00:00:00"),
        ("daily", "2026-11-25T23:59:59", "2026-11-26T00:00:00"),
        ("weekly", "2026-11-26T05:00:00", "2026-11-30T00:00:00"),
        ("weekly", "2026-11-29T23:59:00", "2026-11-30T00:00:00"),
        ("weekly", "2026-11-30T00:00:00", "2026-12-07T00:00:00"),
    ],
)
def test_digests_are_due_at_eight_in_shanghai(often: str, now: str, due: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)

    assert next_digest(often, moment).astimezone(UTC) == datetime.fromisoformat(due).replace(tzinfo=UTC)


def test_paused_search_tells_nothing_and_goes_on_with_what_is_new(
    person: User, make_opportunity: Callable[..., Opportunity]
) -> None:
    search = saved(person)
    saved_searches.pause(search=search)
    make_opportunity(title_en="Gripper one")
    saved_searches.go_on(search=search)
    make_opportunity(title_en="Gripper two")
    work.run("announcements")

    assert [re.findall(r"Gripper \w+", notice.context["found"]["en"]) for notice in told(person)] == [["Gripper two"]]


@pytest.mark.parametrize("status", ["expired", "withdrawn"])
def test_what_is_gone_when_the_digest_is_due_is_not_told(
    person: User, people: SimpleNamespace, make_opportunity: Callable[..., Opportunity], status: str
) -> None:
    saved(person, often="daily")
    one = make_opportunity("submitted")
    Opportunity.objects.filter(pk=one.pk).update(expires_on=timezone.localdate() + timedelta(days=1))
    lead(make_opportunity("draft", title_en="Gripper draft"), "withdrawn", people)
    SearchDigest.objects.update(next_try_at=timezone.now())
    work.run("search_digests")

    assert told(person) == []


@pytest.mark.parametrize(("language", "subject"), [("en", "1 new opportunity for your"), ("zh-hans", "有 1 个新")])
def test_mail_has_the_headers_of_one_click(
    person: User, make_opportunity: Callable[..., Opportunity], language: str, subject: str
) -> None:
    User.objects.filter(pk=person.pk).update(language=language)
    person.refresh_from_db()
    search = saved(person)
    make_opportunity()
    work.run("announcements")

    deliver(told(person)[0])

    (sent,) = mail.outbox
    address = str(sent.extra_headers["List-Unsubscribe"]).strip("<>")
    assert (subject in sent.subject, sent.extra_headers["List-Unsubscribe-Post"]) == (
        True,
        "List-Unsubscribe=One-Click",
    )
    assert address in str(sent.body)
    path = re.sub(r"^https?://[^/]+", "", address)
    strict = Client(enforce_csrf_checks=True)
    looked = strict.get(path).status_code, SavedSearch.objects.get(pk=search.pk).paused_at
    clicked = strict.post(path, {"List-Unsubscribe": "One-Click"}).status_code
    assert (looked, clicked, SavedSearch.objects.get(pk=search.pk).paused_at is not None) == ((200, None), 200, True)


def test_wrong_stop_link_is_not_found_and_one_of_a_deleted_search_is_calm(person: User) -> None:
    search = saved(person)
    token = stop_token(search)
    search.delete()

    answers = [Client().post(f"/en/saved-searches/stop/{one}/").status_code for one in (token, token[:-1], "x:y")]

    assert answers == [200, 404, 404]


# --- Private ----------------------------------------------------------------------------


def test_nobody_reaches_the_search_of_another(person: User, people: SimpleNamespace, settings: Any) -> None:
    settings.DEMONSTRATION = True
    search = saved(person, name="zqx-name", query="q=zqxwords")
    own = search.get_absolute_url()
    paths = [own, f"{own}pause/", f"{own}go-on/", f"{own}delete/"]
    accounts = {name: user for name, user in everybody(people).items() if user != person}

    assert reached(accounts, paths, "zqx", theirs=[DESK]) == {}
    assert len(accounts) == 1 + len(Role) + 6
    search.refresh_from_db()
    assert (search.paused_at, search.name) == (None, "zqx-name")
    assert given(person, [*paths, DESK], "zqx") == [own, f"{own}delete/", DESK]
    assert [signed_in(user).get(own).status_code for user in (people.officer, people.stranger)] == [404, 404]


def test_export_tells_of_it(person: User) -> None:
    saved(person)

    assert [(one["name"], one["criteria"]) for one in everything_about(person)["saved_searches"]] == [
        ("Grippers", "q=gripper")
    ]


# --- The feed ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "title", "tongue"), [(FEED, "Gripper 2", "en"), ("/zh-hans/opportunities/feed/", "夹爪2", "zh-Hans")]
)
def test_feed_is_atom_of_what_fits(
    make_opportunity: Callable[..., Opportunity], path: str, title: str, tongue: str
) -> None:
    for number in (1, 2):
        make_opportunity(title_en=f"Gripper {number}", title_zh=f"夹爪{number}", summary_en="A <b> & \x0b more")
    make_opportunity(title_en="Submarine", title_zh="潜艇", summary_en="x", summary_zh="x", text_en="x", text_zh="x")

    answer = Client().get(path, {"q": "夹爪" if "zh" in path else "gripper", "sort": "ending"})

    feed = ET.fromstring(answer.content)  # noqa: S314 -- our own
    entries = feed.findall(f"{ATOM}entry")
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert [entry.findtext(f"{ATOM}title") for entry in entries][:1] == [title]
    assert (len(entries), feed.get("{http://www.w3.org/XML/1998/namespace}lang")) == (2, tongue)
    for entry in (feed, *entries):
        assert [entry.findtext(f"{ATOM}{name}") in (None, "") for name in ("id", "title", "updated")] == [False] * 3
    assert all(entry.find(f"{ATOM}author/{ATOM}name") is not None for entry in entries)


def test_feed_is_the_same_until_something_is_published(make_opportunity: Callable[..., Opportunity]) -> None:
    make_opportunity()
    first = Client().get(FEED)

    again = Client().get(FEED, headers={"If-None-Match": first["ETag"]})
    since = Client().get(FEED, headers={"If-Modified-Since": first["Last-Modified"]})

    assert (first.status_code, again.status_code, since.status_code) == (200, 304, 304)
    assert ("public" in first["Cache-Control"], first.cookies) == (True, {})


@pytest.mark.parametrize("query", ["q=%00", "q=" + "x" * 5000, "kind=x&cluster=%27", "q=%F0%A0%80%80", "sort=-"])
def test_feed_of_nonsense_is_no_error_of_ours(db: None, query: str) -> None:
    answer = Client().get(f"{FEED}?{query}")

    assert answer.status_code in {200, 400}
    if answer.status_code == 200:
        assert ET.fromstring(answer.content).tag == f"{ATOM}feed"  # noqa: S314 -- our own


def test_immediate_race_tells_once(committed_db: str) -> None:
    with transaction.atomic():
        user = verified(make_user("wei"))
        saved(user, query="q=Robot")
    with transaction.atomic():
        published(1)

    results_at_once(*[lambda: work.run("announcements")] * 4)

    assert (len(told(user)), SearchHit.objects.count()) == (1, 1)
