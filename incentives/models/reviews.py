"""Reviews: who judges an application, whether they may, and how they score it."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

import pgtrigger
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from incentives.models.applications import Application
from portal.models import Deadline, User
from portal.roles import Role, has_role, may_read_as
from portal.triggers import AppendOnly, History


class ReviewAssignmentQuerySet(models.QuerySet["ReviewAssignment"]):
    """Reading assignments."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return a reviewer's own; for managers, approvers and auditors those of the applications that they handle."""
        if may_read_as(user, Role.MANAGER, Role.APPROVER, Role.AUDITOR, Role.HEAD):
            handled = models.Q(application__in=Application.objects.handled_by(user))
            return self.filter(handled | models.Q(reviewer=user) if has_role(user, Role.REVIEWER) else handled)
        return self.filter(reviewer=user) if has_role(user, Role.REVIEWER) else self.none()

    def counting(self) -> Self:
        """Return those whose review counts: in force and not conflicted."""
        return self.filter(status__in=ReviewAssignment.COUNTING)

    def barring(self) -> Self:
        """Return those that keep their reviewer from the application, in whatever other role they have.

        A conflict or a recusal does so for good; a review that waits does until it is declared that there is none.
        """
        undeclared = models.Q(status=ReviewAssignment.Status.WAITING, conflict=ReviewAssignment.Conflict.UNDECLARED)
        ended = models.Q(status__in=[ReviewAssignment.Status.CONFLICTED, ReviewAssignment.Status.RECUSED])
        return self.filter(undeclared | ended)

    def waiting(self) -> Self:
        """Return those in force without a review."""
        waiting = ReviewAssignment.Status.WAITING
        return self.filter(status=waiting, application__status=Application.Status.UNDER_REVIEW)

    def with_due_date(self) -> Self:
        """Add ``due_at``: by when the review was asked for."""
        return self.annotate(due_at=Deadline.objects.due_of(ReviewAssignment, "remind_due"))


