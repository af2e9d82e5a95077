"""Letters: what the district wrote to an applicant at a step, issued once and kept as it was issued."""

from typing import ClassVar, Self
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from incentives.models.applications import Application
from incentives.models.triggers import Kept
from portal.models import Document, Job, JobQuerySet, StepTaken, User
from portal.triggers import History

_WORK = ("next_try_at", "tries", "parked_at", "last_error")


class LetterQuerySet(JobQuerySet["Letter"]):
    """Reading letters, and who may see them."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return the letters of the applications that the person may see."""
        return self.filter(application__in=Application.objects.visible_to(user))

    def in_language(self, language: str) -> Self:
        """Return those written in one language."""
        return self.filter(language=language)

    def addresses(self, taken: StepTaken | None) -> dict[str, str]:
        """Return where the letter about a step is, in both languages; nothing where the step has none."""
        found = {"en": "", "zh": ""}
        for letter in self.filter(step=taken) if taken else ():
            with override(letter.language):
                found["en" if letter.language == "en" else "zh"] = settings.SITE_URL + letter.get_absolute_url()
        return found


class Letter(Job):
    """One letter in one language: its words as they were at the step, and the file that a worker makes of them once."""

    class Kind(models.TextChoices):
        RECEIPT = "receipt", pgettext_lazy("letter", "Receipt of an application")
        RETURN = "return", pgettext_lazy("letter", "Request for changes")
        DECISION = "decision", pgettext_lazy("letter", "Decision of approval and public notice")
        OBJECTION = "objection", pgettext_lazy("letter", "Result of an objection")
        OFFER = "offer", pgettext_lazy("letter", "Offer of support")
        AWARD = "award", pgettext_lazy("letter", "Letter of award")
        DECLINE = "decline", pgettext_lazy("letter", "Decision not to support")
        APPEAL = "appeal", pgettext_lazy("letter", "Result of an appeal")
        WITHDRAWAL = "withdrawal", pgettext_lazy("letter", "Confirmation of withdrawal")

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    application = models.ForeignKey(Application, models.PROTECT, related_name="letters", verbose_name=_("application"))
    step = models.ForeignKey(StepTaken, models.PROTECT, related_name="+", verbose_name=_("step taken"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    number = models.CharField(_("number"), max_length=24)
    code = models.CharField(_("verification code"), max_length=12)
    content = models.JSONField(_("content"))
    sha256 = models.CharField(_("fingerprint of the content (SHA-256)"), max_length=64)
    issued_at = models.DateTimeField(pgettext_lazy("letter", "issued"), db_default=Now())
    document = models.OneToOneField(
        Document, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("file")
    )
    file_sha256 = models.CharField(  # noqa: DJ001 -- unknown, not empty, until the file is made
        _("fingerprint of the file (SHA-256)"), max_length=64, null=True, editable=False
    )

    objects = LetterQuerySet.as_manager()

    class Meta(Job.Meta):
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["step", "language"], name="letter_once"),
            models.UniqueConstraint(fields=["number", "language"], name="letter_number_once"),
            models.CheckConstraint(
                condition=models.Q(document=None, file_sha256=None, done_at=None)
                | models.Q(document__isnull=False, file_sha256__isnull=False),
                name="letter_done_with_its_file",
            ),
        ]
        triggers: ClassVar = [
            History(without=(*_WORK, "content", "code")),
            Kept(once=("done_at", "document_id", "file_sha256"), free=_WORK),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.language}"

    def get_absolute_url(self) -> str:
        """Return the address that leads to its file, for those who may see the application."""
        return reverse("incentives:letter", args=[self.uid])
