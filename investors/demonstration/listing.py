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


def capital(stage: str, instrument: str, sought: int, secured: int, use_en: str, use_zh: str) -> dict[str, Any]:
    """Return the facts of capital sought."""
    return {
        "stage": stage, "instrument": instrument, "amount_sought": sought, "amount_secured": secured,
        "use_en": use_en, "use_zh": use_zh,
    }  # fmt: skip


def offer(
    object_kind: str, trl: int, mode: str, export: str, price: tuple[Any, ...] = ("negotiable",)
) -> dict[str, Any]:
    """Return the facts of a technology offered."""
    return {
        "object_kind": object_kind, "trl": trl, "mode": mode, "export_declaration": export, "disclosure_checked": True,
        **dict(zip(("price_kind", "price_from", "price_to"), price, strict=False)),
    }  # fmt: skip
