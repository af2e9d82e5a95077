"""Complaints of foreign-invested enterprises and investors: confidential, by the clock, by nobody complained of.

Source: Ministry of Commerce, Order No. 3 of 2020, Rules on Handling Complaints of Foreign-Invested Enterprises
(外商投资企业投诉工作办法), in force since 1 October 2020; articles are named where a rule comes from one.
"""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Self
from uuid import uuid4

import pgtrigger
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from firms.models import Membership
from firms.models.merged import OfLiving
from incentives.models.triggers import Kept
from portal.models import User
from portal.roles import Role, has_role
from portal.triggers import History

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from investors.models.complaint_threads import ComplainedOf, ComplaintMessage

MOST_EXTENSION = 60
"""By how many working days the handling is extended at most, once: the house's own limit, Article 19 names none."""


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    """Reading complaints, and who may."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return the user's own, those they handle, and for the head all others; never those against themselves.

        A superuser reads no more than their roles: what is confidential is not a matter of rights.
        """
        if not user.is_authenticated:
            return self.none()
        own = models.Q(complainant=user)
        if has_role(user, Role.HEAD):
            return self.filter(own | self._no_part_of(user))
        if has_role(user, Role.INVESTMENT):
            return self.filter(own | models.Q(handler=user) & self._no_part_of(user))
        return self.filter(own)

    def in_register_of(self, user: User | AnonymousUser) -> Self:
        """Return what the register shows a person: all in which they have no part, for the head and for auditors."""
        if not has_role(user, Role.HEAD, Role.AUDITOR):
            return self.none()
        assert isinstance(user, User)  # noqa: S101 -- who has a role is signed in
        return self.filter(self._no_part_of(user))

    def sent_by(self, user: User | AnonymousUser) -> Self:
        """Return the user's own, newest first."""
        return self.filter(complainant=user).order_by("-pk") if user.is_authenticated else self.none()

    def open(self) -> Self:
        """Return those that have not ended."""
        return self.filter(status__in=Complaint.OPEN)

    def with_next_due(self) -> Self:
        """Add ``next_due``: when the next thing is due; empty where nothing is."""
        return self.annotate(
            next_due=models.Case(
                models.When(status=Complaint.Status.RECEIVED, then="decide_due"),
                models.When(status=Complaint.Status.SUPPLEMENT, then="supplement_due"),
                models.When(status=Complaint.Status.ACCEPTED, then="close_due"),
                output_field=models.DateTimeField(),
            )
        )

    def overdue(self) -> Self:
        """Return those for which the district has let a promised moment pass."""
        running = [Complaint.Status.RECEIVED, Complaint.Status.ACCEPTED]
        return self.with_next_due().filter(status__in=running, next_due__lt=Now())

    def _no_part_of(self, user: User) -> models.Q:
        acting = Membership.objects.active().filter(user=user).values("organisation")
        against = self.model._meta.get_field("complained_of").related_model._default_manager.filter(staff=user)  # type: ignore[union-attr]
        mine = models.Q(complainant=user) | models.Q(organisation__in=acting, organisation__isnull=False)
        return ~mine & ~models.Q(pk__in=against.values("complaint"))


