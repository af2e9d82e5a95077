"""Opportunities: what firms, universities and parks seek and offer."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from firms.models import Organisation
from firms.models.merged import OfLiving
from investors.models.fact_rules import (
    FACTS,
    choices_are_known,
    facts_belong_to_kind,
    facts_in_order,
    facts_within_bounds,
    licence_belongs_to_a_restriction,
    price_states_its_amounts,
)
from investors.models.facts import CapitalFacts, Kind, PremisesFacts, ProgrammeFacts, TechnologyFacts
from investors.models.laboratory_triggers import FromOwnLaboratory
from portal.models import Deadline, User
from portal.roles import Role, may_read_as
from portal.triggers import History

FROM_LABORATORIES = (Kind.OFFER, Kind.TALENT, Kind.LAB)
"""The kinds that a laboratory offers."""

READS_ALL = (Role.INVESTMENT, Role.AUDITOR, Role.HEAD)
"""Staff who see opportunities that the public does not."""

GONE = (Organisation.Status.SUSPENDED, Organisation.Status.MOVED_OUT)
"""Owners in this standing show the public nothing; search entries follow it."""
ALIKE = 0.5
"""Titles whose likeness (of trigrams, 0 to 1) is at least this may mean the same thing."""

if TYPE_CHECKING:
    from firms.models import Cluster


class OpportunityQuerySet(models.QuerySet["Opportunity"]):
    """Reading opportunities, and who may see them."""

    def published(self) -> Self:
        """Return what the public sees today: published, not past its day, its owner in good standing."""
        return self.filter(public())

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return what is public, what the user's own organisations have, and for staff all but others' drafts."""
        own = models.Q(owner__in=Organisation.objects.with_member(user)) if user.is_authenticated else models.Q()
        if may_read_as(user, *READS_ALL):
            return self.filter(~models.Q(status=Opportunity.Status.DRAFT) | own)
        return self.filter(public() | own) if own else self.published()

    def of_members(self, user: User | AnonymousUser) -> Self:
        """Return what the user's own organisations have, in any status."""
        return self.filter(owner__in=Organisation.objects.with_member(user))

    def waiting(self) -> Self:
        """Return what waits for moderation, oldest first."""
        return self.filter(status=Opportunity.Status.SUBMITTED).order_by("submitted_at", "pk")

    def with_review_due(self) -> Self:
        """Add ``review_due``: by when one that waits is looked at, as promised; empty for the others."""
        promised = Deadline.objects.filter(
            subject_type__app_label="investors", subject_type__model="opportunity", subject_id=models.OuterRef("pk")
        )
        return self.annotate(review_due=promised.filter(step="escalate_review", done_at=None).values("due_at")[:1])

    def much_like(self, opportunity: "Opportunity") -> Self:
        """Return others of the same owner and kind that are or may come on the site and look like the same thing."""
        shown = (Opportunity.Status.SUBMITTED, Opportunity.Status.PUBLISHED, Opportunity.Status.RETURNED)
        others = self.filter(owner=opportunity.owner_id, kind=opportunity.kind, status__in=shown)
        alike = models.Q()
        for name in ("title_en", "title_zh"):
            if title := getattr(opportunity, name):
                likeness = models.Func(
                    name, models.Value(title), function="similarity", output_field=models.FloatField()
                )
                others = others.annotate(**{f"like_{name}": likeness})
                alike |= models.Q(**{f"like_{name}__gte": ALIKE})
        if opportunity.object_number:
            alike |= models.Q(object_number=opportunity.object_number)
        return others.filter(alike).exclude(pk=opportunity.pk).order_by("pk")

    def like(self, opportunity: "Opportunity") -> Self:
        """Return others of the same kind first, then others that share a cluster."""
        shared = OpportunityCluster.objects.filter(
            opportunity=models.OuterRef("pk"),
            cluster__in=OpportunityCluster.objects.filter(opportunity=opportunity).values("cluster"),
        )
        near = models.Case(
            models.When(models.Exists(shared), kind=opportunity.kind, then=0),
            models.When(kind=opportunity.kind, then=1),
            default=2,
            output_field=models.IntegerField(),
        )
        others = self.exclude(pk=opportunity.pk).filter(models.Q(kind=opportunity.kind) | models.Exists(shared))
        return others.order_by(near, "-published_at", "pk")


