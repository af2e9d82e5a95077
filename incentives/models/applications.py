"""Applications: who asks for what, in which round, and where it stands."""

from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self
from uuid import uuid4

import pgtrigger
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from firms.models import Membership, Organisation
from firms.models.merged import OfLiving
from incentives.models.money import MAXIMUM_AWARD, bounded, money
from incentives.models.programmes import ProgrammeVersion
from incentives.models.rounds import Round
from incentives.models.triggers import Decided, WithCleanDocuments
from portal.models import Deadline, User
from portal.roles import Role, has_role, may_read_as
from portal.triggers import AppendOnly, History

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from incentives.models.answers import ApplicationDocument, SectionAnswers
    from incentives.models.decisions import Approval, Recommendation
    from incentives.models.flags import Flag, Note
    from incentives.models.ledger import LedgerEntry
    from incentives.models.letters import LetterQuerySet
    from incentives.models.objections import ObjectionQuerySet
    from incentives.models.reviews import ReviewAssignmentQuerySet

READS_ALL = (
    Role.SCREENING,
    Role.MANAGER,
    Role.APPROVER,
    Role.APPEAL,
    Role.FINANCE,
    Role.AUDITOR,
    Role.HEAD,
)
"""Staff who read every application that was submitted; reviewers read those they review."""


class ApplicationQuerySet(models.QuerySet["Application"]):
    """Reading applications, and who may see them."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return what the user may read: their organisations'; for staff what is theirs to handle."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(models.Q(organisation__in=_own_organisations(user)) | _handled_by(user))

    def handled_by(self, user: User | AnonymousUser) -> Self:
        """Return what staff may read in their workplace, reviews and all: never their own organisations'."""
        return self.filter(_handled_by(user)) if user.is_authenticated else self.none()

    def live(self) -> Self:
        """Return those whose story has not ended."""
        return self.exclude(status__in=Application.ENDED)

    def in_public_notice(self) -> Self:
        """Return those that anyone may object to now."""
        return self.filter(status=Application.Status.PUBLIC_NOTICE)

    def with_due_date(self) -> Self:
        """Add ``due_at``: when the present status should end, from the latest deadline set for it."""
        deadlines = (
            Deadline.objects.filter(
                subject_type=ContentType.objects.get_for_model(Application),
                subject_id=models.OuterRef("pk"),
                while_status=models.OuterRef("status"),
            )
            .exclude(step__in=("escalate", Application.REMINDER, Application.APPEAL_PERIOD))
            .order_by("-id")
        )
        return self.annotate(due_at=models.Subquery(deadlines.values("due_at")[:1]))


def _own_organisations(user: User) -> "models.QuerySet[Membership, Any]":
    return Membership.objects.filter(user=user, is_active=True).values("organisation")


def _handled_by(user: User) -> models.Q:
    """Say what is a member of staff's to handle.

    A reviewer reads an application once no conflict is declared, as long as the review is theirs; who declared one,
    was recused, or has not declared yet, reads nothing of it, whatever other roles they have.
    """
    outside = ~models.Q(organisation__in=_own_organisations(user))
    assignments = Application.assignments.rel.related_model.objects.filter(reviewer=user)  # type: ignore[attr-defined]
    if may_read_as(user, *READS_ALL):
        return outside & models.Q(number__isnull=False) & ~models.Q(pk__in=assignments.barring().values("application"))
    if has_role(user, Role.REVIEWER):
        return outside & models.Q(
            pk__in=assignments.filter(conflict="none", status__in=["waiting", "done"]).values("application")
        )
    return models.Q(pk__in=[])


