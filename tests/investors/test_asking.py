"""Asking about an organisation, and suggesting a correction: the context is kept, and the right officer answers."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from firms.models import Membership, Organisation
from investors.models import Inquiry, InquiryMessage, Opportunity
from investors.services.inquiries import write_message
from portal.lifecycle import NotAllowed
from portal.models import Notice, User
from portal.notices import render
from portal.roles import Role
from tests.investors.conftest import make_organisation, make_user

type MakeOpportunity = Callable[..., Opportunity]
type MakeInquiry = Callable[..., Inquiry]


@pytest.fixture(autouse=True)
def _staff_without_second_factor(settings: Any) -> None:
    settings.DEMONSTRATION = True


def browser(user: User | None = None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def form(page: Any, **changes: str) -> dict[str, str]:
    """Return what a browser sends of the form of a page, with the text typed."""
    initial = {name: str(value) for name, value in page.context["form"].initial.items()}
    return {**initial, **page.context["asked"].names, "text": "How many?", "key": str(uuid4()), **changes}


def admin_page(inquiry: Inquiry) -> str:
    return reverse("admin:investors_inquiry_change", args=[inquiry.pk])


@pytest.mark.parametrize("kind", ["firm", "university", "institute", "park"])
def test_question_about_an_organisation_reaches_the_officer_with_it(people: SimpleNamespace, kind: str) -> None:
    asked = make_organisation("Asked", kind=kind)
    client = browser(people.investor)
    link = client.get(asked.get_absolute_url()).text.split("/inquiries/new/?about=")[1].split('"')[0]

    page = client.get(f"/en/inquiries/new/?about={link}")
    client.post("/en/inquiries/new/", form(page))

    inquiry = Inquiry.objects.get()
    assert (inquiry.about_organisation, inquiry.topic, inquiry.officer) == (asked, "organisation", people.officer)
    assert inquiry.subject == "Demonstration Asked"
    workplace = browser(people.officer).get(admin_page(inquiry)).text
    assert asked.get_absolute_url() in workplace
    assert reverse("admin:firms_organisation_change", args=[asked.pk]) in workplace
    assert asked.get_absolute_url() in client.get(inquiry.get_absolute_url()).text
    told = Notice.objects.get(kind="investors.inquiry_assigned", channel="in_app")
    assert "About: Demonstration Asked" in render(told)[1]


@pytest.mark.parametrize("about", ["nobody", "demonstration-hidden", "%00", "x" * 3000, "'; --", "%E2%80%AE"])
def test_about_nobody_that_is_public_is_about_nothing(people: SimpleNamespace, about: str) -> None:
    make_organisation("Hidden", status="unlisted")

    page = browser(people.investor).get(f"/en/inquiries/new/?about={about}")

    if about == "%00":
        assert page.status_code == 400
    else:
        assert (page.status_code, page.context["asked"].names) == (200, {})


def test_opportunity_and_organisation_exclude_each_other(
    make_opportunity: MakeOpportunity, make_inquiry: MakeInquiry, firm: Organisation
) -> None:
    inquiry = make_inquiry(opportunity=make_opportunity())

    with pytest.raises(IntegrityError, match="inquiry_about_one_thing"), transaction.atomic():
        Inquiry.objects.filter(pk=inquiry.pk).update(about_organisation=firm)


# --- Corrections ----------------------------------------------------------------------


def test_correction_is_answered_by_a_registry_officer_within_the_promise(
    people: SimpleNamespace, firm: Organisation, make_inquiry: MakeInquiry
) -> None:
    inquiry = make_inquiry(topic="correction", about=firm)
    client = browser(people.registry)

    opened = client.get(admin_page(inquiry)).status_code
    answer = {"answer-text": "Corrected.", "answer-key": str(uuid4())}
    client.post(reverse("admin:investors_inquiry_step", args=[inquiry.pk, "answer"]), answer)

    inquiry.refresh_from_db()
    told = Notice.objects.filter(channel="in_app").order_by("pk").values_list("kind", "recipient__name")
    assert (opened, inquiry.officer, inquiry.status) == (200, people.registry, "answered")
    assert list(told) == [
        ("investors.inquiry_received", "Investor"),
        ("investors.inquiry_assigned", "Registry"),
        ("investors.inquiry_answered", "Investor"),
    ]


def test_registry_officer_reads_corrections_and_nothing_else(
    people: SimpleNamespace, firm: Organisation, make_inquiry: MakeInquiry
) -> None:
    correction, other = make_inquiry(topic="correction", about=firm), make_inquiry(about=firm)
    for inquiry, by in ((correction, people.registry), (other, people.officer)):
        write_message(by=by, inquiry=inquiry, step="note", text="A note.", key=uuid4())

    assert list(Inquiry.objects.visible_to(people.registry)) == [correction]
    assert [message.inquiry for message in InquiryMessage.objects.visible_to(people.registry)] == [correction]
    assert browser(people.registry).get(admin_page(other)).status_code in {302, 404}
    with pytest.raises(NotAllowed):
        write_message(by=people.registry, inquiry=other, step="answer", text="So.", key=uuid4())


def test_correction_of_an_opportunity_goes_to_those_who_published_it(
    people: SimpleNamespace, make_opportunity: MakeOpportunity, make_inquiry: MakeInquiry
) -> None:
    inquiry = make_inquiry(topic="correction", opportunity=make_opportunity())

    assert inquiry.officer == people.officer
    assert list(Inquiry.objects.visible_to(people.registry)) == []


def test_nobody_answers_about_an_organisation_they_act_for(
    people: SimpleNamespace, firm: Organisation, make_inquiry: MakeInquiry
) -> None:
    Membership.objects.create(user=people.registry, organisation=firm, role="viewer")
    colleague = make_user("colleague", Role.REGISTRY)
    for _number in range(2):
        make_inquiry(topic="correction", about=firm, sender=people.stranger)

    inquiry = make_inquiry(topic="correction", about=firm)

    assert inquiry.officer == colleague
    with pytest.raises(NotAllowed):
        write_message(by=people.registry, inquiry=inquiry, step="answer", text="So.", key=uuid4())


def test_hand_over_offers_only_who_may_answer(people: SimpleNamespace, make_inquiry: MakeInquiry) -> None:
    colleague = make_user("colleague", Role.REGISTRY)
    inquiry = make_inquiry(topic="correction")

    page = browser(people.head).get(admin_page(inquiry)).text

    offered = page.split('name="hand_over-officer"')[1].split("</select>")[0]
    assert [name for name in ("Registry", "Colleague", "Investment") if name in offered] == ["Colleague"]
    assert (inquiry.officer, colleague.name) == (people.registry, "Colleague")  # who is in charge is not offered


# --- What an organisation offers ------------------------------------------------------


def test_offers_are_grouped_by_sort(
    people: SimpleNamespace, make_opportunity: MakeOpportunity, firm: Organisation
) -> None:
    make_opportunity(title_en="Capital")
    make_opportunity(kind="technology_offered", title_en="Patent")
    make_opportunity(kind="technology_offered", title_en="Research", object_kind="laboratory_research")
    make_opportunity("submitted", title_en="Not yet")

    page = browser().get(firm.get_absolute_url()).text

    part = page.split('aria-labelledby="offers"')[1].split("</section>")[0]
    headings = ["<h3>Laboratory research", "<h3>Intellectual property", "<h3>Capital sought"]
    words = [headings[0], ">Research<", headings[1], ">Patent<", headings[2], ">Capital<"]
    assert sorted(words, key=part.index) == words
    assert "Not yet" not in part


def test_opportunities_of_one_owner(people: SimpleNamespace, make_opportunity: MakeOpportunity) -> None:
    make_opportunity(title_en="Ours")
    make_opportunity(title_en="Theirs")
    other = make_organisation("Other")
    Opportunity.objects.filter(title_en="Theirs").update(owner=other)

    page = browser().get(f"/en/opportunities/?owner={other.slug}")

    assert [hit.opportunity.title for hit in page.context["hits"]] == ["Theirs"]
    assert [(link.facet, link.label) for link in page.context["chosen"]] == [("Organisation", other.title)]
    assert browser().get("/en/opportunities/?owner=no%20slug").context["counts"].total == 2


@pytest.mark.parametrize("kind", ["university", "institute", "park"])
def test_list_of_institutions_counts_their_offers_in_one_query(
    people: SimpleNamespace, make_opportunity: MakeOpportunity, kind: str
) -> None:
    numbers = []
    path = {"university": "universities", "institute": "institutes", "park": "parks"}[kind]
    for number in range(3):
        owner = make_organisation(f"Owner{number}", kind=kind)
        opportunity = make_opportunity()
        Opportunity.objects.filter(pk=opportunity.pk).update(owner=owner)
        with CaptureQueriesContext(connection) as queries:
            page = browser().get(f"/en/{path}/").text
        numbers.append(len(queries))

    assert page.count("Capital sought: 1") == 3
    assert numbers == [numbers[0]] * 3