class Opportunity(CapitalFacts, TechnologyFacts, ProgrammeFacts, PremisesFacts):
    """Something sought or offered, in the words of its owner, moderated before the public sees it."""

    Kind = Kind

    class Status(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("opportunity", "draft")
        SUBMITTED = "submitted", pgettext_lazy("opportunity", "waiting for review")
        PUBLISHED = "published", pgettext_lazy("opportunity", "published")
        RETURNED = "returned", pgettext_lazy("opportunity", "returned for changes")
        WITHDRAWN = "withdrawn", pgettext_lazy("opportunity", "withdrawn")
        EXPIRED = "expired", pgettext_lazy("opportunity", "expired")
        MATCHED = "matched", pgettext_lazy("opportunity", "matched")

    owner = models.ForeignKey(
        "firms.Organisation", models.PROTECT, related_name="opportunities", verbose_name=_("organisation")
    )
    kind = models.CharField(_("kind"), max_length=24, choices=Kind)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT, editable=False)
    slug = models.SlugField(_("address on the site"), max_length=120, unique=True, editable=False)
    title_en = models.CharField(_("title in English"), max_length=120, blank=True)
    title_zh = models.CharField(_("title in Chinese"), max_length=120, blank=True)
    summary_en = models.CharField(_("summary in English"), max_length=400, blank=True)
    summary_zh = models.CharField(_("summary in Chinese"), max_length=400, blank=True)
    text_en = models.TextField(_("description in English"), max_length=5000, blank=True)
    text_zh = models.TextField(_("description in Chinese"), max_length=5000, blank=True)
    confidential_en = models.TextField(_("confidential part in English"), max_length=5000, blank=True)
    confidential_zh = models.TextField(_("confidential part in Chinese"), max_length=5000, blank=True)
    subdistrict = models.ForeignKey(
        "firms.Subdistrict", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("subdistrict")
    )
    laboratory: "models.ForeignKey[Any, Any]" = models.ForeignKey(
        "firms.Laboratory",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="opportunities",
        verbose_name=_("laboratory"),
    )
    clusters = models.ManyToManyField(
        "firms.Cluster",
        through="investors.OpportunityCluster",
        related_name="opportunities",
        blank=True,
        verbose_name=_("clusters"),
    )
    expires_on = models.DateField(_("shown until"), null=True, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False, verbose_name=_("drafted by"))
    created_at = models.DateTimeField(_("drafted"), db_default=Now(), editable=False)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(_("version of the draft"), default=1, editable=False)

    objects = OpportunityQuerySet.as_manager()

    class Meta:
        verbose_name = _("opportunity")
        verbose_name_plural = _("opportunities")
        indexes: ClassVar = [
            models.Index(fields=["status", "kind", "-published_at"], name="opportunity_published"),
            models.Index(fields=["owner", "status"], name="opportunity_owner"),
            models.Index(fields=["subdistrict", "status"], name="opportunity_subdistrict"),
            models.Index(  # tells what is public without reading the long rows
                fields=["id"],
                include=["owner", "expires_on"],
                condition=models.Q(status="published"),
                name="opportunity_public",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(kind__in=[k.value for k in Kind]), name="opportunity_kind_known"),
            models.CheckConstraint(
                condition=models.Q(
                    status__in=["draft", "submitted", "published", "returned", "withdrawn", "expired", "matched"]
                ),
                name="opportunity_status_known",
            ),
            models.CheckConstraint(condition=~models.Q(title_en="", title_zh=""), name="opportunity_has_a_title"),
            models.CheckConstraint(condition=facts_belong_to_kind(), name="opportunity_facts_of_its_kind"),
            models.CheckConstraint(condition=facts_within_bounds(), name="opportunity_facts_within_bounds"),
            models.CheckConstraint(condition=facts_in_order(), name="opportunity_ranges_in_order"),
            models.CheckConstraint(condition=choices_are_known(), name="opportunity_choices_known"),
            models.CheckConstraint(
                condition=licence_belongs_to_a_restriction(), name="opportunity_licence_of_a_restriction"
            ),
            models.CheckConstraint(
                condition=models.Q(amount_secured=None)
                | models.Q(amount_sought__isnull=False, amount_secured__lte=models.F("amount_sought")),
                name="opportunity_secured_within_sought",
            ),
            models.CheckConstraint(
                condition=models.Q(price_to=None)
                | models.Q(price_from__isnull=False, price_to__gte=models.F("price_from")),
                name="opportunity_price_range_in_order",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="published")
                | models.Q(published_at__isnull=False, expires_on__isnull=False, submitted_at__isnull=False),
                name="opportunity_published_has_dates",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="published", export_declaration="prohibited"),
                name="opportunity_prohibited_never_published",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="published", kind="technology_offered")
                | (~models.Q(export_declaration="") & models.Q(disclosure_checked=True)),
                name="opportunity_technology_declared",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="published") | price_states_its_amounts(),
                name="opportunity_price_states_its_amounts",
            ),
            models.CheckConstraint(
                condition=models.Q(laboratory=None) | models.Q(kind__in=[k.value for k in FROM_LABORATORIES]),
                name="opportunity_from_a_laboratory",
            ),
        ]
        triggers: ClassVar = [
            History(masked=("confidential_en", "confidential_zh")),
            OfLiving("owner_id"),
            FromOwnLaboratory(),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address of its public page."""
        return reverse("investors:opportunity", args=[self.slug])

    @property
    def title(self) -> str:
        """The title in the language of the page, or in the other where that is empty."""
        if get_language() == "zh-hans":
            return self.title_zh or self.title_en
        return self.title_en or self.title_zh

    @property
    def is_technology(self) -> bool:
        """Whether it is a technology offered, to which the rules on disclosure and export apply."""
        return self.kind == Kind.OFFER

    @property
    def is_public(self) -> bool:
        """Whether the public may see it today, as far as this row says."""
        today = timezone.localdate()
        return self.status == self.Status.PUBLISHED and self.expires_on is not None and self.expires_on >= today

    @property
    def fact_names(self) -> tuple[str, ...]:
        """The names of the facts that its kind states."""
        return FACTS[Kind(self.kind)]


def public(of: str = "") -> models.Q:
    """Return the condition of what the public sees today; of rows that name an opportunity, by their path to it.

    Args:
        of: the path, as ``opportunity__``; of opportunities themselves none.
    """
    today = timezone.localdate()
    return models.Q(
        ~models.Q(**{f"{of}owner__status__in": GONE}),
        **{f"{of}status": Opportunity.Status.PUBLISHED, f"{of}expires_on__gte": today},
    )


class OpportunityCluster(models.Model):
    """An opportunity in a cluster."""

    opportunity = models.ForeignKey(Opportunity, models.CASCADE, related_name="+")
    cluster: "models.ForeignKey[Any, Cluster]" = models.ForeignKey(
        "firms.Cluster", models.PROTECT, related_name="+", verbose_name=_("cluster")
    )

    class Meta:
        verbose_name = _("cluster of an opportunity")
        verbose_name_plural = _("clusters of an opportunity")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["opportunity", "cluster"], name="opportunity_cluster_once"),
        ]
        triggers: ClassVar = [History()]

    def __str__(self) -> str:
        return str(self.cluster)