class ReviewAssignment(models.Model):
    """A reviewer's part in an application. ``status`` moves by the lifecycle alone; what has ended never changes."""

    class Status(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("review", "waiting for the review")
        DONE = "done", pgettext_lazy("review", "review is in")
        CONFLICTED = "conflicted", pgettext_lazy("review", "conflict of interest")
        REPLACED = "replaced", pgettext_lazy("review", "replaced: too late")
        RECUSED = "recused", pgettext_lazy("review", "recused by the manager")
        RELEASED = "released", pgettext_lazy("review", "released: no reviewer any more")

    COUNTING: ClassVar = (Status.WAITING, Status.DONE)

    class Conflict(models.TextChoices):
        UNDECLARED = "undeclared", _("not declared yet")
        NONE = "none", _("no conflict")
        CONFLICTED = "conflicted", _("conflict of interest")

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="assignments", verbose_name=_("application")
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="review_assignments", verbose_name=_("reviewer")
    )
    conflict = models.CharField(_("conflict of interest"), max_length=10, choices=Conflict, default=Conflict.UNDECLARED)
    conflict_reason = models.CharField(_("what the conflict is"), max_length=500, blank=True)
    declared_at = models.DateTimeField(_("declared"), null=True, blank=True)
    assigned_at = models.DateTimeField(_("assigned"), db_default=Now())
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("chosen by"),
        help_text=_("Nobody: chosen by expertise and load."),
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.WAITING)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("ended by")
    )
    ended_reason = models.CharField(_("why it ended"), max_length=500, blank=True)

    objects = ReviewAssignmentQuerySet.as_manager()

    if TYPE_CHECKING:
        due_at: Any

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("my reviews")
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["reviewer", "conflict"], name="assignment_reviewer")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["application", "reviewer"], name="assignment_once"),
            models.CheckConstraint(
                condition=models.Q(conflict="undeclared", declared_at=None)
                | models.Q(conflict__in=["none", "conflicted"], declared_at__isnull=False),
                name="assignment_declared_at",
            ),
            models.CheckConstraint(
                condition=models.Q(status="conflicted", conflict="conflicted")
                | (~models.Q(status="conflicted") & ~models.Q(conflict="conflicted")),
                name="assignment_conflict_ends_it",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["waiting", "done", "conflicted"], ended_at=None, ended_reason="")
                | models.Q(status__in=["replaced", "released"], ended_at__isnull=False, ended_by=None)
                | (
                    models.Q(status="recused", ended_at__isnull=False, ended_by__isnull=False)
                    & ~models.Q(ended_reason="")
                ),
                name="assignment_ended_with_reason",
            ),
        ]
        triggers: ClassVar = [
            History(),
            pgtrigger.Trigger(
                name="irrevocable",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF TG_OP = 'DELETE' THEN
                        RAISE EXCEPTION 'a review assignment is never deleted'
                            USING ERRCODE = 'insufficient_privilege';
                    END IF;
                    PERFORM 1 FROM incentives_application WHERE id = NEW.application_id FOR NO KEY UPDATE;
                    IF TG_OP = 'UPDATE' AND (
                        (NEW.application_id, NEW.reviewer_id) IS DISTINCT FROM (OLD.application_id, OLD.reviewer_id)
                        OR (OLD.conflict = 'conflicted' AND (NEW.conflict, NEW.conflict_reason, NEW.declared_at)
                            IS DISTINCT FROM (OLD.conflict, OLD.conflict_reason, OLD.declared_at))
                        OR (OLD.conflict = 'none' AND NEW.conflict = 'undeclared')
                    ) THEN
                        RAISE EXCEPTION 'a declared conflict of interest is not undone'
                            USING ERRCODE = 'insufficient_privilege';
                    END IF;
                    IF TG_OP = 'UPDATE' AND OLD.status IN ('conflicted', 'replaced', 'recused', 'released')
                       AND NEW IS DISTINCT FROM OLD THEN
                        RAISE EXCEPTION 'what has ended of a review does not come back'
                            USING ERRCODE = 'insufficient_privilege';
                    END IF;
                    IF NEW.status = 'done'
                       AND NOT EXISTS (SELECT 1 FROM incentives_review WHERE assignment_id = NEW.id) THEN
                        RAISE EXCEPTION 'no review is in' USING ERRCODE = 'check_violation';
                    END IF;
                    IF TG_OP = 'INSERT' AND EXISTS (
                        SELECT 1 FROM incentives_application a
                         WHERE a.id = NEW.application_id AND (
                            EXISTS (SELECT 1 FROM firms_membership m
                                     WHERE m.organisation_id = a.organisation_id AND m.user_id = NEW.reviewer_id)
                            OR EXISTS (SELECT 1 FROM incentives_employment e
                                         JOIN incentives_reviewerprofile p ON p.id = e.profile_id
                                        WHERE p.user_id = NEW.reviewer_id AND e.organisation_id = a.organisation_id)
                            OR EXISTS (SELECT 1 FROM incentives_reviewassignment s
                                         JOIN incentives_application b ON b.id = s.application_id
                                        WHERE s.reviewer_id = NEW.reviewer_id
                                          AND b.organisation_id = a.organisation_id
                                          AND s.status IN ('conflicted', 'recused')))
                    ) THEN
                        RAISE EXCEPTION 'the reviewer has a conflict of interest with the applicant'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    IF EXISTS (
                        SELECT 1 FROM incentives_recommendation r
                          LEFT JOIN incentives_approval p ON p.recommendation_id = r.id AND p.voided_at IS NULL
                         WHERE r.application_id = NEW.application_id AND r.voided_at IS NULL
                           AND NEW.reviewer_id IN (r.recommended_by_id, p.approver_id)
                    ) THEN
                        RAISE EXCEPTION 'who recommended or approved does not review'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} · {self.reviewer}"


class Review(models.Model):
    """The scores and comments of one reviewer. Written once."""

    assignment = models.OneToOneField(
        ReviewAssignment, models.PROTECT, related_name="review", verbose_name=_("assignment")
    )
    scores = models.JSONField(_("scores"))
    total = models.DecimalField(_("weighted score"), max_digits=5, decimal_places=2)
    comment = models.TextField(_("comment"), max_length=5000)
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("scores")
        verbose_name_plural = _("scores")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(total__gte=0, total__lte=100), name="review_total"),
            models.CheckConstraint(condition=~models.Q(comment=""), name="review_commented"),
        ]
        triggers: ClassVar = [
            AppendOnly(),
            pgtrigger.Trigger(
                name="without_conflict",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    PERFORM 1 FROM incentives_reviewassignment s
                      JOIN incentives_application a ON a.id = s.application_id
                     WHERE s.id = NEW.assignment_id AND s.conflict = 'none' AND s.status = 'waiting'
                       AND a.status = 'under_review'
                       FOR NO KEY UPDATE OF s, a;
                    IF NOT FOUND THEN
                        RAISE EXCEPTION 'a review needs a declaration of no conflict and an application under review'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id}: {self.total}"


class ReviewDraft(models.Model):
    """What a reviewer has written so far. It counts for nothing, and stays when the reviewer is replaced."""

    assignment = models.OneToOneField(
        ReviewAssignment, models.PROTECT, related_name="draft", verbose_name=_("assignment")
    )
    scores = models.JSONField(_("scores"), default=dict)
    comment = models.TextField(_("comment"), max_length=5000, blank=True)
    version = models.PositiveIntegerField(_("saved how often"), default=1)
    saved_at = models.DateTimeField(_("saved"), db_default=Now())

    class Meta:
        verbose_name = _("draft of a review")
        verbose_name_plural = _("drafts of reviews")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(version__gte=1), name="review_draft_version"),
        ]
        triggers: ClassVar = [
            History(masked=("scores", "comment")),
            pgtrigger.Trigger(
                name="while_waiting",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF TG_OP = 'DELETE' THEN
                        RAISE EXCEPTION 'a draft of a review is kept' USING ERRCODE = 'insufficient_privilege';
                    END IF;
                    PERFORM 1 FROM incentives_reviewassignment
                      WHERE id = NEW.assignment_id AND status = 'waiting' AND conflict = 'none' FOR NO KEY UPDATE;
                    IF NOT FOUND THEN
                        RAISE EXCEPTION 'a draft is written while the review is waited for'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id}"
