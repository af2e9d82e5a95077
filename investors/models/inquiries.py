"""Inquiries: a question, its officer, its promised dates and its thread."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self
from uuid import uuid4

from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries.fields import CountryField

from firms.models.merged import OfLiving
from portal.models import User
from portal.models.consents import ERASED
from portal.roles import Role, has_role, may_read_as
from portal.triggers import History

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

READS_ALL = (Role.INVESTMENT, Role.AUDITOR, Role.HEAD)
"""Staff who read every inquiry; registry officers read the corrections."""


def for_registry(prefix: str = "") -> models.Q:
    """Return the condition that registry officers answer it: a correction of what the registry says."""
    return models.Q(**{f"{prefix}topic": Inquiry.Topic.CORRECTION, f"{prefix}opportunity": None})


class InquiryQuerySet(models.QuerySet["Inquiry"]):
    """Reading inquiries, and who may see them."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return the user's own; for the staff who read every inquiry all, for registry officers the corrections."""
        if may_read_as(user, *READS_ALL):
            return self
        if not user.is_authenticated:
            return self.none()
        own = models.Q(sender=user)
        return self.filter(own | for_registry() if has_role(user, Role.REGISTRY) else own)

    def sent_by(self, user: User | AnonymousUser) -> Self:
        """Return the user's own, newest first."""
        return self.filter(sender=user).order_by("-pk") if user.is_authenticated else self.none()

    def waiting(self) -> Self:
        """Return those that the district still has to answer."""
        return self.filter(status__in=Inquiry.WAITING)

    def by_urgency(self) -> Self:
        """Sort by what is due first, the overdue on top; what is answered comes last, newest first."""
        return self.order_by(models.F("next_due").asc(nulls_last=True), "-pk")

    def overdue(self) -> Self:
        """Return those for which a promised moment has passed."""
        return self.filter(next_due__lt=Now())


