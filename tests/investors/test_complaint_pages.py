"""The pages of complaints, and that nobody else reaches a byte of them."""

import csv
from io import StringIO
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from investors.complaint_lifecycle import COMPLAINT, Written
from investors.models import Complaint, ComplaintMessage
from portal.models import Document
from portal.roles import Role
from tests.investors.complaining import CLOSED, WORDS, complain, lead, message
from tests.investors.conftest import make_user
from tests.investors.test_admin import browser, step_url

MARK = "zebra-4711"
NEW = "/en/complaints/new/"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def _staff_without_second_factor(settings: Any) -> None:
    settings.DEMONSTRATION = True


def form(**values: Any) -> dict[str, Any]:
    return {**WORDS, "about_staff": "no", "persons": "", "elsewhere": "", "key": str(uuid4()), **values}


@pytest.fixture
def marked(people: SimpleNamespace) -> Complaint:
    """Return a complaint about the officer, handled by another, with a word in all that was written."""
    people.other = make_user("other", Role.INVESTMENT)
    people.bystander = make_user("bystander", Role.INVESTMENT)
    words = dict.fromkeys(("subject", "facts", "request", "authority", "on_behalf_of", "elsewhere"), MARK)
    files = [SimpleUploadedFile(f"{MARK}.pdf", PDF, "application/pdf")]
    named = [people.officer.name, MARK]
    complaint = complain(people.investor, about_staff=True, persons=named, files=files, **words)
    COMPLAINT.apply(complaint, "assign", by=people.head, officer=people.other.pk)
    COMPLAINT.apply(complaint, "accept", by=people.other)
    COMPLAINT.apply(complaint, "note", by=people.other, message=message(MARK, is_internal=True))
    COMPLAINT.apply(complaint, "extend", by=people.other, extension=Written(5, MARK))
    return Complaint.objects.get()


def test_complaint_is_made_with_files_and_followed(people: SimpleNamespace) -> None:
    client = browser(people.investor)
    file = SimpleUploadedFile("notice.pdf", PDF, "application/pdf")

    sent = client.post(NEW, form(attachments=[file]))
    complaint = Complaint.objects.get()
    page = client.get(sent["Location"]).content.decode()

    assert sent["Location"] == f"/en/desk/complaints/{complaint.reference}/"
    assert Document.objects.get().subject == complaint
    for text in (complaint.reference, WORDS["facts"], WORDS["request"], "notice.pdf", people.officer.name):
        assert text in page
    assert complaint.reference in client.get("/en/desk/complaints/").content.decode()
    assert complaint.subject in client.get("/en/desk/").content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("standing", "martian"),
        ("kind", ""),
        ("authority", ""),
        ("on_behalf_of", ""),
        ("facts", "x" * 5001),
        ("facts", "a\x00b"),
        ("persons", "\n".join(f"Person {number}" for number in range(11))),
        ("persons", "x" * 201),
        ("key", "10^30"),
    ],
)
def test_bad_form_is_told_and_loses_nothing(people: SimpleNamespace, field: str, value: str) -> None:
    answer = browser(people.investor).post(NEW, form(**{field: value}))

    assert (answer.status_code, Complaint.objects.count()) == (422, 0)
    assert WORDS["request"] in answer.content.decode()


def test_text_sent_after_the_session_ended_waits(people: SimpleNamespace) -> None:
    client = Client()

    answer = client.post(NEW, form())
    client.force_login(people.investor)
    page = client.get(NEW).content.decode()

    assert answer["Location"] == f"/en/accounts/login/?next={NEW}"
    assert WORDS["facts"] in page
    assert Complaint.objects.count() == 0


def test_material_is_supplemented_and_the_complaint_withdrawn_on_its_page(people: SimpleNamespace) -> None:
    client, complaint = browser(people.investor), lead(complain(people.investor), "supplement", people)
    page = complaint.get_absolute_url()

    assert "Send what is missing" in client.get(page).content.decode()
    key = str(uuid4())
    for _time in range(2):
        client.post(f"{page}reply/", {"text": "Here.", "key": key})
    supplemented = Complaint.objects.get().status
    client.post(f"{page}withdraw/")
    still = Complaint.objects.get().status
    client.post(f"{page}withdraw/", {"sure": "yes"})

    assert (supplemented, still, Complaint.objects.get().status) == ("received", "received", "closed")
    assert ComplaintMessage.objects.filter(author=people.investor).count() == 1
    assert client.post(f"{page}reply/", {"text": "More.", "key": str(uuid4())}).status_code == 409


