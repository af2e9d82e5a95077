"""Imports of the registry: the file, what it would change, what became of it."""

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.models import User
from portal.models.work import Job, JobQuerySet
from portal.roles import Role, may_read_as
from portal.triggers import History


def _path(found: "RegistryImport", name: str) -> str:
    """Name a stored file by a number of its own: nothing that was typed reaches the disk, nothing is overwritten."""
    return f"imports/{uuid4().hex}"


class RegistryImportQuerySet(JobQuerySet["RegistryImport"]):
    """Reading imports, and who may see them."""

    def at_work(self) -> "RegistryImportQuerySet":
        """Return those that a worker is to do something for."""
        return self.filter(status__in=AT_WORK)

    def visible_to(self, user: User | AnonymousUser) -> "RegistryImportQuerySet":
        """Return all for those who keep or audit the registry."""
        return self if may_read_as(user, Role.REGISTRY, Role.AUDITOR, Role.HEAD) else self.none()


class RegistryImport(Job):
    """One file of the registry, on its way from upload to differences to being applied, or undone.

    Its job is the step that a worker does while the status is one of ``AT_WORK``. What it changes stands in history
    under the request ``import-<id>``, what undoing it changes under ``import-<id>-undo``.
    """

    class Status(models.TextChoices):
        READING = "reading", pgettext_lazy("registry import", "being read")
        UNREADABLE = "unreadable", pgettext_lazy("registry import", "cannot be read")
        READY = "ready", pgettext_lazy("registry import", "to be applied")
        DISCARDED = "discarded", pgettext_lazy("registry import", "discarded")
        APPLYING = "applying", pgettext_lazy("registry import", "being applied")
        APPLIED = "applied", pgettext_lazy("registry import", "applied")
        UNDOING = "undoing", pgettext_lazy("registry import", "being undone")
        UNDONE = "undone", pgettext_lazy("registry import", "undone")

    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.READING)
    name = models.CharField(_("file name"), max_length=150)
    file = models.FileField(upload_to=_path, max_length=100, blank=True)
    is_full = models.BooleanField(
        _("full export"),
        default=False,
        help_text=_("The file names every firm of the district: those missing from it are proposed as moved out."),
    )
    source = models.CharField(
        _("source"), max_length=200, help_text=_("How pages name the source, for example the office and the register.")
    )
    source_date = models.DateField(
        _("date of the source"), help_text=_("The day the file describes; a founding date after it is refused.")
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("uploaded by"),
        help_text=_("Empty: from the command line."),
    )
    uploaded_at = models.DateTimeField(_("uploaded"), db_default=Now())
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("applied or undone by"),
    )
    rows = models.PositiveIntegerField(_("rows"), default=0)
    created = models.PositiveIntegerField(pgettext_lazy("registry import", "new"), default=0)
    updated = models.PositiveIntegerField(pgettext_lazy("registry import", "changed"), default=0)
    unchanged = models.PositiveIntegerField(pgettext_lazy("registry import", "unchanged"), default=0)
    duplicates = models.PositiveIntegerField(pgettext_lazy("registry import", "duplicate rows"), default=0)
    blank = models.PositiveIntegerField(pgettext_lazy("registry import", "blank rows"), default=0)
    bad = models.PositiveIntegerField(pgettext_lazy("registry import", "bad rows"), default=0)
    missing = models.PositiveIntegerField(pgettext_lazy("registry import", "missing from the file"), default=0)
    notes = models.JSONField(_("remarks"), default=list, blank=True)
    problem = models.JSONField(_("problem"), default=list, blank=True)
    digest = models.CharField(max_length=64, blank=True, editable=False)
    errors = models.FileField(upload_to=_path, max_length=100, blank=True)

    objects = RegistryImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("registry import")
        verbose_name_plural = _("registry imports")
        indexes: ClassVar = [*Job.Meta.indexes]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(
                    rows=models.F("created")
                    + models.F("updated")
                    + models.F("unchanged")
                    + models.F("duplicates")
                    + models.F("blank")
                    + models.F("bad")
                ),
                name="registry_import_counts_every_row_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="unreadable") | ~models.Q(problem=[]),
                name="registry_import_says_why_it_cannot_be_read",
            ),
        ]
        triggers: ClassVar = [History(without=("next_try_at", "tries", "last_error"))]

    def __str__(self) -> str:
        return self.name

    @property
    def request(self) -> str:
        """Under what history names its changes."""
        return f"import-{self.pk}"

    @property
    def undo_request(self) -> str:
        """Under what history names the changes that undo it."""
        return f"{self.request}-undo"

    @property
    def is_at_work(self) -> bool:
        """Whether a worker is to do something for it."""
        return self.status in AT_WORK


AT_WORK = frozenset(
    {RegistryImport.Status.READING, RegistryImport.Status.APPLYING, RegistryImport.Status.UNDOING},
)
"""The statuses in which a worker is to do something."""


class ImportProgress(models.Model):
    """How far the work on an import is, written beside its transaction so that others see it; no record of anything."""

    class Stage(models.TextChoices):
        BEGINNING = "beginning", _("Waiting for a worker")
        WAITING = "waiting", _("Another import is at work; this one waits for it")
        READING = "reading", _("Reading the file")
        COMPARING = "comparing", _("Comparing with the registry")
        WRITING = "writing", _("Writing the firms")
        SEARCHING = "searching", _("Preparing the search")
        RESTORING = "restoring", _("Restoring what was there before")

    registry_import = models.OneToOneField(
        RegistryImport, models.CASCADE, primary_key=True, related_name="progress", verbose_name=_("registry import")
    )
    stage = models.CharField(_("stage"), max_length=10, choices=Stage, default=Stage.BEGINNING)
    done = models.PositiveIntegerField(_("done"), default=0)
    total = models.PositiveIntegerField(_("of"), default=0)

    class Meta:
        verbose_name = _("progress of an import")
        verbose_name_plural = _("progress of imports")

    def __str__(self) -> str:
        return f"{self.stage}: {self.done}/{self.total}"

    @property
    def percent(self) -> int | None:
        """How much of the stage is done, where that is known."""
        return min(100, self.done * 100 // self.total) if self.total else None


class ImportLine(models.Model):
    """One difference between a file and the registry, or one bad row, as the page of differences shows it.

    Derived from the file and written anew when the comparison is: history holds what was really changed.
    """

    class Kind(models.TextChoices):
        NEW = "new", pgettext_lazy("import line", "new")
        CHANGED = "changed", pgettext_lazy("import line", "changed")
        MISSING = "missing", pgettext_lazy("import line", "missing from the file")
        BAD = "bad", pgettext_lazy("import line", "bad")

    registry_import = models.ForeignKey(
        RegistryImport, models.CASCADE, related_name="lines", db_index=False, verbose_name=_("registry import")
    )
    kind = models.CharField(_("kind"), max_length=7, choices=Kind)
    line = models.PositiveIntegerField(_("line of the file"), null=True)
    uscc = models.CharField(_("unified social credit code"), max_length=40, blank=True)
    name = models.CharField(_("name in Chinese"), max_length=200, blank=True)
    data = models.JSONField(_("details"), default=dict)

    class Meta:
        verbose_name = _("line of an import")
        verbose_name_plural = _("lines of imports")
        indexes: ClassVar = [models.Index(fields=["registry_import", "kind", "id"], name="import_line_tab")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.uscc} {self.name}"
