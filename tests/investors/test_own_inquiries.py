"""The sender's side: list, thread, files, rating, withdrawal, export, retention."""

import io
import json
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4
from zipfile import ZipFile

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from investors.lifecycle import INQUIRY
from investors.models import Inquiry, InquiryTopic, Officer
from investors.services.inquiries import write_message
from portal import work
from portal.lifecycle import StepClosed
from portal.models import Deadline, Document, StepTaken

type Make = Callable[..., Inquiry]
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def investor(people: SimpleNamespace) -> Client:
    client = Client()
    client.force_login(people.investor)
    return client


def pdf(name: str = "licence.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


def reply(client: Client, inquiry: Inquiry, **values: Any) -> Any:
    data = {"text": "Here it is.", "key": str(uuid4()), **values}
    return client.post(f"{inquiry.get_absolute_url()}reply/", data)


def test_reply_keeps_five_files_and_sent_twice_keeps_them_once(investor: Client, make_inquiry: Make) -> None:
    inquiry, key = make_inquiry(), str(uuid4())

    for _time in range(2):
        answer = reply(investor, inquiry, key=key, attachments=[pdf(f"{number}.pdf") for number in range(5)])
        assert answer.status_code == 302

    message = inquiry.messages.get()
    assert list(Document.objects.about(message).order_by("pk").values_list("name", flat=True)) == [
        f"{number}.pdf" for number in range(5)
    ]


@pytest.mark.parametrize(
    "files",
    [
        [pdf(f"{number}.pdf") for number in range(6)],
        [pdf("empty.pdf", b"")],
        [pdf("lies.pdf", b"<html>")],
        [pdf("program.exe")],
        [pdf(), pdf("lies.pdf", b"MZ")],
    ],
    ids=["six", "empty", "lies", "type", "one of two"],
)
def test_bad_files_are_refused_and_the_text_is_kept(investor: Client, make_inquiry: Make, files: list[Any]) -> None:
    inquiry = make_inquiry()
    for file in files:
        file.seek(0)

    answer = reply(investor, inquiry, text="A long text", attachments=files)

    assert answer.status_code == 422
    assert "A long text" in answer.content.decode()
    assert (inquiry.messages.count(), Document.objects.count()) == (0, 0)


def test_unscanned_file_is_named_and_not_opened(
    investor: Client, make_inquiry: Make, settings: Any, tmp_path: Any
) -> None:
    settings.CLAMD_SOCKET = str(tmp_path / "nobody")
    inquiry = make_inquiry()
    reply(investor, inquiry, attachments=[pdf("waits.pdf")])

    page = investor.get(inquiry.get_absolute_url()).content.decode()

    document = Document.objects.get()
    assert ("waits.pdf" in page, f"/documents/{document.uid}/" in page, "being checked" in page) == (True, False, True)
    assert investor.get(f"/documents/{document.uid}/").status_code == 404


def test_page_says_plainly_where_no_scanner_is_set(investor: Client, make_inquiry: Make) -> None:
    page = investor.get(make_inquiry().get_absolute_url()).content.decode()

    assert "no virus scanner is set here" in page


def test_answer_carries_files_to_the_sender(
    people: SimpleNamespace, investor: Client, make_inquiry: Make, settings: Any
) -> None:
    settings.DEMONSTRATION = True
    inquiry, officer = make_inquiry(), Client()
    officer.force_login(people.officer)
    data = {"answer-text": "See the form.", "answer-key": str(uuid4()), "answer-attachments": [pdf("form.pdf")]}

    officer.post(f"/admin/investors/inquiry/{inquiry.pk}/step/answer/", data)

    document = Document.objects.about(inquiry.messages.get()).get()
    opened = investor.get(f"/documents/{document.uid}/")
    assert b"".join(opened.streaming_content) == PDF
    assert (
        f"/documents/{document.uid}/" in officer.get(f"/admin/investors/inquiry/{inquiry.pk}/change/").content.decode()
    )


def test_rating_carries_a_comment_that_no_record_keeps(investor: Client, make_inquiry: Make) -> None:
    inquiry = make_inquiry("closed")

    investor.post(f"{inquiry.get_absolute_url()}rate/", {"rating": 4, "comment": "Clear and quick."})
    again = investor.post(f"{inquiry.get_absolute_url()}rate/", {"rating": 1, "comment": ""})

    inquiry.refresh_from_db()
    assert (inquiry.rating, inquiry.rating_comment, again.status_code) == (4, "Clear and quick.", 409)
    assert StepTaken.objects.about(inquiry).get(step="rate").data == {"rating": 4}


@pytest.mark.parametrize("status", ["answered", "closed"])
def test_reply_after_the_end_opens_again(investor: Client, make_inquiry: Make, status: str) -> None:
    inquiry = make_inquiry(status)

    reply(investor, inquiry)

    inquiry.refresh_from_db()
    assert inquiry.status == "acknowledged"


def test_withdrawn_inquiry_takes_no_reply_and_says_so(investor: Client, make_inquiry: Make) -> None:
    inquiry = make_inquiry("acknowledged")
    investor.post(f"{inquiry.get_absolute_url()}withdraw/")

    answer = reply(investor, inquiry)

    inquiry.refresh_from_db()
    assert (inquiry.status, answer.status_code, inquiry.messages.count()) == ("withdrawn", 409, 0)
    assert set(Deadline.objects.about(inquiry).open().values_list("step", flat=True)) == {"forget"}


def test_list_says_who_holds_it_what_is_usual_and_what_is_new(
    people: SimpleNamespace, investor: Client, make_inquiry: Make
) -> None:
    inquiry = make_inquiry("acknowledged")

    before = investor.get("/en/desk/inquiries/")
    looks = [investor.get(inquiry.get_absolute_url()).content.decode() for _time in range(2)]
    after = investor.get("/en/desk/inquiries/")

    page = before.content.decode()
    assert (f"In the hands of {people.officer.name}" in page, "No usual time can be told yet" in page) == (True, True)
    assert [len(answer.context["rows"][0].news) for answer in (before, after)] == [2, 0]
    assert ["New since your last visit" in look for look in looks] == [True, False]


def test_usual_time_is_the_median_of_the_topic_once_there_are_five(
    people: SimpleNamespace, investor: Client, make_inquiry: Make
) -> None:
    for hours in (1, 2, 3, 30, 50):
        with time_machine.travel(timezone.now() - timedelta(days=10), tick=False) as clock:
            inquiry = make_inquiry()
            clock.shift(timedelta(hours=hours))
            write_message(by=people.officer, inquiry=inquiry, step="answer", text="So.", key=uuid4())

    waiting = make_inquiry()
    page = investor.get(waiting.get_absolute_url()).content.decode()

    assert "(half of 5 inquiries on “Setting up in Yangpu” in the last 365 days)" in page


def test_export_is_a_zip_with_the_thread_and_its_files_without_notes(
    people: SimpleNamespace, investor: Client, make_inquiry: Make
) -> None:
    inquiry = make_inquiry()
    reply(investor, inquiry, attachments=[pdf("mine.pdf")])
    for step in ("note", "answer"):
        write_message(by=people.officer, inquiry=inquiry, step=step, text=step, key=uuid4(), files=[pdf(f"{step}.pdf")])

    answer = investor.get(f"{inquiry.get_absolute_url()}export/")

    archive = ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    told = json.loads(archive.read("inquiry.json"))
    assert archive.namelist() == ["inquiry.json", "files/1-mine.pdf", "files/2-answer.pdf"]
    assert archive.read("files/1-mine.pdf") == PDF
    assert [(message["by"], message["text"]) for message in told["messages"]] == [
        ("you", "Here it is."),
        (people.officer.name, "answer"),
    ]


def test_closed_inquiry_is_erased_after_three_years_without_activity(
    people: SimpleNamespace, make_inquiry: Make, settings: Any
) -> None:
    closed = make_inquiry("closed")
    used = make_inquiry("closed")
    later = timezone.now() + timedelta(days=3 * 365 + 1)
    with time_machine.travel(timezone.now() + timedelta(days=365), tick=False):
        INQUIRY.apply(used, "rate", by=people.investor, rating=5)
    Deadline.objects.about(closed).filter(step="forget").update(due_at=timezone.now(), next_try_at=timezone.now())

    work.run("deadlines")

    closed.refresh_from_db()
    assert (closed.subject, closed.text, closed.messages.get().body) == ("…", "…", "…")
    assert StepTaken.objects.filter(step="forget").count() == 1
    assert Deadline.objects.about(used).get(step="forget", done_at=None).due_at > later
    with pytest.raises(StepClosed):
        write_message(by=people.investor, inquiry=closed, step="reply", text="Again", key=uuid4())


@pytest.mark.parametrize(
    ("officer", "topic", "site", "shown"),
    [("021-1", "021-2", "021-3", "021-1"), ("", "021-2", "021-3", "021-2"), ("", "", "021-3", "021-3")],
)
def test_telephone_is_the_officers_or_the_topics_or_the_sites(
    people: SimpleNamespace,
    investor: Client,
    make_inquiry: Make,
    settings: Any,
    officer: str,
    topic: str,
    site: str,
    shown: str,
) -> None:
    settings.SITE_TELEPHONE = site
    Officer.objects.update_or_create(user=people.officer, defaults={"telephone": officer})
    InquiryTopic.objects.filter(code="setting_up").update(telephone=topic)
    inquiry = make_inquiry()

    pages = [investor.get(path).content.decode() for path in ("/en/desk/inquiries/", inquiry.get_absolute_url())]

    assert [f'href="tel:{shown}"' in page for page in pages] == [True, True]
