"""Commitments: what the district promised somebody in writing, by whom and when, and whether it was kept."""

from datetime import datetime
from typing import ClassVar, Self
from uuid import uuid4

from django.contrib.auth.models import AnonymousUser
from django.db import connection, models
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from firms.models import Membership
from firms.models.merged import OfLiving
from investors.models.commitment_triggers import FromItsSource, Promised, WithBeneficiary
from portal import clock
from portal.clock import SHANGHAI
from portal.models import User
from portal.models.consents import ERASED
from portal.roles import Role, has_role, may_read_as
from portal.triggers import History

READS_ALL = (Role.INVESTMENT, Role.AUDITOR, Role.HEAD)
"""Staff who read every commitment; owners read their own."""

OWNERS = (Role.INVESTMENT, Role.REGISTRY, Role.MANAGER)
"""Roles whose holders may own a commitment. The head owns none: to the head people turn when one is not kept."""

WORDS = ("text_en", "text_zh", "evidence", "reasons", "next_step", "objection", "objection_answer")
"""The columns that hold what people wrote."""


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    """Reading commitments, and who may see them."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return those made to the user or their organisations; for staff all, or those that they made or own."""
        if may_read_as(user, *READS_ALL):
            return self
        if not user.is_authenticated:
            return self.none()
        found = _made_to(user)
        if has_role(user, *OWNERS):
            found |= models.Q(owner=user) | models.Q(made_by=user)
        return self.filter(found)

    def made_to(self, user: User | AnonymousUser) -> Self:
        """Return those made to the user or to the organisations for which they act."""
        return self.filter(_made_to(user)) if user.is_authenticated else self.none()

    def open(self) -> Self:
        """Return those that are still to be kept."""
        return self.filter(status=Commitment.Status.OPEN)

    def overdue(self) -> Self:
        """Return those that are still to be kept, and whose day has passed."""
        return self.open().filter(due_on__lt=timezone.localdate(timezone=SHANGHAI))

    def disputed(self) -> Self:
        """Return those said to be kept, to which the beneficiary objected and nobody answered yet."""
        return self.filter(status=Commitment.Status.KEPT, objected_at__isnull=False, objection_answered_at__isnull=True)

    def with_next_due(self) -> Self:
        """Add ``next_due``: the day of those that are open; empty for the others."""
        when = models.When(status=Commitment.Status.OPEN, then="due_on")
        return self.annotate(next_due=models.Case(when, output_field=models.DateField()))

    def by_urgency(self) -> Self:
        """Sort by what is due first; what is settled comes last, the newest first."""
        return self.with_next_due().order_by(models.F("next_due").asc(nulls_last=True), "-pk")


def _made_to(user: User) -> models.Q:
    acting = Membership.objects.active().filter(user=user).values("organisation")
    return models.Q(person=user) | models.Q(organisation__in=acting)


