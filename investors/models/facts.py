"""The typed facts of opportunities, by kind, and the rules PostgreSQL keeps about them."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

MAXIMUM_AMOUNT = Decimal(10) ** 12
"""An amount beyond this (in CNY) is taken for a mistake of units."""

MAXIMUM_AREA = Decimal(1_000_000)
MAXIMUM_RENT = Decimal(10_000)


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

    stage = models.CharField(pgettext_lazy("capital", "stage"), max_length=10, choices=Stage, blank=True)
    instrument = models.CharField(pgettext_lazy("capital", "instrument"), max_length=12, choices=Instrument, blank=True)
    amount_sought = _amount(_("amount sought (CNY)"))
    amount_secured = _amount(_("amount secured (CNY)"))
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

    object_kind = models.CharField(_("object"), max_length=20, choices=ObjectKind, blank=True)
    trl = models.PositiveSmallIntegerField(_("technology readiness level (1-9)"), null=True, blank=True)
    mode = models.CharField(_("form of cooperation"), max_length=24, choices=Mode, blank=True)
    price_kind = models.CharField(_("price"), max_length=12, choices=PriceKind, blank=True)
    price_from = _amount(_("price from (CNY)"))
    price_to = _amount(_("price up to (CNY)"))
    export_declaration = models.CharField(
        _("export of technology: the owner's declaration"), max_length=12, choices=Export, blank=True
    )
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
    budget = _amount(_("budget (CNY)"))
    places = models.PositiveIntegerField(_("places"), null=True, blank=True)
    starts_on = models.DateField(_("starts"), null=True, blank=True)

    class Meta:
        abstract = True


class PremisesFacts(models.Model):
    """What is said of premises."""

    area = models.DecimalField(_("area (m²)"), max_digits=9, decimal_places=2, null=True, blank=True)
    rent = models.DecimalField(_("rent (CNY per m² and day)"), max_digits=15, decimal_places=2, null=True, blank=True)
    available_from = models.DateField(_("available from"), null=True, blank=True)
    park_en = models.CharField(_("park or building in English"), max_length=120, blank=True)
    park_zh = models.CharField(_("park or building in Chinese"), max_length=120, blank=True)

    class Meta:
        abstract = True


FACTS: dict[Kind, tuple[str, ...]] = {
    Kind.CAPITAL: ("stage", "instrument", "amount_sought", "amount_secured", "use_en", "use_zh"),
    Kind.OFFER: (
        "object_kind", "trl", "mode", "price_kind", "price_from", "price_to", "export_declaration",
        "disclosure_checked",
    ),
    Kind.NEED: ("object_kind", "trl", "mode", "budget"),
    Kind.DIGITAL: ("scope", "budget", "starts_on"),
    Kind.TALENT: ("places", "starts_on"),
    Kind.LAB: ("budget", "places", "starts_on"),
    Kind.PREMISES: ("area", "rent", "available_from", "park_en", "park_zh"),
}  # fmt: skip
"""Which facts an opportunity of each kind may state."""

REQUIRED: dict[Kind, tuple[str, ...]] = {
    Kind.CAPITAL: ("stage", "instrument", "amount_sought"),
    Kind.OFFER: ("object_kind", "trl", "mode", "price_kind", "export_declaration"),
    Kind.NEED: ("object_kind",),
    Kind.DIGITAL: ("scope",),
    Kind.TALENT: ("places", "starts_on"),
    Kind.LAB: (),
    Kind.PREMISES: ("area", "available_from"),
}
"""Which facts it must state before it is submitted."""

_NUMBERS = ("amount_sought", "amount_secured", "trl", "price_from", "price_to", "budget", "places", "area", "rent")
_DATES = ("starts_on", "available_from")


def empty(name: str) -> models.Q:
    """Return the condition that a fact is not stated."""
    if name in (*_NUMBERS, *_DATES):
        return models.Q(**{f"{name}__isnull": True})
    return models.Q(**{name: False if name == "disclosure_checked" else ""})


def _only_of_kinds(name: str) -> models.Q:
    kinds = [kind.value for kind, facts in FACTS.items() if name in facts]
    return models.Q(kind__in=kinds) | empty(name)


def _between(name: str, least: Decimal | int, most: Decimal | int) -> models.Q:
    """Both bounds: NaN is greater than every number to PostgreSQL, so the upper one refuses it."""
    return empty(name) | models.Q(**{f"{name}__gte": least, f"{name}__lte": most})


def facts_belong_to_kind() -> models.Q:
    """Return the condition that no fact of another kind is stated."""
    condition = models.Q()
    for name in sorted({name for facts in FACTS.values() for name in facts}):
        condition &= _only_of_kinds(name)
    return condition


def facts_within_bounds() -> models.Q:
    """Return the condition that every number is a sensible one."""
    cent = Decimal("0.01")
    return (
        _between("amount_sought", cent, MAXIMUM_AMOUNT)
        & _between("amount_secured", 0, MAXIMUM_AMOUNT)
        & _between("price_from", cent, MAXIMUM_AMOUNT)
        & _between("price_to", cent, MAXIMUM_AMOUNT)
        & _between("budget", cent, MAXIMUM_AMOUNT)
        & _between("rent", cent, MAXIMUM_RENT)
        & _between("area", cent, MAXIMUM_AREA)
        & _between("trl", 1, 9)
        & _between("places", 1, 100_000)
    )
