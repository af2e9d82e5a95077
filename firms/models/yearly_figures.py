"""Yearly figures of organisations: confidential to the organisation and to the staff who need them."""

from decimal import Decimal
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from firms.models.merged import OfLiving
from firms.models.organisations import MAXIMUM_CAPITAL, Organisation
from portal.models import User
from portal.roles import Role, may_read_as
from portal.triggers import History

EARLIEST_YEAR, LATEST_YEAR = 1978, 2200
MAXIMUM_AMOUNT = MAXIMUM_CAPITAL
"""An amount beyond this (in CNY) is taken for a mistake of units."""
MAXIMUM_PEOPLE = 10_000_000

AMOUNTS = ("revenue", "rd_spend", "tax_paid", "total_assets")
MEASURES = (*AMOUNTS, "staff")
"""What a year's figures consist of; each may be not given."""

READS_FIGURES = (Role.REGISTRY, Role.SCREENING, Role.MANAGER, Role.AUDITOR, Role.HEAD)
"""Staff who see the figures of every organisation: who keeps them, who decides on incentives by them, who audits.

Reviewers and approvers see what a criterion made of them, in the application that is theirs to judge.
"""

_SAME = ", ".join(f"{{row}}.{column}" for column in ("year", *MEASURES))


class YearlyFigureQuerySet(models.QuerySet["YearlyFigure"]):
    """Reading yearly figures, and who may see them."""

    def visible_to(self, user: User | AnonymousUser) -> "YearlyFigureQuerySet":
        """Return those of the user's own organisations; all for the staff who need them."""
        if may_read_as(user, *READS_FIGURES):
            return self
        return self.filter(organisation__in=Organisation.objects.with_member(user))

    def attested(self) -> "YearlyFigureQuerySet":
        """Return those that do not rest on the organisation's word alone: verified, or imported from an office."""
        return self.filter(models.Q(verified_at__isnull=False) | models.Q(source=YearlyFigure.Source.IMPORT))


def _within(column: str, most: Decimal | int) -> models.CheckConstraint:
    """Bind a column; NaN is above every number, so the upper bound refuses it."""
    return models.CheckConstraint(
        condition=models.Q(**{f"{column}__gte": 0, f"{column}__lte": most}), name=f"yearly_figure_{column}_bounds"
    )


class YearlyFigure(models.Model):
    """What one organisation's year came to, who says so, and whether an officer saw the evidence."""

    class Source(models.TextChoices):
        MEMBER = "member", pgettext_lazy("yearly figures", "stated by the organisation")
        REGISTRY = "registry", pgettext_lazy("yearly figures", "entered by a registry officer")
        IMPORT = "import", pgettext_lazy("yearly figures", "imported from an office's file")

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="yearly_figures", verbose_name=_("organisation")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    revenue = models.DecimalField(_("revenue (CNY)"), max_digits=15, decimal_places=2, null=True, blank=True)
    rd_spend = models.DecimalField(_("R&D spend (CNY)"), max_digits=15, decimal_places=2, null=True, blank=True)
    tax_paid = models.DecimalField(_("tax paid (CNY)"), max_digits=15, decimal_places=2, null=True, blank=True)
    total_assets = models.DecimalField(_("total assets (CNY)"), max_digits=15, decimal_places=2, null=True, blank=True)
    staff = models.PositiveIntegerField(_("staff at the end of the year"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=10, choices=Source)
    source_name = models.CharField(_("name of the source"), max_length=200, blank=True)
    source_date = models.DateField(_("date of the source"))
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("entered by"),
        help_text=_("Nobody: an import from the command line."),
    )
    entered_at = models.DateTimeField(_("first entered"), db_default=Now(), editable=False)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("verified by")
    )
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)
    evidence = models.CharField(_("evidence seen"), max_length=200, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    objects = YearlyFigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("figures of a year")
        verbose_name_plural = _("yearly figures")
        ordering: ClassVar = ["organisation", "-year"]
        indexes: ClassVar = [models.Index(fields=["year", "id"], name="yearly_figure_year")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "year"],
                name="yearly_figure_once",
                violation_error_message=_("The figures of this year are there already: change them."),
            ),
            models.CheckConstraint(
                condition=models.Q(year__gte=EARLIEST_YEAR, year__lte=LATEST_YEAR), name="yearly_figure_year_bounds"
            ),
            *(_within(column, MAXIMUM_AMOUNT) for column in AMOUNTS),
            _within("staff", MAXIMUM_PEOPLE),
            models.CheckConstraint(
                condition=~models.Q(**dict.fromkeys(MEASURES)),
                name="yearly_figure_says_something",
                violation_error_message=_("Give at least one figure."),
            ),
            models.CheckConstraint(
                condition=models.Q(source="import")
                | models.Q(source__in=["member", "registry"], entered_by__isnull=False),
                name="yearly_figure_source_known",
            ),
            models.CheckConstraint(
                condition=models.Q(verified_at=None, verified_by=None, evidence="")
                | (models.Q(verified_at__isnull=False, verified_by__isnull=False) & ~models.Q(evidence="")),
                name="yearly_figure_verified_with_evidence",
            ),
        ]
        triggers: ClassVar = [
            History(),
            OfLiving(),
            pgtrigger.Trigger(
                name="ended_year_and_own_verification",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=f"""
                    IF NEW.year >= extract(year FROM now() AT TIME ZONE 'Asia/Shanghai') THEN
                        RAISE EXCEPTION 'the year % has not ended', NEW.year USING ERRCODE = 'check_violation';
                    END IF;
                    IF TG_OP = 'UPDATE' THEN
                        NEW.version := OLD.version;
                        IF ({_SAME.format(row="NEW")}) IS DISTINCT FROM ({_SAME.format(row="OLD")})
                           OR (NEW.organisation_id <> OLD.organisation_id AND NOT EXISTS (
                               SELECT FROM firms_organisation
                                WHERE id = OLD.organisation_id AND merged_into_id = NEW.organisation_id)) THEN
                            -- What was verified is no longer what stands there.
                            NEW.version := OLD.version + 1;
                            NEW.verified_by_id := NULL;
                            NEW.verified_at := NULL;
                            NEW.evidence := '';
                        END IF;
                    END IF;
                    IF NEW.verified_by_id IS NOT NULL AND EXISTS (
                        SELECT FROM firms_membership m WHERE m.organisation_id = NEW.organisation_id
                           AND m.user_id = NEW.verified_by_id AND m.is_active
                    ) AND (TG_OP = 'INSERT' OR OLD.verified_by_id IS DISTINCT FROM NEW.verified_by_id) THEN
                        RAISE EXCEPTION 'nobody verifies the figures of their own organisation'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608 -- column names of ours
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} · {self.year}"

    @property
    def is_attested(self) -> bool:
        """Whether it does not rest on the organisation's word alone."""
        return self.is_verified or self.source != self.Source.MEMBER

    @property
    def is_verified(self) -> bool:
        """Whether an officer saw the evidence for what stands there."""
        return self.verified_at is not None
