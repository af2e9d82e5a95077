"""Work as rows: what a worker claims, tries, parks."""

from typing import ClassVar, Self

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class JobQuerySet[M: "Job"](models.QuerySet[M]):
    """Reading work."""

    def open(self) -> Self:
        """Return what is neither done nor parked."""
        return self.filter(done_at=None, parked_at=None)

    def due(self) -> Self:
        """Return what a worker should try now, by PostgreSQL's clock."""
        return self.open().filter(next_try_at__lte=Now())

    def parked(self) -> Self:
        """Return what failed too often and waits for a person."""
        return self.exclude(parked_at=None)


class Job(models.Model):
    """A row that is work: claimed with SKIP LOCKED, tried at most five times, then parked."""

    next_try_at = models.DateTimeField(_("next try"), db_default=Now())
    tries = models.PositiveSmallIntegerField(_("tries"), db_default=0)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    parked_at = models.DateTimeField(_("parked"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)

    class Meta:
        abstract = True
        indexes: ClassVar = [
            models.Index(
                fields=["next_try_at"],
                name="%(app_label)s_%(class)s_due",
                condition=models.Q(done_at=None, parked_at=None),
            ),
        ]
