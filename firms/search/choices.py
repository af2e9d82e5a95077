"""What the directory can be filtered by: facets, and the choices of each."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from firms.models import Certificate, Cluster, Industry, Subdistrict

_SECTION, _DIVISION = 1, 2


@dataclass(frozen=True)
class Choice:
    """A choice: as addresses write it, as search entries hold it, and in words."""

    value: str
    stored: str
    label: str
    parent: str = ""


@dataclass(frozen=True)
class Facet:
    """A group of choices of which any may apply; several groups must all apply."""

    name: str
    label: str | Promise
    load: Callable[[tuple[str, ...]], Iterable[Choice]]


def _fixed(name: str, words: dict[str, str | Promise]) -> Callable[[tuple[str, ...]], Iterable[Choice]]:
    return lambda _chosen: [Choice(value, f"{name}:{value}", str(label)) for value, label in words.items()]


def _clusters(_chosen: tuple[str, ...]) -> Iterable[Choice]:
    return [Choice(cluster.slug, f"cluster:{cluster.pk}", str(cluster)) for cluster in Cluster.objects.all()]


def _subdistricts(_chosen: tuple[str, ...]) -> Iterable[Choice]:
    places = Subdistrict.objects.order_by("code")
    return [Choice(place.slug, f"subdistrict:{place.pk}", str(place)) for place in places]


def _industries(chosen: tuple[str, ...]) -> Iterable[Choice]:
    """Give the sections, and the parts of those that are chosen or have a chosen part."""
    parts = {code for code in chosen if len(code) <= 4}  # noqa: PLR2004
    divisions = {code[:_DIVISION] for code in parts if code[:1].isdigit()}
    opened = Q(parent__in=parts | divisions) | Q(code__in=parts | divisions)
    siblings = Q(parent__children__code__in=divisions)
    found = Industry.objects.filter(Q(level=_SECTION) | opened | siblings).distinct()
    return [
        Choice(industry.code, f"industry:{industry.code}", str(industry), industry.parent_id or "")
        for industry in found
    ]


FACETS = {
    facet.name: facet
    for facet in (
        Facet("cluster", _("Cluster"), _clusters),
        Facet("industry", _("Industry"), _industries),
        Facet("subdistrict", _("Subdistrict"), _subdistricts),
        Facet(
            "staff", _("Staff"), _fixed("staff", {"1-9": "1–9", "10-99": "10–99", "100-299": "100–299", "300": "300+"})
        ),
        Facet(
            "founded",
            _("Founded"),
            _fixed(
                "founded",
                {
                    "2023": _("2023 or later"),
                    "2020-2022": "2020–2022",
                    "2015-2019": "2015–2019",
                    "2010-2014": "2010–2014",
                    "2000-2009": "2000–2009",
                    "1999": _("1999 or earlier"),
                },
            ),
        ),
        Facet("certificate", _("Certificate"), _fixed("certificate", dict(Certificate.Level.choices))),
        Facet(
            "foreign",
            _("Foreign investment"),
            _fixed(
                "foreign",
                {
                    "yes": _("Foreign-invested"),
                    "no": _("Without foreign investment"),
                },
            ),
        ),
    )
}
"""All facets by their name in addresses."""


@dataclass(frozen=True)
class Choices:
    """The choices of every facet, read once; of the industry those that a selection opens."""

    chosen: dict[str, tuple[str, ...]]

    @cached_property
    def by_facet(self) -> dict[str, dict[str, Choice]]:
        """The choices of each facet by their value in addresses."""
        return {
            name: {choice.value: choice for choice in facet.load(self.chosen.get(name, ()))}
            for name, facet in FACETS.items()
        }
