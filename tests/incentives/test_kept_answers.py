"""Answers of the public check, kept when asked: where, how long, what they fill in, and what they never do."""

import re
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from firms.models import Certificate, Membership, Organisation
from incentives import services
from incentives.models import Round
from portal import clock
from tests.incentives import asking, make
from tests.incentives.stories import Story
from tests.incentives.test_pages import signed_in

pytestmark = pytest.mark.django_db

CHECK, ASK, KEEP, FORGET = (f"/en/incentives/check/{tail}" for tail in ("", "keep/", "kept/", "forget/"))
ANSWERS = {"age": "2019-03-01", "staff": "45", "cluster": "ai", "certificate": "hnte", "costs": "1,000,000"}
AS_KEPT = {"age": "2019-03-01", "staff": "45", "cluster": "ai", "certificate": "hnte", "costs": "1000000"}
SOURCE = "your answers of the public check"


@pytest.fixture
def opened() -> Round:
    make.cluster()
    return make.round_of()


def kept(client: Client) -> Any:
    return client.session.get("check_answers", {}).get("answers")


def write(client: Client, value: Any) -> None:
    """Write what a session keeps by hand."""
    session = client.session
    session["check_answers"] = value
    session.save()


def today() -> Any:
    return timezone.localdate(timezone=clock.SHANGHAI)


def with_answers(client: Client, **answers: str) -> Client:
    write(client, {"on": today().isoformat(), "answers": answers})
    return client


# --- Asking -----------------------------------------------------------------------------


def test_nothing_is_kept_and_no_cookie_set_before_somebody_asks(opened: Round) -> None:
    client = Client(enforce_csrf_checks=True)

    pages = [client.get(CHECK), client.post(CHECK, ANSWERS), client.get(f"/en/incentives/{opened.programme.slug}/")]

    assert [(page.status_code, page.cookies) for page in pages] == [(200, {})] * 3
    assert ["Keep these answers" in page.text for page in pages] == [False, True, False]
    assert "Keep these answers" not in client.post(CHECK, {"staff": ""}).text
    assert not Session.objects.exists()


def test_page_before_says_what_how_long_and_where_and_keeps_nothing(opened: Round) -> None:
    client = Client(enforce_csrf_checks=True)

    asked = client.post(ASK, ANSWERS | {"unknown": "x", "foreign": "yes"})  # no open programme asks for owners

    shown = dict(zip(re.findall("<dt>(.*?)</dt>", asked.text), re.findall("<dd>(.*?)</dd>", asked.text), strict=True))
    assert shown == {
        "Founded on": "1 March 2019",
        "Number of staff": "45",
        "Cluster your business belongs to": "AI",
        "Certificate": str(Certificate.Level.HNTE.label),
        "Eligible costs of the project (CNY)": "CNY 1 million",
    }
    assert "in the session of this browser, without an account, for 14 days at the most" in asked.text
    assert "no-store" in asked["Cache-Control"]
    assert (set(asked.cookies), Session.objects.exists()) == ({"csrf"}, False)
    assert client.get(ASK)["Location"] == CHECK


def test_keeping_takes_the_button_of_that_page(opened: Round) -> None:
    client = Client(enforce_csrf_checks=True)
    asked = client.post(ASK, ANSWERS)
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', asked.text))

    refused = Client(enforce_csrf_checks=True).post(KEEP, ANSWERS)
    answer = client.post(KEEP, fields)

    assert (refused.status_code, refused.cookies, Session.objects.count()) == (403, {}, 1)
    assert (answer.status_code, answer["Location"], kept(client)) == (302, CHECK, AS_KEPT)
    assert client.session["check_answers"].keys() == {"on", "answers"}
    assert (client.get(KEEP).status_code, client.get(FORGET).status_code) == (405, 405)


@pytest.mark.parametrize(
    ("address", "mark"),
    [(CHECK, "Kept on "), ("/zh-hans/incentives/check/", "保留的回答。")],
)
def test_kept_answers_stand_in_the_check_until_forgotten(opened: Round, address: str, mark: str) -> None:
    client = Client()
    client.post(KEEP, ANSWERS)

    back = client.get(address)
    client.post(FORGET)
    after = client.get(address)

    assert {name: back.context["form"].initial.get(name) for name in ANSWERS} == AS_KEPT
    assert (back.text.count(mark), "no-store" in back["Cache-Control"]) == (5, True)
    assert 'value="2019-03-01"' in back.text
    assert (after.context["form"].initial, mark in after.text, kept(client)) == ({}, False, None)


