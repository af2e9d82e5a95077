"""Counting dates anew: after holidays were published or changed, each thing whose dates they touch is a row of work."""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.models.accounts import User
from portal.models.subjects import About
from portal.models.work import Job, JobQuerySet
from portal.triggers import History

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class Recount(Job):
    """One change of the holidays; as work, it looks once more for dates that were set while it was made."""

    year = models.PositiveSmallIntegerField(_("year"))
    first_day = models.DateField(_("first day that changed"))
    is_publication = models.BooleanField(_("the year was published"), default=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), db_default=Now())

    if TYPE_CHECKING:
        items: RelatedManager["RecountItem"]

    objects = JobQuerySet["Recount"].as_manager()

    class Meta(Job.Meta):
        verbose_name = _("count of dates anew")
        verbose_name_plural = _("counts of dates anew")
        ordering: ClassVar = ["-id"]
        triggers: ClassVar = [History(without=("next_try_at", "tries", "last_error"))]

    def __str__(self) -> str:
        return str(self.year)


class RecountItem(About, Job):
    """One thing whose dates are counted anew, in a transaction of its own; what moved stays written here."""

    class Outcome(models.TextChoices):
        MOVED = "moved", pgettext_lazy("recount", "moved")
        SETTLED = "settled", pgettext_lazy("recount", "no longer estimated, not moved")
        UNCHANGED = "unchanged", pgettext_lazy("recount", "unchanged")

    recount = models.ForeignKey(Recount, models.PROTECT, related_name="items", verbose_name=_("count of dates anew"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True)
    moved = models.JSONField(_("moved"), default=list)

    objects = JobQuerySet["RecountItem"].as_manager()

    class Meta:
        verbose_name = _("thing counted anew")
        verbose_name_plural = _("things counted anew")
        indexes: ClassVar = [*Job.Meta.indexes]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["recount", "subject_type", "subject_id"], name="recount_item_once"),
            models.CheckConstraint(
                condition=~models.Q(outcome="") | models.Q(done_at=None), name="recount_item_done_with_outcome"
            ),
        ]
        triggers: ClassVar = [History(without=("next_try_at", "tries", "last_error"))]

    def __str__(self) -> str:
        return f"{self.recount_id}: {self.subject_id}"

    @property
    def moves(self) -> list[tuple[str, datetime, datetime]]:
        """The steps that moved, each with the moment before and after."""
        return [(step, datetime.fromisoformat(was), datetime.fromisoformat(now)) for step, was, now in self.moved]
