"""Organisations: firms, universities, institutes, parks and investors."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Lower, Now, NullIf
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from firms.models.facets import organisation_triggers
from firms.models.likeness import likeness_indexes
from firms.models.merged import merged_triggers
from firms.search.texts import Text
from portal.models import StepTaken, User
from portal.roles import Role, may_read_as
from portal.triggers import History

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from firms.models.certificates import Certificate
    from firms.models.clusters import Cluster, ClusterMembership
    from firms.models.edits import ProposedEdit
    from firms.models.members import Membership
    from firms.models.verifications import Verification
    from firms.models.yearly_figures import YearlyFigure

MAXIMUM_CAPITAL = Decimal(10) ** 12
"""Registered capital beyond this (in CNY) is taken for a mistake of units."""

SELF_REGISTERED = "self-registered"
"""The source of what an organisation said of itself; the import replaces it once the registry names it."""

USCC_PATTERN = r"^[0-9A-HJ-NP-RTUWXY]{18}$"
"""The alphabet of GB 32100-2015; the checksum is verified where a code is typed or read."""


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Reading organisations, and who may see them."""

    def listed(self) -> "OrganisationQuerySet":
        """Return what the public directory shows."""
        return self.filter(status=Organisation.Status.LISTED)

    def living(self) -> "OrganisationQuerySet":
        """Return those that were not merged into another."""
        return self.exclude(status=Organisation.Status.MERGED)

    def firms(self) -> "OrganisationQuerySet":
        """Return the companies."""
        return self.filter(kind=Organisation.Kind.FIRM)

    def of_kind(self, kind: "Organisation.Kind") -> "OrganisationQuerySet":
        """Return those of a kind."""
        return self.filter(kind=kind)

    def with_member(self, user: User | AnonymousUser) -> "OrganisationQuerySet":
        """Return the organisations in which the user is an active member."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(members__user=user, members__is_active=True)

    def visible_to(self, user: User | AnonymousUser) -> "OrganisationQuerySet":
        """Return what the user may see: listed ones, their own, and for registry staff all."""
        if may_read_as(user, *READS_ALL):
            return self
        return self.filter(
            models.Q(status=Organisation.Status.LISTED) | models.Q(pk__in=Organisation.objects.with_member(user))
        )

    def moving_in(self) -> "OrganisationQuerySet":
        """Return those that registered themselves, verified or not yet, and were never listed."""
        about = {"subject_type__app_label": "firms", "subject_type__model": "organisation"}
        listed = StepTaken.objects.filter(**about, subject_id=models.OuterRef("pk"), step__in=("list", "unlist"))
        verified = models.Q(status=Organisation.Status.UNLISTED, verifications__isnull=False)
        found = self.filter(models.Q(status=Organisation.Status.INCOMING) | verified)
        return found.exclude(models.Exists(listed)).distinct()

    def in_cluster(self, cluster: "Cluster | str") -> "OrganisationQuerySet":
        """Return the members of a cluster, given itself or its slug."""
        by = "cluster__slug" if isinstance(cluster, str) else "cluster"
        return self.filter(**{f"cluster_memberships__{by}": cluster, "cluster_memberships__excluded": False})

    def search(self, text: str) -> "OrganisationQuerySet":
        """Return those whose names, scope or descriptions have every part of a text; see ``firms.search``."""
        wanted = Text(text)
        if not wanted:
            return self.none()
        condition, params = wanted.found_in("words")
        found = f"SELECT organisation_id FROM firms_searchentry WHERE {condition}"  # noqa: S608
        return self.filter(pk__in=RawSQL(found, params))  # noqa: S611 -- the text goes by parameter

    def by_name(self) -> "OrganisationQuerySet":
        """Sort by the name that the language of the page shows first."""
        return self.order_by(sort_column(), "pk")


class Organisation(models.Model):
    """An organisation of the registry, or one that registered itself."""

    class Kind(models.TextChoices):
        FIRM = "firm", _("firm")
        UNIVERSITY = "university", _("university")
        INSTITUTE = "institute", _("institute")
        PARK = "park", _("park")
        INVESTOR = "investor", _("investor")

    class Status(models.TextChoices):
        INCOMING = "incoming", pgettext_lazy("organisation", "incoming")
        UNLISTED = "unlisted", pgettext_lazy("organisation", "unlisted")
        LISTED = "listed", pgettext_lazy("organisation", "listed")
        SUSPENDED = "suspended", pgettext_lazy("organisation", "suspended")
        MOVED_OUT = "moved_out", pgettext_lazy("organisation", "moved out")
        MERGED = "merged", pgettext_lazy("organisation", "merged into another")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.FIRM)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.INCOMING)
    slug = models.SlugField(_("address on the site"), max_length=120, unique=True)
    uscc = models.CharField(
        _("unified social credit code"),
        max_length=18,
        unique=True,
        null=True,
        blank=True,
    )
    foreign_number = models.CharField(_("foreign registration number"), max_length=40, blank=True)
    country = CountryField(_("country or region"), default="CN")
    name_zh = models.CharField(_("name in Chinese"), max_length=200, blank=True)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    name_pinyin = models.CharField(_("romanised name"), max_length=600, blank=True, editable=False)
    industry_code = models.CharField(_("industry (GB/T 4754-2017)"), max_length=4, blank=True)
    business_scope = models.TextField(_("business scope"), blank=True)
    subdistrict = models.ForeignKey(
        "firms.Subdistrict", models.PROTECT, null=True, blank=True, verbose_name=_("subdistrict")
    )
    address = models.CharField(_("address"), max_length=500, blank=True)
    founded = models.DateField(_("founded"), null=True, blank=True)
    registered_capital = models.DecimalField(
        _("registered capital (CNY)"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    staff = models.PositiveIntegerField(_("staff"), null=True, blank=True)
    foreign_invested = models.BooleanField(_("foreign-invested"), null=True, blank=True)
    description_en = models.TextField(_("description in English"), max_length=5000, blank=True)
    description_zh = models.TextField(_("description in Chinese"), max_length=5000, blank=True)
    website = models.URLField(_("website"), blank=True)
    telephone = models.CharField(
        _("telephone"),
        max_length=40,
        blank=True,
        help_text=_("For the registry alone: it is not published. The public writes through the portal."),
    )
    source = models.CharField(_("source"), max_length=200)
    source_date = models.DateField(_("date of the source"), null=True, blank=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True, editable=False)
    confirmed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", editable=False, verbose_name=_("confirmed by")
    )
    confirm_by = models.DateField(
        _("to be confirmed by"), null=True, blank=True, editable=False, help_text=_("Empty while nobody can confirm.")
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="predecessors",
        editable=False,
        verbose_name=_("merged into"),
    )
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    sort_en = models.GeneratedField(
        expression=Lower(Coalesce(NullIf("name_en", models.Value("")), "name_pinyin")),
        output_field=models.CharField(max_length=600),
        db_persist=True,
    )
    sort_zh = models.GeneratedField(
        expression=Lower(Coalesce(NullIf("name_pinyin", models.Value("")), "name_en")),
        output_field=models.CharField(max_length=600),
        db_persist=True,
    )

    objects = OrganisationQuerySet.as_manager()

    if TYPE_CHECKING:
        members: RelatedManager["Membership"]
        predecessors: RelatedManager["Organisation"]
        certificates: RelatedManager["Certificate"]
        cluster_memberships: RelatedManager["ClusterMembership"]
        proposed_edits: RelatedManager["ProposedEdit"]
        verifications: RelatedManager["Verification"]
        yearly_figures: RelatedManager["YearlyFigure"]

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        indexes: ClassVar = [
            models.Index("status", "kind", "sort_en", "id", name="organisation_by_name_en"),
            models.Index("status", "kind", "sort_zh", "id", name="organisation_by_name_zh"),
            models.Index("status", "kind", Coalesce("staff", -1), "id", name="organisation_by_staff"),
            models.Index("status", "kind", Coalesce("founded", date.min), "id", name="organisation_by_founding"),
            models.Index(fields=["sort_zh", "id"], name="organisation_order_zh"),
            models.Index("subdistrict", "status", "kind", "industry_code", "id", name="organisation_neighbours"),
            models.Index("industry_code", "id", name="organisation_industry_order"),
            *likeness_indexes(),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(uscc__regex=USCC_PATTERN), name="organisation_uscc"),
            models.UniqueConstraint(
                fields=["country", "foreign_number"],
                condition=~models.Q(foreign_number=""),
                name="organisation_foreign_number_once",
                violation_error_message=_("An organisation with this registration number is already registered."),
            ),
            models.CheckConstraint(
                condition=~models.Q(name_zh="", name_en=""),
                name="organisation_has_a_name",
                violation_error_message=_("Give a name in Chinese or in English."),
            ),
            models.CheckConstraint(
                condition=models.Q(industry_code="") | models.Q(industry_code__regex=r"^\d{2,4}$"),
                name="organisation_industry_code",
            ),
            models.CheckConstraint(
                condition=models.Q(registered_capital__gte=0, registered_capital__lte=MAXIMUM_CAPITAL),
                name="organisation_capital_bounds",
            ),
            models.CheckConstraint(condition=models.Q(staff__gte=0), name="organisation_staff_not_negative"),
            models.CheckConstraint(
                condition=models.Q(confirmed_at=None, confirmed_by=None)
                | models.Q(confirmed_at__isnull=False, confirmed_by__isnull=False, confirm_by__isnull=False),
                name="organisation_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=["incoming", "unlisted", "listed", "suspended", "moved_out", "merged"]),
                name="organisation_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(status="merged", merged_into__isnull=False)
                | (~models.Q(status="merged") & models.Q(merged_into=None)),
                name="organisation_merged_into_another",
            ),
            models.CheckConstraint(
                condition=~models.Q(merged_into=models.F("id")), name="organisation_not_merged_into_itself"
            ),
        ]
        triggers: ClassVar = [
            History(without=("sort_en", "sort_zh")),
            *organisation_triggers(),
            *merged_triggers(),
        ]

    def __str__(self) -> str:
        return self.name_zh or self.name_en

    def get_absolute_url(self) -> str:
        """Return the address of its public page, which lies among those of its kind."""
        return reverse(f"firms:{PAGES.get(self.kind, 'organisation')}", args=[self.slug])

    @property
    def is_self_registered(self) -> bool:
        """Whether it registered itself and the registry has never named it."""
        return self.source == SELF_REGISTERED

    @property
    def is_moving_in(self) -> bool:
        """Whether it registered itself and is not listed yet."""
        return self.is_self_registered and self.status in {self.Status.INCOMING, self.Status.UNLISTED}

    @property
    def is_merged(self) -> bool:
        """Whether it was merged into another, which stands for it now."""
        return self.status == self.Status.MERGED

    @property
    def is_romanised(self) -> bool:
        """Whether an English page can show only the pinyin of the Chinese name."""
        return not self.name_en and bool(self.name_pinyin)

    @property
    def title(self) -> str:
        """The name in the language of the page; pinyin where there is no English name."""
        if get_language() == "zh-hans":
            return self.name_zh or self.name_en
        return self.name_en or self.name_pinyin or self.name_zh

    @property
    def other_title(self) -> str:
        """The name in the other language, where there is one."""
        if get_language() == "zh-hans":
            return self.name_en if self.name_zh else ""
        return self.name_zh if self.title != self.name_zh else ""

    @property
    def staff_band(self) -> str:
        """The band of staff the public sees, or an empty text where unknown."""
        if self.staff is None:
            return ""
        bands = [(300, "300+"), (100, "100-299"), (10, "10-99"), (0, "1-9")]
        return next(name.replace("-", "\u2013") for least, name in bands if self.staff >= least)


PAGES: dict[str, str] = {
    Organisation.Kind.UNIVERSITY: "university",
    Organisation.Kind.INSTITUTE: "institute",
    Organisation.Kind.PARK: "park",
}
"""The URL names of the kinds that have pages of their own; every other organisation stands among the firms."""

READS_ALL = (Role.REGISTRY, Role.INVESTMENT, Role.AUDITOR, Role.HEAD, Role.ADMINISTRATOR)
"""Staff who see organisations that the directory does not show."""


def sort_column() -> str:
    """Return the column by which lists are sorted in the language of the page."""
    return "sort_zh" if get_language() == "zh-hans" else "sort_en"
