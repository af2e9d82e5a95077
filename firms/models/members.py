"""Who acts for an organisation."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from firms.models.merged import OfLiving
from portal.triggers import History


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Reading memberships."""

    def active(self) -> "MembershipQuerySet":
        """Return the memberships that give rights now."""
        return self.filter(is_active=True, user__is_active=True)


class Membership(models.Model):
    """A person's part in an organisation."""

    class Role(models.TextChoices):
        SIGNATORY = "signatory", _("signatory")
        EDITOR = "editor", _("editor")
        VIEWER = "viewer", _("viewer")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships", verbose_name=_("user")
    )
    organisation = models.ForeignKey(
        "firms.Organisation", models.PROTECT, related_name="members", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=10, choices=Role)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("since"), db_default=Now(), editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "organisation"], name="membership_once"),
            models.CheckConstraint(
                condition=models.Q(role__in=["signatory", "editor", "viewer"]), name="membership_role_known"
            ),
        ]
        triggers: ClassVar = [History(), OfLiving()]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.organisation_id} · {self.role}"
