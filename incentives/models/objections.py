"""Objections: what anyone says against an award in public notice."""

from typing import ClassVar, Self
from uuid import uuid4

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from incentives.models.applications import Application
from incentives.models.decisions import Approval
from incentives.models.triggers import Kept
from portal.models import Deadline, User
from portal.roles import Role, may_read_as
from portal.triggers import History


class ObjectionQuerySet(models.QuerySet["Objection"]):
    """Reading objections."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return, for the staff who decide them and for the auditor, those about applications that they handle."""
        allowed = may_read_as(user, Role.MANAGER, Role.APPROVER, Role.APPEAL, Role.AUDITOR, Role.HEAD)
        return self.filter(application__in=Application.objects.handled_by(user)) if allowed else self.none()

    def stopping(self) -> Self:
        """Return those that keep a public notice from ending in an offer."""
        return self.exclude(status=Objection.Status.DISMISSED)

    def waiting(self) -> Self:
        """Return those that are not decided."""
        return self.filter(status=Objection.Status.OPEN)

    def with_due_date(self) -> Self:
        """Add ``due_at``: by when the decision is promised."""
        return self.annotate(due_at=Deadline.objects.due_of(Objection, "remind"))


class Objection(models.Model):
    """An objection, with its reason; bound to the approval whose notice it is against."""

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("objection", "open")
        UPHELD = "upheld", pgettext_lazy("objection", "upheld")
        DISMISSED = "dismissed", pgettext_lazy("objection", "dismissed")

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="objections", verbose_name=_("application")
    )
    approval = models.ForeignKey(Approval, models.PROTECT, related_name="objections", verbose_name=_("approval"))
    key = models.UUIDField(unique=True, default=uuid4, editable=False)
    name = models.CharField(_("name"), max_length=100)
    email = models.EmailField(_("e-mail address"))
    language = models.CharField(_("language"), max_length=10, choices=User.Language, default=User.Language.CHINESE)
    reason = models.TextField(_("reason"), max_length=5000)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN)
    created_at = models.DateTimeField(_("received"), db_default=Now())

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="objection_reasoned"),
        ]
        triggers: ClassVar = [History(masked=("name", "email")), Kept(free=("status", "name", "email"))]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.status}"
