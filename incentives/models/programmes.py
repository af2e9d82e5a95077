"""Programmes: what the district gives, under which rules, written by staff without code."""

from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Self

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from firms.models import Cluster
from incentives.models.money import MAXIMUM, MAXIMUM_AWARD, bounded, money
from incentives.models.triggers import AddsUp
from portal.triggers import AppendOnly, History

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from incentives.models.criteria import Criterion
    from incentives.models.publications import PublicationQuerySet
    from incentives.models.questions import RubricItem, Section, WantedDocument
    from incentives.models.rounds import Round
    from incentives.models.tranches import PlannedTranche


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    """Reading programmes."""

    def published(self) -> Self:
        """Return those that the public sees."""
        return self.filter(status=Programme.Status.PUBLISHED)


class Programme(models.Model):
    """An incentive programme. Publishing it writes a version; applications keep theirs."""

    class Instrument(models.TextChoices):
        GRANT = "grant", _("Grant")
        RENT = "rent", _("Rent subsidy")
        INTEREST = "interest", _("Loan-interest subsidy")
        TALENT = "talent", _("Talent subsidy")

    class Status(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("programme", "draft")
        PUBLISHED = "published", pgettext_lazy("programme", "published")

    slug = models.SlugField(_("address on the site"), max_length=80, unique=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    instrument = models.CharField(_("instrument"), max_length=10, choices=Instrument)
    title_en = models.CharField(_("title in English"), max_length=150)
    title_zh = models.CharField(_("title in Chinese"), max_length=150)
    summary_en = models.TextField(_("summary in English"), max_length=500)
    summary_zh = models.TextField(_("summary in Chinese"), max_length=500)
    text_en = models.TextField(_("what it gives, in English"), max_length=10_000, blank=True)
    text_zh = models.TextField(_("what it gives, in Chinese"), max_length=10_000, blank=True)
    clusters = models.ManyToManyField(Cluster, verbose_name=_("clusters"), blank=True, related_name="programmes")
    legal_basis = models.TextField(_("legal basis"), max_length=2000, blank=True)
    fair_competition_reference = models.CharField(_("fair-competition review: reference"), max_length=150, blank=True)
    fair_competition_date = models.DateField(_("fair-competition review: date"), null=True, blank=True)
    exception_basis = models.TextField(
        _("legal basis of the exception"),
        max_length=2000,
        blank=True,
        help_text=_("Needed where a criterion favours firms by place, ownership, tax or name."),
    )
    cap_award = money(
        _("most per award (CNY)"), validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(MAXIMUM_AWARD)]
    )
    cap_firm = money(_("most per firm over all its live awards (CNY)"), validators=[MinValueValidator(Decimal("0.01"))])
    matching_rate = models.DecimalField(
        _("share of eligible costs (%)"),
        max_digits=5,
        decimal_places=2,
        default=Decimal(50),
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal(100))],
    )
    reviewers_needed = models.PositiveSmallIntegerField(_("reviewers"), default=2, validators=[MaxValueValidator(9)])
    four_eyes_threshold = money(
        _("two approvers above (CNY)"), default=Decimal(1_000_000), validators=[MinValueValidator(Decimal(0))]
    )
    notice_days = models.PositiveSmallIntegerField(
        _("public notice (working days)"), default=5, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    offer_days = models.PositiveSmallIntegerField(
        _("offer stays open (working days)"), default=10, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    appeal_days = models.PositiveSmallIntegerField(
        _("appeal period (working days)"), default=15, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    open_to_incoming = models.BooleanField(_("open to firms moving in"), default=False)
    open_to_borderline = models.BooleanField(
        _("open to borderline cases"),
        default=True,
        help_text=_("Firms may apply of which a required criterion is not known; screening officers see which one."),
    )
    contact = models.CharField(_("contact"), max_length=150, blank=True)
    telephone = models.CharField(_("telephone"), max_length=40, blank=True)

    if TYPE_CHECKING:
        criteria: RelatedManager[Criterion]
        sections: RelatedManager[Section]
        rubric: RelatedManager[RubricItem]
        wanted_documents: RelatedManager[WantedDocument]
        rounds: RelatedManager[Round]
        tranches: RelatedManager[PlannedTranche]
        publications: PublicationQuerySet
        versions: RelatedManager["ProgrammeVersion"]

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering: ClassVar = ["slug"]
        constraints: ClassVar = [
            bounded("cap_award", "programme_cap_award", most=MAXIMUM_AWARD),
            bounded("cap_firm", "programme_cap_firm"),
            bounded("four_eyes_threshold", "programme_threshold", least=Decimal(0)),
            models.CheckConstraint(
                condition=models.Q(matching_rate__gt=0, matching_rate__lte=100), name="programme_matching_rate"
            ),
            models.CheckConstraint(
                condition=~models.Q(slug__in=["calendar", "check"]),
                name="programme_slug_free",
                violation_error_message=_("Another page of the site has this address."),
            ),
            models.CheckConstraint(condition=models.Q(notice_days__range=(1, 60)), name="programme_notice_days"),
            models.CheckConstraint(
                condition=models.Q(status="draft")
                | (
                    ~models.Q(legal_basis="")
                    & ~models.Q(fair_competition_reference="")
                    & models.Q(fair_competition_date__isnull=False, status="published")
                ),
                name="programme_published_with_its_basis",
            ),
        ]
        triggers: ClassVar = [History()]

    def __str__(self) -> str:
        return self.title_zh if get_language() == "zh-hans" else self.title_en

    def get_absolute_url(self) -> str:
        """Return the address of its public page."""
        return reverse("incentives:programme", args=[self.slug])


class ProgrammeVersion(models.Model):
    """A programme as it was published once: what an application is made under. Never changes."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="versions", verbose_name=_("programme"))
    number = models.PositiveIntegerField(_("version"))
    content = models.JSONField(_("content"))
    sha256 = models.CharField(max_length=64)
    cap_award = money(_("most per award (CNY)"))
    cap_firm = money(_("most per firm (CNY)"))
    four_eyes_threshold = money(_("two approvers above (CNY)"))
    reviewers_needed = models.PositiveSmallIntegerField(_("reviewers"))
    notice_days = models.PositiveSmallIntegerField(_("public notice (working days)"))
    offer_days = models.PositiveSmallIntegerField(_("offer stays open (working days)"))
    appeal_days = models.PositiveSmallIntegerField(_("appeal period (working days)"))
    published_at = models.DateTimeField(_("published"), db_default=Now())
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("published by")
    )

    class Meta:
        verbose_name = _("version of a programme")
        verbose_name_plural = _("versions of programmes")
        ordering: ClassVar = ["programme", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["programme", "number"], name="programme_version_once"),
            bounded("cap_award", "version_cap_award", most=MAXIMUM_AWARD),
            bounded("cap_firm", "version_cap_firm"),
            bounded("four_eyes_threshold", "version_threshold", least=Decimal(0), most=MAXIMUM),
        ]
        triggers: ClassVar = [
            AppendOnly(),
            pgtrigger.Trigger(
                name="proposed_and_published",
                when=pgtrigger.After,
                timing=pgtrigger.Deferred,
                operation=pgtrigger.Insert,
                func="""
                    PERFORM 1 FROM incentives_publication p
                      WHERE p.version_id = NEW.id AND p.programme_id = NEW.programme_id AND p.status = 'published'
                        AND p.sha256 = NEW.sha256 AND p.decided_by_id = NEW.published_by_id
                        AND p.proposed_by_id <> NEW.published_by_id;
                    IF NOT FOUND THEN
                        RAISE EXCEPTION 'a version is proposed by one person and published by another'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NULL;
                """,
            ),
            AddsUp(),
        ]

    def __str__(self) -> str:
        return f"{self.programme_id} v{self.number}"


@lru_cache(maxsize=200)
def content_of(version: int, sha256: str) -> dict[str, Any]:
    """Return what a version asks and says; since it never changes, a process reads it once. Nobody changes it in place.

    Args:
        version: its key.
        sha256: its digest, so that what is remembered is what the database has.
    """
    found = ProgrammeVersion.objects.values_list("content", flat=True)
    content: dict[str, Any] = found.get(pk=version, sha256=sha256)
    return content