def test_handler_decides_extends_and_closes_in_the_workplace(people: SimpleNamespace) -> None:
    complaint, client = complain(people.investor), browser(people.officer)
    page = reverse("admin:investors_complaint_change", args=[complaint.pk])

    assert WORDS["facts"] in client.get(page).content.decode()
    client.post(step_url(complaint, "accept"))
    client.post(step_url(complaint, "extend"), {"extend-days": "１0", "extend-text": "Why."})
    unextended = Complaint.objects.get().extension_days
    client.post(step_url(complaint, "extend"), {"extend-days": "10", "extend-text": "Three departments."})
    client.post(step_url(complaint, "write"), {"write-text": "We are on it.", "write-key": str(uuid4())})
    client.post(step_url(complaint, "close"), {"close-choice": "withdrawn", "close-text": "So."})
    unclosed = Complaint.objects.get().status
    client.post(step_url(complaint, "close"), {"close-choice": "settled", "close-text": "The permit was granted."})

    complaint = Complaint.objects.get()
    assert (unextended, unclosed) == (None, "accepted")
    assert (complaint.status, complaint.extension_days, complaint.outcome) == ("closed", 10, "The permit was granted.")
    own = browser(people.investor).get(complaint.get_absolute_url()).content.decode()
    assert [text in own for text in ("The permit was granted.", "Three departments.", "We are on it.")] == [True] * 3


def test_person_complained_of_gets_404_of_its_page_whatever_roles_they_hold(
    people: SimpleNamespace, marked: Complaint
) -> None:
    page = reverse("admin:investors_complaint_change", args=[marked.pk])

    client = browser(people.officer)
    answers = [client.get(page), client.get(page.replace("change", "history")), client.post(step_url(marked, "accept"))]

    assert [answer.status_code for answer in answers] == [404, 404, 404]


def test_register_says_dates_and_is_no_formula(people: SimpleNamespace, marked: Complaint) -> None:
    complain(people.stranger, subject='=HYPERLINK("http://evil.example")', on_behalf_of="+1")
    lead(complain(people.stranger), "closed", people)
    files = {}
    for who in ("head", "auditor"):
        text = browser(getattr(people, who)).get("/admin/investors/complaint/register.csv").content.decode("utf-8-sig")
        files[who] = list(csv.reader(StringIO(text)))

    assert [len(rows) for rows in files.values()] == [4, 4]
    assert [len(rows[0]) for rows in files.values()] == [21, 12]
    assert [row[14] for row in files["head"]][1:3] == [WORDS["subject"], '\'=HYPERLINK("http://evil.example")']
    assert (files["auditor"][1][6], files["auditor"][1][10]) == ("in time", "in time")
    assert [browser(getattr(people, who)).get("/admin/investors/complaint/register/").status_code for who in
            ("head", "auditor", "officer", "other", "administrator")] == [200, 200, 403, 403, 403]  # fmt: skip


@pytest.mark.parametrize("path", ["/admin/investors/complaint/", "/admin/investors/complaint/register/"])
def test_queue_and_register_ask_no_more_for_three_than_for_one(people: SimpleNamespace, path: str) -> None:
    client = browser(people.head)
    numbers = []
    for number in (1, 2):
        for _time in range(number):
            complain(people.investor, persons=["Somebody"])
        client.get(path)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(path)
        numbers.append(len(queries))

    assert numbers[0] == numbers[1]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_explaining_page_is_open_to_everybody_and_says_what_does_not_belong(db: None, language: str) -> None:
    page = Client().get(f"/{language}/complaints/").content.decode()

    assert "12345" in page
    assert f"/{language}/complaints/new/" in page


def test_closed_complaint_takes_no_step_of_the_handler(people: SimpleNamespace) -> None:
    complaint = lead(complain(people.investor), "closed", people)

    browser(people.officer).post(step_url(complaint, "close"), {"close-choice": "facts", "close-text": CLOSED.text})

    assert Complaint.objects.get().ending == "settled"
