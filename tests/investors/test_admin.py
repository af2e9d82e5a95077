"""The staff workplace: who opens what, and what officers do there."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from investors.models import Inquiry, Opportunity
from portal.models import User
from portal.roles import Role
from tests.investors.conftest import make_user

type MakeOpportunity = Callable[..., Opportunity]
type MakeInquiry = Callable[..., Inquiry]

STAFF = [role.name.lower() for role in Role] + ["norole"]


@pytest.fixture(autouse=True)
def _staff_without_second_factor(settings: Any) -> None:
    settings.DEMONSTRATION = True


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def step_url(obj: Any, step: str) -> str:
    return reverse(f"admin:investors_{obj._meta.model_name}_step", args=[obj.pk, step])


def test_lists_and_pages_open_for_the_roles_that_read_them(
    people: SimpleNamespace, make_opportunity: MakeOpportunity, make_inquiry: MakeInquiry
) -> None:
    inquiry, opportunity = make_inquiry(), make_opportunity("submitted")
    paths = [reverse(f"admin:investors_{name}_changelist") for name in ("inquiry", "opportunity")]
    paths += [
        reverse("admin:investors_inquiry_change", args=[inquiry.pk]),
        reverse("admin:investors_opportunity_change", args=[opportunity.pk]),
    ]

    opened = {
        path: [who for who in STAFF if browser(getattr(people, who)).get(path).status_code == 200] for path in paths
    }

    expected = {path: ["investment", "auditor", "head"] for path in paths}
    expected[paths[0]] = [who for who in STAFF if who in {"registry", *expected[paths[0]]}]  # for the corrections
    assert opened == expected


@pytest.mark.parametrize("who", ["auditor", "head", "registry", "norole", "investor", "stranger"])
def test_steps_of_an_inquiry_are_refused_to_others(
    people: SimpleNamespace, make_inquiry: MakeInquiry, who: str
) -> None:
    inquiry = make_inquiry()

    answer = browser(getattr(people, who)).post(step_url(inquiry, "acknowledge"))

    inquiry.refresh_from_db()
    assert answer.status_code in {302, 403, 404}
    assert inquiry.status == "received"


def test_officer_confirms_answers_and_notes(people: SimpleNamespace, make_inquiry: MakeInquiry) -> None:
    inquiry, client = make_inquiry(), browser(people.officer)

    client.post(step_url(inquiry, "acknowledge"))
    note = {"note-text": "Ask the tax office.", "note-key": str(uuid4())}
    for _time in range(2):
        client.post(step_url(inquiry, "note"), note)
    client.post(step_url(inquiry, "answer"), {"answer-text": "This one.", "answer-key": str(uuid4())})

    inquiry.refresh_from_db()
    written = list(inquiry.messages.values_list("body", "is_internal"))
    assert (inquiry.status, written) == ("answered", [("Ask the tax office.", True), ("This one.", False)])


def test_answer_that_comes_too_late_is_kept_for_its_author(people: SimpleNamespace, make_inquiry: MakeInquiry) -> None:
    inquiry, client = make_inquiry("answered"), browser(people.officer)
    client.post(step_url(inquiry, "answer"), {"answer-text": "My long answer.", "answer-key": str(uuid4())})
    browser(people.investor).post(
        f"/en/desk/inquiries/{inquiry.reference}/reply/", {"text": "And then?", "key": str(uuid4())}
    )

    page = client.get(reverse("admin:investors_inquiry_change", args=[inquiry.pk]))

    assert "My long answer." in page.text
    assert inquiry.messages.count() == 2


@pytest.mark.parametrize("text", ["", "x" * 100_000, "nul \x00", "\u200b"])
def test_bad_answer_changes_nothing(people: SimpleNamespace, make_inquiry: MakeInquiry, text: str) -> None:
    inquiry = make_inquiry()

    answer = browser(people.officer).post(
        step_url(inquiry, "answer"), {"answer-text": text, "answer-key": str(uuid4())}
    )

    inquiry.refresh_from_db()
    assert (answer.status_code, inquiry.status, inquiry.messages.count()) == (302, "received", 0)


def test_head_hands_over(people: SimpleNamespace, make_inquiry: MakeInquiry) -> None:
    inquiry, second = make_inquiry(), make_user("second", Role.INVESTMENT)

    browser(people.head).post(step_url(inquiry, "hand_over"), {"hand_over-officer": second.pk})

    inquiry.refresh_from_db()
    assert inquiry.officer == second


def test_overdue_comes_first_and_can_be_filtered(people: SimpleNamespace, make_inquiry: MakeInquiry) -> None:
    done, new, late = make_inquiry("answered"), make_inquiry(), make_inquiry()
    Inquiry.objects.filter(pk=late.pk).update(acknowledge_due="2026-01-05T00:00Z")
    path, client = reverse("admin:investors_inquiry_changelist"), browser(people.officer)

    listed = [list(client.get(path, query).context["cl"].result_list) for query in ({}, {"due": "overdue"})]

    assert listed == [[late, new, done], [late]]


def test_officer_publishes_and_returns_with_reasons(people: SimpleNamespace, make_opportunity: MakeOpportunity) -> None:
    first, second, client = make_opportunity("submitted"), make_opportunity("submitted"), browser(people.officer)

    client.post(step_url(first, "publish"))
    client.post(step_url(second, "return"))
    second.refresh_from_db()
    assert second.status == "submitted"  # no reasons given
    client.post(step_url(second, "return"), {"reason": "Name the park."})

    first.refresh_from_db()
    second.refresh_from_db()
    page = browser(people.signatory).get(f"/en/desk/opportunities/{second.slug}/")
    assert (first.status, second.status) == ("published", "returned")
    assert "Name the park." in page.text


def test_review_screens_need_few_queries(
    people: SimpleNamespace, make_opportunity: MakeOpportunity, make_inquiry: MakeInquiry
) -> None:
    inquiry, opportunity = make_inquiry("answered"), make_opportunity("submitted")
    client = browser(people.officer)
    paths = [
        reverse("admin:investors_inquiry_change", args=[inquiry.pk]),
        reverse("admin:investors_opportunity_change", args=[opportunity.pk]),
    ]
    found = []
    for path in paths:
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            client.get(path)
        found.append(len(captured))

    assert found[0] <= 20  # with drafts, templates, links, dates and commitments
    assert found[1] <= 19  # with photographs, changes, others like it and its course


def test_desk_shows_each_what_waits(
    people: SimpleNamespace, make_opportunity: MakeOpportunity, make_inquiry: MakeInquiry
) -> None:
    make_inquiry()
    make_opportunity("submitted")
    make_opportunity("returned")

    found = {
        who: [str(group.heading) for group in browser(getattr(people, who)).get("/en/desk/").context["groups"]]
        for who in ("officer", "investor", "signatory", "viewer", "stranger", "head")
    }

    assert found == {
        "officer": ["Inquiries to answer", "Opportunities to review"],
        "investor": ["My inquiries"],
        "signatory": ["Opportunities to finish"],
        "viewer": [],
        "stranger": [],
        "head": [],
    }
