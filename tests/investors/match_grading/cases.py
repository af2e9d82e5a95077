"""The form of a case, and how its listings are written down."""

from dataclasses import dataclass
from datetime import date
from typing import Any

GRADED_ON = date(2026, 11, 26)

AI = "ai-internet-digital-content"
CHIPS = "integrated-circuits-intelligent-manufacturing"
LIFE = "life-and-health"
GREEN = "green-and-low-carbon"
DESIGN = "design-and-urban-technology"


@dataclass(frozen=True)
class Case:
    """Who looks for what, and what must rank above what.

    Args:
        pairing: ``capital``, ``technology``, ``need``, ``digital`` or ``premises``.
        name: one sentence that says who it is.
        profile: what is looked for, by the names of the profile's fields (of the opportunity's, for a need).
        right: three listings (firms, for ``digital``) that must stand above each near miss.
        near: three fits as good, with one criterion off; ``off`` names it.
    """

    pairing: str
    name: str
    profile: dict[str, Any]
    right: list[dict[str, Any]]
    near: list[dict[str, Any]]


def listing(kind: str, title_en: str, title_zh: str, **facts: Any) -> dict[str, Any]:
    """Return a listing; a title that is empty was never written, and stays out."""
    titles = {"title_en": title_en, "title_zh": title_zh}
    return {"kind": kind, **{name: title for name, title in titles.items() if title}, **facts}


def capital(title_en: str, title_zh: str, *clusters: str, **facts: Any) -> dict[str, Any]:
    """Return a firm's search for capital."""
    return listing("capital_sought", title_en, title_zh, clusters=list(clusters), **facts)


def offer(title_en: str, title_zh: str, *clusters: str, **facts: Any) -> dict[str, Any]:
    """Return a technology offered."""
    return listing("technology_offered", title_en, title_zh, clusters=list(clusters), **facts)


def premises(title_en: str, title_zh: str, subdistrict: str, **facts: Any) -> dict[str, Any]:
    """Return premises on offer."""
    return listing("premises", title_en, title_zh, subdistrict=subdistrict, **facts)


def firm(name_en: str, name_zh: str, *clusters: str, **facts: Any) -> dict[str, Any]:
    """Return a listed firm, as the registry knows it."""
    return {"name_en": name_en, "name_zh": name_zh, "clusters": list(clusters), **facts}
