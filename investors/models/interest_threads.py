"""What the two parties write to each other about an interest, and what they agree to do by when."""

from collections.abc import Sequence
from typing import ClassVar, Self
from uuid import uuid4

from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from incentives.models.triggers import Kept
from investors.models.confidentiality import InterestAcceptance
from investors.models.interests import Interest
from portal.clock import SHANGHAI
from portal.models import User
from portal.triggers import History


class InterestMessageQuerySet(models.QuerySet["InterestMessage"]):
    """Reading what the parties write."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return the messages about interests that the user may see."""
        return self.filter(interest__in=Interest.objects.visible_to(user))


class InterestMessage(models.Model):
    """A message of one party to the other."""

    interest = models.ForeignKey(
        Interest, models.PROTECT, related_name="messages", verbose_name=_("expression of interest")
    )
    author = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("author"))
    side = models.CharField(_("side"), max_length=6, choices=InterestAcceptance.Side)
    body = models.TextField(_("text"), max_length=5000)
    at = models.DateTimeField(pgettext_lazy("time", "written"), default=timezone.now, editable=False)
    idempotency_key = models.UUIDField(default=uuid4, editable=False)

    objects = InterestMessageQuerySet.as_manager()

    uploads: Sequence[UploadedFile] = ()
    """Files that are kept with it when it is written."""

    class Meta:
        verbose_name = _("message about an interest")
        verbose_name_plural = _("messages about interests")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["interest", "author", "idempotency_key"], name="interest_message_once"),
            models.CheckConstraint(condition=~models.Q(body=""), name="interest_message_not_empty"),
            models.CheckConstraint(
                condition=models.Q(side__in=["person", "owner"]), name="interest_message_side_known"
            ),
        ]
        triggers: ClassVar = [History(masked=("body",)), Kept(free=("body",))]

    def __str__(self) -> str:
        return f"{self.interest_id}: {self.pk}"


class InterestMilestone(models.Model):
    """Something that the parties agreed to do by a day."""

    class Status(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("milestone", "planned")
        DONE = "done", pgettext_lazy("milestone", "done")
        DROPPED = "dropped", pgettext_lazy("milestone", "dropped")

    interest = models.ForeignKey(
        Interest, models.PROTECT, related_name="milestones", verbose_name=_("expression of interest")
    )
    title = models.CharField(_("what is to be done"), max_length=150)
    due_on = models.DateField(pgettext_lazy("milestone", "by"))
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.PLANNED, editable=False)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False, verbose_name=_("added by"))
    added_at = models.DateTimeField(_("added"), default=timezone.now, editable=False)
    settled_at = models.DateTimeField(_("settled"), null=True, editable=False)
    settled_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("settled by")
    )
    idempotency_key = models.UUIDField(default=uuid4, editable=False)

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering: ClassVar = ["due_on", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["interest", "added_by", "idempotency_key"], name="milestone_added_once"),
            models.CheckConstraint(
                condition=models.Q(status__in=["planned", "done", "dropped"]), name="milestone_status_known"
            ),
            models.CheckConstraint(condition=~models.Q(title=""), name="milestone_says_something"),
            models.CheckConstraint(
                condition=models.Q(status="planned", settled_at=None, settled_by=None)
                | models.Q(status__in=["done", "dropped"], settled_at__isnull=False),
                name="milestone_settled_has_its_date",
            ),
        ]
        triggers: ClassVar = [
            History(masked=("title",)),
            Kept(once=("settled_at", "settled_by_id"), free=("status", "title")),
        ]

    def __str__(self) -> str:
        return f"{self.interest_id}: {self.pk}"

    @property
    def is_overdue(self) -> bool:
        """Whether its day has passed and nobody has settled it."""
        return self.status == self.Status.PLANNED and self.due_on < timezone.localdate(timezone=SHANGHAI)
