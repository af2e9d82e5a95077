"""What an opportunity of the demonstration consists of."""

from typing import Any, NamedTuple

AI = "ai-internet-digital-content"
CHIPS = "integrated-circuits-intelligent-manufacturing"
LIFE = "life-and-health"
GREEN = "green-and-low-carbon"
DESIGN = "design-and-urban-technology"

UNIVERSITY, INSTITUTE, PARK, COMPANY = "university", "institute", "park", "company"
TEXTILES, MACHINES = "17", "34"
"""Who owns one, beside a firm of its cluster: ``COMPANY`` is the signatory's, the numbers begin industry codes."""


class Listing(NamedTuple):
    """One opportunity: kind, cluster, owner, subdistrict, words, facts."""

    kind: str
    cluster: str
    owner: str
    subdistrict: str
    title_en: str
    title_zh: str
    summary_en: str
    summary_zh: str
    text_en: str
    text_zh: str
    facts: dict[str, Any]


def capital(
    stage: str, instrument: str, sought: int, secured: int, use_en: str, use_zh: str, **terms: Any
) -> dict[str, Any]:
    """Return the facts of capital sought; ``terms`` are those an investor is compared with."""
    return {
        "stage": stage, "instrument": instrument, "amount_sought": sought, "amount_secured": secured,
        "use_en": use_en, "use_zh": use_zh, **terms,
    }  # fmt: skip


def terms(smallest: int, largest: int, years: int, role: str, foreign: str) -> dict[str, Any]:
    """Return what a firm expects of an investor: amounts (CNY), years until exit, role, foreign capital."""
    return {
        "ticket_min": smallest, "ticket_max": largest, "horizon_years": years, "investor_role": role,
        "foreign_capital": foreign,
    }  # fmt: skip


def offer(
    object_kind: str, trl: int, modes: str, export: str, price: tuple[Any, ...] = ("negotiable",), **more: Any
) -> dict[str, Any]:
    """Return the facts of a technology offered; ``modes`` are divided by blanks."""
    return {
        "object_kind": object_kind, "trl": trl, "modes": modes.split(), "export_declaration": export,
        "disclosure_checked": True, **dict(zip(("price_kind", "price_from", "price_to"), price, strict=False)), **more,
    }  # fmt: skip


def right(status: str, number: str = "", until: str | None = None, where: str = "CN") -> dict[str, Any]:
    """Return the facts of an invented right: legal status, number, last day, country or region."""
    return {
        "legal_status": status, "object_number": number, "legal_expires_on": until, "jurisdiction": where,
    }  # fmt: skip


def shown_by(english: str, chinese: str) -> dict[str, Any]:
    """Return the evidence of a readiness level."""
    return {"trl_evidence_en": english, "trl_evidence_zh": chinese}
