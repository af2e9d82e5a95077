"""Panel drafts: the amounts that a person considers for the applications of a round. They decide nothing."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from incentives.models.rounds import Round
from portal.triggers import History


class PanelDraft(models.Model):
    """One person's amounts for a round, by the application's key; each save has another version."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="panel_drafts", verbose_name=_("round"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    version = models.PositiveIntegerField(_("version"), default=1)
    amounts = models.JSONField(_("amounts"), default=dict)
    saved_at = models.DateTimeField(_("saved"), db_default=Now())

    class Meta:
        verbose_name = _("draft of a panel")
        verbose_name_plural = _("drafts of panels")
        constraints: ClassVar = [models.UniqueConstraint(fields=["round", "by"], name="panel_draft_once")]
        triggers: ClassVar = [History(without=("saved_at",))]

    def __str__(self) -> str:
        return f"{self.round} · {self.by} {self.version}"
