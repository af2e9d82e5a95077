"""Agreements to be printed: a row that is work, until its file is made."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from investors.models.interests import Interest
from portal.models.work import Job, JobQuerySet
from portal.triggers import History


class Agreement(Job):
    """The agreement of an interest, both of whose acceptances are there: a worker makes its file."""

    interest = models.OneToOneField(
        Interest, models.PROTECT, related_name="agreement", verbose_name=_("expression of interest")
    )

    objects = JobQuerySet["Agreement"].as_manager()

    class Meta:
        verbose_name = _("agreement to be printed")
        verbose_name_plural = _("agreements to be printed")
        indexes: ClassVar = [*Job.Meta.indexes]
        triggers: ClassVar = [History(without=("next_try_at", "tries", "last_error"))]

    def __str__(self) -> str:
        return str(self.interest)