class Commitment(models.Model):
    """One thing that the district promised in writing, with the officer who answers for it and the day."""

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("commitment", "open")
        KEPT = "kept", pgettext_lazy("commitment", "kept")
        BROKEN = "broken", pgettext_lazy("commitment", "not kept")
        RELEASED = "released", pgettext_lazy("commitment", "no longer needed")

    class Source(models.TextChoices):
        ANSWER = "answer", pgettext_lazy("commitment", "an answer to an inquiry")
        OFFER = "offer", pgettext_lazy("commitment", "an offer of an incentive")
        LETTER = "letter", pgettext_lazy("commitment", "a letter")
        MEETING = "meeting", pgettext_lazy("commitment", "a meeting")
        OTHER = "other", pgettext_lazy("commitment", "something else")

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    organisation = models.ForeignKey(
        "firms.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="commitments",
        verbose_name=_("organisation"),
    )
    person = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="commitments", verbose_name=_("person")
    )
    text_zh = models.TextField(_("what is promised (Chinese)"), max_length=2000, blank=True)
    text_en = models.TextField(_("what is promised (English)"), max_length=2000, blank=True)
    owner = models.ForeignKey(User, models.PROTECT, related_name="owned_commitments", verbose_name=_("answers for it"))
    due_on = models.DateField(_("due"))
    source = models.CharField(_("promised in"), max_length=10, choices=Source)
    message = models.ForeignKey(
        "investors.InquiryMessage",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="commitments",
        verbose_name=_("answer"),
    )
    application = models.ForeignKey(
        "incentives.Application",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="commitments",
        verbose_name=_("application"),
    )
    source_on = models.DateField(_("day of the letter or meeting"), null=True, blank=True)
    source_note = models.CharField(_("number of the letter, or who met"), max_length=200, blank=True)
    follows = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="follow_up",
        verbose_name=_("takes the place of"),
    )
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False, verbose_name=_("made by"))
    made_at = models.DateTimeField(pgettext_lazy("commitment", "made"), default=timezone.now, editable=False)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.OPEN, editable=False)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True, editable=False)
    evidence = models.TextField(_("how it was kept"), max_length=2000, blank=True, editable=False)
    reasons = models.TextField(_("why it was not kept"), max_length=2000, blank=True, editable=False)
    next_step = models.TextField(_("what happens now"), max_length=2000, blank=True, editable=False)
    objection = models.TextField(_("objection"), max_length=2000, blank=True, editable=False)
    objected_at = models.DateTimeField(_("objected"), null=True, blank=True, editable=False)
    objection_answer = models.TextField(_("answer to the objection"), max_length=2000, blank=True, editable=False)
    objection_answered_at = models.DateTimeField(_("objection answered"), null=True, blank=True, editable=False)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)
    idempotency_key = models.UUIDField(default=uuid4, editable=False)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("of the district", "commitment")
        verbose_name_plural = pgettext_lazy("of the district", "commitments")
        indexes: ClassVar = [
            models.Index(fields=["status", "due_on"], name="commitment_due"),
            models.Index(fields=["owner", "status"], name="commitment_owner"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["made_by", "idempotency_key"], name="commitment_made_once"),
            models.CheckConstraint(
                condition=models.Q(reference__regex=r"^CMT-\d{4}-\d{6,}$"), name="commitment_reference_form"
            ),
            models.CheckConstraint(
                condition=models.Q(organisation__isnull=False) | models.Q(person__isnull=False),
                name="commitment_to_somebody",
            ),
            models.CheckConstraint(
                condition=~models.Q(text_en="", text_zh=""), name="commitment_says_something"
            ),
            models.CheckConstraint(
                condition=models.Q(person=None)
                | (~models.Q(person=models.F("owner")) & ~models.Q(person=models.F("made_by"))),
                name="commitment_not_to_oneself",
            ),
            models.CheckConstraint(
                condition=models.Q(due_on__gte=TruncDate("made_at", tzinfo=SHANGHAI)),
                name="commitment_due_when_made_or_later",
            ),
            models.CheckConstraint(
                condition=models.Q(source_on=None)
                | models.Q(source_on__lte=TruncDate("made_at", tzinfo=SHANGHAI)),
                name="commitment_source_is_past",
            ),
            models.CheckConstraint(
                condition=models.Q(source="answer", message__isnull=False, application=None)
                | models.Q(source="offer", application__isnull=False, message=None)
                | models.Q(source__in=["letter", "meeting"], source_on__isnull=False, message=None, application=None)
                | (models.Q(source="other", message=None, application=None) & ~models.Q(source_note="")),
                name="commitment_has_its_source",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    status="open", settled_at=None, evidence="", reasons="", next_step="", objected_at=None
                )
                | (models.Q(status="kept", settled_at__isnull=False, reasons="", next_step="") & ~models.Q(evidence=""))
                | (
                    models.Q(status="broken", settled_at__isnull=False)
                    & ~models.Q(reasons="")
                    & ~models.Q(next_step="")
                )
                | models.Q(
                    status="released",
                    settled_at__isnull=False,
                    evidence="",
                    reasons="",
                    next_step="",
                    objected_at=None,
                ),
                name="commitment_settled_in_words",
            ),
            models.CheckConstraint(
                condition=models.Q(objected_at=None, objection="") | (
                    models.Q(objected_at__isnull=False) & ~models.Q(objection="") & ~models.Q(evidence="")
                ),
                name="commitment_objection_to_what_is_kept",
            ),
            models.CheckConstraint(
                condition=models.Q(objection_answered_at=None, objection_answer="")
                | (
                    models.Q(objection_answered_at__isnull=False, objected_at__isnull=False)
                    & ~models.Q(objection_answer="")
                ),
                name="commitment_answer_to_an_objection",
            ),
            models.CheckConstraint(
                condition=models.Q(erased_at=None)
                | (
                    ~models.Q(status="open")
                    & models.Q(organisation=None, source_note="")
                    & models.Q(**{f"{name}__in": ["", ERASED] for name in WORDS})
                ),
                name="commitment_erased_says_nothing",
            ),
        ]  # fmt: skip
        triggers: ClassVar = [
            History(masked=(*WORDS, "source_note")),
            OfLiving(),
            Promised(),
            WithBeneficiary(),
            FromItsSource(),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Return the address of its page on the beneficiary's desk."""
        return reverse("investors:commitment", args=[self.reference])

    @property
    def due_at(self) -> datetime:
        """The end of its day in Shanghai: what is done by then is in time."""
        return clock.end_of(self.due_on)

    @property
    def is_overdue(self) -> bool:
        """Whether it is still to be kept, and its day has passed."""
        return self.status == self.Status.OPEN and self.due_on < timezone.localdate(timezone=SHANGHAI)

    @property
    def is_disputed(self) -> bool:
        """Whether it is said to be kept, and an objection waits for its answer."""
        return self.status == self.Status.KEPT and bool(self.objected_at) and not self.objection_answered_at

    @property
    def is_late(self) -> bool:
        """Whether it was kept after its day."""
        return self.status == self.Status.KEPT and bool(self.settled_at and self.settled_at > self.due_at)

    @property
    def beneficiary(self) -> str:
        """To whom it was made, by name: the organisation, or the person."""
        return self.organisation.title if self.organisation else str(self.person.name if self.person else "")


def next_reference(year: int) -> str:
    """Return the reference of the next commitment.

    Args:
        year: in Shanghai, in which it is made.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('investors_commitment_reference')")
        return f"CMT-{year}-{cursor.fetchone()[0]:06d}"
