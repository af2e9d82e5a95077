"""Every page for everyone, and what pages do with what people type."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from investors.models import Inquiry, Opportunity
from portal.models import User

type MakeOpportunity = Callable[..., Opportunity]
type MakeInquiry = Callable[..., Inquiry]

WHO = [
    "anonymous",
    "investor",
    "stranger",
    "signatory",
    "editor",
    "viewer",
    "officer",
    "auditor",
    "head",
    "registry",
    "norole",
]


@pytest.fixture(autouse=True)
def _staff_without_second_factor(settings: Any) -> None:
    settings.DEMONSTRATION = True


def browser(user: User | None = None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def question(**changes: str) -> dict[str, str]:
    return {
        "topic": "talent",
        "subject": "Graduates",
        "text": "How many graduates a year?",
        "language": "en",
        "key": str(uuid4()),
        **changes,
    }


def statuses(people: SimpleNamespace, path: str, method: str = "get") -> dict[str, int]:
    return {who: getattr(browser(getattr(people, who, None)), method)(path).status_code for who in WHO}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("path", ["opportunities/", "technology/", "premises/", "inquiries/new/", "service-standard/"])
def test_public_page_opens_for_everyone(people: SimpleNamespace, path: str, language: str) -> None:
    assert set(statuses(people, f"/{language}/{path}").values()) == {200}


@pytest.mark.parametrize("path", ["desk/inquiries/", "desk/opportunities/", "desk/opportunities/new/"])
def test_desk_page_asks_to_sign_in(people: SimpleNamespace, path: str) -> None:
    found = statuses(people, f"/en/{path}")

    assert found.pop("anonymous") == 302
    assert set(found.values()) == {200}


def test_unpublished_opportunity_opens_for_its_members_and_staff(
    people: SimpleNamespace, make_opportunity: MakeOpportunity
) -> None:
    path = f"/en/opportunities/{make_opportunity('submitted').slug}/"

    opened = [who for who, status in statuses(people, path).items() if status == 200]

    assert opened == ["signatory", "editor", "viewer", "officer", "auditor", "head"]


def test_draft_opens_for_its_members_alone(people: SimpleNamespace, make_opportunity: MakeOpportunity) -> None:
    slug = make_opportunity("draft").slug

    found = [statuses(people, f"/en/{path}/{slug}/") for path in ("opportunities", "desk/opportunities")]

    members = ["signatory", "editor", "viewer"]
    assert [[who for who, status in page.items() if status == 200] for page in found] == [members, members]
    assert set(found[0].values()) == {200, 404}


@pytest.mark.parametrize("page", ["", "reply/", "rate/", "close/"])
def test_inquiry_is_found_by_its_sender_alone(people: SimpleNamespace, make_inquiry: MakeInquiry, page: str) -> None:
    path = f"/en/desk/inquiries/{make_inquiry().reference}/{page}"

    found = statuses(people, path, "post" if page else "get")

    assert (found.pop("anonymous"), found.pop("investor")) == (302, {"": 200, "close/": 302}.get(page, 422))
    assert set(found.values()) == {404}


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_lists_need_no_more_queries_for_more_rows(
    people: SimpleNamespace, make_opportunity: MakeOpportunity, make_inquiry: MakeInquiry
) -> None:
    pages = [
        (browser(), "/en/opportunities/"),
        (browser(people.signatory), "/en/desk/opportunities/"),
        (browser(people.investor), "/en/desk/inquiries/"),
    ]
    make_opportunity("published")
    make_inquiry()
    for client, path in pages:
        client.get(path)
    one = [queries(client, path) for client, path in pages]
    for _number in range(2):
        make_opportunity("published")
        make_inquiry()

    assert [queries(client, path) for client, path in pages] == one
    assert max(one) <= 15


# --- Asking ---------------------------------------------------------------------------


def test_signed_in_person_asks_and_reads_the_receipt(people: SimpleNamespace) -> None:
    page = browser(people.investor).post("/en/inquiries/new/", question(), follow=True)

    inquiry = Inquiry.objects.get()
    assert page.redirect_chain == [(f"/en/desk/inquiries/{inquiry.reference}/", 302)]
    assert inquiry.reference in page.text
    assert people.officer.name in page.text


def test_same_form_sent_twice_is_one_inquiry(people: SimpleNamespace) -> None:
    client, form = browser(people.investor), question()

    answers = [client.post("/en/inquiries/new/", form) for _time in range(2)]

    assert answers[0]["Location"] == answers[1]["Location"]
    assert Inquiry.objects.count() == 1


@pytest.mark.parametrize(
    "bad",
    [
        {"text": "x" * 100_000},
        {"text": "nul \x00 inside"},
        {"text": ""},
        {"text": "\u200b\u2060"},
        {"subject": "\u202e"},
        {"topic": "party"},
        {"language": "fr"},
        {"key": "one"},
        {"organisation": "999999999999999999999999"},
    ],
)
def test_bad_question_gives_a_form_error_and_keeps_the_text(people: SimpleNamespace, bad: dict[str, str]) -> None:
    client = browser(people.signatory)

    page = client.post("/en/inquiries/new/", question(**bad))

    assert page.status_code == 422
    assert page.context["form"]["subject"].value() == bad.get("subject", "Graduates")
    assert Inquiry.objects.count() == 0


def test_line_breaks_in_the_subject_do_not_reach_a_mail_header(people: SimpleNamespace) -> None:
    browser(people.investor).post("/en/inquiries/new/", question(subject="Hello\r\nBcc: x@evil.example"))

    assert Inquiry.objects.get().subject == "Hello Bcc: x@evil.example"


def test_markup_is_shown_as_text(people: SimpleNamespace) -> None:
    page = browser(people.investor).post(
        "/en/inquiries/new/", question(subject="<script>1</script>", text="{{ 7*7 }}<img src=x>"), follow=True
    )

    assert "<script>1" not in page.text
    assert "<img src=x>" not in page.text
    assert "{{ 7*7 }}" in page.text


def test_eleventh_inquiry_of_an_hour_is_refused_and_its_text_kept(
    people: SimpleNamespace, make_inquiry: MakeInquiry
) -> None:
    for _number in range(10):
        make_inquiry()

    page = browser(people.investor).post("/en/inquiries/new/", question())

    assert page.status_code == 429
    assert "How many graduates a year?" in page.text


def test_organisation_of_others_cannot_be_named(people: SimpleNamespace, firm: Any) -> None:
    answer = browser(people.investor).post("/en/inquiries/new/", question(organisation=str(firm.pk)))

    assert answer.status_code == 302
    assert Inquiry.objects.get().organisation is None


def test_unpublished_opportunity_cannot_be_asked_about(
    people: SimpleNamespace, make_opportunity: MakeOpportunity
) -> None:
    browser(people.investor).post("/en/inquiries/new/", question(opportunity=make_opportunity("draft").slug))

    assert Inquiry.objects.get().opportunity is None


# --- The sender's pages ----------------------------------------------------------------


def test_sender_replies_rates_and_closes(people: SimpleNamespace, make_inquiry: MakeInquiry) -> None:
    inquiry, client = make_inquiry("answered"), browser(people.investor)
    path = f"/en/desk/inquiries/{inquiry.reference}/"

    client.post(f"{path}rate/", {"rating": "5"})
    client.post(f"{path}close/")
    inquiry.refresh_from_db()
    assert (inquiry.rating, inquiry.status) == (5, "closed")
    form = {"text": "And in 2027?", "key": str(uuid4())}
    for _time in range(2):
        client.post(f"{path}reply/", form)

    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.messages.count()) == ("acknowledged", 2)


def test_internal_note_never_reaches_the_sender(people: SimpleNamespace, make_inquiry: MakeInquiry) -> None:
    from investors.services.inquiries import write_message

    inquiry = make_inquiry()
    write_message(by=people.officer, inquiry=inquiry, step="note", text="Doubtful sender.", key=uuid4())

    assert "Doubtful" not in browser(people.investor).get(f"/en/desk/inquiries/{inquiry.reference}/").text


# --- Own opportunities -----------------------------------------------------------------

FORM = {
    "title_en": "Space by the river",
    "title_zh": "滨江空间",
    "summary_en": "A floor.",
    "summary_zh": "",
    "text_en": "One floor with light from two sides.",
    "text_zh": "",
    "area": "850.5",
    "rent": "4.20",
    "available_from": "2027-03-01",
    "park_en": "",
    "park_zh": "",
    "expires_on": "2027-05-01",
}


def test_member_drafts_and_submits(people: SimpleNamespace, firm: Any) -> None:
    client = browser(people.editor)
    begun = client.post(
        "/en/desk/opportunities/new/", {"owner": firm.pk, "kind": "premises", "title_en": "Space by the river"}
    )
    assert begun["Location"] == "/en/desk/opportunities/space-by-the-river/"

    page = client.post(begun["Location"], {**FORM, "version": "1", "submit": "1"}, follow=True)

    opportunity = Opportunity.objects.get()
    assert page.status_code == 200
    assert (opportunity.status, str(opportunity.area), opportunity.version) == ("submitted", "850.50", 2)


@pytest.mark.parametrize(
    "bad",
    [
        {"area": "1_000"},
        {"area": "１２"},
        {"area": "1e1000"},
        {"area": "NaN"},
        {"area": "-0"},
        {"rent": "10000.01"},
        {"available_from": "9999-12-31"},
        {"available_from": "0001-01-01"},
        {"text_en": "x" * 100_000},
        {"title_en": "\x00"},
        {"title_en": "", "title_zh": "\u200b"},
        {"subdistrict": "310110999"},
        {"clusters": ["999999"]},
        {"version": "x"},
        {"expires_on": "2027-02-29"},
    ],
)
def test_bad_draft_gives_a_form_error_and_changes_nothing(
    people: SimpleNamespace, make_opportunity: MakeOpportunity, bad: dict[str, Any]
) -> None:
    opportunity = make_opportunity("draft", kind="premises")

    answer = browser(people.editor).post(f"/en/desk/opportunities/{opportunity.slug}/", {**FORM, "version": "1", **bad})

    opportunity.refresh_from_db()
    assert (answer.status_code, opportunity.version) == (422, 1)


def test_older_tab_sees_both_texts(people: SimpleNamespace, make_opportunity: MakeOpportunity) -> None:
    opportunity = make_opportunity("draft", kind="premises")
    path = f"/en/desk/opportunities/{opportunity.slug}/"
    browser(people.editor).post(path, {**FORM, "summary_en": "The newer one.", "version": "1"})

    page = browser(people.signatory).post(path, {**FORM, "summary_en": "The older one.", "version": "1"})

    assert page.status_code == 409
    assert ("The newer one." in page.text, "The older one." in page.text) == (True, True)


def test_fields_of_another_kind_are_not_taken(people: SimpleNamespace, make_opportunity: MakeOpportunity) -> None:
    opportunity = make_opportunity("draft", kind="premises")

    browser(people.editor).post(
        f"/en/desk/opportunities/{opportunity.slug}/",
        {**FORM, "version": "1", "amount_sought": "5", "status": "published", "slug": "x", "owner": "1"},
    )

    opportunity.refresh_from_db()
    assert (opportunity.amount_sought, opportunity.status) == (None, "draft")


@pytest.mark.parametrize("step", ["publish", "return", "expire", "nothing"])
def test_member_cannot_take_steps_of_others(
    people: SimpleNamespace, make_opportunity: MakeOpportunity, step: str
) -> None:
    opportunity = make_opportunity("submitted")

    browser(people.editor).post(f"/en/desk/opportunities/{opportunity.slug}/{step}/")

    opportunity.refresh_from_db()
    assert opportunity.status == "submitted"


def test_viewer_and_stranger_change_nothing(people: SimpleNamespace, make_opportunity: MakeOpportunity) -> None:
    opportunity = make_opportunity("draft", kind="premises")
    path = f"/en/desk/opportunities/{opportunity.slug}/"

    answers = [browser(who).post(path, {**FORM, "version": "1"}) for who in (people.viewer, people.stranger)]

    opportunity.refresh_from_db()
    assert [answer.status_code for answer in answers] == [409, 404]
    assert opportunity.version == 1
