"""When an officer is away: nothing new is given to them, and what falls due meanwhile goes to others."""

from datetime import date
from typing import ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from portal.models import User
from portal.models.work import Job, JobQuerySet
from portal.roles import Role, may_read_as
from portal.triggers import History


class AbsenceQuerySet(models.QuerySet["Absence"]):
    """Reading absences."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return a person's own; all of them for head and auditor."""
        if may_read_as(user, Role.HEAD, Role.AUDITOR):
            return self
        return self.filter(officer=user) if user.is_authenticated else self.none()

    def on(self, day: date) -> Self:
        """Return those that a day lies in."""
        return self.filter(first_day__lte=day, last_day__gte=day)


class Absence(models.Model):
    """The days on which an officer answers no inquiry, both of them included."""

    officer = models.ForeignKey(User, models.PROTECT, related_name="absences", verbose_name=_("officer"))
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    reason = models.CharField(_("reason, for staff alone"), max_length=300, blank=True)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False, verbose_name=_("entered by"))
    entered_at = models.DateTimeField(_("entered"), db_default=Now(), editable=False)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering: ClassVar = ["-first_day", "-pk"]
        indexes: ClassVar = [models.Index(fields=["last_day", "first_day"], name="absence_days")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(first_day__lte=models.F("last_day")), name="absence_days_in_order"
            ),
        ]
        triggers: ClassVar = [History(masked=("reason",))]

    def __str__(self) -> str:
        return f"{self.officer}: {self.first_day} – {self.last_day}"


class Rerouting(Job):
    """A look for inquiries whose officer has left, has lost the role or is away: one always waits for its time."""

    objects = JobQuerySet["Rerouting"].as_manager()

    class Meta(Job.Meta):
        verbose_name = _("search for inquiries without an officer")
        verbose_name_plural = _("searches for inquiries without an officer")

    def __str__(self) -> str:
        return str(self.pk)
