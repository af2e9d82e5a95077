"""Files sent with messages about a technology: they pass, and open, only where its confidential tier is open."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from investors.interest_lifecycle import INTEREST
from investors.models import Interest, InterestMessage, Opportunity
from investors.services import interests as services
from portal.lifecycle import StepClosed
from portal.models import Document, User
from tests.investors.interested import evidence, express, lead

type Make = Callable[..., Opportunity]

pytestmark = pytest.mark.usefixtures("staff_without_second_factor")


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sends(by: User, interest: Interest, *, with_file: bool = True) -> bool:
    files = [evidence()] if with_file else []
    try:
        services.write_message(by=by, interest=interest, text="See this.", key=uuid4(), files=files)
    except StepClosed:
        return False
    return True


@pytest.mark.parametrize(
    ("kind", "values", "country", "from_status"),
    [
        ("technology_offered", {}, "DE", "confidential"),
        ("technology_offered", {"export_declaration": "restricted", "export_licence_number": "L-1"}, "DE", "confidential"),
        ("technology_offered", {"export_declaration": "restricted"}, "CN", "confidential"),
        ("technology_offered", {"export_declaration": "restricted"}, "DE", ""),
        ("capital_sought", {}, "DE", "accepted"),
    ],
)  # fmt: skip
def test_owner_sends_files_where_the_confidential_tier_is_open(
    people: SimpleNamespace, make_opportunity: Make, kind: str, values: dict[str, Any], country: str, from_status: str
) -> None:
    statuses = ["accepted", "confidential", "negotiating"]
    found = []
    for status in statuses:
        interest = express(people.investor, make_opportunity(kind=kind, **values), country=country)
        lead(interest, status, people.signatory, people.investor)
        assert sends(people.investor, interest)  # what is theirs they send at any time
        assert sends(people.signatory, interest, with_file=False)
        if sends(people.signatory, interest):
            found.append(status)

    assert found == (statuses[statuses.index(from_status) :] if from_status else [])


def test_what_was_sent_closes_with_the_tier_and_the_page_says_so(
    people: SimpleNamespace, make_opportunity: Make
) -> None:
    interest = express(people.investor, make_opportunity(kind="technology_offered"))
    lead(interest, "confidential", people.signatory, people.investor)
    assert (sends(people.signatory, interest), sends(people.investor, interest)) == (True, True)
    theirs, own = (
        reverse("document", args=[Document.objects.about(message).get().uid])
        for message in InterestMessage.objects.order_by("pk")
    )
    investor, owner = client_of(people.investor), client_of(people.signatory)

    def opened(client: Client) -> list[int]:
        answers = [client.get(path) for path in (theirs, own)]
        for answer in answers:
            answer.getvalue() if not answer.streaming else b"".join(answer.streaming_content)
        return [answer.status_code for answer in answers]

    assert [opened(investor), opened(owner)] == [[200, 200], [200, 200]]
    INTEREST.apply(interest, "revoke", by=people.signatory)

    assert [opened(investor), opened(owner)] == [[404, 200], [200, 200]]
    page = investor.get(interest.get_absolute_url()).text
    assert (theirs in page, own in page, "Its files are closed to you now." in page) == (False, True, True)
    assert "send no files about this technology yet" in owner.get(interest.get_absolute_url()).text


def test_owner_who_sends_too_early_is_told_why_and_loses_nothing(
    people: SimpleNamespace, make_opportunity: Make
) -> None:
    interest = express(people.investor, make_opportunity(kind="technology_offered"))
    lead(interest, "accepted", people.signatory, people.investor)
    address = reverse("investors:interest_write", args=[interest.reference])

    answer = client_of(people.signatory).post(
        address, {"text": "The drawings.", "key": uuid4(), "attachments": [evidence()]}
    )

    assert answer.status_code == 409
    assert "Both sides have yet to accept the confidentiality agreement." in answer.text
    assert "The drawings." in answer.text
    assert (InterestMessage.objects.count(), Document.objects.count()) == (0, 0)
