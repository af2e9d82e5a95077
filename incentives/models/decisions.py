"""Decisions: the recommendation, the approvals of its terms, and the award."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from incentives.models.applications import Application
from incentives.models.money import MAXIMUM_AWARD, bounded, money
from incentives.models.triggers import Decided, Kept, WithoutOpenFlags
from portal.triggers import AppendOnly, History


class Recommendation(models.Model):
    """The programme manager's terms. Other terms are another recommendation; this one is voided."""

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="recommendations", verbose_name=_("application")
    )
    amount = money(_("amount (CNY)"))
    conditions = models.TextField(_("conditions"), max_length=2000, blank=True)
    reasons = models.TextField(_("reasons"), max_length=5000)
    recommended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recommended by")
    )
    terms_hash = models.CharField(max_length=64, editable=False, default="")
    at = models.DateTimeField(_("at"), db_default=Now())
    voided_at = models.DateTimeField(_("void since"), null=True, blank=True)

    class Meta:
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            bounded("amount", "recommendation_amount", most=MAXIMUM_AWARD),
            models.CheckConstraint(condition=~models.Q(reasons=""), name="recommendation_reasoned"),
            models.UniqueConstraint(
                fields=["application"], condition=models.Q(voided_at=None), name="one_live_recommendation"
            ),
        ]
        triggers: ClassVar = [
            History(),
            Kept(once=("voided_at",)),
            Decided(),
            pgtrigger.Trigger(
                name="by_an_outsider",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("app", "record")],
                func="""
                    SELECT id, organisation_id, requested_amount INTO app
                      FROM incentives_application WHERE id = NEW.application_id FOR UPDATE;
                    PERFORM 1 FROM firms_organisation WHERE id = app.organisation_id FOR UPDATE;
                    IF NEW.amount > app.requested_amount THEN
                        RAISE EXCEPTION 'more than was requested' USING ERRCODE = 'check_violation';
                    END IF;
                    IF EXISTS (SELECT 1 FROM firms_membership WHERE organisation_id = app.organisation_id
                                  AND user_id = NEW.recommended_by_id AND is_active)
                       OR EXISTS (SELECT 1 FROM incentives_reviewassignment WHERE application_id = app.id
                                  AND reviewer_id = NEW.recommended_by_id) THEN
                        RAISE EXCEPTION 'the recommender reviewed or belongs to the firm'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    NEW.terms_hash := encode(sha256(convert_to(
                        app.id || '|' || NEW.amount || '|' || NEW.conditions, 'UTF8')), 'hex');
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="voids_its_approvals",
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("voided_at"),
                func="""
                    UPDATE incentives_approval SET voided_at = NEW.voided_at
                     WHERE recommendation_id = NEW.id AND voided_at IS NULL;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.amount}"


class Approval(models.Model):
    """One approver's consent to just these terms."""

    class Stage(models.TextChoices):
        FIRST = "first", _("first approval")
        FINAL = "final", _("approval")

    application = models.ForeignKey(
        Application, models.PROTECT, related_name="approvals", verbose_name=_("application")
    )
    recommendation = models.ForeignKey(
        Recommendation, models.PROTECT, related_name="approvals", verbose_name=_("recommendation")
    )
    stage = models.CharField(_("stage"), max_length=5, choices=Stage)
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("approver"))
    terms_hash = models.CharField(max_length=64, editable=False)
    meeting = models.CharField(_("meeting"), max_length=150, blank=True)
    minutes = models.CharField(_("minutes: reference"), max_length=150, blank=True)
    at = models.DateTimeField(_("at"), db_default=Now())
    voided_at = models.DateTimeField(_("void since"), null=True, blank=True)

    class Meta:
        verbose_name = _("approval")
        verbose_name_plural = _("approvals")
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(stage__in=["first", "final"]), name="approval_stage_known"),
            models.UniqueConstraint(fields=["recommendation", "stage"], name="approval_stage_once"),
            models.UniqueConstraint(fields=["recommendation", "approver"], name="approver_once"),
        ]
        triggers: ClassVar = [
            History(),
            Kept(once=("voided_at",)),
            Decided(),
            WithoutOpenFlags(),
            pgtrigger.Trigger(
                name="by_another",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("app", "record"), ("rec", "record")],
                func="""
                    SELECT id, organisation_id INTO app
                      FROM incentives_application WHERE id = NEW.application_id FOR UPDATE;
                    PERFORM 1 FROM firms_organisation WHERE id = app.organisation_id FOR UPDATE;
                    SELECT * INTO rec FROM incentives_recommendation
                     WHERE id = NEW.recommendation_id AND application_id = app.id AND voided_at IS NULL;
                    IF NOT FOUND OR NEW.terms_hash IS DISTINCT FROM rec.terms_hash OR NEW.voided_at IS NOT NULL THEN
                        RAISE EXCEPTION 'the terms are not the recommended ones' USING ERRCODE = 'check_violation';
                    END IF;
                    IF NEW.approver_id = rec.recommended_by_id
                       OR EXISTS (SELECT 1 FROM incentives_recommendation WHERE application_id = app.id
                                  AND recommended_by_id = NEW.approver_id)
                       OR EXISTS (SELECT 1 FROM incentives_reviewassignment WHERE application_id = app.id
                                  AND reviewer_id = NEW.approver_id)
                       OR EXISTS (SELECT 1 FROM firms_membership WHERE organisation_id = app.organisation_id
                                  AND user_id = NEW.approver_id AND is_active) THEN
                        RAISE EXCEPTION 'the approver recommended, reviewed or belongs to the firm'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.stage}"


class Award(models.Model):
    """What was awarded when the offer was accepted. Published, never changed."""

    application = models.OneToOneField(Application, models.PROTECT, related_name="award", verbose_name=_("application"))
    amount = money(_("amount (CNY)"))
    awarded_at = models.DateTimeField(_("awarded"), db_default=Now())

    class Meta:
        verbose_name = _("award")
        verbose_name_plural = _("awards")
        ordering: ClassVar = ["-awarded_at", "-id"]
        constraints: ClassVar = [bounded("amount", "award_amount", most=MAXIMUM_AWARD)]
        triggers: ClassVar = [
            AppendOnly(),
            Decided(operation=pgtrigger.Insert),
            pgtrigger.Trigger(
                name="of_a_commitment",
                when=pgtrigger.After,
                timing=pgtrigger.Deferred,
                operation=pgtrigger.Insert,
                func="""
                    PERFORM 1 FROM incentives_application a JOIN incentives_recommendation r
                         ON r.application_id = a.id AND r.voided_at IS NULL AND r.amount = NEW.amount
                      WHERE a.id = NEW.application_id AND a.status IN ('active', 'completed', 'terminated')
                        AND (SELECT sum(amount) FROM incentives_ledgerentry
                              WHERE application_id = a.id AND kind = 'commit') = NEW.amount;
                    IF NOT FOUND THEN
                        RAISE EXCEPTION 'an award needs an accepted offer of its amount'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.amount}"