def test_answers_to_one_programme_lead_back_to_it(opened: Round) -> None:
    slug = opened.programme.slug
    client = Client()

    page = client.post(f"/en/incentives/{slug}/check/", {"staff": "45"})
    answer = client.post(KEEP, {"programme": slug, "staff": "45"})

    assert f'<input type="hidden" name="programme" value="{slug}">' in page.text
    assert answer["Location"] == f"/en/incentives/{slug}/check/"
    assert client.get(answer["Location"]).context["form"].initial == {"staff": "45"}
    assert client.post(ASK, {"programme": "nothing", "staff": "45"}).status_code == 404


# --- What is no answer ------------------------------------------------------------------


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"staff": "4\x005"},
        {"staff": "４５"},
        {"staff": "9" * 5000},
        {"age": "9999-12-31"},
        {"cluster": "nothing"},
        {"certificate": "<script>"},
        {"costs": "NaN"},
        {"on": "2026-01-01", "answers": "x"},
    ],
)
def test_what_is_no_answer_is_not_kept(opened: Round, answers: dict[str, str]) -> None:
    client = Client()

    codes = [client.post(path, answers).status_code for path in (ASK, KEEP)]

    assert (codes, kept(client)) == ([302, 302], None)
    assert client.post(KEEP, {"programme": "a\x00b", "staff": "4"}).status_code == 400


@pytest.mark.parametrize(
    "value",
    [
        None, "x", 7, [], {}, {"on": 7, "answers": {}}, {"on": "2026-13-40", "answers": {"staff": "4"}}, {"on": "now"},
        {"on": "9999-12-31", "answers": {"staff": "4"}}, {"on": "0001-01-01", "answers": {"staff": "4"}},
        {"on": "today", "answers": {"staff": 4}}, {"on": "today", "answers": {"staff": "4" * 31}},
        {"on": "today", "answers": ["staff"]}, {"on": "today", "answers": {str(n): "4" for n in range(21)}},
    ],
)  # fmt: skip
def test_session_that_holds_something_else_keeps_nothing(opened: Round, value: Any) -> None:
    client = Client()
    if isinstance(value, dict) and value.get("on") == "today":
        value["on"] = today().isoformat()
    write(client, value)

    page = client.get(CHECK)

    assert (page.status_code, page.context["kept"], "check_answers" in client.session) == (200, None, False)


def test_kept_text_that_answers_nothing_is_left_out(opened: Round) -> None:
    client = with_answers(Client(), staff="4\x005", age="<b>", cluster="ports", password="x", capital="5", costs="9")

    page = client.get(CHECK)

    assert (page.status_code, page.context["form"].initial) == (200, {"costs": "9"})


@pytest.mark.parametrize(("days", "there"), [(14, True), (15, False)])
def test_answers_go_after_two_weeks_however_long_the_session_lasts(opened: Round, days: int, there: bool) -> None:
    client = Client()
    write(client, {"on": (today() - timedelta(days=days)).isoformat(), "answers": {"staff": "45"}})

    page = client.get(CHECK)

    assert (page.context["kept"] is not None, kept(client) is not None) == (there, there)


def test_programme_that_closed_meanwhile_is_not_answered(opened: Round) -> None:
    client = Client()
    client.post(KEEP, ANSWERS)
    Round.objects.update(closes_at=timezone.now() - timedelta(minutes=1))

    closed = client.get(CHECK)
    make.round_of()
    another = client.get(CHECK)

    assert (closed.status_code, closed.context["form"].initial, "No round is open now" in closed.text) == (
        200,
        {},
        True,
    )
    assert another.context["form"].initial == AS_KEPT


# --- After signing in -------------------------------------------------------------------


def test_they_come_along_at_the_sign_in_and_go_at_the_sign_out(opened: Round) -> None:
    firm = make.organisation(staff=None)
    user = make.member(firm)
    user.set_password("river-blue-77")
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    client = Client()
    client.post(KEEP, ANSWERS)

    client.post("/en/accounts/login/", {"login": user.email, "password": "river-blue-77"})
    before = kept(client)
    page = client.get(CHECK)
    client.post("/en/accounts/logout/")

    assert (before, page.context["organisation"]) == (AS_KEPT, firm)
    assert kept(client) is None


def test_check_of_an_organisation_takes_them_where_nothing_else_says_it(opened: Round) -> None:
    firm = make.organisation(staff=None)  # founded in 2020, and of no cluster
    client = with_answers(signed_in(make.member(firm)), **AS_KEPT)

    page = client.get(CHECK)
    one = client.get(f"/en/incentives/{opened.programme.slug}/")

    facts = {v.rule.kind: v.fact for v in page.context["entries"][0].verdicts}
    assert {kind: str(fact.source) for kind, fact in facts.items()} == {
        "age": "registry",
        "staff": SOURCE,
        "cluster": SOURCE,
        "certificate": SOURCE,
    }
    assert (facts["age"].value.year, facts["staff"].value, facts["staff"].on) == (2020, 45, today())
    assert page.context["form"].initial == {"costs": "1000000"}
    assert "CNY 1 million × 50%" in page.text
    assert one.text.count(f"Source: {SOURCE}") == page.text.count(f"Source: {SOURCE}") == 3
    assert firm.staff is None
    assert not Certificate.objects.exists()


