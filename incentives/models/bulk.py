"""Bulk steps: one step asked for of several applications, and what became of each."""

from typing import ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from incentives.models.applications import Application
from incentives.models.triggers import Kept
from portal.models import Job, JobQuerySet, User
from portal.roles import Role, may_read_as
from portal.triggers import AppendOnly, History

STEPS = ("accept", "return", "recommend", "send_back", "first_approve", "approve", "decline", "remind")
"""Steps that may be taken of several at once. An objection or an appeal is heard by itself."""


class BulkStepQuerySet(models.QuerySet["BulkStep"]):
    """Reading bulk steps."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return a person's own; all of them for auditor and head."""
        if not user.is_authenticated:
            return self.none()
        return self if may_read_as(user, Role.AUDITOR, Role.HEAD) else self.filter(by=user)


class BulkStep(models.Model):
    """What was asked for: the step, the reason, what was filled in for all. Never changed."""

    key = models.UUIDField(unique=True, editable=False, help_text=_("One click is one bulk step."))
    step = models.CharField(_("step"), max_length=40)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    reason = models.TextField(_("reason"), max_length=5000, blank=True)
    data = models.JSONField(_("details"), default=dict, encoder=DjangoJSONEncoder)
    at = models.DateTimeField(_("at"), db_default=Now())

    objects = BulkStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("bulk step")
        verbose_name_plural = _("bulk steps")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(step__in=STEPS), name="bulk_step_of_several"),
        ]
        triggers: ClassVar = [AppendOnly()]

    def __str__(self) -> str:
        return f"{self.step} {self.pk}"


class BulkItem(Job):
    """The step of one application, taken in a transaction of its own."""

    class Outcome(models.TextChoices):
        DONE = "done", pgettext_lazy("bulk step", "done")
        REFUSED = "refused", pgettext_lazy("bulk step", "refused")
        CHANGED = "changed", pgettext_lazy("bulk step", "changed meanwhile")

    bulk = models.ForeignKey(BulkStep, models.PROTECT, related_name="items", verbose_name=_("bulk step"))
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="bulk_items", verbose_name=_("application")
    )
    seen = models.BigIntegerField(
        _("last step seen"), help_text=_("The application's latest step when the list was confirmed.")
    )
    reason = models.TextField(_("reason"), max_length=5000, blank=True)
    data = models.JSONField(_("details"), default=dict, encoder=DjangoJSONEncoder)
    outcome = models.CharField(  # noqa: DJ001 -- nothing is no outcome yet, and is filled once
        _("outcome"), max_length=8, choices=Outcome, null=True, blank=True
    )
    reasons = models.JSONField(_("why not"), null=True, blank=True)

    objects = JobQuerySet["BulkItem"].as_manager()

    class Meta(Job.Meta):
        verbose_name = _("item of a bulk step")
        verbose_name_plural = _("items of bulk steps")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bulk", "application"], name="bulk_item_once"),
            models.CheckConstraint(
                condition=models.Q(outcome=None, done_at=None)
                | models.Q(outcome__in=["done", "refused", "changed"], done_at__isnull=False),
                name="bulk_item_done_with_outcome",
            ),
        ]
        triggers: ClassVar = [
            History(without=("next_try_at", "tries", "last_error")),
            Kept(
                once=("outcome", "reasons"),
                free=("next_try_at", "tries", "done_at", "parked_at", "last_error"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bulk_id}: {self.application}"
