"""What is told to whom: the outbox that workers deliver from and people read from."""

from typing import ClassVar, Self

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from portal.models.accounts import User
from portal.models.work import Job, JobQuerySet


class NoticeQuerySet(JobQuerySet["Notice"]):
    """Reading notices."""

    def visible_to(self, user: User) -> Self:
        """Return the in-app notices of one person."""
        return self.filter(recipient=user, channel=Notice.Channel.IN_APP)

    def unread(self) -> Self:
        """Return those not read yet."""
        return self.filter(read_at=None)

    def to_deliver(self) -> Self:
        """Return what leaves the house: everything but in-app."""
        return self.exclude(channel=Notice.Channel.IN_APP)


class Notice(Job):
    """One event told to one person on one channel, written with its cause."""

    class Channel(models.TextChoices):
        IN_APP = "in_app", _("in the portal")
        EMAIL = "email", _("e-mail")

    event = models.CharField(_("event"), max_length=150)
    kind = models.CharField(_("kind"), max_length=80)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    recipient = models.ForeignKey(
        User, models.CASCADE, null=True, blank=True, related_name="notices", verbose_name=_("recipient")
    )
    address = models.EmailField(_("address"), blank=True, help_text=_("Where there is no account."))
    language = models.CharField(_("language"), max_length=10, choices=User.Language)
    context = models.JSONField(_("content"), default=dict)
    created_at = models.DateTimeField(_("written"), db_default=Now())
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes: ClassVar = [
            *Job.Meta.indexes,
            models.Index(fields=["recipient", "-id"], name="notice_recipient"),
            models.Index(fields=["id"], name="notice_parked", condition=models.Q(parked_at__isnull=False)),
            models.Index(fields=["id"], name="notice_open", condition=models.Q(done_at=None)),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["event", "recipient", "address", "channel"], name="notice_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=models.Q(recipient__isnull=False) | ~models.Q(address=""), name="notice_to_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.recipient_id or self.address}"
