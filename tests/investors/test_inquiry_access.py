"""What the sender reads of an inquiry, and references that nobody has."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from investors.models import Inquiry
from investors.services.inquiries import rate_answer, write_message
from portal.models import Document

SECRET = "zqxsecret"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n" + SECRET.encode() + b"\ntrailer\n<<>>\n%%EOF\n"


@pytest.fixture
def inquiry(people: SimpleNamespace, make_inquiry: Callable[..., Inquiry], settings: Any) -> Inquiry:
    """Return an inquiry of which every text and every file says the secret."""
    settings.DEMONSTRATION = True  # staff without a second factor
    found = make_inquiry(subject=f"{SECRET} subject", text=f"{SECRET} text")
    for step, by in [("reply", people.investor), ("note", people.officer), ("answer", people.officer)]:
        files = [SimpleUploadedFile(f"{SECRET}.pdf", PDF, "application/pdf")]
        write_message(by=by, inquiry=found, step=step, text=f"{SECRET} {step}", key=uuid4(), files=files)
    rate_answer(by=people.investor, inquiry=found, rating=5, comment=f"{SECRET} comment")
    found.refresh_from_db()
    return found


def client_of(people: SimpleNamespace, name: str) -> Client:
    client = Client(raise_request_exception=False)
    if name != "anonymous":
        client.force_login(getattr(people, name))
    return client


def content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


def test_sender_reads_all_but_the_note(people: SimpleNamespace, inquiry: Inquiry) -> None:
    client = client_of(people, "investor")
    message = {document.subject.is_internal: document for document in Document.objects.order_by("pk")}

    page = client.get(inquiry.get_absolute_url()).content.decode()

    assert [f"{SECRET} {what}" in page for what in ("text", "reply", "answer", "comment", "note")] == [True] * 4 + [
        False
    ]
    note, shared = (reverse("document", args=[message[internal].uid]) for internal in (True, False))
    assert client.get(note).status_code == 404
    assert content(client.get(shared)) == PDF
    assert (note in page, shared in page) == (False, True)


@pytest.mark.parametrize(
    "reference", ["INQ-2026-999999", "inq-2026-000001", "INQ-2026-0", "none", "INQ-2026-000001-", "INQ" * 400]
)
def test_forged_reference_is_not_found(people: SimpleNamespace, inquiry: Inquiry, reference: str) -> None:
    client = client_of(people, "investor")

    found = [
        client.get(f"/en/desk/inquiries/{reference}/").status_code,
        client.post(f"/en/desk/inquiries/{reference}/reply/", {"text": "x", "key": str(uuid4())}).status_code,
        client.get(f"/en/desk/inquiries/{reference}/export/").status_code,
    ]

    assert found == [404, 404, 404]
