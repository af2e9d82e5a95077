"""Inquiries of people without an account, until they have shown that the e-mail address is theirs."""

from typing import Any, ClassVar, Self
from uuid import uuid4

from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries.fields import CountryField

from firms.models.merged import OfLiving
from investors.models.inquiries import Inquiry
from portal.models import Job, JobQuerySet, User


class UnconfirmedQuerySet(JobQuerySet["UnconfirmedInquiry"]):
    """Reading what waits for its link."""

    def waiting(self) -> Self:
        """Return what can still be confirmed, by PostgreSQL's clock."""
        return self.filter(inquiry=None, expires_at__gt=Now())


class UnconfirmedInquiry(Job):
    """All that was typed, until the link of the mail is used or expires; then the row goes.

    It is work from the moment it expires: that is when it is deleted. Nothing of it is history, since nobody knows yet
    who wrote it. The link holds the row's ``uid``, signed: the database alone makes none.
    """

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=100)
    country = CountryField(_("country or region"), blank=True)
    firm = models.CharField(_("firm, as the sender wrote it"), max_length=150, blank=True)
    topic = models.CharField(_("topic"), max_length=12, choices=Inquiry.Topic)
    language = models.CharField(_("language of the answer"), max_length=10, choices=User.Language)
    subject = models.CharField(_("subject"), max_length=150)
    text = models.TextField(pgettext_lazy("inquiry", "question"), max_length=5000)
    opportunity = models.ForeignKey(
        "investors.Opportunity", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("opportunity")
    )
    about_organisation = models.ForeignKey(
        "firms.Organisation",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("about the organisation"),
    )
    programme: "models.ForeignKey[Any, Any]" = models.ForeignKey(
        "incentives.Programme",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("about the programme"),
    )
    inquiry = models.OneToOneField(
        Inquiry, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("inquiry")
    )
    sender_digest = models.CharField(max_length=64, editable=False)
    mails = models.PositiveSmallIntegerField(default=0, editable=False)
    mailed_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField(_("expires"), editable=False)
    idempotency_key = models.UUIDField(default=uuid4, editable=False)

    objects = UnconfirmedQuerySet.as_manager()

    class Meta(Job.Meta):
        verbose_name = _("unconfirmed inquiry")
        verbose_name_plural = _("unconfirmed inquiries")
        indexes: ClassVar = [
            models.Index(
                fields=["next_try_at"],
                name="unconfirmed_due",
                condition=models.Q(done_at=None, parked_at=None),
            ),
            models.Index(fields=["email", "created_at"], name="unconfirmed_email"),
            models.Index(fields=["sender_digest", "created_at"], name="unconfirmed_sender"),
            models.Index(fields=["created_at"], name="unconfirmed_created"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["email", "idempotency_key"], name="unconfirmed_sent_once"),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="unconfirmed_email_lower_case"),
            models.CheckConstraint(
                condition=models.Q(inquiry=None) | models.Q(name="", subject="", text="", firm=""),
                name="unconfirmed_says_nothing_once_confirmed",
            ),
        ]
        triggers: ClassVar = [OfLiving("about_organisation_id")]

    def __str__(self) -> str:
        return str(self.uid)
