"""Certificates that firms hold: high-tech enterprise, and the ladder of specialised SMEs."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from firms.models.facets import part_triggers
from firms.models.merged import OfLiving
from portal.triggers import History


class CertificateQuerySet(models.QuerySet["Certificate"]):
    """Reading certificates."""

    def valid_on(self, day: date) -> "CertificateQuerySet":
        """Return those not known to have expired, or to begin later, on a day."""
        return self.filter(
            models.Q(expires=None) | models.Q(expires__gte=day), models.Q(issued=None) | models.Q(issued__lte=day)
        )


class Certificate(models.Model):
    """A certificate of a firm, as the registry or an authority states it."""

    class Level(models.TextChoices):
        HNTE = "hnte", _("High and new technology enterprise")
        INNOVATIVE = "innovative", _("Innovative SME")
        SPECIALISED = "specialised", _("Specialised and innovative SME")
        LITTLE_GIANT = "little_giant", _("Little giant (specialised and innovative SME)")

    class Status(models.TextChoices):
        CURRENT = "current", pgettext_lazy("certificate", "current")
        EXPIRED = "expired", pgettext_lazy("certificate", "expired")

    organisation = models.ForeignKey("firms.Organisation", models.PROTECT, related_name="certificates")
    level = models.CharField(_("certificate"), max_length=12, choices=Level)
    number = models.CharField(_("number of the certificate"), max_length=60, blank=True, default="", db_default="")
    authority = models.CharField(_("authority"), max_length=100, blank=True)
    issued = models.DateField(_("issued"), null=True, blank=True)
    expires = models.DateField(_("expires"), null=True, blank=True)
    from_registry = models.BooleanField(_("stated by the registry file"), default=False)
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=Status,
        default=Status.CURRENT,
        db_default=Status.CURRENT,
        editable=False,
        help_text=_("What its clock has done; whether it is valid on a day, its dates say."),
    )

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering: ClassVar = ["level", "issued"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "level", "issued"], nulls_distinct=False, name="certificate_once"
            ),
            models.CheckConstraint(
                condition=models.Q(expires__gt=models.F("issued")), name="certificate_expires_after_issue"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["current", "expired"]), name="certificate_status_known"
            ),
        ]
        triggers: ClassVar = [History(), OfLiving(), *part_triggers()]

    def __str__(self) -> str:
        return self.get_level_display()
