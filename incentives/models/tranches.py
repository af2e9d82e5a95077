"""The tranche plan of a programme: in which instalments an award is paid, and what each waits for."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from incentives.models.programmes import Programme
from portal.triggers import History


class PlannedTranche(models.Model):
    """One instalment: its share of the award, the milestone it waits for, and the evidence of that.

    The shares of a programme add up to 100; the version that is published keeps them (``adds_up``). Of a firm that is
    moving in, the first instalment waits for its registration here as well.
    """

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="tranches", verbose_name=_("programme"))
    share = models.PositiveSmallIntegerField(
        _("share of the award (%)"), validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    milestone_en = models.CharField(_("milestone in English"), max_length=200)
    milestone_zh = models.CharField(_("milestone in Chinese"), max_length=200)
    evidence_en = models.CharField(_("evidence in English"), max_length=200, blank=True)
    evidence_zh = models.CharField(_("evidence in Chinese"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("planned tranche")
        verbose_name_plural = _("tranche plan")
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(share__range=(1, 100)), name="planned_tranche_share"),
            models.CheckConstraint(
                condition=~models.Q(milestone_en="") & ~models.Q(milestone_zh=""), name="planned_tranche_milestone"
            ),
        ]
        triggers: ClassVar = [History()]

    def __str__(self) -> str:
        milestone = self.milestone_zh if get_language() == "zh-hans" else self.milestone_en
        return f"{self.share}% · {milestone}"
