"""The statutory size class of an enterprise: the national standard as data, and the class that known inputs give.

Sources: 《统计上大中小微型企业划分办法（2017）》 of the National Bureau of Statistics, 国统字〔2017〕213号,
annexed table and notes 1 to 3; its thresholds are those of 《中小企业划型标准规定》, 工信部联企业〔2011〕300号,
article 4. The industries are those of GB/T 4754-2017. Finance, education, health, public administration, railways
and own real estate are not covered.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from firms.models import Organisation, YearlyFigure
from portal import local_form
from portal.local_form import day

_WAN = 10_000


class Size(TextChoices):
    """The four classes, largest first."""

    LARGE = "large", pgettext_lazy("size of an enterprise", "large")
    MEDIUM = "medium", pgettext_lazy("size of an enterprise", "medium")
    SMALL = "small", pgettext_lazy("size of an enterprise", "small")
    MICRO = "micro", pgettext_lazy("size of an enterprise", "micro")


class Bounds(NamedTuple):
    """From which value on an enterprise may be large, medium or small: people, or units of CNY 10,000."""

    large: int
    medium: int
    small: int


@dataclass(frozen=True)
class Sector:
    """One row of the standard's table.

    Args:
        name: what it is called.
        codes: the divisions or groups of GB/T 4754-2017 that it consists of.
        staff: bounds of the people employed at the end of the year.
        revenue: bounds of the revenue, in units of CNY 10,000.
        total_assets: bounds of the total assets, in units of CNY 10,000.
    """

    name: Promise
    codes: tuple[str, ...]
    staff: Bounds | None = None
    revenue: Bounds | None = None
    total_assets: Bounds | None = None

    @property
    def inputs(self) -> dict[str, Bounds]:
        """What decides, with its bounds."""
        given = {"staff": self.staff, "revenue": self.revenue, "total_assets": self.total_assets}
        return {measure: bounds for measure, bounds in given.items() if bounds}


def _divisions(first: int, last: int) -> tuple[str, ...]:
    return tuple(f"{number:02}" for number in range(first, last + 1))


SECTORS = (
    Sector(
        pgettext_lazy("row of the size standard", "agriculture, forestry, animal husbandry and fishery"),
        _divisions(1, 5),
        revenue=Bounds(20_000, 500, 50),
    ),
    Sector(
        pgettext_lazy(
            "row of the size standard", "industry"
        ),  # mining, manufacturing, and supply of electricity, heat, gas and water
        _divisions(6, 46),
        staff=Bounds(1000, 300, 20),
        revenue=Bounds(40_000, 2000, 300),
    ),
    Sector(
        pgettext_lazy("row of the size standard", "construction"),
        _divisions(47, 50),
        revenue=Bounds(80_000, 6000, 300),
        total_assets=Bounds(80_000, 5000, 300),
    ),
    Sector(
        pgettext_lazy("row of the size standard", "wholesale"),
        ("51",),
        staff=Bounds(200, 20, 5),
        revenue=Bounds(40_000, 5000, 1000),
    ),
    Sector(
        pgettext_lazy("row of the size standard", "retail"),
        ("52",),
        staff=Bounds(300, 50, 10),
        revenue=Bounds(20_000, 500, 100),
    ),
    Sector(
        pgettext_lazy(
            "row of the size standard", "transport"
        ),  # road, water, air, pipeline, agency, loading; not railways
        ("54", "55", "56", "57", "58", "591"),
        staff=Bounds(1000, 300, 20),
        revenue=Bounds(30_000, 3000, 200),
    ),
    Sector(
        pgettext_lazy("row of the size standard", "warehousing"),
        ("592", "593", "594", "595", "596", "599"),
        staff=Bounds(200, 100, 20),
        revenue=Bounds(30_000, 1000, 100),
    ),
    Sector(
        pgettext_lazy("row of the size standard", "post"),
        ("60",),
        staff=Bounds(1000, 300, 20),
        revenue=Bounds(30_000, 2000, 100),
    ),
    Sector(
        pgettext_lazy("row of the size standard", "accommodation"),
        ("61",),
        staff=Bounds(300, 100, 10),
        revenue=Bounds(10_000, 2000, 100),
    ),
    Sector(
        pgettext_lazy("row of the size standard", "catering"),
        ("62",),
        staff=Bounds(300, 100, 10),
        revenue=Bounds(10_000, 2000, 100),
    ),
    Sector(
        pgettext_lazy(
            "row of the size standard", "information transmission"
        ),  # telecommunications, broadcasting, satellites, and the internet
        ("63", "64"),
        staff=Bounds(2000, 100, 10),
        revenue=Bounds(100_000, 1000, 100),
    ),
    Sector(
        pgettext_lazy("row of the size standard", "software and information technology services"),
        ("65",),
        staff=Bounds(300, 100, 10),
        revenue=Bounds(10_000, 1000, 50),
    ),
    Sector(
        pgettext_lazy("row of the size standard", "real estate development"),
        ("701",),
        revenue=Bounds(200_000, 1000, 100),
        total_assets=Bounds(10_000, 5000, 2000),
    ),
    Sector(
        pgettext_lazy("row of the size standard", "property management"),
        ("702",),
        staff=Bounds(1000, 300, 100),
        revenue=Bounds(5000, 1000, 500),
    ),
    Sector(
        pgettext_lazy("row of the size standard", "leasing and business services"),
        ("71", "72"),
        staff=Bounds(300, 100, 10),
        total_assets=Bounds(120_000, 8000, 100),
    ),
    Sector(
        pgettext_lazy(
            "row of the size standard", "other industries"
        ),  # research, environment, resident services, social work, culture, agents
        ("703", "709", *_divisions(73, 82), "85", *_divisions(86, 90)),
        staff=Bounds(300, 100, 10),
    ),
)
_BY_CODE = {code: sector for sector in SECTORS for code in sector.codes}
_LONGEST = 3
_SPLIT = {code[:2] for code in _BY_CODE if len(code) == _LONGEST}
"""Divisions of which only the group tells the row."""


def sector_of(industry_code: str) -> Sector | None:
    """Return the row of the standard for an industry, or None where the code is too short or not covered."""
    return _BY_CODE.get(industry_code[:3]) or _BY_CODE.get(industry_code[:2])


@dataclass(frozen=True)
class Determination:
    """What can be said of an enterprise's size; without a class, ``missing`` says why.

    Args:
        year: of the figures.
        size: the class, or None.
        sector: the row of the standard that was applied.
        used: the inputs with their values.
        missing: what is not known, as sentences' ends: "revenue of 2025 is not known".
    """

    year: int
    size: Size | None
    sector: Sector | None
    used: dict[str, Decimal | int]
    missing: tuple[str, ...]

    @property
    def words(self) -> str:
        """The class with its year, or that it is not determined, and why."""
        if self.size:
            return _("%(size)s (by the figures of %(year)s)") % {"size": self.size.label, "year": self.year}
        join = "；" if local_form.is_chinese() else "; "
        return _("not determined: %(missing)s") % {"missing": join.join(self.missing)}

    @property
    def basis(self) -> str:
        """By which row of the standard and which inputs the class was found."""
        if not self.size or not self.sector:
            return ""
        join = "，" if local_form.is_chinese() else ", "
        gap = "" if local_form.is_chinese() else " "
        inputs = join.join(f"{short_label(name)}{gap}{_shown(name, value)}" for name, value in self.used.items())
        return _("%(sector)s: %(inputs)s") % {"sector": self.sector.name, "inputs": inputs}


def size_of(organisation: Organisation, figures: Iterable[YearlyFigure], *, year: int) -> Determination:
    """Return the class of an organisation by its figures of one year; what is not known is never inferred.

    Args:
        organisation: its industry decides which row applies.
        figures: its yearly figures.
        year: whose figures count; those of another year do not stand in for them.
    """
    sector = sector_of(organisation.industry_code)
    found = next((figure for figure in figures if figure.year == year), None)
    if sector is None:
        return Determination(year, None, None, {}, (_no_sector(organisation.industry_code),))
    known = {name: getattr(found, name, None) for name in sector.inputs}
    missing = tuple(
        _("%(input)s of %(year)s is not known") % {"input": short_label(name), "year": year}
        for name, value in known.items()
        if value is None
    )
    used = {name: value for name, value in known.items() if value is not None}
    size = None if missing else _class_of(sector, used)
    return Determination(year, size, sector, used, missing)


def public_size(organisation: Organisation) -> tuple[str, str]:
    """Return what everybody may read of the class, by the newest verified figures, and from what it is known.

    The figures themselves stay confidential, and so does which of them are missing.
    """
    verified = organisation.yearly_figures.filter(verified_at__isnull=False).order_by("-year").first()
    if verified and (found := size_of(organisation, [verified], year=verified.year)).size:
        return found.words, _("Worked out from figures verified on %(day)s") % {"day": day(verified.verified_at)}
    return _("not determined"), _("There are no verified figures from which it follows")


def _no_sector(code: str) -> str:
    if not code:
        return _("the industry is not known")
    if len(code) < _LONGEST and code in _SPLIT:
        return _("the industry is not known to three digits")
    return _("the standard does not cover this industry")


def _class_of(sector: Sector, values: dict[str, Decimal | int]) -> Size:
    """Return the class: large, medium and small ask for every lower bound, or the next class down applies."""
    for size in (Size.LARGE, Size.MEDIUM, Size.SMALL):
        if all(
            values[name] >= getattr(bounds, size) * (1 if name == "staff" else _WAN)
            for name, bounds in sector.inputs.items()
        ):
            return size
    return Size.MICRO


def short_label(measure: str) -> str:
    """Return what a measure is called inside a sentence."""
    return {
        "revenue": _("revenue"),
        "rd_spend": _("R&D spend"),
        "tax_paid": _("tax paid"),
        "total_assets": _("total assets"),
        "staff": pgettext("at the end of the year", "staff"),
    }[measure]


def _shown(measure: str, value: Decimal | int) -> str:
    return f"{value:,}" if measure == "staff" else local_form.money(value)
