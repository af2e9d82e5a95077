"""What an investor looks for, as the investor says it."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries.fields import CountryField

from firms.models.merged import OfLiving
from investors.models.facts import MAXIMUM_AMOUNT, CapitalFacts, Kind, TechnologyFacts
from investors.models.telling import Tell
from portal.models import User
from portal.roles import Role, has_role
from portal.triggers import History

if TYPE_CHECKING:
    from firms.models import Cluster

INTRODUCES = (Role.INVESTMENT, Role.HEAD)
"""Staff who read profiles, to bring both sides together."""


def choices_within(name: str, choices: type[models.TextChoices]) -> models.Q:
    """Return the condition that an array holds only known words."""
    return models.Q(**{f"{name}__contained_by": choices.values})


def _several(label: Any, choices: Any) -> "ArrayField[Any, Any]":
    return ArrayField(models.CharField(max_length=24, choices=choices), verbose_name=label, default=list, blank=True)


class InvestorProfileQuerySet(models.QuerySet["InvestorProfile"]):
    """Reading profiles, and who may see them."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Return a person's own; all of them for the staff who introduce investors."""
        if has_role(user, *INTRODUCES):
            return self
        return self.filter(user=user) if user.is_authenticated else self.none()

    def looking_for(self, kind: str) -> Self:
        """Return those of people who look for a kind of opportunity."""
        return self.filter(kinds__contains=[kind], user__is_active=True)


class InvestorProfile(models.Model):
    """What one investor looks for. What is left empty was not said."""

    class Type(models.TextChoices):
        VENTURE = "venture_capital", _("Venture capital")
        EQUITY = "private_equity", _("Private equity")
        CORPORATE = "corporate", _("Corporate investor")
        GUIDANCE = "guidance_fund", _("Guidance fund")
        BANK = "bank", _("Bank")
        FAMILY = "family_office", _("Family office")
        ANGEL = "angel", _("Business angel")

    class Language(models.TextChoices):
        ENGLISH = "en", _("English")
        CHINESE = "zh", _("Chinese")

    class Sought(models.TextChoices):
        CAPITAL = Kind.CAPITAL.value, _("Firms that seek capital")
        TECHNOLOGY = Kind.OFFER.value, _("Technology on offer")
        LAB = Kind.LAB.value, _("Joint laboratories")

    user = models.OneToOneField(User, models.PROTECT, related_name="investor_profile", verbose_name=_("person"))
    organisation = models.ForeignKey(
        "firms.Organisation",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="investor_profiles",
        verbose_name=_("on behalf of"),
    )
    investor_type = models.CharField(_("type of investor"), max_length=16, choices=Type)
    country = CountryField(_("country or region"))
    kinds = _several(_("what you look for"), Sought)
    clusters: "models.ManyToManyField[Cluster, Any]" = models.ManyToManyField(
        "firms.Cluster", related_name="+", blank=True, verbose_name=_("clusters")
    )
    excluded_clusters: "models.ManyToManyField[Cluster, Any]" = models.ManyToManyField(
        "firms.Cluster", related_name="+", blank=True, verbose_name=_("clusters you never invest in")
    )
    ticket_min = models.DecimalField(
        _("smallest amount of one investment (CNY)"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    ticket_max = models.DecimalField(
        _("largest amount of one investment (CNY)"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    stages = _several(_("stages"), CapitalFacts.Stage)
    instruments = _several(pgettext_lazy("capital", "instruments"), CapitalFacts.Instrument)
    horizon_years = models.PositiveSmallIntegerField(_("longest time until the exit (years)"), null=True, blank=True)
    roles = _several(_("part you want to play"), CapitalFacts.InvestorRole)
    object_kinds = _several(_("kinds of technology"), TechnologyFacts.ObjectKind)
    modes = _several(_("forms of cooperation"), TechnologyFacts.Mode)
    trl_min = models.PositiveSmallIntegerField(_("least technology readiness level (1-9)"), null=True, blank=True)
    export_free_only = models.BooleanField(
        _("Only technology whose export its owner declares to be free"), default=False
    )
    languages = _several(_("languages you work in"), Language)
    tell = models.CharField(_("tell me of new matches"), max_length=9, choices=Tell, default=Tell.WEEKLY)
    is_named = models.BooleanField(_("Firms that fit may see who I am"), default=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    created_at = models.DateTimeField(_("profile made"), db_default=Now(), editable=False)
    changed_at = models.DateTimeField(_("last change"), db_default=Now(), editable=False)

    objects = InvestorProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("investor profile")
        verbose_name_plural = _("investor profiles")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(
                    investor_type__in=[
                        "venture_capital", "private_equity", "corporate", "guidance_fund", "bank", "family_office",
                        "angel",
                    ]
                ),
                name="profile_type_known",
            ),
            models.CheckConstraint(condition=models.Q(tell__in=Tell.values), name="profile_tell_known"),
            models.CheckConstraint(condition=~models.Q(country=""), name="profile_has_a_country"),
            models.CheckConstraint(
                condition=models.Q(kinds__len__gte=1, kinds__contained_by=[
                    "capital_sought", "technology_offered", "joint_lab",
                ]),
                name="profile_looks_for_something",
            ),
            models.CheckConstraint(
                condition=choices_within("stages", CapitalFacts.Stage)
                & choices_within("instruments", CapitalFacts.Instrument)
                & choices_within("object_kinds", TechnologyFacts.ObjectKind)
                & choices_within("modes", TechnologyFacts.Mode)
                & models.Q(roles__contained_by=["lead", "follow", "strategic", "any"])
                & models.Q(languages__contained_by=["en", "zh"]),
                name="profile_wishes_known",
            ),
            models.CheckConstraint(
                # Both bounds: NaN is greater than every number to PostgreSQL.
                condition=(models.Q(ticket_min=None) | models.Q(ticket_min__gt=0, ticket_min__lte=MAXIMUM_AMOUNT))
                & (models.Q(ticket_max=None) | models.Q(ticket_max__gt=0, ticket_max__lte=MAXIMUM_AMOUNT))
                & (
                    models.Q(ticket_min=None)
                    | models.Q(ticket_max=None)
                    | models.Q(ticket_max__gte=models.F("ticket_min"))
                ),
                name="profile_ticket_in_order",
            ),
            models.CheckConstraint(
                condition=(models.Q(horizon_years=None) | models.Q(horizon_years__gte=1, horizon_years__lte=15))
                & (models.Q(trl_min=None) | models.Q(trl_min__gte=1, trl_min__lte=9)),
                name="profile_numbers_within_bounds",
            ),
        ]  # fmt: skip
        triggers: ClassVar = [
            # What somebody wants to invest in is theirs: history keeps that it changed, not how.
            History(
                without=("changed_at",),
                masked=(
                    "investor_type", "country", "kinds", "ticket_min", "ticket_max", "stages", "instruments",
                    "horizon_years", "roles", "object_kinds", "modes", "trl_min", "export_free_only", "languages",
                    "organisation_id",
                ),
            ),
            OfLiving(),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.user.name

    @property
    def is_foreign(self) -> bool:
        """Whether the investor comes from outside mainland China, to which Hong Kong, Macao and Taiwan count."""
        return str(self.country) != "CN"

    @property
    def ticket(self) -> tuple[Decimal | None, Decimal | None]:
        """The least and the most that one investment may be."""
        return self.ticket_min, self.ticket_max
