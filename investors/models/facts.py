"""The typed facts of opportunities: what each kind of them states."""

from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_countries.fields import CountryField

MAXIMUM_AMOUNT = Decimal(10) ** 12
"""An amount beyond this (in CNY) is taken for a mistake of units."""

MAXIMUM_AREA = Decimal(1_000_000)
MAXIMUM_RENT = Decimal(10_000)
LONGEST_HORIZON = 15
"""Years until exit that a firm may name at most."""

TOLD = 1_000
"""How long what is told of a fact may be, in characters."""


class Kind(models.TextChoices):
    """What an opportunity is about."""

    CAPITAL = "capital_sought", _("Capital sought")
    OFFER = "technology_offered", _("Technology offered")
    NEED = "technology_needed", _("Technology needed")
    DIGITAL = "digitalisation_partner", _("Digitalisation partner sought")
    TALENT = "talent_programme", _("Talent programme")
    LAB = "joint_lab", _("Joint laboratory")
    PREMISES = "premises", _("Premises")


TECHNOLOGY = (Kind.OFFER, Kind.NEED)


def _amount(label: Any) -> "models.DecimalField[Any, Any]":
    return models.DecimalField(label, max_digits=15, decimal_places=2, null=True, blank=True)


class CapitalFacts(models.Model):
    """What a firm that seeks capital says of the round."""

    class Stage(models.TextChoices):
        SEED = "seed", _("Seed")
        ANGEL = "angel", _("Angel")
        SERIES_A = "series_a", _("Series A")
        SERIES_B = "series_b", _("Series B")
        GROWTH = "growth", _("Growth")
        PRE_IPO = "pre_ipo", _("Before listing")

    class Instrument(models.TextChoices):
        EQUITY = "equity", _("Equity")
        CONVERTIBLE = "convertible", _("Convertible loan")
        DEBT = "debt", _("Venture debt")
        ASSET = "asset", _("Project or asset finance")

    class InvestorRole(models.TextChoices):
        LEAD = "lead", pgettext_lazy("investor", "Leads the round")
        FOLLOW = "follow", pgettext_lazy("investor", "Follows a lead investor")
        STRATEGIC = "strategic", pgettext_lazy("investor", "Strategic partner")
        ANY = "any", pgettext_lazy("investor", "Any")

    class ForeignCapital(models.TextChoices):
        OPEN = "open", pgettext_lazy("foreign capital", "Open to foreign investors")
        RESTRICTED = "restricted", pgettext_lazy("foreign capital", "Open under conditions of the negative list")
        CLOSED = "closed", pgettext_lazy("foreign capital", "Closed to foreign investors")
        NOT_ASSESSED = "not_assessed", pgettext_lazy("foreign capital", "Not assessed yet")

    stage = models.CharField(pgettext_lazy("capital", "stage"), max_length=10, choices=Stage, blank=True)
    instrument = models.CharField(pgettext_lazy("capital", "instrument"), max_length=12, choices=Instrument, blank=True)
    amount_sought = _amount(_("amount sought (CNY)"))
    amount_secured = _amount(_("amount secured (CNY)"))
    ticket_min = _amount(_("smallest amount a single investor may put in (CNY)"))
    ticket_max = _amount(_("largest amount a single investor may put in (CNY)"))
    horizon_years = models.PositiveSmallIntegerField(_("years until the expected exit (1-15)"), null=True, blank=True)
    investor_role = models.CharField(_("role of the investor"), max_length=10, choices=InvestorRole, blank=True)
    foreign_capital = models.CharField(_("foreign capital"), max_length=12, choices=ForeignCapital, blank=True)
    use_en = models.CharField(_("use of the capital in English"), max_length=300, blank=True)
    use_zh = models.CharField(_("use of the capital in Chinese"), max_length=300, blank=True)

    class Meta:
        abstract = True