def test_they_prove_nothing_when_an_application_is_judged(opened: Round) -> None:
    story = Story(opened=opened)
    Organisation.objects.filter(pk=story.firm.pk).update(staff=None)
    client = with_answers(signed_in(story.signatory), staff="45")

    page = client.get(story.application.get_absolute_url())

    assert SOURCE not in page.text


@pytest.mark.parametrize(
    ("code", "found"),
    [("", 0), ("91310110MA1KEPT014", 1), ("91310110MA1KEPT022", 0)],
)
def test_of_several_organisations_they_are_that_one_whose_code_was_answered(
    opened: Round, code: str, found: int
) -> None:
    firm, other = make.organisation(staff=None), make.organisation(staff=None)
    user = make.member(firm)
    Membership.objects.create(user=user, organisation=other, role="editor")
    Organisation.objects.filter(pk=firm.pk).update(uscc="91310110MA1KEPT014")
    client = with_answers(signed_in(user), staff="45", **({"firm": code} if code else {}))

    pages = [client.get(CHECK, {"organisation": one.slug}).text for one in (firm, other)]

    assert [page.count(f"Source: {SOURCE}") for page in pages] == [found, 0]


# --- A new application ------------------------------------------------------------------


@pytest.fixture
def story() -> Story:
    """Return a draft that asks for three facts; the profile says when the firm was founded, nothing else."""
    programme = make.programme()
    section = programme.sections.get()
    for slug, kind, fact in (("team", "number", "staff"), ("since", "date", "founded"), ("code", "text", "code")):
        asking.question(section, slug, kind, filled_from=fact, required=False)
    story = Story(opened=make.round_of(programme))
    story.firm.staff = None
    story.firm.save()
    return story


def section(story: Story, slug: str, language: str = "en") -> str:
    return f"/{language}/desk/applications/{story.application.uid}/sections/{slug}/"


@pytest.mark.parametrize(
    ("language", "mark"), [("en", "Taken from your answers of the public check of "), ("zh-hans", "保留的条件核对回答")]
)
def test_new_application_is_filled_in_and_marked(story: Story, language: str, mark: str) -> None:
    client = with_answers(signed_in(story.editor), **AS_KEPT)

    project = client.get(section(story, "project", language))
    funding = client.get(section(story, "funding", language))

    initial = project.context["form"].initial
    assert (initial["team"], initial["since"], initial.get("code")) == ("45", "2020-05-01", None)
    assert funding.context["form"].initial["project_cost"] == "1000000"
    assert "requested_amount" not in funding.context["form"].initial
    assert (project.text.count(mark), funding.text.count(mark)) == (1, 1)


def test_nothing_is_filled_in_over_what_is_saved_or_was_submitted(story: Story) -> None:
    client = with_answers(signed_in(story.editor), staff="45", costs="1000000")
    for slug, answers in (("project", {"aim": "x", "team": 12}), ("funding", {"project_cost": "5"})):
        services.save_section(
            application=story.application, section=slug, answers=answers, complete=False, version=0, by=story.editor
        )

    pages = [client.get(section(story, slug)) for slug in ("project", "funding")]

    assert pages[0].context["form"].initial["team"] == 12
    assert pages[1].context["form"].initial["project_cost"] == "5"
    assert not any("Taken from your answers" in page.text for page in pages)


@pytest.mark.parametrize("hostile", ["4\x005", "-1", "<b>", "9" * 30])
def test_kept_text_that_does_not_fit_fills_in_nothing(story: Story, hostile: str) -> None:
    client = with_answers(signed_in(story.editor), staff=hostile, costs=hostile)

    project, funding = (client.get(section(story, slug)) for slug in ("project", "funding"))

    assert (project.context["form"].initial.get("team"), project.status_code) == (None, 200)
    assert (funding.context["form"].initial.get("project_cost"), funding.status_code) == (None, 200)


def test_answers_of_a_stranger_to_the_applicant_fill_in_nothing(story: Story) -> None:
    Membership.objects.create(user=story.editor, organisation=make.organisation(), role="editor")
    client = with_answers(signed_in(story.editor), staff="45")

    assert client.get(section(story, "project")).context["form"].initial.get("team") is None
