"""Claims: someone says that they act for a listed organisation."""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from firms.models.merged import OfLiving
from portal.models import Deadline, User
from portal.roles import Role, may_read_as
from portal.triggers import History

QUEUE = (models.Case(models.When(status="submitted", then=0), default=1), "submitted_at", "id")
"""The order in which staff see claims: those that wait first, the oldest on top."""


class ClaimQuerySet(models.QuerySet["Claim"]):
    """Reading claims, and who may see them."""

    def waiting(self) -> "ClaimQuerySet":
        """Return the claims that wait for the registry officer, oldest first."""
        return self.filter(status=Claim.Status.SUBMITTED).order_by("submitted_at", "pk")

    def with_due_date(self) -> "ClaimQuerySet":
        """Add ``due_at``: by when a claim that waits is decided, as promised; empty for the others."""
        promised = Deadline.objects.filter(
            subject_type__app_label="firms", subject_type__model="claim", subject_id=models.OuterRef("pk")
        )
        return self.annotate(due_at=promised.filter(step="escalate", done_at=None).values("due_at")[:1])

    def visible_to(self, user: User | AnonymousUser) -> "ClaimQuerySet":
        """Return the user's own claims; for registry officers, auditors and the head all."""
        if may_read_as(user, Role.REGISTRY, Role.AUDITOR, Role.HEAD):
            return self
        return self.filter(claimant=user) if user.is_authenticated else self.none()


class Claim(models.Model):
    """A person's claim to be the signatory of an organisation, with an authorisation letter."""

    class Status(models.TextChoices):
        SUBMITTED = "submitted", pgettext_lazy("claim", "submitted")
        ACCEPTED = "accepted", pgettext_lazy("claim", "accepted")
        REFUSED = "refused", pgettext_lazy("claim", "refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("claim", "withdrawn")

    organisation = models.ForeignKey(
        "firms.Organisation", models.PROTECT, related_name="claims", verbose_name=_("organisation")
    )
    claimant = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="claims", verbose_name=_("claimant")
    )
    position = models.CharField(_("position in the organisation"), max_length=100)
    telephone = models.CharField(_("telephone"), max_length=30, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.SUBMITTED)
    submitted_at = models.DateTimeField(_("submitted at"), db_default=Now(), editable=False)
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
    reason = models.TextField(_("reason of the refusal"), max_length=2000, blank=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("organisation", "claim")
        verbose_name_plural = pgettext_lazy("organisation", "claims")
        indexes: ClassVar = [models.Index(*QUEUE, name="claim_queue")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "claimant"],
                condition=models.Q(status="submitted"),
                name="claim_one_open_per_person",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["submitted", "withdrawn"], decided_at=None, decided_by=None)
                | models.Q(status__in=["accepted", "refused"], decided_at__isnull=False, decided_by__isnull=False),
                name="claim_decision_has_time_and_person",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="refused") | ~models.Q(reason=""), name="claim_refusal_has_reason"
            ),
        ]
        triggers: ClassVar = [
            History(masked=("position", "telephone")),
            OfLiving(),
            pgtrigger.Trigger(
                name="with_a_clean_letter",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("status"),
                func="""
                    IF NEW.status = 'accepted' AND (
                        SELECT bool_and(d.status = 'clean') FROM portal_document d
                          JOIN django_content_type t ON t.id = d.subject_type_id
                         WHERE t.app_label = 'firms' AND t.model = 'claim' AND d.subject_id = NEW.id
                           AND d.purpose = 'authorisation_letter'
                    ) IS NOT TRUE THEN
                        RAISE EXCEPTION 'claim % has no clean letter', NEW.id USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.claimant}"