class Inquiry(models.Model):
    """A question to the district, answered inside a published time by a named officer."""

    class Status(models.TextChoices):
        RECEIVED = "received", pgettext_lazy("inquiry", "received")
        ACKNOWLEDGED = "acknowledged", pgettext_lazy("inquiry", "being answered")
        WAITING = "waiting", pgettext_lazy("inquiry", "waiting for the sender")
        ANSWERED = "answered", pgettext_lazy("inquiry", "answered")
        CLOSED = "closed", pgettext_lazy("inquiry", "closed")
        WITHDRAWN = "withdrawn", pgettext_lazy("inquiry", "withdrawn")
        MERGED = "merged", pgettext_lazy("inquiry", "merged into another")

    class Topic(models.TextChoices):
        OPPORTUNITY = "opportunity", _("An opportunity on this site")
        ORGANISATION = "organisation", _("A firm, university, institute or park")
        INCENTIVES = "incentives", _("Incentives")
        INVESTMENT = "investment", _("Investing in Yangpu")
        SETTING_UP = "setting_up", _("Setting up in Yangpu")
        PROCEDURES = "procedures", _("Procedures and permits")
        PREMISES = "premises", _("Premises")
        TECHNOLOGY = "technology", _("Technology and intellectual property")
        TALENT = "talent", _("Talent and universities")
        FINANCING = "financing", _("Financing")
        CORRECTION = "correction", _("A correction of what this site says")
        OTHER = "other", _("Something else")

    WAITING = (Status.RECEIVED, Status.ACKNOWLEDGED)
    """The district owes the next word."""

    UNANSWERED = (*WAITING, Status.WAITING)
    """Not answered and not ended, whoever owes the next word."""

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    sender = models.ForeignKey(User, models.PROTECT, related_name="inquiries", verbose_name=_("sender"))
    organisation = models.ForeignKey(
        "firms.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="inquiries",
        verbose_name=_("on behalf of"),
    )
    firm = models.CharField(_("firm, as the sender wrote it"), max_length=150, blank=True, editable=False)
    country = CountryField(_("country or region"), blank=True, editable=False)
    opportunity = models.ForeignKey(
        "investors.Opportunity",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="inquiries",
        verbose_name=_("opportunity"),
    )
    about_organisation = models.ForeignKey(
        "firms.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="inquiries_about",
        verbose_name=_("about the organisation"),
    )
    programme: "models.ForeignKey[Any, Any]" = models.ForeignKey(
        "incentives.Programme",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="inquiries",
        verbose_name=_("about the programme"),
    )
    topic = models.CharField(_("topic"), max_length=12, choices=Topic)
    language = models.CharField(_("language of the answer"), max_length=10, choices=User.Language)
    subject = models.CharField(_("subject"), max_length=150)
    text = models.TextField(pgettext_lazy("inquiry", "question"), max_length=5000)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.RECEIVED, editable=False)
    officer = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assigned_inquiries",
        verbose_name=_("officer in charge"),
    )
    received_at = models.DateTimeField(pgettext_lazy("time", "received"), default=timezone.now, editable=False)
    acknowledge_due = models.DateTimeField(_("confirmation due"), editable=False)
    answer_due = models.DateTimeField(_("answer due"), editable=False)
    due_estimated = models.BooleanField(_("dates estimated"), default=False, editable=False)
    acknowledged_at = models.DateTimeField(_("confirmed"), null=True, blank=True, editable=False)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True, editable=False)
    days_left = models.SmallIntegerField(
        _("working days left"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("When the sender was asked something; less than 0 where the answer was late by then."),
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        verbose_name=_("goes on in"),
    )
    next_due = models.GeneratedField(
        expression=models.Case(
            models.When(status="received", then="acknowledge_due"),
            models.When(status="acknowledged", then="answer_due"),
        ),
        output_field=models.DateTimeField(_("due"), null=True),
        db_persist=True,
        verbose_name=_("due"),
    )
    rating = models.PositiveSmallIntegerField(_("rating (1-5)"), null=True, blank=True, editable=False)
    rating_comment = models.TextField(_("comment on the answer"), max_length=1000, blank=True, editable=False)
    erased_at = models.DateTimeField(
        _("erased"), null=True, blank=True, editable=False, help_text=_("When its texts and files were erased.")
    )
    idempotency_key = models.UUIDField(default=uuid4, editable=False)

    objects = InquiryQuerySet.as_manager()

    if TYPE_CHECKING:
        messages: RelatedManager["InquiryMessage"]

    class Meta:
        verbose_name = _("inquiry")
        verbose_name_plural = _("inquiries")
        indexes: ClassVar = [
            models.Index(fields=["status", "acknowledge_due", "answer_due"], name="inquiry_due"),
            models.Index(fields=["next_due", "-id"], name="inquiry_next_due"),
            models.Index(fields=["officer", "status"], name="inquiry_officer"),
            models.Index(fields=["sender", "-received_at"], name="inquiry_sender"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["sender", "idempotency_key"], name="inquiry_sent_once"),
            models.CheckConstraint(
                condition=models.Q(reference__regex=r"^INQ-\d{4}-\d{6,}$"), name="inquiry_reference_form"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    status__in=["received", "acknowledged", "waiting", "answered", "closed", "withdrawn", "merged"]
                ),
                name="inquiry_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(rating=None) | models.Q(rating__gte=1, rating__lte=5), name="inquiry_rating_1_to_5"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["received", "withdrawn", "merged"])
                | models.Q(acknowledged_at__isnull=False),
                name="inquiry_acknowledged_has_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=["answered", "closed"])
                | models.Q(answered_at__isnull=False)
                | models.Q(status="closed", days_left__isnull=False),
                name="inquiry_answered_has_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="waiting") | models.Q(days_left__isnull=False),
                name="inquiry_waiting_keeps_days_left",
            ),
            models.CheckConstraint(
                condition=models.Q(status="merged", merged_into__isnull=False)
                | (~models.Q(status="merged") & models.Q(merged_into=None)),
                name="inquiry_merged_into_another",
            ),
            models.CheckConstraint(condition=~models.Q(merged_into=models.F("pk")), name="inquiry_not_into_itself"),
            models.CheckConstraint(
                condition=models.Q(answer_due__gte=models.F("acknowledge_due")), name="inquiry_dues_in_order"
            ),
            models.CheckConstraint(
                condition=models.Q(opportunity=None, about_organisation=None)
                | models.Q(opportunity=None, programme=None)
                | models.Q(about_organisation=None, programme=None),
                name="inquiry_about_one_thing",
            ),
            models.CheckConstraint(
                condition=models.Q(erased_at=None)
                | models.Q(
                    status__in=["closed", "withdrawn", "merged"],
                    subject=ERASED,
                    text=ERASED,
                    rating_comment="",
                    firm="",
                ),
                name="inquiry_erased_says_nothing",
            ),
        ]
        triggers: ClassVar = [
            History(without=("next_due",), masked=("subject", "text", "rating_comment", "firm")),
            OfLiving(),
            OfLiving("about_organisation_id"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Return the address of its page on the sender's desk."""
        return reverse("investors:inquiry", args=[self.reference])

    @property
    def about(self) -> Any:
        """The opportunity, organisation or programme it is about, or None."""
        return self.opportunity or self.about_organisation or self.programme

    @property
    def answered_by(self) -> Role:
        """The role whose officers answer it; ``for_registry`` says the same to the database."""
        is_for_registry = self.topic == self.Topic.CORRECTION and self.opportunity_id is None
        return Role.REGISTRY if is_for_registry else Role.INVESTMENT

    @property
    def due_at(self) -> datetime | None:
        """The next promised moment, or None where nothing is owed."""
        due = {self.Status.RECEIVED: self.acknowledge_due, self.Status.ACKNOWLEDGED: self.answer_due}
        return due.get(self.Status(self.status))

    @property
    def is_overdue(self) -> bool:
        """Whether the next promised moment has passed."""
        due = self.due_at
        return due is not None and due < timezone.now()


class InquiryMessageQuerySet(models.QuerySet["InquiryMessage"]):
    """Reading threads."""

    def in_thread(self, inquiry: Inquiry) -> Self:
        """Return the messages of an inquiry and of those that were merged into it, in their order."""
        found = self.filter(models.Q(inquiry=inquiry) | models.Q(inquiry__merged_into=inquiry))
        return found.order_by("at", "pk")

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return the messages of the inquiries the user may see; internal notes are the staff's alone."""
        found = self.filter(inquiry__in=Inquiry.objects.visible_to(user))
        if may_read_as(user, *READS_ALL):
            return found
        shared = models.Q(is_internal=False)
        if has_role(user, Role.REGISTRY):
            shared |= for_registry("inquiry__")
        return found.filter(shared)

    def public(self) -> Self:
        """Return what the sender reads."""
        return self.filter(is_internal=False)


class InquiryMessage(models.Model):
    """A message of the thread, or an internal note."""

    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="messages", verbose_name=_("inquiry"))
    author = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("author"))
    body = models.TextField(_("text"), max_length=5000)
    is_internal = models.BooleanField(_("internal note"), default=False)
    at = models.DateTimeField(_("at"), default=timezone.now, editable=False)
    idempotency_key = models.UUIDField(default=uuid4, editable=False)

    objects = InquiryMessageQuerySet.as_manager()

    uploads: Sequence[UploadedFile] = ()
    """Files that are kept with it when it is written."""

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["inquiry", "author", "idempotency_key"], name="inquiry_message_once"),
            models.CheckConstraint(condition=~models.Q(body=""), name="inquiry_message_not_empty"),
        ]
        triggers: ClassVar = [History(masked=("body",))]

    def __str__(self) -> str:
        return f"{self.inquiry_id}: {self.pk}"
