"""The working-day calendar: the exceptions to Monday to Friday, year by year."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.triggers import History


class CalendarYear(models.Model):
    """A year whose holidays the State Council has announced; others are estimated."""

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("published year")
        verbose_name_plural = _("published years")
        ordering: ClassVar = ["-year"]
        triggers: ClassVar = [History()]

    def __str__(self) -> str:
        return str(self.year)


class Holiday(models.Model):
    """A day that differs from its weekday: a public holiday, or a make-up working day."""

    day = models.DateField(_("day"), unique=True)
    is_working = models.BooleanField(_("make-up working day"), default=False)
    name = models.CharField(pgettext_lazy("holiday", "name"), max_length=60)

    class Meta:
        verbose_name = _("holiday or make-up day")
        verbose_name_plural = _("holidays and make-up days")
        ordering: ClassVar = ["day"]
        triggers: ClassVar = [History()]

    def __str__(self) -> str:
        return f"{self.day}: {self.name}"
