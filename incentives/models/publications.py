"""Publications: one person proposes what a programme says now, another publishes just that."""

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from incentives.models.programmes import Programme, ProgrammeVersion
from incentives.models.triggers import Kept
from portal.triggers import History


class PublicationQuerySet(models.QuerySet["Publication"]):
    """Reading publications."""

    def waiting(self) -> Self:
        """Return those that nobody decided yet."""
        return self.filter(status=Publication.Status.PROPOSED)


class Publication(models.Model):
    """A proposal to publish a programme as it stood, known by its digest, and what became of it."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("publication", "proposed")
        PUBLISHED = "published", pgettext_lazy("publication", "published")
        REFUSED = "refused", pgettext_lazy("publication", "refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("publication", "withdrawn")

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="publications", verbose_name=_("programme"))
    sha256 = models.CharField(max_length=64, editable=False)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed"), db_default=Now())
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    version = models.OneToOneField(
        ProgrammeVersion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="publication",
        verbose_name=_("version of a programme"),
    )

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["programme"], condition=models.Q(status="proposed"), name="one_open_publication"
            ),
            models.CheckConstraint(
                condition=models.Q(status="proposed", decided_by=None, decided_at=None, version=None)
                | models.Q(status="withdrawn", decided_at__isnull=False, version=None)
                | models.Q(status="refused", decided_by__isnull=False, decided_at__isnull=False, version=None)
                | models.Q(
                    status="published", decided_by__isnull=False, decided_at__isnull=False, version__isnull=False
                ),
                name="publication_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None)
                | models.Q(status="withdrawn")
                | ~models.Q(decided_by=models.F("proposed_by")),
                name="publication_decided_by_another",
            ),
        ]
        triggers: ClassVar = [
            History(),
            Kept(once=("decided_by_id", "decided_at", "version_id"), free=("status",)),
        ]

    def __str__(self) -> str:
        return f"{self.programme} · {self.get_status_display()}"
