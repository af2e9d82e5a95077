"""The one door to private files."""

import base64
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import clamd
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from portal import documents, work
from portal.models import Document, Notice, User

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
# The EICAR test file, kept encoded so that no scanner takes this file for one.
EICAR = base64.b64decode("WDVPIVAlQEFQWzRcUFpYNTQoUF4pN0NDKTd9JEVJQ0FSLVNUQU5EQVJELUFOVElWSVJVUy1URVNULUZJTEUhJEgrSCo=")


@pytest.fixture
def alice(db: None) -> User:
    return User.objects.create_user("alice@demo.example", name="Alice")


@pytest.fixture
def charlie(db: None) -> User:
    return User.objects.create_user("charlie@demo.example", name="Charlie")


def _subject(owner: User) -> Notice:
    """Return something that only its owner may see."""
    return Notice.objects.create(
        event="e", kind="account.test", channel=Notice.Channel.IN_APP, recipient=owner, language="en",
        context={"subject": "s", "text": "t"},
    )  # fmt: skip


def _store(owner: User, content: bytes = PDF, name: str = "letter.pdf") -> Document:
    return documents.store_document(
        by=owner, upload=SimpleUploadedFile(name, content), subject=_subject(owner), purpose="test"
    )


def test_document_opens_as_attachment_for_who_may_see_its_subject(alice: User) -> None:
    document = _store(alice)
    client = Client()
    client.force_login(alice)

    answer = client.get(f"/documents/{document.uid}/")

    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"] == 'attachment; filename="letter.pdf"'
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("method", ["get", "head", "post", "put", "delete", "options"])
def test_document_stays_closed_for_strangers(alice: User, charlie: User, method: str) -> None:
    document = _store(alice)
    stranger, nobody = Client(), Client()
    stranger.force_login(charlie)

    answers = [getattr(client, method)(f"/documents/{document.uid}/") for client in (stranger, nobody)]

    assert [answer.status_code for answer in answers] == ([404, 302] if method in {"get", "head"} else [405, 405])
    assert all(PDF not in answer.content for answer in answers)


@pytest.mark.parametrize("status", [Document.Status.PENDING, Document.Status.INFECTED])
def test_document_not_clean_stays_closed_for_its_owner(alice: User, status: str) -> None:
    document = _store(alice)
    Document.objects.filter(pk=document.pk).update(status=status)
    client = Client()
    client.force_login(alice)

    assert client.get(f"/documents/{document.uid}/").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.pdf", b"", "The file is empty."),
        ("page.html", b"<script>", "Use a PDF, PNG, JPEG, Word (.docx) or Excel (.xlsx) file."),
        ("virus.exe", EICAR, "Use a PDF, PNG, JPEG, Word (.docx) or Excel (.xlsx) file."),
        ("lies.pdf", b"\x89PNG\r\n\x1a\n" + b"0" * 50, "The file's content is not what its name says."),
        ("lies.png", PDF, "The file's content is not what its name says."),
        ("lies.docx", PDF, "The file's content is not what its name says."),
        ("large.pdf", PDF + b"0" * (21 * 1024 * 1024), "The file is larger than 20 MB."),
    ],
)
def test_store_document_refuses(alice: User, name: str, content: bytes, says: str) -> None:
    with pytest.raises(ValidationError) as refused:
        _store(alice, content, name)

    assert refused.value.messages == [says]
    assert Document.objects.count() == 0


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("..\\..\\boot.pdf", "boot.pdf"),
        ('a"b\r\nX: y.pdf', 'a"bX: y.pdf'),
        ("invoice\u202efdp.exe.pdf", "invoicefdp.exe.pdf"),
        ("长" * 300 + ".pdf", "长" * 140 + ".pdf"),
        ("\u200b.pdf", "document.pdf"),
    ],
)
def test_clean_name(given: str, kept: str) -> None:
    assert documents.clean_name(given) == kept


class _Scanner:
    def __init__(self, verdict: str | None) -> None:
        self.verdict = verdict

    def instream(self, content: BytesIO) -> dict[str, tuple[str, str | None]]:
        if self.verdict is None:
            raise clamd.ConnectionError("no scanner")
        return {"stream": (self.verdict, "Eicar" if self.verdict == "FOUND" else None)}

    def version(self) -> str:
        return "ClamAV 1.4"


@pytest.mark.parametrize(
    ("verdict", "status"),
    [("OK", Document.Status.CLEAN), ("FOUND", Document.Status.INFECTED), (None, Document.Status.PENDING)],
)
def test_scan_opens_only_what_the_scanner_passed(
    alice: User, settings: Any, monkeypatch: pytest.MonkeyPatch, verdict: str | None, status: str
) -> None:
    settings.CLAMD_SOCKET = "/run/clamd.socket"
    monkeypatch.setattr(clamd, "ClamdUnixSocket", lambda *args, **kwargs: _Scanner(verdict))
    document = _store(alice)

    work.run(documents.QUEUE)

    document.refresh_from_db()
    assert document.status == status


def _archive(*names: str, size: int = 1) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name in names:
            with archive.open(name, "w") as part:
                for _megabyte in range(size):
                    part.write(bytes(1024 * 1024))
    return file.getvalue()


SHEET = ("[Content_Types].xml", "xl/workbook.xml")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("archive.xlsx", _archive("readme.txt")),
        ("letter.docx", _archive(*SHEET)),
        ("macros.xlsx", _archive(*SHEET, "xl/vbaProject.bin")),
        ("bomb.xlsx", _archive(*SHEET, size=151)),
        ("broken.xlsx", b"PK\x03\x04" + bytes(1000)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_archive_that_is_no_office_document_is_refused(alice: User, name: str, content: bytes) -> None:
    with pytest.raises(ValidationError, match="not what its name says"):
        _store(alice, content, name)


def test_office_document_is_kept(alice: User) -> None:
    assert _store(alice, _archive(*SHEET), "table.xlsx").media_type.endswith("sheet")


@pytest.mark.parametrize(
    ("status", "scanned_by", "words"),
    [
        ("pending", "", "being checked"),
        ("clean", "ClamAV 1.4", "checked for viruses"),
        ("clean", "", "type and size checked; no virus scanner is set"),
        ("infected", "ClamAV 1.4", "refused: malicious content"),
    ],
)
def test_state_of_a_document_is_said_plainly(status: str, scanned_by: str, words: str) -> None:
    assert str(Document(status=status, scanned_by=scanned_by).state) == words


def test_form_says_whether_there_is_a_scanner(settings: Any) -> None:
    assert str(documents.how_files_are_checked) == "Type and size are checked; no virus scanner is set here."
    settings.CLAMD_SOCKET = "/run/clamd.socket"
    assert str(documents.how_files_are_checked) == "Checked for viruses before anybody can open it."
