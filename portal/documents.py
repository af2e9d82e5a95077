"""The one door to private files: what may come in, and who may open it."""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

import clamd
import puremagic
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal import work
from portal.models import Document, User
from portal.models.documents import DocumentQuerySet

QUEUE = "documents"
OFFICE = "application/vnd.openxmlformats-officedocument."
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "docx": f"{OFFICE}wordprocessingml.document",
    "xlsx": f"{OFFICE}spreadsheetml.sheet",
}
_FOLDERS = {"docx": "word/", "xlsx": "xl/"}
_MOST_UNPACKED = 300 * 1024 * 1024
_HIDDEN = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")

type MayOpen = Callable[[User, Document], bool]
_doors: dict[type[models.Model], MayOpen] = {}


def guard(model: type[models.Model], may_open: MayOpen) -> None:
    """Let an app say who opens the documents of its model; otherwise ``visible_to`` does."""
    _doors[model] = may_open


def may_open(user: User, document: Document) -> bool:
    """Return whether a person may open a document: they may see what it is about."""
    subject = document.subject
    if subject is None:
        return False
    if own := _doors.get(type(subject)):
        return own(user, document)
    return type(subject).objects.visible_to(user).filter(pk=subject.pk).exists()


def clean_name(name: str) -> str:
    """Return a file's name without path, control and invisible characters, at most 150 long."""
    name = _HIDDEN.sub("", unicodedata.normalize("NFC", name)).replace("\\", "/").rsplit("/", 1)[-1].strip(" .\"'")
    stem, dot, ending = name.rpartition(".")
    return f"{(stem or 'document')[:140]}{dot or '.'}{ending[:8]}"


def validate_upload(upload: UploadedFile) -> str:
    """Return the media type of an acceptable upload.

    Raises:
        ValidationError: empty, too large, of another type, or not what its name says.
    """
    size = upload.size or 0
    if not size:
        raise ValidationError(_("The file is empty."))
    if size > settings.DOCUMENT_MAX_BYTES:
        limit = settings.DOCUMENT_MAX_BYTES // 1024**2
        raise ValidationError(_("The file is larger than %(limit)s MB."), params={"limit": limit})
    ending = clean_name(upload.name or "").rpartition(".")[2].lower()
    if ending not in MEDIA_TYPES:
        raise ValidationError(_("Use a PDF, PNG, JPEG, Word (.docx) or Excel (.xlsx) file."))
    upload.seek(0)
    content_fits = _is_office(ending, upload) if ending in _FOLDERS else _is(ending, upload.read(4096))
    upload.seek(0)
    if not content_fits:
        raise ValidationError(_("The file's content is not what its name says."))
    return MEDIA_TYPES[ending]


def _is(ending: str, head: bytes) -> bool:
    try:
        found = puremagic.from_string(head, mime=True)
    except (puremagic.PureError, ValueError):
        return False
    return bool(found == MEDIA_TYPES[ending])


def _is_office(ending: str, upload: UploadedFile) -> bool:
    """Return whether an archive is a document of this kind, without macros, and no bomb when it is unpacked."""
    try:
        with ZipFile(upload) as archive:
            parts = archive.infolist()
    except (BadZipFile, ValueError, OSError, NotImplementedError):
        return False
    names = {part.filename for part in parts}
    return (
        "[Content_Types].xml" in names
        and any(name.startswith(_FOLDERS[ending]) for name in names)
        and not any(name.lower().endswith("vbaproject.bin") for name in names)
        and sum(part.file_size for part in parts) <= _MOST_UNPACKED
    )


@transaction.atomic
def store_document(*, by: User, upload: UploadedFile, subject: models.Model, purpose: str) -> Document:
    """Keep an uploaded file as a private document about an object.

    Args:
        by: who uploads it.
        upload: the file, as Django's form gave it.
        subject: what it is about; its ``visible_to`` decides who opens it.
        purpose: a word of the app (``authorisation_letter``).

    Raises:
        ValidationError: see ``validate_upload``.
    """
    media_type = validate_upload(upload)
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    document = Document.objects.create(
        subject=subject,
        purpose=purpose,
        file=upload,
        name=clean_name(upload.name or ""),
        size=upload.size or 0,
        media_type=media_type,
        sha256=digest.hexdigest(),
        uploaded_by=by,
    )
    if settings.CLAMD_SOCKET:
        work.wake(QUEUE)
    else:
        scan(document)
        Document.objects.filter(pk=document.pk).update(done_at=document.created_at)
    return document


def keep_made(*, content: bytes, name: str, media_type: str, subject: models.Model, purpose: str) -> Document:
    """Keep a file that the portal itself made: nobody uploaded it, and there is nothing in it to scan.

    Args:
        content: the file.
        name: what it is called when it is downloaded.
        media_type: its type.
        subject: what it is about; its ``visible_to`` decides who opens it.
        purpose: a word of the app (``letter``).
    """
    return Document.objects.create(
        subject=subject,
        purpose=purpose,
        file=ContentFile(content, name="made"),
        name=clean_name(name),
        size=len(content),
        media_type=media_type,
        sha256=hashlib.sha256(content).hexdigest(),
        status=Document.Status.CLEAN,
        done_at=timezone.now(),
    )


def erase_documents(documents: DocumentQuerySet) -> int:
    """Erase files for good, and the rows that name them.

    The file goes first: an erasure that fails half-way is repeated, and leaves no file that no row names.

    Args:
        documents: which; nothing but what they are about may name them.

    Returns:
        How many.
    """
    number = 0
    for document in documents.select_for_update(of=("self",)):
        document.file.delete(save=False)
        document.delete()
        number += 1
    return number


def scan(document: Document) -> None:
    """Check a stored document; without a scanner its type and size are the check, and the row says so.

    Raises:
        clamd.ClamdError: the scanner is down; the document stays closed and is tried again.
    """
    scanned_by = ""
    status = Document.Status.CLEAN
    if settings.CLAMD_SOCKET:
        scanner = clamd.ClamdUnixSocket(settings.CLAMD_SOCKET, timeout=30)
        with document.file.open("rb") as content:
            verdict, _signature = scanner.instream(BytesIO(content.read()))["stream"]
        status = Document.Status.CLEAN if verdict == "OK" else Document.Status.INFECTED
        scanned_by = scanner.version()[:60]
    document.status, document.scanned_by = status, scanned_by
    document.save(update_fields=["status", "scanned_by"])


def _how_files_are_checked() -> str:
    if settings.CLAMD_SOCKET:
        return gettext("Checked for viruses before anybody can open it.")
    return gettext("Type and size are checked; no virus scanner is set here.")


how_files_are_checked = lazy(_how_files_are_checked, str)()
"""What happens to a file that is uploaded here, in words: a sentence for the hint of a field."""


def all_clean(documents: Iterable[Any]) -> bool:
    """Return whether every document may be opened."""
    return all(document.status == Document.Status.CLEAN for document in documents)


work.register(work.Queue(QUEUE, lambda: Document.objects.filter(status=Document.Status.PENDING), scan))
