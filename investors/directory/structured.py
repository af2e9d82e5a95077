"""What search engines read of opportunities: JSON-LD in the words of schema.org."""

from collections.abc import Iterable
from typing import Any

from investors.models import Opportunity
from investors.models.facts import Kind
from portal import local_form
from portal.api.views import absolute

_SOUGHT = frozenset({Kind.CAPITAL, Kind.NEED, Kind.DIGITAL})
_THINGS = {
    Kind.CAPITAL: "Service",
    Kind.OFFER: "Product",
    Kind.NEED: "Product",
    Kind.DIGITAL: "Service",
    Kind.TALENT: "Service",
    Kind.LAB: "Service",
    Kind.PREMISES: "Product",
}


def structured(opportunity: Opportunity, url: str) -> dict[str, Any]:
    """Return what the public page of an opportunity says, for ``{% json_ld %}``; nothing that it does not say.

    Args:
        opportunity: a published one.
        url: the full address of its page in the language of the page.
    """
    kind, owner = Kind(opportunity.kind), opportunity.owner
    by = {"@type": "Organization", "name": owner.title, "url": absolute(owner.get_absolute_url())}
    thing: dict[str, Any] = {
        "@type": _THINGS[kind],
        "name": opportunity.title,
        "description": _in_language(opportunity, "summary"),
        "category": kind.label,
    }
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Demand" if kind in _SOUGHT else "Offer",
        "name": opportunity.title,
        "alternateName": _other(opportunity),
        "description": _in_language(opportunity, "summary"),
        "url": url,
        "itemOffered": {name: str(value) for name, value in thing.items() if value},
        "validFrom": opportunity.published_at.isoformat() if opportunity.published_at else "",
        "validThrough": opportunity.expires_on.isoformat() if opportunity.expires_on else "",
        "areaServed": _place(opportunity),
        **_price(opportunity),
    }
    if kind not in _SOUGHT:  # schema.org knows nobody who demands
        data["seller"] = by
    return {name: value for name, value in data.items() if value}


def structured_list(opportunities: Iterable[Opportunity]) -> dict[str, Any]:
    """Return the opportunities of a page of the directory, in their order."""
    items = [
        {"@type": "ListItem", "position": place, "name": shown.title, "url": absolute(shown.get_absolute_url())}
        for place, shown in enumerate(opportunities, 1)
    ]
    return {"@context": "https://schema.org", "@type": "ItemList", "itemListElement": items} if items else {}


def _in_language(opportunity: Opportunity, name: str) -> str:
    first, other = ("zh", "en") if local_form.is_chinese() else ("en", "zh")
    return str(getattr(opportunity, f"{name}_{first}") or getattr(opportunity, f"{name}_{other}"))


def _other(opportunity: Opportunity) -> str:
    return next((t for t in (opportunity.title_en, opportunity.title_zh) if t and t != opportunity.title), "")


def _place(opportunity: Opportunity) -> dict[str, str]:
    if opportunity.subdistrict is None:
        return {}
    return {"@type": "Place", "name": opportunity.subdistrict.name}


def _price(opportunity: Opportunity) -> dict[str, str]:
    if opportunity.price_kind == Opportunity.PriceKind.FIXED and opportunity.price_from is not None:
        return {"price": str(opportunity.price_from), "priceCurrency": "CNY"}
    return {}