class TechnologyFacts(models.Model):
    """What is said of a technology on offer, or of one that is needed."""

    class ObjectKind(models.TextChoices):
        PATENT = "patent", _("Patent")
        SOFTWARE = "software_copyright", _("Software copyright")
        LAYOUT = "ic_layout", _("Layout design of integrated circuits")
        VARIETY = "plant_variety", _("New plant variety")
        BIOMEDICINE = "biomedicine", _("Biomedicine")
        KNOW_HOW = "know_how", _("Know-how")
        RESEARCH = "laboratory_research", _("Laboratory research")

    class Mode(models.TextChoices):
        TRANSFER = "transfer", _("Transfer")
        EXCLUSIVE = "licence_exclusive", _("Exclusive licence")
        SOLE = "licence_sole", _("Sole licence")
        NON_EXCLUSIVE = "licence_non_exclusive", _("Non-exclusive licence")
        EQUITY = "equity_contribution", _("Contribution to equity")
        DEVELOPMENT = "development", _("Development on commission or jointly")
        SERVICE = "service", _("Technical service")
        CONSULTING = "consulting", _("Technical consulting")

    class PriceKind(models.TextChoices):
        FIXED = "fixed", _("Fixed")
        RANGE = "range", _("Range")
        ROYALTY = "royalty", _("Royalty")
        NEGOTIABLE = "negotiable", _("Negotiable")

    class Export(models.TextChoices):
        FREE = "free", _("Free")
        RESTRICTED = "restricted", _("Restricted: a licence is needed")
        PROHIBITED = "prohibited", _("Prohibited")
        NOT_ASSESSED = "not_assessed", _("Not assessed yet")

    class LegalStatus(models.TextChoices):
        FILED = "filed", pgettext_lazy("legal status", "Applied for")
        GRANTED = "granted", pgettext_lazy("legal status", "Granted")
        REGISTERED = "registered", pgettext_lazy("legal status", "Registered")
        UNFILED = "unfiled", pgettext_lazy("legal status", "Not applied for")
        EXPIRED = "expired", pgettext_lazy("legal status", "Expired")

    object_kind = models.CharField(_("object"), max_length=20, choices=ObjectKind, blank=True)
    object_number = models.CharField(_("number of the right"), max_length=60, blank=True)
    jurisdiction = CountryField(_("country or region where it is protected"), blank=True)
    legal_status = models.CharField(_("legal status"), max_length=10, choices=LegalStatus, blank=True)
    legal_expires_on = models.DateField(_("protected until"), null=True, blank=True)
    trl = models.PositiveSmallIntegerField(_("technology readiness level (1-9)"), null=True, blank=True)
    trl_evidence_en = models.TextField(_("evidence of the readiness level in English"), max_length=TOLD, blank=True)
    trl_evidence_zh = models.TextField(_("evidence of the readiness level in Chinese"), max_length=TOLD, blank=True)
    modes = ArrayField(
        models.CharField(max_length=24, choices=Mode), default=list, blank=True, verbose_name=_("forms of cooperation")
    )
    price_kind = models.CharField(_("price"), max_length=12, choices=PriceKind, blank=True)
    price_from = _amount(_("price from (CNY)"))
    price_to = _amount(_("price up to (CNY)"))
    royalty_percent = models.DecimalField(
        _("royalty (per cent of sales)"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    export_declaration = models.CharField(
        _("export of technology: the owner's declaration"), max_length=12, choices=Export, blank=True
    )
    export_licence_number = models.CharField(_("number of the export licence"), max_length=60, blank=True)
    export_licence_on = models.DateField(_("export licence granted on"), null=True, blank=True)
    disclosure_checked = models.BooleanField(
        _("The public text discloses no invention for which no patent application has been filed."), default=False
    )

    class Meta:
        abstract = True


class ProgrammeFacts(models.Model):
    """What is said of a partner sought, of a talent programme or of a joint laboratory."""

    class Scope(models.TextChoices):
        PRODUCTION = "production", _("Production")
        SUPPLY = "supply_chain", _("Supply chain")
        MARKETING = "marketing", _("Marketing")
        MANAGEMENT = "management", _("Management")

    scope = models.CharField(_("what is to be digitalised"), max_length=12, choices=Scope, blank=True)
    process_en = models.TextField(_("process to be digitalised, in English"), max_length=TOLD, blank=True)
    process_zh = models.TextField(_("process to be digitalised, in Chinese"), max_length=TOLD, blank=True)
    systems_en = models.TextField(_("systems in use, in English"), max_length=TOLD, blank=True)
    systems_zh = models.TextField(_("systems in use, in Chinese"), max_length=TOLD, blank=True)
    budget_from = _amount(_("budget from (CNY)"))
    budget_to = _amount(_("budget up to (CNY)"))
    need_by = models.DateField(_("needed by"), null=True, blank=True)
    budget = _amount(_("budget (CNY)"))
    places = models.PositiveIntegerField(_("places"), null=True, blank=True)
    starts_on = models.DateField(_("starts"), null=True, blank=True)

    class Meta:
        abstract = True


class PremisesFacts(models.Model):
    """What is said of premises."""

    class PremisesUse(models.TextChoices):
        OFFICE = "office", pgettext_lazy("premises", "Office")
        LABORATORY = "laboratory", pgettext_lazy("premises", "Laboratory")
        WORKSHOP = "workshop", pgettext_lazy("premises", "Workshop")
        WAREHOUSE = "warehouse", pgettext_lazy("premises", "Warehouse")
        MIXED = "mixed", pgettext_lazy("premises", "Mixed use")

    area = models.DecimalField(_("area (m²)"), max_digits=9, decimal_places=2, null=True, blank=True)
    rent = models.DecimalField(_("rent (CNY per m² and day)"), max_digits=15, decimal_places=2, null=True, blank=True)
    available_from = models.DateField(_("available from"), null=True, blank=True)
    premises_use = models.CharField(_("use of the premises"), max_length=10, choices=PremisesUse, blank=True)
    park_en = models.CharField(_("park or building in English"), max_length=120, blank=True)
    park_zh = models.CharField(_("park or building in Chinese"), max_length=120, blank=True)

    class Meta:
        abstract = True
