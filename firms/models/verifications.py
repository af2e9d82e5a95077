"""Verifications: what an officer checked before an organisation that registered itself is believed."""

from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from firms.models.merged import OfLiving
from portal.models import User
from portal.roles import Role, may_read_as
from portal.triggers import History


class VerificationQuerySet(models.QuerySet["Verification"]):
    """Reading verifications, and who may see them."""

    def visible_to(self, user: User | AnonymousUser) -> "VerificationQuerySet":
        """Return all for those who keep or audit the registry; nobody else opens their documents."""
        return self if may_read_as(user, Role.REGISTRY, Role.AUDITOR, Role.HEAD) else self.none()


class Verification(models.Model):
    """One check of an organisation that registered itself: in what, on which day, by whom."""

    class Basis(models.TextChoices):
        REGISTER = "register", _("extract of the company register")
        LICENCE = "licence", _("business licence")
        FOREIGN_REGISTER = "foreign_register", _("extract of a foreign register")
        OTHER = "other", pgettext_lazy("verification", "other document")

    organisation = models.ForeignKey(
        "firms.Organisation", models.PROTECT, related_name="verifications", verbose_name=_("organisation")
    )
    basis = models.CharField(_("checked in"), max_length=20, choices=Basis)
    reference = models.CharField(_("reference"), max_length=200)
    checked_on = models.DateField(_("checked on"))
    uscc = models.CharField(_("code that was checked"), max_length=18, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("verified by")
    )
    verified_at = models.DateTimeField(_("verified at"), db_default=Now(), editable=False)

    objects = VerificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(basis__in=["register", "licence", "foreign_register", "other"]),
                name="verification_basis_known",
            ),
            models.CheckConstraint(condition=~models.Q(reference=""), name="verification_has_reference"),
        ]
        triggers: ClassVar = [History(), OfLiving()]

    def __str__(self) -> str:
        return f"{self.get_basis_display()}: {self.reference}"
