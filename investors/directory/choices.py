"""What opportunities can be filtered by: facets, of which kinds each is, and the choices of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from firms.models import Organisation
from firms.search.choices import Choice, Facet
from investors.models import Opportunity
from investors.models.bands import BANDS, Band
from investors.models.entry_functions import EARLIEST, LATEST
from investors.models.facts import Kind
from portal import local_form

type Words = Mapping[str, str | Promise]


def _money_band(band: Band) -> str:
    least, most = local_form.money(band.least), local_form.money(band.most)
    if not band.least:
        return _("below %(most)s") % {"most": most}
    return _("%(least)s or more") % {"least": least} if band.most is None else f"{least} – {most}"


def _number_band(unit: str | Promise) -> Any:
    def label(band: Band) -> str:
        words = {"least": f"{band.least:,f}", "most": f"{band.most or 0:,f}", "unit": str(unit)}
        if not band.least:
            return _("below %(most)s %(unit)s") % words
        return (_("%(least)s %(unit)s or more") if band.most is None else "%(least)s–%(most)s %(unit)s") % words

    return label


def _level_band(band: Band) -> str:
    return f"TRL {band.value.replace('-', '–')}"


def _bands(facet: str, label: Any) -> Words:
    words = lazy(label, str)
    return {band.value: words(band) for band in BANDS[facet]}


def _choices(name: str) -> Words:
    return dict(getattr(Opportunity, name).choices)


AVAILABLE: Words = {
    "now": gettext_lazy("now or this month"),
    "3-months": gettext_lazy("within three months"),
    "6-months": gettext_lazy("within six months"),
    "later": gettext_lazy("later"),
}
_UNTIL = {"now": 0, "3-months": 3, "6-months": 6}

_CAPITAL = frozenset({Kind.CAPITAL})
_OFFER, _NEED, _PREMISES = frozenset({Kind.OFFER}), frozenset({Kind.NEED}), frozenset({Kind.PREMISES})
_RENT = gettext_lazy("CNY per m² and day")

FACETS = {
    facet.name: facet
    for facet in (
        Facet("kind", gettext_lazy("Kind"), dict(Kind.choices)),
        Facet("cluster", gettext_lazy("Cluster")),
        Facet("subdistrict", gettext_lazy("Subdistrict")),
        Facet("stage", pgettext_lazy("capital", "Stage"), _choices("Stage")),
        Facet("instrument", pgettext_lazy("capital", "Instrument"), _choices("Instrument")),
        Facet("amount", gettext_lazy("Amount sought"), _bands("amount", _money_band)),
        Facet("ticket", gettext_lazy("Amount of one investor"), _bands("ticket", _money_band)),
        Facet("role", gettext_lazy("Role of the investor"), _choices("InvestorRole")),
        Facet("foreign", gettext_lazy("Foreign capital"), _choices("ForeignCapital")),
        Facet("object", pgettext_lazy("technology", "Object"), _choices("ObjectKind")),
        Facet("mode", gettext_lazy("Form of cooperation"), _choices("Mode")),
        Facet("trl", gettext_lazy("Technology readiness"), _bands("trl", _level_band)),
        Facet("price", gettext_lazy("Price"), _choices("PriceKind")),
        Facet("legal", gettext_lazy("Legal status"), _choices("LegalStatus")),
        Facet("export", gettext_lazy("Export, as the owner declares"), _choices("Export")),
        Facet("scope", gettext_lazy("To be digitalised"), _choices("Scope")),
        Facet("budget", gettext_lazy("Budget"), _bands("budget", _money_band)),
        Facet("area", gettext_lazy("Area"), _bands("area", _number_band("m²"))),
        Facet("rent", gettext_lazy("Rent"), _bands("rent", _number_band(_RENT))),
        Facet("use", pgettext_lazy("premises", "Use"), _choices("PremisesUse")),
        Facet("available", pgettext_lazy("premises", "Available"), AVAILABLE),
        Facet("by", gettext_lazy("Offered or sought by"), dict(Organisation.Kind.choices)),
        Facet("language", gettext_lazy("Described in"), {"en": gettext_lazy("English"), "zh": gettext_lazy("Chinese")}),
        Facet("owner", gettext_lazy("Organisation")),
    )
}
"""All facets by their name in addresses."""

OF_KINDS: dict[str, frozenset[Kind]] = {
    **dict.fromkeys(("stage", "instrument", "amount", "ticket", "role", "foreign"), _CAPITAL),
    **dict.fromkeys(("object", "mode", "trl"), _OFFER | _NEED),
    **dict.fromkeys(("price", "legal", "export"), _OFFER),
    "scope": frozenset({Kind.DIGITAL}),
    "budget": frozenset({Kind.NEED, Kind.DIGITAL, Kind.LAB}),
    **dict.fromkeys(("area", "rent", "use", "available"), _PREMISES),
}
"""Which kinds a facet tells apart; one that is not named here, all."""

NOT_OFFERED = frozenset({"owner"})
"""Facets that links ask for, and that pages do not offer."""

_STORED = """
    SELECT 'cluster', slug, id::text, title_en, title_zh, position FROM firms_cluster
     UNION ALL
    SELECT 'subdistrict', slug, code, name_en, name_zh, 0 FROM firms_subdistrict
     UNION ALL
    SELECT 'owner', slug, id::text, coalesce(nullif(name_en, ''), name_pinyin, name_zh), name_zh, 0
      FROM firms_organisation WHERE slug = ANY(%s) AND status = 'listed'
     ORDER BY 1, 6, 3
"""


@dataclass(frozen=True)
class Choices:
    """The choices of every facet, read once; of owners those that are asked for, of kinds those of the page."""

    owners: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = tuple(Kind)

    @cached_property
    def by_facet(self) -> dict[str, dict[str, Choice]]:
        """The choices of each facet by their value in addresses."""
        found: dict[str, dict[str, Choice]] = {
            name: {value: Choice(value, f"{name}:{value}", str(label)) for value, label in (facet.words or {}).items()}
            for name, facet in FACETS.items()
        }
        found["kind"] = {kind: choice for kind, choice in found["kind"].items() if kind in self.kinds}
        with connection.cursor() as cursor:
            cursor.execute(_STORED, [list(self.owners)])
            for name, value, key, label_en, label_zh, _place in cursor.fetchall():
                label = (label_zh or label_en) if local_form.is_chinese() else label_en
                found[name][value] = Choice(value, f"{name}:{key}", label)
        return found


def months(available: str, today: date | None = None) -> list[str]:
    """Return the months, as entries hold them, that one of ``AVAILABLE`` stands for.

    Args:
        available: the choice.
        today: by default the day in Shanghai.
    """
    today = today or timezone.localdate()
    this = today.year * 12 + today.month - 1
    first, last = (_month(bound) for bound in (EARLIEST, LATEST))
    before = [-1, *_UNTIL.values()][[*AVAILABLE].index(available)]
    begin = first if available == "now" else this + before + 1
    end = this + _UNTIL[available] if available in _UNTIL else last
    return [f"available:{month // 12}-{month % 12 + 1:02}" for month in range(max(begin, first), min(end, last) + 1)]


def _month(day: str) -> int:
    return int(day[:4]) * 12 + int(day[5:7]) - 1