class Complaint(models.Model):
    """A complaint: decided on within 7 working days, handled within 60 more, by somebody who has no part in it."""

    class Status(models.TextChoices):
        RECEIVED = "received", pgettext_lazy("complaint", "received")
        SUPPLEMENT = "supplement", pgettext_lazy("complaint", "waiting for missing material")
        ACCEPTED = "accepted", pgettext_lazy("complaint", "accepted")
        REFUSED = "refused", pgettext_lazy("complaint", "not accepted")
        CLOSED = "closed", pgettext_lazy("complaint", "closed")

    class Kind(models.TextChoices):
        """Article 2."""

        CONDUCT = "conduct", _("An administrative act that infringes lawful rights and interests")
        POLICY = "policy", _("A problem of the investment environment, with a suggestion to improve policy")

    class Standing(models.TextChoices):
        """Article 2: who may complain."""

        ENTERPRISE = "enterprise", _("A foreign-invested enterprise")
        INVESTOR = "investor", _("A foreign investor")

    class Ground(models.TextChoices):
        """Why a complaint is not accepted (Article 14, in short)."""

        STANDING = "standing", _("The complainant is neither a foreign-invested enterprise nor a foreign investor")
        SCOPE = "scope", _("A dispute between private parties, or another matter that these rules do not cover")
        COMPETENCE = "competence", _("Another complaint office is competent")
        INCOMPLETE = "incomplete", _("The material is still incomplete after it was asked for")
        UNFOUNDED = "unfounded", _("Forged evidence, or plainly no basis in fact")
        REPEATED = "repeated", _("The same complaint again, without new evidence or legal grounds")
        ELSEWHERE = (
            "elsewhere",
            _(
                "The matter is or was before a higher complaint office, a petition office, administrative "
                "reconsideration or a court"
            ),
        )

    class Ending(models.TextChoices):
        """How the handling ended (Article 20, in short)."""

        SETTLED = "settled", _("Handled, and the complainant agrees to end it")
        FACTS = (
            "facts",
            _("Not borne out by the facts, or the facts could not be established without material asked for"),
        )
        NO_BASIS = "no_basis", _("What is asked for has no legal basis")
        WITHDRAWN = "withdrawn", _("Withdrawn by the complainant")
        STANDING = "standing", _("The complainant is no longer entitled to complain")
        ABSENT = "absent", _("The complainant took no part for 30 days in a row without good reason")
        ELSEWHERE = (
            "elsewhere",
            _(
                "The matter has come before a higher complaint office, a petition office, administrative "
                "reconsideration or a court"
            ),
        )

    OPEN = (Status.RECEIVED, Status.SUPPLEMENT, Status.ACCEPTED)

    reference = models.CharField(_("reference"), max_length=20, unique=True, editable=False)
    complainant = models.ForeignKey(User, models.PROTECT, related_name="complaints", verbose_name=_("complainant"))
    standing = models.CharField(_("complains as"), max_length=10, choices=Standing)
    organisation = models.ForeignKey(
        "firms.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="complaints",
        verbose_name=_("on behalf of"),
    )
    on_behalf_of = models.CharField(_("name of the enterprise or investor"), max_length=200, blank=True)
    kind = models.CharField(pgettext_lazy("complaint", "kind"), max_length=10, choices=Kind)
    authority = models.CharField(_("authority complained of"), max_length=200, blank=True)
    about_staff = models.BooleanField(_("about somebody who works on this portal"))
    subject = models.CharField(_("subject"), max_length=150)
    facts = models.TextField(_("facts, evidence and grounds"), max_length=5000)
    request = models.TextField(_("what is asked for"), max_length=2000)
    elsewhere = models.TextField(_("before another office or a court"), max_length=1000, blank=True)
    language = models.CharField(_("language of the answer"), max_length=10, choices=User.Language)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.RECEIVED, editable=False)
    handler = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="handled_complaints", verbose_name=_("handled by")
    )
    decided_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=pgettext_lazy("complaint", "decided by"),
    )
    received_at = models.DateTimeField(pgettext_lazy("time", "received"), default=timezone.now, editable=False)
    decide_due = models.DateTimeField(_("decision on acceptance due"), editable=False)
    supplement_due = models.DateTimeField(_("missing material due"), null=True, blank=True, editable=False)
    accepted_at = models.DateTimeField(pgettext_lazy("complaint", "accepted on"), null=True, blank=True, editable=False)
    close_due = models.DateTimeField(_("outcome due"), null=True, blank=True, editable=False)
    due_estimated = models.BooleanField(_("dates estimated"), default=False, editable=False)
    extension_days = models.PositiveSmallIntegerField(_("extended by working days"), null=True, blank=True)
    extension_reason = models.TextField(_("reasons of the extension"), max_length=2000, blank=True)
    extended_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("extended by")
    )
    ended_at = models.DateTimeField(pgettext_lazy("complaint", "ended"), null=True, blank=True, editable=False)
    ground = models.CharField(_("ground of the refusal"), max_length=10, choices=Ground, blank=True)
    ending = models.CharField(_("how it ended"), max_length=10, choices=Ending, blank=True)
    outcome = models.TextField(_("reasons or outcome, in writing"), max_length=5000, blank=True)
    erased_at = models.DateTimeField(_("texts erased"), null=True, blank=True, editable=False)
    idempotency_key = models.UUIDField(default=uuid4, editable=False)

    objects = ComplaintQuerySet.as_manager()

    if TYPE_CHECKING:
        messages: RelatedManager[ComplaintMessage]
        complained_of: RelatedManager[ComplainedOf]

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        indexes: ClassVar = [
            models.Index(fields=["handler", "status"], name="complaint_handler"),
            models.Index(fields=["complainant", "-received_at"], name="complaint_complainant"),
            models.Index(fields=["received_at", "id"], name="complaint_register"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["complainant", "idempotency_key"], name="complaint_sent_once"),
            models.CheckConstraint(
                condition=models.Q(reference__regex=r"^CPL-\d{4}-\d{6,}$"), name="complaint_reference_form"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["received", "supplement", "accepted", "refused", "closed"]),
                name="complaint_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(organisation__isnull=False) | ~models.Q(on_behalf_of=""),
                name="complaint_for_somebody",
            ),
            models.CheckConstraint(
                condition=(models.Q(handler=None) | ~models.Q(handler=models.F("complainant")))
                & (models.Q(decided_by=None) | ~models.Q(decided_by=models.F("complainant"))),
                name="complaint_not_by_complainant",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="accepted") | models.Q(accepted_at__isnull=False, close_due__isnull=False),
                name="complaint_accepted_has_dates",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="refused")
                | (
                    ~models.Q(ground="")
                    & ~models.Q(outcome="")
                    & models.Q(decided_by__isnull=False, ended_at__isnull=False)
                ),
                name="complaint_refused_with_reasons",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="closed")
                | models.Q(ending="withdrawn", ended_at__isnull=False)
                | (
                    ~models.Q(ending="")
                    & ~models.Q(outcome="")
                    & models.Q(decided_by__isnull=False, ended_at__isnull=False)
                ),
                name="complaint_closed_with_outcome",
            ),
            models.CheckConstraint(
                condition=models.Q(extension_days=None, extended_by=None)
                | (
                    models.Q(extension_days__gte=1, extension_days__lte=MOST_EXTENSION, extended_by__isnull=False)
                    & ~models.Q(extension_reason="")
                ),
                name="complaint_extended_with_reasons",
            ),
        ]
        triggers: ClassVar = [
            History(
                masked=(
                    "on_behalf_of", "authority", "subject", "facts", "request", "elsewhere", "extension_reason",
                    "outcome",
                )
            ),
            OfLiving(),
            Kept(
                once=("accepted_at", "extension_days", "extended_by_id", "decided_by_id", "ended_at", "erased_at"),
                free=(
                    "status", "handler_id", "organisation_id", "decide_due", "supplement_due", "close_due",
                    "due_estimated", "ground", "ending", "on_behalf_of", "authority", "subject", "facts", "request",
                    "elsewhere", "extension_reason", "outcome",
                ),
            ),
            pgtrigger.Trigger(
                name="by_an_outsider",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("handler_id", "decided_by_id", "extended_by_id"),
                declare=[("people", "bigint[] := ARRAY[NEW.handler_id, NEW.decided_by_id]")],
                func="""
                    IF TG_OP = 'INSERT' OR NEW.extended_by_id IS DISTINCT FROM OLD.extended_by_id THEN
                        people := people || NEW.extended_by_id::bigint;
                    END IF;
                    IF EXISTS (SELECT 1 FROM investors_complainedof
                                WHERE complaint_id = NEW.id AND staff_id = ANY(people)) THEN
                        RAISE EXCEPTION 'complaint % is against who would handle or decide it', NEW.id
                            USING ERRCODE = 'check_violation';
                    END IF;
                    IF EXISTS (SELECT 1 FROM firms_membership
                                WHERE organisation_id = NEW.organisation_id AND is_active
                                  AND user_id = ANY(people)) THEN
                        RAISE EXCEPTION 'who would handle or decide complaint % belongs to the complainant', NEW.id
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Return the address of its page on the complainant's desk."""
        return reverse("investors:complaint", args=[self.reference])

    @cached_property
    def staff_complained_of(self) -> set[int]:
        """The staff known to be complained of, as the row was read."""
        return set(self.complained_of.exclude(staff=None).values_list("staff_id", flat=True))

    @property
    def complains_for(self) -> str:
        """The name of the enterprise or investor."""
        return self.organisation.title if self.organisation else self.on_behalf_of

    @property
    def due_at(self) -> datetime | None:
        """When the next thing is due, or None where nothing is."""
        due = {
            self.Status.RECEIVED: self.decide_due,
            self.Status.SUPPLEMENT: self.supplement_due,
            self.Status.ACCEPTED: self.close_due,
        }
        return due.get(self.Status(self.status))

    @property
    def is_overdue(self) -> bool:
        """Whether the district has let a promised moment pass."""
        due = None if self.status == self.Status.SUPPLEMENT else self.due_at
        return due is not None and due < timezone.now()

    @property
    def decided_at(self) -> datetime | None:
        """When it was accepted or refused."""
        return self.accepted_at or (self.ended_at if self.status == self.Status.REFUSED else None)
