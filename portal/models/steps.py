"""What happened to governed things, and what will happen to them by itself."""

from typing import ClassVar, Self

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from portal.models.accounts import User
from portal.models.subjects import About, AboutQuerySet
from portal.models.work import Job, JobQuerySet
from portal.triggers import AppendOnly, History


class StepTaken(About):
    """One step of a lifecycle: from which status to which, by whom, why. Never changed."""

    step = models.CharField(_("step"), max_length=40)
    source = models.CharField(_("from"), max_length=30)
    target = models.CharField(_("to"), max_length=30)
    by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("by"), help_text=_("Nobody: the system.")
    )
    reason = models.TextField(_("reason"), blank=True)
    data = models.JSONField(_("details"), default=dict)
    at = models.DateTimeField(_("at"), db_default=Now())

    objects = AboutQuerySet.as_manager()

    class Meta(About.Meta):
        verbose_name = _("step taken")
        verbose_name_plural = _("steps taken")
        indexes: ClassVar = [
            *About.Meta.indexes,
            models.Index(fields=["step", "id"], name="steptaken_step"),
            models.Index(fields=["subject_type", "id"], name="steptaken_type"),
        ]
        ordering: ClassVar = ["id"]
        triggers: ClassVar = [AppendOnly()]

    def __str__(self) -> str:
        return f"{self.step}: {self.source} → {self.target}"


class DeadlineQuerySet(AboutQuerySet["Deadline"], JobQuerySet["Deadline"]):  # type: ignore[override]
    """Reading deadlines."""

    def overdue(self) -> Self:
        """Return the open deadlines that have passed."""
        return self.open().filter(due_at__lt=Now())

    def due_of(self, model: type[models.Model], step: str) -> models.Subquery:
        """Return when a step of the row that an outer query is at is due, or was due last.

        Args:
            model: what that query is about.
            step: the step's name.
        """
        kind = ContentType.objects.get_for_model(model)
        found = self.filter(subject_type=kind, subject_id=models.OuterRef("pk"), step=step)
        return models.Subquery(found.order_by("-id").values("due_at")[:1])


class Deadline(About, Job):
    """When it is due and not done, a sweep applies the step as the system; never early, once."""

    step = models.CharField(_("step"), max_length=40)
    due_at = models.DateTimeField(_("due"))
    estimated = models.BooleanField(
        _("estimated"), default=False, help_text=_("The holidays of that year are not published yet.")
    )
    counted_from = models.DateTimeField(
        _("counted from"), null=True, editable=False, help_text=_("The moment after whose day the working days count.")
    )
    working_days = models.PositiveSmallIntegerField(
        _("working days"), null=True, editable=False, help_text=_("With these it is counted anew with other holidays.")
    )
    while_status = models.CharField(
        _("while the status is"), max_length=30, help_text=_("Leaving this status closes the deadline.")
    )
    created_at = models.DateTimeField(_("set"), db_default=Now())

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        indexes: ClassVar = [
            *About.Meta.indexes,
            *Job.Meta.indexes,
            models.Index(fields=["due_at", "id"], name="deadline_due"),
            models.Index(fields=["due_at", "id"], name="deadline_open", condition=models.Q(done_at=None)),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "step"],
                condition=models.Q(done_at=None),
                name="one_open_deadline_a_step",
            ),
            models.CheckConstraint(
                condition=models.Q(counted_from=None, working_days=None)
                | models.Q(counted_from__isnull=False, working_days__isnull=False),
                name="deadline_counted_from_with_days",
            ),
        ]
        triggers: ClassVar = [History(without=("next_try_at", "tries", "last_error"))]

    def __str__(self) -> str:
        return f"{self.step}: {self.due_at:%Y-%m-%d}"
