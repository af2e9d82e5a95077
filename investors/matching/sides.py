"""What the engine knows of each side: plain values. What is empty was not said."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Investor:
    """What an investor looks for."""

    country: str = ""
    clusters: frozenset[str] = NONE
    excluded_clusters: frozenset[str] = NONE
    ticket_min: Decimal | None = None
    ticket_max: Decimal | None = None
    stages: frozenset[str] = NONE
    instruments: frozenset[str] = NONE
    horizon_years: int | None = None
    roles: frozenset[str] = NONE
    object_kinds: frozenset[str] = NONE
    modes: frozenset[str] = NONE
    trl_min: int | None = None
    export_free_only: bool = False
    languages: frozenset[str] = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """An opportunity, of whatever kind: the facts that criteria ask for."""

    country: str = "CN"
    clusters: frozenset[str] = NONE
    languages: frozenset[str] = NONE
    subdistrict: str = ""
    # capital
    stage: str = ""
    instrument: str = ""
    amount_sought: Decimal | None = None
    amount_secured: Decimal | None = None
    ticket_min: Decimal | None = None
    ticket_max: Decimal | None = None
    horizon_years: int | None = None
    investor_role: str = ""
    foreign_capital: str = ""
    # technology, offered or needed
    object_kind: str = ""
    trl: int | None = None
    modes: frozenset[str] = NONE
    price_from: Decimal | None = None
    price_to: Decimal | None = None
    legal_status: str = ""
    legal_expires_on: date | None = None
    export_declaration: str = ""
    export_licence_number: str = ""
    budget: Decimal | None = None
    budget_from: Decimal | None = None
    budget_to: Decimal | None = None
    need_by: date | None = None
    # digitalisation
    scope: str = ""
    systems: str = ""
    # premises
    area: Decimal | None = None
    rent: Decimal | None = None
    available_from: date | None = None
    premises_use: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """A firm of the directory that digitalises others."""

    clusters: frozenset[str] = NONE
    text: str = ""
    staff: int | None = None
    certificates: frozenset[str] = NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class PremisesWish:
    """What premises an organisation looks for."""

    area_min: Decimal | None = None
    area_max: Decimal | None = None
    rent_max: Decimal | None = None
    needed_from: date | None = None
    uses: frozenset[str] = NONE
    subdistricts: frozenset[str] = NONE