class Application(models.Model):
    """An organisation's application in a round. ``status`` moves by the lifecycle alone."""

    class Status(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("application", "draft")
        SUBMITTED = "submitted", pgettext_lazy("application", "submitted")
        RETURNED = "returned", pgettext_lazy("application", "returned for changes")
        UNDER_REVIEW = "under_review", pgettext_lazy("application", "under review")
        RECOMMENDED = "recommended", pgettext_lazy("application", "recommended")
        FIRST_APPROVED = "first_approved", pgettext_lazy("application", "first approval given")
        PUBLIC_NOTICE = "public_notice", pgettext_lazy("application", "public notice")
        OFFERED = "offered", pgettext_lazy("application", "offer made")
        ACTIVE = "active", pgettext_lazy("application", "award active")
        COMPLETED = "completed", pgettext_lazy("application", "completed")
        TERMINATED = "terminated", pgettext_lazy("application", "terminated")
        DECLINED = "declined", pgettext_lazy("application", "declined")
        WITHDRAWN = "withdrawn", pgettext_lazy("application", "withdrawn")
        LAPSED = "lapsed", pgettext_lazy("application", "lapsed")

    OPEN: ClassVar = (Status.DRAFT, Status.RETURNED)
    ENDED: ClassVar = (Status.COMPLETED, Status.TERMINATED, Status.DECLINED, Status.WITHDRAWN, Status.LAPSED)
    APPEAL_PERIOD: ClassVar = "end_appeal_period"
    """The step whose deadline is until when a declined applicant can appeal."""
    REMINDER: ClassVar = "remind_applicant"
    """The step that tells the applicant what is about to lapse."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    number = models.CharField(_("number"), max_length=20, unique=True, null=True, blank=True, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="applications", verbose_name=_("round"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="applications", verbose_name=_("organisation")
    )
    programme_version = models.ForeignKey(
        ProgrammeVersion, models.PROTECT, related_name="applications", verbose_name=_("version of the programme")
    )
    status = models.CharField(_("status"), max_length=16, choices=Status, default=Status.DRAFT)
    requested_amount = money(_("amount requested (CNY)"), null=True, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("started by")
    )
    created_at = models.DateTimeField(_("started"), db_default=Now(), editable=False)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True, editable=False)

    objects = ApplicationQuerySet.as_manager()

    if TYPE_CHECKING:
        due_at: Any
        taken: list[Any]
        entries: list[Any]
        answers: RelatedManager[SectionAnswers]
        documents: RelatedManager[ApplicationDocument]
        snapshots: RelatedManager["Snapshot"]
        screenings: RelatedManager["Screening"]
        assignments: ReviewAssignmentQuerySet
        flags: RelatedManager[Flag]
        notes: RelatedManager[Note]
        recommendations: RelatedManager[Recommendation]
        objections: ObjectionQuerySet
        ledger: RelatedManager[LedgerEntry]
        approvals: RelatedManager[Approval]
        change_requests: RelatedManager["ChangeRequest"]
        letters: LetterQuerySet

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["status", "id"], name="application_status")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round", "organisation"],
                condition=~models.Q(status__in=["withdrawn", "lapsed"]),
                name="one_application_per_round",
            ),
            bounded("requested_amount", "application_requested_amount", most=MAXIMUM_AWARD),
            models.CheckConstraint(
                condition=models.Q(status__in=["draft", "withdrawn", "lapsed"])
                | models.Q(number__isnull=False, submitted_at__isnull=False, requested_amount__isnull=False),
                name="submitted_with_number_and_amount",
            ),
        ]
        triggers: ClassVar = [
            History(),
            OfLiving(),
            Decided(application="id", operation=pgtrigger.Insert | pgtrigger.UpdateOf("status")),
            WithCleanDocuments(),
            pgtrigger.Trigger(
                name="kept",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF TG_OP = 'DELETE' THEN
                        RAISE EXCEPTION 'an application is never deleted' USING ERRCODE = 'insufficient_privilege';
                    END IF;
                    IF NEW.organisation_id <> OLD.organisation_id AND NOT EXISTS (
                        SELECT FROM firms_organisation
                         WHERE id = OLD.organisation_id AND merged_into_id = NEW.organisation_id) THEN
                        RAISE EXCEPTION 'an application stays with its applicant, or with what that was merged into'
                            USING ERRCODE = 'insufficient_privilege';
                    END IF;
                    IF (NEW.round_id, NEW.programme_version_id, NEW.uid)
                           IS DISTINCT FROM (OLD.round_id, OLD.programme_version_id, OLD.uid)
                       OR (OLD.number IS NOT NULL AND NEW.number IS DISTINCT FROM OLD.number)
                       OR (OLD.status NOT IN ('draft', 'returned')
                           AND (NEW.requested_amount, NEW.submitted_at)
                               IS DISTINCT FROM (OLD.requested_amount, OLD.submitted_at)) THEN
                        RAISE EXCEPTION 'what was submitted does not change' USING ERRCODE = 'insufficient_privilege';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"{self.organisation} · {self.round}"

    def get_absolute_url(self) -> str:
        """Return the address of its page at the applicant's desk."""
        return reverse("incentives:application", args=[self.uid])

    @property
    def is_open(self) -> bool:
        """Whether the applicant may change it now."""
        return self.status in self.OPEN

    @cached_property
    def content(self) -> dict[str, Any]:
        """The programme as it stood in the version that this application is made under."""
        content: dict[str, Any] = self.programme_version.content
        return content

    @property
    def requested(self) -> Decimal:
        """The amount requested, nothing while none is given."""
        return self.requested_amount or Decimal(0)


class Snapshot(models.Model):
    """What was submitted, as it stood at that moment. Never changes."""

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="snapshots", verbose_name=_("application")
    )
    content = models.JSONField(_("content"))
    sha256 = models.CharField(max_length=64)
    key = models.UUIDField(unique=True, help_text=_("One click is one submission."))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering: ClassVar = ["id"]
        triggers: ClassVar = [AppendOnly()]

    def __str__(self) -> str:
        return f"{self.application_id} {self.sha256[:12]}"


class Screening(models.Model):
    """The screening officer's checks before an application is accepted."""

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="screenings", verbose_name=_("application")
    )
    checklist = models.JSONField(_("checklist"))
    credit_checked_on = models.DateField(_("credit check: date"))
    credit_source = models.CharField(_("credit check: source"), max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("screening")
        verbose_name_plural = _("screenings")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(credit_source=""), name="screening_credit_sourced"),
        ]
        triggers: ClassVar = [AppendOnly()]

    def __str__(self) -> str:
        return f"{self.application_id} {self.credit_checked_on}"


class ChangeRequest(models.Model):
    """What the screening officer asks to be changed in one section when an application is returned."""

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="change_requests", verbose_name=_("application")
    )
    section = models.SlugField(pgettext_lazy("application form", "section"), max_length=40)
    reason = models.TextField(_("what to change"), max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("change request")
        verbose_name_plural = _("change requests")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(reason=""), name="change_request_reasoned"),
        ]
        triggers: ClassVar = [AppendOnly()]

    def __str__(self) -> str:
        return f"{self.application_id} {self.section}"
