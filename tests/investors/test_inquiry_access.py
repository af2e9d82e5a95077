"""Every address of inquiries and their files × every role × another person × verb: nothing of another's thread."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import NoReverseMatch, reverse

from investors.lifecycle import INQUIRY
from investors.models import Inquiry
from investors.services.inquiries import rate_answer, write_message
from portal.models import Document, HistoryEntry
from portal.roles import Role
from tests.portal.test_bad_input import names_of_addresses

SECRET = "zqxsecret"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n" + SECRET.encode() + b"\ntrailer\n<<>>\n%%EOF\n"
VERBS = ("get", "post", "head", "options", "put", "patch", "delete")
READERS = {"investment", "auditor", "head"}
"""The staff who read every inquiry; they open its files, notes' files too, and its page in the workplace."""

OTHERS = sorted(
    {role.name.lower() for role in Role} | {"norole", "signatory", "editor", "viewer", "stranger", "anonymous"}
)
REFUSED = {302, 403, 404, 405}


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


def addresses(inquiry: Inquiry) -> Iterator[str]:
    """Yield every address that speaks of inquiries or files, with what this one is named by."""
    things: list[dict[str, Any]] = [{}, {"reference": inquiry.reference}, {"object_id": inquiry.pk}]
    things += [{"object_id": inquiry.pk, "step": step} for step in INQUIRY.steps]
    things += [{"uid": document.uid} for document in Document.objects.order_by("pk")]
    for name in names_of_addresses():
        if "inquir" not in name and name not in {
            "document",
            "desk",
            "notices",
            "personal_data",
            "export_personal_data",
        }:
            continue
        for thing in things:
            try:
                yield reverse(name, kwargs=thing)
            except NoReverseMatch:
                continue


def content(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else bytes(answer.content)


def test_nothing_of_anothers_thread_by_any_address_role_or_verb(people: SimpleNamespace, inquiry: Inquiry) -> None:
    paths = sorted(set(addresses(inquiry)))
    own = [path for path in paths if inquiry.reference in path]
    files = [path for path in paths if path.startswith("/documents/")]
    workplace = [path for path in paths if path.startswith("/admin/")]
    history = HistoryEntry.objects.of(inquiry).count()
    told, opened = {}, {}
    for name in OTHERS:
        client = client_of(people, name)
        reads = name in READERS
        for path in paths:
            if reads and path in workplace:
                continue  # their work; what they may do there, test_lifecycles.py says
            for verb in VERBS if name == "stranger" else VERBS[:2]:
                answer = getattr(client, verb)(path, {"text": "x", "key": str(uuid4()), "rating": 1, "reason": "x"})
                body = content(answer)
                if SECRET.encode() in body and not (reads and path in files and verb == "get"):
                    told[name, verb, path] = body[:80]
                if path in {*own, *files} and answer.status_code not in REFUSED and not (reads and path in files):
                    opened[name, verb, path] = answer.status_code

    assert (len(own) >= 6, len(files), len(workplace) >= 15) == (True, 3, True)
    assert (told, opened) == ({}, {})
    assert HistoryEntry.objects.of(inquiry).count() == history


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
