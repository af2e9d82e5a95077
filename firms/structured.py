"""What search engines read of an organisation: JSON-LD in the words of schema.org."""

from typing import Any

from firms.models import Organisation
from portal import local_form

_TYPES = {
    Organisation.Kind.UNIVERSITY: "CollegeOrUniversity",
    Organisation.Kind.INSTITUTE: "ResearchOrganization",
}
_BANDS = {300: (300, None), 100: (100, 299), 10: (10, 99), 0: (1, 9)}


def structured(organisation: Organisation, url: str) -> dict[str, Any]:
    """Return what the public page of an organisation says, for ``{% json_ld %}``; nothing that it does not say.

    Args:
        organisation: a listed one.
        url: the full address of its page in the language of the page.
    """
    chinese = local_form.is_chinese()
    first, other = ("zh", "en") if chinese else ("en", "zh")
    description = getattr(organisation, f"description_{first}") or getattr(organisation, f"description_{other}")
    names = dict.fromkeys((organisation.name_zh, organisation.name_en, organisation.name_pinyin))
    data = {
        "@context": "https://schema.org",
        "@type": _TYPES.get(Organisation.Kind(organisation.kind), "Organization"),
        "name": organisation.title,
        "alternateName": [name for name in names if name and name != organisation.title],
        "url": url,
        "sameAs": organisation.website,
        "description": description,
        "foundingDate": organisation.founded.isoformat() if organisation.founded else "",
        "identifier": _identifier(organisation),
        "address": _address(organisation),
        "numberOfEmployees": _employees(organisation),
    }
    return {name: value for name, value in data.items() if value}


def _identifier(organisation: Organisation) -> dict[str, str]:
    if organisation.uscc:
        return {"@type": "PropertyValue", "propertyID": "统一社会信用代码 (USCC)", "value": organisation.uscc}
    if organisation.foreign_number:
        country = str(organisation.country)
        return {
            "@type": "PropertyValue",
            "propertyID": f"Registration number ({country})",
            "value": organisation.foreign_number,
        }
    return {}


def _address(organisation: Organisation) -> dict[str, str]:
    if not (organisation.address or organisation.subdistrict):
        return {}
    place = {
        "@type": "PostalAddress",
        "streetAddress": organisation.address,
        "addressLocality": "杨浦区" if local_form.is_chinese() else "Yangpu District",
        "addressRegion": "上海市" if local_form.is_chinese() else "Shanghai",
        "addressCountry": "CN",
    }
    return {name: value for name, value in place.items() if value}


def _employees(organisation: Organisation) -> dict[str, Any]:
    """Return the band of staff, as the page shows it."""
    if organisation.staff is None:
        return {}
    least, most = next(band for bound, band in _BANDS.items() if organisation.staff >= bound)
    return {"@type": "QuantitativeValue", "minValue": least, **({"maxValue": most} if most else {})}
