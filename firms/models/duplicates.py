"""Duplicates: two organisations that may be one, why, and what an officer decided; and the searches for them."""

from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from firms.models.organisations import Organisation
from portal.models import Job, JobQuerySet, User
from portal.roles import Role, may_read_as
from portal.triggers import History

QUEUE = (models.Case(models.When(status="open", then=0), default=1), models.F("score").desc(), "id")
"""The order in which officers see pairs: those that wait first, the likeliest on top."""


class DuplicateQuerySet(models.QuerySet["Duplicate"]):
    """Reading pairs, and who may see them."""

    def waiting(self) -> "DuplicateQuerySet":
        """Return the pairs that wait for the registry officer, the likeliest first."""
        return self.filter(status=Duplicate.Status.OPEN).order_by("-score", "pk")

    def naming(self, organisation: Organisation) -> "DuplicateQuerySet":
        """Return the pairs in which an organisation is."""
        return self.filter(models.Q(first=organisation) | models.Q(second=organisation))

    def visible_to(self, user: User | AnonymousUser) -> "DuplicateQuerySet":
        """Return all for those who keep or audit the registry."""
        return self if may_read_as(user, Role.REGISTRY, Role.AUDITOR, Role.HEAD) else self.none()


class Duplicate(models.Model):
    """Two organisations that may be one. It goes on naming both after they were merged."""

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("duplicate", "to be checked")
        MERGED = "merged", pgettext_lazy("duplicate", "merged")
        DISMISSED = "dismissed", pgettext_lazy("duplicate", "not duplicates")
        GONE = "gone", pgettext_lazy("duplicate", "no longer alike")

    class Reason(models.TextChoices):
        FULL_NAME = "full_name", _("same full name")
        NAME = "name", _("same name without place and legal form")
        SOUND = "sound", _("name of the same sound")
        SIMILAR = "similar", _("similar name")
        ENGLISH = "english", _("same English name")
        WEBSITE = "website", _("same website")
        TELEPHONE = "telephone", _("same telephone")
        ADDRESS = "address", _("same address")
        BY_HAND = "by_hand", _("put together by an officer")

    first = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("first organisation"))
    second = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("second organisation"))
    reasons = ArrayField(models.CharField(max_length=12, choices=Reason), verbose_name=_("what speaks for it"))
    score = models.PositiveSmallIntegerField(_("weight"), default=0)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN)
    found_at = models.DateTimeField(_("found"), db_default=Now(), editable=False)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("decided by"),
    )
    reason = models.TextField(_("reason of the decision"), max_length=2000, blank=True)

    objects = DuplicateQuerySet.as_manager()

    class Meta:
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        indexes: ClassVar = [models.Index(*QUEUE, name="duplicate_queue")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["first", "second"], name="duplicate_once"),
            models.CheckConstraint(condition=models.Q(first__lt=models.F("second")), name="duplicate_in_order"),
            models.CheckConstraint(
                condition=models.Q(status__in=["open", "gone"], decided_at=None, decided_by=None, reason="")
                | (
                    models.Q(status__in=["merged", "dismissed"], decided_at__isnull=False, decided_by__isnull=False)
                    & ~models.Q(reason="")
                ),
                name="duplicate_decision_has_time_person_and_reason",
            ),
        ]
        triggers: ClassVar = [History(without=("score", "reasons"))]

    def __str__(self) -> str:
        return f"{self.first} · {self.second}"

    @property
    def reason_labels(self) -> list[str]:
        """What speaks for it, in words."""
        return [str(self.Reason(reason).label) for reason in self.reasons]


class DuplicateSearch(Job):
    """A search through the registry for duplicates: asked for, done, and what it found."""

    asked_at = models.DateTimeField(_("asked for"), db_default=Now(), editable=False)
    found = models.PositiveIntegerField(_("pairs found"), null=True, blank=True, editable=False)

    objects = JobQuerySet["DuplicateSearch"].as_manager()

    class Meta(Job.Meta):
        verbose_name = _("search for duplicates")
        verbose_name_plural = _("searches for duplicates")

    def __str__(self) -> str:
        return f"{self.asked_at:%Y-%m-%d %H:%M}"
