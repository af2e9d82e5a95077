"""Appeals: what a declined applicant says against the decision, once; decided by someone who took no part."""

from typing import ClassVar, Self
from uuid import uuid4

import pgtrigger
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from firms.models import Membership
from incentives.models.applications import Application
from incentives.models.triggers import Kept
from portal.models import Deadline, User
from portal.roles import Role, may_read_as
from portal.triggers import History


class AppealQuerySet(models.QuerySet["Appeal"]):
    """Reading appeals."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return those of the user's organisations; for staff those about applications that they handle."""
        if not user.is_authenticated:
            return self.none()
        own = Membership.objects.filter(user=user, is_active=True).values("organisation")
        return self.filter(application__organisation__in=own) | self.handled_by(user)

    def handled_by(self, user: User | AnonymousUser) -> Self:
        """Return, for the staff who hear appeals and those who read decisions, those about what they handle."""
        if not may_read_as(user, Role.APPEAL, Role.MANAGER, Role.APPROVER, Role.AUDITOR, Role.HEAD):
            return self.none()
        return self.filter(application__in=Application.objects.handled_by(user))

    def waiting(self) -> Self:
        """Return those that are not decided."""
        return self.filter(status=Appeal.Status.RECEIVED)

    def with_due_date(self) -> Self:
        """Add ``due_at``: by when the decision is promised."""
        return self.annotate(due_at=Deadline.objects.due_of(Appeal, "remind"))


class Appeal(models.Model):
    """An appeal with its reasons; one for each application, made while it is declined."""

    class Status(models.TextChoices):
        RECEIVED = "received", pgettext_lazy("appeal", "received")
        UPHELD = "upheld", pgettext_lazy("appeal", "upheld: under review again")
        REJECTED = "rejected", pgettext_lazy("appeal", "rejected")

    application = models.OneToOneField(
        Application, models.PROTECT, related_name="appeal", verbose_name=_("application")
    )
    key = models.UUIDField(unique=True, default=uuid4, editable=False)
    reasons = models.TextField(_("reasons"), max_length=5000)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.RECEIVED)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("received"), db_default=Now())

    objects = AppealQuerySet.as_manager()

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(reasons=""), name="appeal_reasoned"),
        ]
        triggers: ClassVar = [
            History(),
            Kept(free=("status",)),
            pgtrigger.Trigger(
                name="against_a_decision",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    PERFORM 1 FROM incentives_application
                      WHERE id = NEW.application_id AND status = 'declined' FOR NO KEY UPDATE;
                    IF NOT FOUND THEN
                        RAISE EXCEPTION 'application % is not declined: there is nothing to appeal against',
                            NEW.application_id USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.status}"
