"""Proposed edits: what members want changed in their organisation's profile, field by field."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models.functions import Now
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from firms.models.merged import OfLiving
from firms.models.organisations import Organisation
from portal.models import User
from portal.roles import Role, may_read_as
from portal.triggers import History

PROPOSABLE = (
    "name_en",
    "description_zh",
    "description_en",
    "website",
    "address",
    "subdistrict",
    "industry_code",
    "business_scope",
    "founded",
    "registered_capital",
    "staff",
    "foreign_invested",
)
"""What members may propose. Code, Chinese name, kind, status and source follow the registry alone."""

HARMLESS = ("website", "description_zh", "description_en")
"""What may be accepted from the list: it neither says who the organisation is nor decides what it can get.

Name, place, industry, scope, founding, capital, staff and ownership are read by clusters and criteria.
"""


class ProposedEditQuerySet(models.QuerySet["ProposedEdit"]):
    """Reading proposed edits, and who may see them."""

    def waiting(self) -> "ProposedEditQuerySet":
        """Return what waits for the registry officer, oldest first."""
        return self.filter(status=ProposedEdit.Status.SUBMITTED).order_by("submitted_at", "pk")

    def visible_to(self, user: User | AnonymousUser) -> "ProposedEditQuerySet":
        """Return those of the user's organisations; for registry officers, auditors and the head all."""
        if may_read_as(user, Role.REGISTRY, Role.AUDITOR, Role.HEAD):
            return self
        return self.filter(organisation__in=Organisation.objects.with_member(user))


class ProposedEdit(models.Model):
    """What the members of one organisation want changed; one is open at a time."""

    class Status(models.TextChoices):
        SUBMITTED = "submitted", pgettext_lazy("proposed edit", "being checked")
        DECIDED = "decided", pgettext_lazy("proposed edit", "decided")
        WITHDRAWN = "withdrawn", pgettext_lazy("proposed edit", "withdrawn")

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="proposed_edits", verbose_name=_("organisation")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.SUBMITTED)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name=_("proposed by")
    )
    submitted_at = models.DateTimeField(_("submitted at"), db_default=Now(), editable=False)
    due_at = models.DateTimeField(_("due"), editable=False)
    due_estimated = models.BooleanField(_("estimated"), default=False, editable=False)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)

    objects = ProposedEditQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposed edit")
        verbose_name_plural = _("proposed edits")
        indexes: ClassVar = [models.Index(fields=["status", "submitted_at"], name="proposed_edit_queue")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation"], condition=models.Q(status="submitted"), name="proposed_edit_one_open"
            ),
            models.CheckConstraint(
                condition=models.Q(status="submitted", closed_at=None)
                | models.Q(status__in=["decided", "withdrawn"], closed_at__isnull=False),
                name="proposed_edit_closed_has_time",
            ),
        ]
        triggers: ClassVar = [
            History(),
            OfLiving(),
            pgtrigger.Trigger(
                name="nothing_left_pending",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("status"),
                func="""
                    IF NEW.status <> 'submitted' AND EXISTS (
                        SELECT FROM firms_proposedvalue v WHERE v.edit_id = NEW.id AND v.status = 'pending'
                    ) THEN
                        RAISE EXCEPTION 'proposed edit % has values that nobody decided', NEW.id
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)


class ProposedValue(models.Model):
    """One field of a proposed edit: what was published when it was proposed, what is proposed, what came of it."""

    class Status(models.TextChoices):
        PENDING = "pending", pgettext_lazy("proposed value", "being checked")
        ACCEPTED = "accepted", pgettext_lazy("proposed value", "accepted")
        REFUSED = "refused", pgettext_lazy("proposed value", "refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("proposed value", "withdrawn")

    edit = models.ForeignKey(ProposedEdit, models.PROTECT, related_name="values", verbose_name=_("proposed edit"))
    field = models.CharField(_("field"), max_length=30)
    published = models.TextField(_("published when it was proposed"), blank=True)
    proposed = models.TextField(_("proposed value"), blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PENDING)
    reason = models.TextField(_("reason of the refusal"), max_length=2000, blank=True)
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

    class Meta:
        verbose_name = _("proposed value")
        verbose_name_plural = _("proposed values")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["edit", "field"], condition=models.Q(status="pending"), name="proposed_value_one_pending"
            ),
            models.CheckConstraint(condition=models.Q(field__in=PROPOSABLE), name="proposed_value_may_be_proposed"),
            models.CheckConstraint(
                condition=~models.Q(proposed=models.F("published")), name="proposed_value_changes_something"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["pending", "withdrawn"], decided_at=None, decided_by=None)
                | models.Q(status__in=["accepted", "refused"], decided_at__isnull=False, decided_by__isnull=False),
                name="proposed_value_decision_has_time_and_person",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="refused") | ~models.Q(reason=""), name="proposed_value_refusal_has_reason"
            ),
        ]
        triggers: ClassVar = [
            History(),
            pgtrigger.Trigger(
                name="decided_once",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=[("edit", "firms_proposededit%ROWTYPE")],
                func="""
                    -- The lock makes a decision and a withdrawal at the same moment follow each other.
                    SELECT * INTO edit FROM firms_proposededit e WHERE e.id = NEW.edit_id FOR UPDATE;
                    IF edit.status <> 'submitted' THEN
                        RAISE EXCEPTION 'proposed edit % is closed', NEW.edit_id USING ERRCODE = 'check_violation';
                    END IF;
                    IF TG_OP = 'UPDATE' AND OLD.status <> 'pending' THEN
                        RAISE EXCEPTION 'proposed value % is decided', NEW.id USING ERRCODE = 'check_violation';
                    END IF;
                    IF TG_OP = 'INSERT' AND NEW.status <> 'pending' THEN
                        RAISE EXCEPTION 'a proposed value begins as pending' USING ERRCODE = 'check_violation';
                    END IF;
                    IF NEW.decided_by_id IS NOT NULL AND EXISTS (
                        SELECT FROM firms_membership m WHERE m.organisation_id = edit.organisation_id
                           AND m.user_id = NEW.decided_by_id AND m.is_active
                    ) THEN
                        RAISE EXCEPTION 'nobody decides about their own organisation'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.status}"

    @property
    def label(self) -> str | Promise:
        """What the field is called."""
        return Organisation._meta.get_field(self.field).verbose_name  # type: ignore[union-attr]

    @property
    def is_harmless(self) -> bool:
        """Whether it may be accepted from the list."""
        return self.field in HARMLESS
