"""Criteria: who can get a programme, as data that staff write."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from incentives.models.parameters import KINDS
from incentives.models.programmes import Programme
from portal.triggers import History


class Criterion(models.Model):
    """One condition of a programme, with the typed parameters of its kind."""

    class Kind(models.TextChoices):
        AGE = "age", _("age of the firm")
        CLUSTER = "cluster", _("cluster")
        STAFF = "staff", _("number of staff")
        CERTIFICATE = "certificate", _("certificate")
        SUBDISTRICT = "subdistrict", _("subdistrict")
        INDUSTRY = "industry", _("industry")
        CAPITAL = "capital", _("registered capital")
        FOREIGN = "foreign", _("foreign investment")
        RD_INTENSITY = "rd_intensity", _("R&D spend in revenue (%)")
        GROWTH = "growth", _("growth of revenue (%)")
        AWARDED = "awarded", _("earlier award of this programme")
        LIVE_AWARDS = "live_awards", _("live awards in all (CNY)")
        TAX = "tax", _("tax paid")
        FIRM = "firm", _("named firms")

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="criteria", verbose_name=_("programme"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    parameters = models.JSONField(_("parameters"), default=dict)
    hard = models.BooleanField(
        _("required"), default=True, help_text=_("A required criterion that is not met stops the application.")
    )
    title_en = models.CharField(
        _("criterion in English"), max_length=200, blank=True, help_text=_("Left empty: the sentence as worked out.")
    )
    title_zh = models.CharField(_("criterion in Chinese"), max_length=200, blank=True)
    evidence_en = models.CharField(_("evidence in English"), max_length=200, blank=True)
    evidence_zh = models.CharField(_("evidence in Chinese"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(kind__in=list(KINDS)), name="criterion_kind_known"),
        ]
        triggers: ClassVar = [History()]

    def __str__(self) -> str:
        return self.title_en or str(self.get_kind_display())
