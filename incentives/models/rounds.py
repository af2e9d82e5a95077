"""Rounds in which one may apply, and the budget of each."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import ClassVar, Self

import pgtrigger
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from incentives.models.money import bounded, money
from incentives.models.programmes import Programme
from portal.triggers import History

_FIRST_YEAR, _LAST_YEAR = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


class RoundQuerySet(models.QuerySet["Round"]):
    """Reading rounds."""

    def published(self) -> Self:
        """Return the rounds of programmes that the public sees."""
        return self.filter(programme__status=Programme.Status.PUBLISHED)

    def open_at(self, moment: datetime | models.Func) -> Self:
        """Return the rounds whose window is open at a moment."""
        return self.published().filter(opens_at__lte=moment, closes_at__gte=moment)


class Round(models.Model):
    """A window in which applications for a programme are taken."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="rounds", verbose_name=_("programme"))
    slug = models.SlugField(_("key"), max_length=40)
    title_en = models.CharField(_("title in English"), max_length=100)
    title_zh = models.CharField(_("title in Chinese"), max_length=100)
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("closes"))

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        ordering: ClassVar = ["-opens_at", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["programme", "slug"], name="round_once"),
            models.CheckConstraint(
                condition=models.Q(closes_at__gt=models.F("opens_at")),
                name="round_closes_after_it_opens",
                violation_error_message=_("A round closes after it opens."),
            ),
            models.CheckConstraint(
                condition=models.Q(opens_at__gte=_FIRST_YEAR, closes_at__lt=_LAST_YEAR),
                name="round_in_this_century",
                violation_error_message=_("Give years between 2000 and 2099."),
            ),
        ]
        triggers: ClassVar = [History()]

    def __str__(self) -> str:
        return self.title_zh if get_language() == "zh-hans" else self.title_en


class Budget(models.Model):
    """The money of a round; its counters are moved by the ledger alone."""

    round = models.OneToOneField(Round, models.PROTECT, related_name="budget", verbose_name=_("round"))
    allocated = money(_("allocated"), default=Decimal(0), editable=False)
    reserved = money(_("reserved"), default=Decimal(0), editable=False)
    committed = money(_("committed"), default=Decimal(0), editable=False)
    paid = money(_("paid"), default=Decimal(0), editable=False)

    class Meta:
        verbose_name = _("budget")
        verbose_name_plural = _("budgets")
        constraints: ClassVar = [
            bounded("allocated", "budget_allocated", least=Decimal(0)),
            models.CheckConstraint(
                condition=models.Q(paid__gte=0, paid__lte=models.F("committed")), name="budget_not_overpaid"
            ),
            models.CheckConstraint(
                condition=models.Q(reserved__gte=0, allocated__gte=models.F("reserved") + models.F("committed")),
                name="budget_not_overcommitted",
            ),
        ]
        triggers: ClassVar = [
            History(without=("allocated", "reserved", "committed", "paid")),
            pgtrigger.Trigger(
                name="moved_by_ledger",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF TG_OP = 'INSERT' THEN
                        IF (NEW.allocated, NEW.reserved, NEW.committed, NEW.paid) <> (0, 0, 0, 0) THEN
                            RAISE EXCEPTION 'a budget begins with nothing: write to the ledger'
                                USING ERRCODE = 'insufficient_privilege';
                        END IF;
                    ELSIF NEW.round_id <> OLD.round_id OR (
                        pg_trigger_depth() < 2
                        AND (NEW.allocated, NEW.reserved, NEW.committed, NEW.paid)
                            IS DISTINCT FROM (OLD.allocated, OLD.reserved, OLD.committed, OLD.paid)
                    ) THEN
                        RAISE EXCEPTION 'a budget is moved by its ledger alone'
                            USING ERRCODE = 'insufficient_privilege';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return str(self.round)

    @property
    def left(self) -> Decimal:
        """What can still be reserved."""
        return self.allocated - self.reserved - self.committed
