"""Invitations: which firms were told that they seem to qualify for a round, and the work of telling them."""

from typing import TYPE_CHECKING, ClassVar, Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from firms.models import Organisation
from incentives.models.rounds import Round
from incentives.models.triggers import Kept
from portal.models import Job, JobQuerySet
from portal.triggers import AppendOnly, History

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class InvitationRunQuerySet(models.QuerySet["InvitationRun"]):
    """Reading orders to invite."""

    def at_work(self) -> Self:
        """Return those that are not finished."""
        return self.filter(ended_at=None)


class InvitationRun(models.Model):
    """An order of staff to invite firms to a round: those chosen, or all that qualify. One at a time for a round."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="invitation_runs", verbose_name=_("round"))
    chosen = ArrayField(
        models.BigIntegerField(),
        verbose_name=_("organisations chosen"),
        null=True,
        blank=True,
        help_text=_("Empty: all that qualify."),
    )
    total = models.PositiveIntegerField(_("firms to invite"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by"))
    asked_at = models.DateTimeField(_("asked for"), db_default=Now())
    ended_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects = InvitationRunQuerySet.as_manager()

    if TYPE_CHECKING:
        invitations: RelatedManager["Invitation"]
        pieces: RelatedManager["InvitationPiece"]

    class Meta:
        verbose_name = _("order to invite")
        verbose_name_plural = _("orders to invite")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["round"], condition=models.Q(ended_at=None), name="one_invitation_run_at_a_time"
            ),
        ]
        triggers: ClassVar = [History(), Kept(once=("ended_at",))]

    def __str__(self) -> str:
        return f"{self.round_id} · {self.total}"


class InvitationPiece(Job):
    """A part of the work of an order: some hundred firms in one transaction."""

    run = models.ForeignKey(InvitationRun, models.CASCADE, related_name="pieces", verbose_name=_("order to invite"))
    after = models.BigIntegerField(_("after the organisation with number"), default=0)

    objects = JobQuerySet["InvitationPiece"].as_manager()

    class Meta(Job.Meta):
        verbose_name = _("part of an order to invite")
        verbose_name_plural = _("parts of orders to invite")

    def __str__(self) -> str:
        return f"{self.run_id} {self.after}"


class Invitation(models.Model):
    """That the signatories of a firm were told of a round: once, and never taken back."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="invitations", verbose_name=_("round"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="invitations", verbose_name=_("organisation")
    )
    run = models.ForeignKey(
        InvitationRun, models.PROTECT, related_name="invitations", verbose_name=_("order to invite")
    )
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["round", "organisation"], name="invitation_once"),
        ]
        triggers: ClassVar = [
            AppendOnly(),
            pgtrigger.Trigger(
                name="to_the_round_of_its_order",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    PERFORM FROM incentives_invitationrun WHERE id = NEW.run_id AND round_id = NEW.round_id;
                    IF NOT FOUND THEN
                        RAISE EXCEPTION 'an invitation is to the round of its order' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} · {self.organisation_id}"
