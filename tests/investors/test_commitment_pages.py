"""The pages of commitments: who reads what, what is made with one action, what bad input does."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from firms.models import Organisation
from investors.models import Commitment, Inquiry
from portal.models import User
from tests.incentives.stories import story_in
from tests.investors.committing import MARK, answered, make, today

ADD = reverse("admin:investors_commitment_add")
LIST = reverse("admin:investors_commitment_changelist")


@pytest.fixture(autouse=True)
def demonstration(settings: Any) -> None:
    """Let staff in without a second factor."""
    settings.DEMONSTRATION = True


def client_of(user: User | None) -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    if user:
        client.force_login(user)
    return client


def test_answer_becomes_a_commitment_with_one_action(
    people: SimpleNamespace, firm: Organisation, make_inquiry: Callable[..., Inquiry]
) -> None:
    message = answered(people, make_inquiry(sender=people.editor, organisation=firm))
    client = client_of(people.officer)
    url = f"{ADD}?message={message.pk}"
    page = client.get(url)
    form = page.context["form"]
    sent = {name: form[name].value() or "" for name in form.fields} | {"due_on": today().isoformat()}

    answer = client.post(url, sent, follow=True)

    made = Commitment.objects.get()
    assert [text in page.content.decode() for text in (MARK, "Demonstration Robotics · Editor")] == [True, True]
    assert "was made, and its beneficiary was told" in answer.content.decode()
    assert (made.message, made.organisation, made.person, made.owner, made.text_en, made.text_zh) == (
        message, firm, people.editor, people.officer, message.body, "",
    )  # fmt: skip
    client.post(url, sent)
    assert Commitment.objects.count() == 1
    assert made.reference in client_of(people.viewer).get("/en/desk/commitments/").content.decode()


def test_inquiry_leads_from_its_answer_to_the_commitment(
    people: SimpleNamespace, make_inquiry: Callable[..., Inquiry]
) -> None:
    inquiry = make_inquiry()
    message = answered(people, inquiry)
    url = reverse("admin:investors_inquiry_change", args=[inquiry.pk])
    link = f'href="{ADD}?message={message.pk}"'

    seen = {name: link in client_of(getattr(people, name)).get(url).content.decode() for name in ("officer", "auditor")}
    made = make(people, person=people.investor, source="answer", source_on=None, message=message)

    assert seen == {"officer": True, "auditor": False}
    assert made.reference in client_of(people.auditor).get(url).content.decode()


def test_offer_becomes_a_commitment_with_one_action(people: SimpleNamespace) -> None:
    story = story_in("offered")
    client = client_of(people.manager)
    review = client.get(reverse("admin:incentives_application_change", args=[story.application.pk])).content.decode()
    url = f"{ADD}?application={story.application.pk}"
    form = client.get(url).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields} | {"due_on": today().isoformat()}

    client.post(url, sent)

    made = Commitment.objects.get()
    assert f'href="{url}"' in review
    assert (made.application, made.organisation, made.owner, str(story.application.number) in made.text_zh) == (
        story.application, story.application.organisation, people.manager, True,
    )  # fmt: skip
    shown = client.get(reverse("admin:incentives_application_change", args=[story.application.pk])).content.decode()
    assert made.reference in shown


def test_draft_is_no_offer_to_promise_anything_with(people: SimpleNamespace) -> None:
    story = story_in("submitted")

    page = client_of(people.manager).get(f"{ADD}?application={story.application.pk}")

    assert page.context["origin"] is None


def test_commitment_is_made_by_hand_from_a_letter(people: SimpleNamespace, firm: Organisation) -> None:
    day = today().isoformat()
    sent = {
        "organisation": firm.name_zh, "person": "", "text_zh": "设置指示牌。", "text_en": "", "due_on": day,
        "owner": people.manager.pk, "source": "letter", "source_on": day, "source_note": "No. 7", "key": uuid4(),
    }  # fmt: skip

    answer = client_of(people.head).post(ADD, sent)

    made = Commitment.objects.get()
    assert (answer.status_code, made.organisation, made.owner, made.source_note) == (302, firm, people.manager, "No. 7")


LIES: list[dict[str, Any]] = [
    {"organisation": "Nobody"}, {"organisation": "\x00"}, {"organisation": "", "person": ""},
    {"person": "nobody@demo.example"}, {"person": "\x00@demo.example"}, {"text_en": ""}, {"text_en": "x" * 100_000},
    {"due_on": "2020-01-01"}, {"due_on": "9999-12-31"}, {"due_on": "soon"}, {"owner": 10**30}, {"owner": "me"},
    {"source": "rumour"}, {"source_on": ""}, {"source_note": "x" * 10_000}, {"key": "none"},
]  # fmt: skip


def test_bad_input_is_told_beside_its_field_and_makes_nothing(people: SimpleNamespace, firm: Organisation) -> None:
    day, client = today().isoformat(), client_of(people.officer)
    good = {
        "organisation": firm.name_zh, "person": "", "text_en": "We <b>do</b>\u202e it.", "due_on": day,
        "owner": people.officer.pk, "source": "letter", "source_on": day, "source_note": "=1+1", "key": str(uuid4()),
    }  # fmt: skip

    answers = [client.post(ADD, {**good, **lie}).status_code for lie in LIES]
    named = [client.get(f"{ADD}?{query}").status_code for query in (
        "message=" + "9" * 30, "message=x", "application=" + "9" * 18, "application=%00",
    )]  # fmt: skip

    assert (set(answers), named, Commitment.objects.count()) == (
        {422},
        [200, 200, 200, 400],
        0,
    )
    assert client.post(ADD, good).status_code == 302
    shown = client_of(people.viewer).get(Commitment.objects.get().get_absolute_url()).content.decode()
    assert ("We &lt;b&gt;do&lt;/b&gt; it." in shown, "<b>do" in shown) == (True, False)
    exported = client.get(reverse("admin:investors_commitment_export"))
    assert (exported.status_code, len(exported.getvalue()) > 1000) == (200, True)  # read to its end: the file is closed


def test_internal_notes_and_threads_of_others_are_no_source(
    people: SimpleNamespace, make_inquiry: Callable[..., Inquiry]
) -> None:
    message = answered(people, make_inquiry())

    pages = [client_of(user).get(f"{ADD}?message={message.pk}") for user in (people.officer, people.manager)]

    assert [page.context["origin"] is not None for page in pages] == [True, False]
    assert MARK not in pages[1].content.decode()


def test_owner_keeps_and_beneficiary_objects_on_their_pages(people: SimpleNamespace, firm: Organisation) -> None:
    commitment = make(people, firm)
    officer, signatory = client_of(people.officer), client_of(people.signatory)
    step = reverse("admin:investors_commitment_step", args=[commitment.pk, "keep"])
    officer.post(step, {"keep-text": "\x00"})
    commitment.refresh_from_db()
    before = commitment.status

    officer.post(step, {"keep-text": "The sign stands."})
    page = signatory.get(commitment.get_absolute_url()).content.decode()
    url = reverse("investors:object_to_commitment", args=[commitment.reference])
    empty = signatory.post(url, {"text": " "}).status_code
    objected = signatory.post(url, {"text": "It fell over."}, follow=True).content.decode()
    again = signatory.post(url, {"text": "It fell over."}).status_code

    assert (before, "The sign stands." in page, empty, again) == ("open", True, 422, 409)
    assert "The head of service answers you by" in objected


def test_follow_up_is_offered_with_the_reasons(people: SimpleNamespace, firm: Organisation) -> None:
    commitment = make(people, firm)
    step = reverse("admin:investors_commitment_step", args=[commitment.pk, "break"])
    sent = {"break-text": "It rained.", "break-next_step": "We wait.", "break-due_on": today().isoformat()}

    client_of(people.officer).post(step, sent)

    commitment.refresh_from_db()
    page = client_of(people.viewer).get(commitment.get_absolute_url()).content.decode()
    assert [text in page for text in ("It rained.", "We wait.", commitment.follow_up.reference)] == [True] * 3


@pytest.mark.parametrize("path", ["/en/desk/commitments/", "/en/desk/commitments/print/", LIST])
def test_lists_ask_as_often_for_three_as_for_one(
    people: SimpleNamespace, firm: Organisation, django_assert_num_queries: Any, path: str
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    make(people, firm)
    client = client_of(people.officer if path == LIST else people.editor)
    client.get(path)
    asked = []
    for _more in range(2):
        with CaptureQueriesContext(connection) as found:
            assert client.get(path).status_code == 200
        asked.append(len(found))
        for _each in range(2):
            make(people, firm)

    assert asked[0] == asked[1]


def test_page_far_away_is_the_last(people: SimpleNamespace, firm: Organisation) -> None:
    commitment = make(people, firm)

    page = client_of(people.viewer).get(f"/en/desk/commitments/?page={10**30}")

    assert (page.status_code, commitment.reference in page.content.decode()) == (200, True)
