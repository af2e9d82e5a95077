"""What people agreed to, and what of them is to be erased."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.models.accounts import User
from portal.models.work import Job, JobQuerySet
from portal.triggers import History

ERASED = "…"
"""What stands where a text was erased, as in the history."""


class Consent(models.Model):
    """A person's consent to one purpose, as a version of the privacy page words it; ended by withdrawing it."""

    user = models.ForeignKey(User, models.PROTECT, related_name="consents", verbose_name=_("person"))
    purpose = models.CharField(_("purpose"), max_length=30)
    version = models.CharField(_("version of the text"), max_length=20)
    given_at = models.DateTimeField(_("given"), db_default=Now(), editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "purpose", "version"],
                condition=models.Q(withdrawn_at=None),
                name="consent_once",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None) | models.Q(withdrawn_at__gte=models.F("given_at")),
                name="consent_given_before_withdrawn",
            ),
        ]
        triggers: ClassVar = [History()]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.purpose}"


class Erasure(Job):
    """The order to erase what the portal holds about a person for one purpose, or all of it; its job does so."""

    user = models.ForeignKey(User, models.PROTECT, related_name="erasures", verbose_name=_("person"))
    purpose = models.CharField(_("purpose"), max_length=30)
    asked_at = models.DateTimeField(pgettext_lazy("erasure", "asked for"), db_default=Now(), editable=False)
    erased = models.JSONField(_("what was erased"), default=dict, help_text=_("How many records, by part."))

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")
        indexes: ClassVar = [*Job.Meta.indexes]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "purpose"], condition=models.Q(done_at=None), name="erasure_one_open"
            ),
        ]
        triggers: ClassVar = [History(without=("next_try_at", "tries", "last_error"))]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.purpose}"
