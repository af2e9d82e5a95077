"""Private files: every one is about something, and is seen by those who may see that."""

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.db.models.functions import Now
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.models.accounts import User
from portal.models.subjects import About, AboutQuerySet
from portal.models.work import Job, JobQuerySet
from portal.triggers import History


def _path(document: "Document", name: str) -> str:
    """Name the stored file by its id alone: nothing that was typed reaches the disk."""
    return f"{document.uid.hex[:2]}/{document.uid.hex}"


class DocumentQuerySet(AboutQuerySet["Document"], JobQuerySet["Document"]):  # type: ignore[override]
    """Reading documents."""

    def clean(self) -> "DocumentQuerySet":
        """Return those that may be opened."""
        return self.filter(status=Document.Status.CLEAN)


class Document(About, Job):
    """A file: uploaded, or made by the portal. Its job is the virus scan; only a clean one can be opened."""

    class Status(models.TextChoices):
        PENDING = "pending", _("being checked")
        CLEAN = "clean", _("checked")
        INFECTED = "infected", _("refused: malicious content")

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    purpose = models.CharField(_("purpose"), max_length=60)
    file = models.FileField(upload_to=_path, max_length=100)
    name = models.CharField(pgettext_lazy("document", "name"), max_length=150)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    media_type = models.CharField(_("type"), max_length=100)
    sha256 = models.CharField(max_length=64)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PENDING)
    scanned_by = models.CharField(_("scanned by"), max_length=60, blank=True)
    uploaded_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("uploaded by"),
        help_text=_("Nobody: the portal made it."),
    )
    created_at = models.DateTimeField(_("uploaded"), db_default=Now())

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        indexes: ClassVar = [*About.Meta.indexes, *Job.Meta.indexes]
        triggers: ClassVar = [History(without=("next_try_at", "tries", "last_error"), masked=("name",))]

    def __str__(self) -> str:
        return self.name

    @property
    def state(self) -> str | Promise:
        """How far its check is, and what was checked, in words."""
        return state_in_words(self.status, self.scanned_by)


def state_in_words(status: str, scanned_by: str) -> str | Promise:
    """Say plainly how far the check of a file is, and what was checked.

    Args:
        status: one of ``Document.Status``.
        scanned_by: the scanner that passed it; empty where none is set.
    """
    if status != Document.Status.CLEAN:
        return Document.Status(status).label
    return _("checked for viruses") if scanned_by else _("type and size checked; no virus scanner is set")
