"""Which facts an opportunity of each kind states, and the rules PostgreSQL keeps about them."""

from decimal import Decimal

from django.db import models

from investors.models.facts import (
    LONGEST_HORIZON,
    MAXIMUM_AMOUNT,
    MAXIMUM_AREA,
    MAXIMUM_RENT,
    CapitalFacts,
    Kind,
    PremisesFacts,
    ProgrammeFacts,
    TechnologyFacts,
)

FACTS: dict[Kind, tuple[str, ...]] = {
    Kind.CAPITAL: (
        "stage", "instrument", "amount_sought", "amount_secured", "ticket_min", "ticket_max", "investor_role",
        "horizon_years", "foreign_capital", "use_en", "use_zh",
    ),
    Kind.OFFER: (
        "object_kind", "legal_status", "object_number", "jurisdiction", "legal_expires_on", "trl", "trl_evidence_en",
        "trl_evidence_zh", "modes", "price_kind", "price_from", "price_to", "royalty_percent", "export_declaration",
        "export_licence_number", "export_licence_on", "disclosure_checked",
    ),
    Kind.NEED: ("object_kind", "trl", "modes", "budget_from", "budget_to", "need_by"),
    Kind.DIGITAL: (
        "scope", "process_en", "process_zh", "systems_en", "systems_zh", "budget_from", "budget_to", "starts_on",
    ),
    Kind.TALENT: ("places", "starts_on"),
    Kind.LAB: ("budget", "places", "starts_on"),
    Kind.PREMISES: ("area", "rent", "available_from", "premises_use", "park_en", "park_zh"),
}  # fmt: skip
"""Which facts an opportunity of each kind may state."""

REQUIRED: dict[Kind, tuple[str, ...]] = {
    Kind.CAPITAL: ("stage", "instrument", "amount_sought"),
    Kind.OFFER: ("object_kind", "legal_status", "trl", "modes", "price_kind", "export_declaration"),
    Kind.NEED: ("object_kind",),
    Kind.DIGITAL: ("scope",),
    Kind.TALENT: ("places", "starts_on"),
    Kind.LAB: (),
    Kind.PREMISES: ("area", "available_from"),
}
"""Which facts it must state before it is submitted."""

PRICED: dict[str, tuple[str, ...]] = {
    TechnologyFacts.PriceKind.FIXED: ("price_from",),
    TechnologyFacts.PriceKind.RANGE: ("price_from", "price_to"),
    TechnologyFacts.PriceKind.ROYALTY: ("royalty_percent",),
    TechnologyFacts.PriceKind.NEGOTIABLE: (),
}
"""What each kind of price states besides; one that is fixed has a single amount."""

_CENT = Decimal("0.01")

BOUNDS: dict[str, tuple[Decimal | int, Decimal | int]] = {
    "amount_sought": (_CENT, MAXIMUM_AMOUNT),
    "amount_secured": (0, MAXIMUM_AMOUNT),
    "ticket_min": (_CENT, MAXIMUM_AMOUNT),
    "ticket_max": (_CENT, MAXIMUM_AMOUNT),
    "horizon_years": (1, LONGEST_HORIZON),
    "price_from": (_CENT, MAXIMUM_AMOUNT),
    "price_to": (_CENT, MAXIMUM_AMOUNT),
    "royalty_percent": (_CENT, 100),
    "budget": (_CENT, MAXIMUM_AMOUNT),
    "budget_from": (_CENT, MAXIMUM_AMOUNT),
    "budget_to": (_CENT, MAXIMUM_AMOUNT),
    "rent": (_CENT, MAXIMUM_RENT),
    "area": (_CENT, MAXIMUM_AREA),
    "trl": (1, 9),
    "places": (1, 100_000),
}
"""The least and the most that each number may be."""

CHOICES: dict[str, type[models.TextChoices]] = {
    "stage": CapitalFacts.Stage,
    "instrument": CapitalFacts.Instrument,
    "investor_role": CapitalFacts.InvestorRole,
    "foreign_capital": CapitalFacts.ForeignCapital,
    "object_kind": TechnologyFacts.ObjectKind,
    "legal_status": TechnologyFacts.LegalStatus,
    "price_kind": TechnologyFacts.PriceKind,
    "export_declaration": TechnologyFacts.Export,
    "scope": ProgrammeFacts.Scope,
    "premises_use": PremisesFacts.PremisesUse,
}
"""Facts of which one is chosen from a list."""

ORDERED = (("amount_secured", "amount_sought"), ("ticket_min", "ticket_max"), ("price_from", "price_to"),
           ("budget_from", "budget_to"))  # fmt: skip
"""Pairs of which the first is never more than the second."""

_DATES = ("starts_on", "available_from", "need_by", "legal_expires_on", "export_licence_on")


def empty(name: str) -> models.Q:
    """Return the condition that a fact is not stated."""
    if name in BOUNDS or name in _DATES:
        return models.Q(**{f"{name}__isnull": True})
    return models.Q(**{name: {"disclosure_checked": False, "modes": []}.get(name, "")})


def _only_of_kinds(name: str) -> models.Q:
    kinds = [kind.value for kind, facts in FACTS.items() if name in facts]
    return models.Q(kind__in=kinds) | empty(name)


def facts_belong_to_kind() -> models.Q:
    """Return the condition that no fact of another kind is stated."""
    condition = models.Q()
    for name in sorted({name for facts in FACTS.values() for name in facts}):
        condition &= _only_of_kinds(name)
    return condition


def facts_within_bounds() -> models.Q:
    """Return the condition that every number is a sensible one.

    Both bounds: NaN is greater than every number to PostgreSQL, so the upper one refuses it.
    """
    condition = models.Q()
    for name, (least, most) in BOUNDS.items():
        condition &= empty(name) | models.Q(**{f"{name}__gte": least, f"{name}__lte": most})
    return condition


def facts_in_order() -> models.Q:
    """Return the condition that no range ends below where it begins."""
    condition = models.Q()
    for least, most in ORDERED:
        condition &= empty(least) | empty(most) | models.Q(**{f"{least}__lte": models.F(most)})
    return condition


def price_states_its_amounts() -> models.Q:
    """Return the condition that a price is stated as its kind says: one amount, both ends, a share of the sales."""
    condition = ~models.Q(price_kind=TechnologyFacts.PriceKind.FIXED.value) | empty("price_to")
    for kind, names in PRICED.items():
        for name in names:
            condition &= ~models.Q(price_kind=str(kind)) | ~empty(name)
    return condition


def choices_are_known() -> models.Q:
    """Return the condition that every fact chosen from a list is on it."""
    condition = models.Q(modes__contained_by=list(TechnologyFacts.Mode.values))
    for name, choices in CHOICES.items():
        condition &= models.Q(**{f"{name}__in": ["", *choices.values]})
    return condition


def licence_belongs_to_a_restriction() -> models.Q:
    """Return the condition that a licence is recorded only where one is needed, and its day with its number."""
    none = models.Q(export_licence_number="", export_licence_on__isnull=True)
    return none | (models.Q(export_declaration="restricted") & ~models.Q(export_licence_number=""))
