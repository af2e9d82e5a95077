"""Asking without an account: the address is confirmed first, nothing tells who has an account, abuse is refused aloud."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from django.core import signing
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from firms.models import Organisation
from investors.forms import strangers
from investors.models import Inquiry, Opportunity, UnconfirmedInquiry
from investors.services import unconfirmed
from portal import work
from portal.models import HistoryEntry, Notice, User
from portal.notices import render
from tests.incentives import make
from tests.investors.conftest import make_organisation
from tests.investors.test_officers import put_in_charge

NEW = "/en/inquiries/new/"
AGAIN = "/en/inquiries/confirm/again/"
EMAIL = "ada@visitor.example"


@pytest.fixture(autouse=True)
def _people_type_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strangers, "_SOONEST", timedelta(seconds=-1))


def typed(**changes: str) -> dict[str, str]:
    """Return what a browser sends of the form."""
    return {
        "topic": "talent", "subject": "Graduates", "text": "How many?", "language": "en", "name": "Ada Example",
        "email": EMAIL, "country": "SG", "firm": "Example Pte", "website": "", "key": str(uuid4()),
        "opened": strangers._opened(), **changes,
    }  # fmt: skip


def ask(client: Client | None = None, **changes: str) -> HttpResponse:
    return (client or Client()).post(NEW, typed(**changes))  # type: ignore[return-value]


def links(email: str = EMAIL) -> list[str]:
    """Return the paths of the links that were sent to an address."""
    mails = Notice.objects.filter(kind="investors.confirm_inquiry", address=email).order_by("pk")
    return [re.findall(r"https?://[^/\s]+(/\S+)", notice.context["text"])[0] for notice in mails]


def test_stranger_asks_confirms_and_is_received(people: SimpleNamespace) -> None:
    put_in_charge(people.officer, "talent")
    sent = ask()
    assert (sent.status_code, Inquiry.objects.count(), User.objects.filter(email=EMAIL).count()) == (200, 0, 0)
    (link,) = links()
    client = Client()

    shown = client.get(link)
    assert (shown.status_code, Inquiry.objects.count()) == (200, 0)
    done = client.post(link)

    inquiry = Inquiry.objects.get()
    assert (inquiry.subject, inquiry.firm, str(inquiry.country), inquiry.officer, inquiry.sender.email) == (
        "Graduates", "Example Pte", "SG", people.officer, EMAIL,
    )  # fmt: skip
    assert (inquiry.reference in done.text, people.officer.name in done.text) == (True, True)
    assert client.get(inquiry.get_absolute_url()).status_code == 200  # signed in by the link that made the account
    assert (inquiry.sender.has_usable_password(), inquiry.sender.name, inquiry.sender.language) == (
        False, "Ada Example", "en",
    )  # fmt: skip
    assert EmailAddress.objects.filter(user=inquiry.sender, email=EMAIL, verified=True, primary=True).count() == 1
    assert set(inquiry.sender.consents.values_list("purpose", flat=True)) == {"account", "inquiries"}
    assert Notice.objects.filter(kind="investors.inquiry_received", recipient=inquiry.sender).exists()
    assert HistoryEntry.objects.get(subject_table="investors_inquiry", operation="insert").actor == (
        f"user:{inquiry.sender.pk}"
    )
    row = UnconfirmedInquiry.objects.get()
    assert (row.name, row.subject, row.text, row.firm, row.inquiry) == ("", "", "", "", inquiry)


def test_mail_says_nothing_that_was_typed(people: SimpleNamespace) -> None:
    ask(name="Buy cheap at http://evil.example", subject="Win money", text="Click", language="zh-hans")

    mail = Notice.objects.get()
    subject, paragraphs = render(mail)
    assert [word for word in ("evil", "Win", "Click", "cheap") if word in subject + "".join(paragraphs)] == []
    assert mail.language == "zh-hans"
    assert links()[0].startswith("/zh-hans/inquiries/confirm/")


def test_mail_is_delivered_once_and_then_forgotten(people: SimpleNamespace, mailoutbox: list[Any]) -> None:
    ask()

    work.run("notices")

    assert [mail.to for mail in mailoutbox] == [[EMAIL]]
    assert Notice.objects.get().context["text"] == ""


@pytest.mark.parametrize("method", ["get", "head"])
def test_scanner_that_opens_the_link_uses_nothing_up(people: SimpleNamespace, method: str) -> None:
    ask()

    for _time in range(3):
        assert getattr(Client(), method)(links()[0]).status_code == 200
    assert Inquiry.objects.count() == 0
    assert Client().post(links()[0]).status_code == 200
    assert Inquiry.objects.count() == 1


def test_existing_account_has_to_sign_in(people: SimpleNamespace) -> None:
    EmailAddress.objects.create(user=people.investor, email=people.investor.email, verified=True, primary=True)
    ask(email=people.investor.email.upper())
    client = Client()

    done = client.post(links(people.investor.email)[0])

    inquiry = Inquiry.objects.get()
    assert (inquiry.sender, inquiry.reference in done.text) == (people.investor, True)
    assert client.get(inquiry.get_absolute_url()).status_code == 302
    assert f"/accounts/login/code/?next={inquiry.get_absolute_url()}" in done.text


def test_account_opened_by_another_with_the_address_loses_its_password(people: SimpleNamespace) -> None:
    squatter = User.objects.create_user(EMAIL, "river-blue-77", name="Squatter")
    EmailAddress.objects.create(user=squatter, email=EMAIL, verified=False, primary=True)
    ask()

    Client().post(links()[0])

    squatter.refresh_from_db()
    assert (Inquiry.objects.get().sender, squatter.has_usable_password()) == (squatter, False)
    client = Client()
    client.post("/en/accounts/login/", {"login": EMAIL, "password": "river-blue-77"})
    assert "_auth_user_id" not in client.session


def test_closed_account_is_told_and_nothing_is_sent(people: SimpleNamespace) -> None:
    User.objects.filter(pk=people.investor.pk).update(is_active=False)
    ask(email=people.investor.email)

    answer = Client().post(links(people.investor.email)[0])

    assert (answer.status_code, Inquiry.objects.count(), UnconfirmedInquiry.objects.get().text) == (403, 0, "How many?")


def test_link_used_twice_tells_the_same_inquiry(people: SimpleNamespace) -> None:
    ask()
    first, second = Client().post(links()[0]), Client()

    again = second.post(links()[0])
    opened = second.get(links()[0])

    reference = Inquiry.objects.get().reference
    assert [reference in page.text for page in (first, again, opened)] == [True, True, True]
    assert ([page.status_code for page in (again, opened)], "_auth_user_id" in second.session) == ([200, 200], False)


@pytest.mark.parametrize("broken", ["x", ":", "a" * 10_000, "%F0%9F%9A%80", "%E2%80%AE"])
def test_wrong_link_gets_a_page_from_which_one_goes_on(people: SimpleNamespace, broken: str) -> None:
    ask()
    whole = links()[0]
    for path in (f"/en/inquiries/confirm/{broken}/", whole[:-3] + "AB/"):
        for answer in (Client().get(path), Client().post(path)):
            assert (answer.status_code, AGAIN in answer.text) == (404, True)
    assert Inquiry.objects.count() == 0


def test_token_made_for_another_purpose_confirms_nothing(people: SimpleNamespace) -> None:
    ask()
    forged = signing.Signer(salt="other").sign(str(UnconfirmedInquiry.objects.get().uid))

    assert Client().post(f"/en/inquiries/confirm/{forged}/").status_code == 404


def test_expired_link_and_text_are_gone(people: SimpleNamespace) -> None:
    ask()
    past = timezone.now() - timedelta(seconds=1)
    UnconfirmedInquiry.objects.update(expires_at=past, next_try_at=past)

    answers = [Client().post(links()[0])]
    work.run("unconfirmed_inquiries")
    answers.append(Client().get(links()[0]))

    assert [(answer.status_code, NEW in answer.text) for answer in answers] == [(410, True), (410, True)]
    assert (UnconfirmedInquiry.objects.count(), Inquiry.objects.count()) == (0, 0)


def test_sweep_deletes_nothing_that_can_be_confirmed(people: SimpleNamespace) -> None:
    ask()

    work.run("unconfirmed_inquiries")

    row = UnconfirmedInquiry.objects.get()
    assert row.expires_at - row.created_at == timedelta(hours=48)


def test_confirmed_row_goes_without_its_inquiry(people: SimpleNamespace) -> None:
    ask()
    Client().post(links()[0])
    past = timezone.now() - timedelta(seconds=1)
    UnconfirmedInquiry.objects.update(expires_at=past, next_try_at=past)

    work.run("unconfirmed_inquiries")

    assert (UnconfirmedInquiry.objects.count(), Inquiry.objects.count()) == (0, 1)


# --- Nothing tells who has an account ----------------------------------------------------


def test_answer_and_queries_are_the_same_with_and_without_account(people: SimpleNamespace) -> None:
    EmailAddress.objects.create(user=people.investor, email=people.investor.email, verified=True, primary=True)
    ask(email="warm@visitor.example")
    seen = []
    for email in (people.investor.email, "fresh@visitor.example", people.officer.email):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page = ask(email=email)
        text = re.sub(r'value="[\w-]{40,}"', "", page.text).replace(email, "ADDRESS")
        seen.append((page.status_code, text, len(queries), len(links(email))))

    assert seen[0] == seen[1] == seen[2]


def test_sending_again_tells_nothing_and_sends_the_same_link(people: SimpleNamespace) -> None:
    ask()

    known, unknown = (Client().post(AGAIN, {"email": email}) for email in (EMAIL.upper(), "nobody@visitor.example"))

    assert (known.status_code, known.text) == (unknown.status_code, unknown.text)
    assert (len(links()), len(set(links())), links("nobody@visitor.example")) == (2, 1, [])


# --- Abuse is limited without puzzles ----------------------------------------------------


def test_address_gets_three_mails_an_hour_at_most(people: SimpleNamespace) -> None:
    statuses = [ask().status_code, ask().status_code, Client().post(AGAIN, {"email": EMAIL}).status_code]
    refused = [ask(text="My long text"), Client().post(AGAIN, {"email": EMAIL})]

    assert (statuses, [page.status_code for page in refused], len(links())) == ([200, 200, 200], [429, 429], 3)
    assert "My long text" in refused[0].text
    assert [page["Retry-After"] for page in refused] == ["600", "600"]
    UnconfirmedInquiry.objects.update(mailed_at=timezone.now() - timedelta(minutes=61))
    assert ask().status_code == 200


def test_one_place_sends_twenty_an_hour_at_most(people: SimpleNamespace, settings: Any) -> None:
    settings.INQUIRIES_PER_PLACE = 2
    sent = [ask(email=f"a{number}@visitor.example") for number in range(3)]
    elsewhere = Client(REMOTE_ADDR="192.0.2.9").post(NEW, typed(email="b@visitor.example"))
    forged = Client(HTTP_X_FORWARDED_FOR="192.0.2.8").post(NEW, typed(email="c@visitor.example"))

    assert [page.status_code for page in sent] == [200, 200, 429]
    assert "How many?" in sent[2].text
    assert (elsewhere.status_code, forged.status_code) == (200, 429)


def test_behind_the_proxy_its_own_word_counts(people: SimpleNamespace, settings: Any) -> None:
    settings.INQUIRIES_PER_PLACE, settings.BEHIND_PROXY = 1, True

    def status(forwarded: str) -> int:
        client = Client(HTTP_X_FORWARDED_FOR=forwarded)
        return client.post(NEW, typed(email=f"{uuid4().hex}@visitor.example")).status_code

    assert [status("192.0.2.1"), status("6.6.6.6, 192.0.2.1"), status("192.0.2.2")] == [200, 429, 200]
    assert [status("2001:db8:1:1::1"), status("2001:db8:1:1:ffff::2"), status("2001:db8:1:2::1")] == [200, 429, 200]


def test_ceiling_answers_politely(people: SimpleNamespace, settings: Any) -> None:
    settings.INQUIRIES_PER_MINUTE = 2
    pages = [
        Client(REMOTE_ADDR=f"192.0.2.{number}").post(NEW, typed(email=f"{number}@visitor.example"))
        for number in range(3)
    ]

    assert [page.status_code for page in pages] == [200, 200, 429]
    assert ("How many?" in pages[2].text, UnconfirmedInquiry.objects.count()) == (True, 2)


def test_form_filled_in_by_a_program_is_refused_aloud(people: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strangers, "_SOONEST", timedelta(seconds=2))
    fast = ask()
    monkeypatch.setattr(strangers, "_SOONEST", timedelta(seconds=-1))
    trapped = ask(website="http://evil.example")
    monkeypatch.setattr(strangers, "_LATEST", timedelta(seconds=-1))
    old = ask()

    assert [page.status_code for page in (fast, trapped, old)] == [422, 422, 422]
    assert ["How many?" in page.text for page in (fast, trapped, old)] == [True, True, True]
    assert UnconfirmedInquiry.objects.count() == 0
    monkeypatch.undo()
    fresh = re.findall(r'name="opened" value="([^"]+)"', old.text)[0]
    monkeypatch.setattr(strangers, "_SOONEST", timedelta(seconds=-1))
    assert ask(opened=fresh).status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "Ada\r\nBcc: x@evil.example"),
        ("name", "Ada\nBcc: x@evil.example"),
        ("name", "\u200b\u2060"),
        ("name", "x" * 10_000),
        ("name", "nul \x00"),
        ("email", "ada@visitor.example\r\nBcc: x@evil.example"),
        ("email", "ada@visitor.example\nX: y"),
        ("email", "no address"),
        ("email", "a@" + "x" * 300 + ".example"),
        ("email", "gone-1@erased.invalid"),
        ("email", ""),
        ("firm", "x" * 151),
        ("firm", "A\r\nB"),
        ("country", "ZZ"),
        ("text", "x" * 10_000),
        ("text", "x" * 100_000),
        ("text", ""),
        ("topic", "party"),
        ("language", "fr"),
        ("key", "one"),
        ("opened", "forged:x:y"),
    ],
)
def test_bad_input_gives_a_form_error_and_keeps_the_rest(people: SimpleNamespace, field: str, value: str) -> None:
    page = ask(**{field: value})

    assert (page.status_code, UnconfirmedInquiry.objects.count(), Notice.objects.count()) == (422, 0, 0)
    assert page.context["form"]["subject"].value() == "Graduates"


def test_markup_typed_by_a_stranger_is_shown_as_text(people: SimpleNamespace) -> None:
    ask(subject="<script>1</script>", text="{{ 7*7 }} <img src=x> =1+1", name="<b>Ada</b>")

    page = Client().get(links()[0])

    assert ("<script>1" in page.text, "<img src" in page.text, "{{ 7*7 }}" in page.text) == (False, False, True)


def test_same_form_sent_twice_is_one_row_and_one_mail(people: SimpleNamespace) -> None:
    key = str(uuid4())

    pages = [ask(key=key), ask(key=key)]

    assert [page.status_code for page in pages] == [200, 200]
    assert (UnconfirmedInquiry.objects.count(), len(links())) == (1, 1)


@pytest.mark.parametrize("field", ["subject", "text", "name", "firm"])
def test_database_keeps_no_text_once_confirmed(people: SimpleNamespace, field: str) -> None:
    ask()
    Client().post(links()[0])

    with pytest.raises(IntegrityError), transaction.atomic():
        UnconfirmedInquiry.objects.update(**{field: "kept"})


def test_fifty_presses_at_once_are_one_inquiry(committed_db: str, settings: Any) -> None:
    settings.DEMONSTRATION = True
    ask()
    link = links()[0]

    def press(_number: int) -> int:
        try:
            return Client().post(link).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        statuses = set(pool.map(press, range(50)))

    assert (statuses, Inquiry.objects.count(), User.objects.count()) == ({200}, 1, 1)


def test_fifty_forms_at_once_from_one_place_stay_under_the_limit(committed_db: str, settings: Any) -> None:
    settings.INQUIRIES_PER_PLACE = 7

    def send(number: int) -> int:
        try:
            return ask(email=f"{number}@visitor.example").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        statuses = list(pool.map(send, range(50)))

    assert (statuses.count(200), statuses.count(429), UnconfirmedInquiry.objects.count()) == (7, 43, 7)


# --- The context is kept ------------------------------------------------------------------


def contexts(make_opportunity: Callable[..., Opportunity]) -> dict[str, Any]:
    programme = make.programme(status="published")
    return {
        "organisation": make_organisation("Maker"),
        "university": make_organisation("College", kind="university"),
        "opportunity": make_opportunity("published"),
        "premises": make_opportunity("published", kind="premises", area=900, available_from="2027-01-01"),
        "programme": programme,
    }


@pytest.mark.parametrize(
    ("kind", "topic"),
    [
        ("organisation", "organisation"), ("university", "organisation"), ("opportunity", "opportunity"),
        ("premises", "premises"), ("programme", "incentives"),
    ],
)  # fmt: skip
def test_stranger_asks_from_a_page_and_the_inquiry_is_about_it(
    people: SimpleNamespace, make_opportunity: Callable[..., Opportunity], kind: str, topic: str
) -> None:
    thing = contexts(make_opportunity)[kind]
    name = "programme" if kind == "programme" else "opportunity" if isinstance(thing, Opportunity) else "about"
    page = Client().get(NEW, {name: thing.slug})
    assert (page.context["form"].initial["topic"], page.context["asked"].names) == (topic, {name: thing.slug})

    ask(topic=topic, **{name: thing.slug})
    done = Client()
    done.post(links()[0])

    inquiry = Inquiry.objects.get()
    assert inquiry.about == thing
    assert thing.get_absolute_url() in done.get(inquiry.get_absolute_url()).text
    assert thing.get_absolute_url() in workplace(people, inquiry)


def workplace(people: SimpleNamespace, inquiry: Inquiry) -> str:
    people.officer.is_superuser = False
    client = Client()
    client.force_login(people.officer)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("django.conf.settings.DEMONSTRATION", True)
        return client.get(f"/admin/investors/inquiry/{inquiry.pk}/change/").text


@pytest.mark.parametrize("name", ["about", "opportunity", "programme"])
@pytest.mark.parametrize("slug", ["gone", "x" * 10_000, "..", "'"])
def test_context_that_is_none_is_left_out(people: SimpleNamespace, name: str, slug: str) -> None:
    assert Client().get(NEW, {name: slug}).context["asked"].names == {}
    assert ask(**{name: slug}).status_code == 200


def test_organisation_merged_meanwhile_is_told_and_the_link_goes_on(
    people: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, firm: Organisation
) -> None:
    from portal.lifecycle import StepClosed

    ask(about=firm.slug)

    def merged(**_named: Any) -> None:
        raise StepClosed("Merged.")

    with monkeypatch.context() as patched:
        patched.setattr("investors.services.inquiries.hold", merged)
        refused = Client().post(links()[0])

    assert (refused.status_code, Client().post(links()[0]).status_code) == (409, 200)


def test_links_are_not_in_the_database(people: SimpleNamespace) -> None:
    ask()
    work.run("notices")

    token = unconfirmed.link_of(UnconfirmedInquiry.objects.get()).rstrip("/").rpartition(":")[2]
    columns = [str(value) for value in UnconfirmedInquiry.objects.values_list()[0]]
    columns += [str(value) for row in Notice.objects.values_list() for value in row]
    assert [value for value in columns if token in value] == []
