"""What is known of an organisation: each fact with its value, its words, its source and date."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from django.utils.functional import Promise, lazy
from django.utils.text import format_lazy
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from firms import yearly
from firms.models import Certificate, Organisation, YearlyFigure
from incentives.models import Application, Award
from portal.local_form import SHANGHAI, day, money

type Text = str | Promise


def _pick(english: str, chinese: str) -> str:
    in_chinese = (get_language() or "").startswith("zh")
    return (chinese or english) if in_chinese else (english or chinese)


in_language = lazy(_pick, str)
"""Words that exist as a pair: the reader's language decides when they are read."""

lazy_money = lazy(money, str)
"""An amount of CNY, written as the reader's language does."""

date_in_language: Callable[[Any], Any] = lazy(day, str)


def pair_of(write: Callable[[Any], str], value: Any) -> dict[str, str]:
    """Return a value written in both languages."""
    words = {}
    for side, language in (("en", "en"), ("zh", "zh-hans")):
        with override(language):
            words[side] = write(value)
    return words


@dataclass(frozen=True)
class Fact:
    """One thing known.

    Args:
        value: what the criteria compare: a date, a number, a set of slugs.
        label: the value in words.
        source: who says so.
        on: the date of the source.
    """

    value: Any
    label: Text
    source: Text
    on: date | None = None


type Facts = Mapping[str, Fact]

NO_FACTS: Facts = MappingProxyType({})

YEARLY = frozenset({"rd_intensity", "growth", "tax"})
"""Facts that follow from yearly figures."""

REGISTERED = frozenset({"awarded", "live_awards"})
"""Facts that the register of awards says of any organisation that is known."""

OLDEST_FIGURES = 2
"""Figures of a year that ended longer ago than this many years say nothing of a firm today."""


def facts_of(organisation: Organisation, *, on: date, apart_from: Application | None = None) -> Facts:
    """Return what profile and register of awards say of an organisation, leaving out what they do not say.

    Args:
        organisation: whose ``certificates``, ``cluster_memberships`` and ``yearly_figures`` may be prefetched.
        on: the day on which certificates must be valid.
        apart_from: the application being judged, whose own award is no earlier one.
    """
    source: dict[str, Any] = {"source": _source(organisation), "on": organisation.source_date}
    facts: dict[str, Fact] = {}
    if organisation.founded:
        facts["founded"] = Fact(organisation.founded, date_in_language(organisation.founded), **source)
    if organisation.staff is not None:
        facts["staff"] = Fact(organisation.staff, format_lazy(_("{number} staff"), number=organisation.staff), **source)
    if organisation.registered_capital is not None:
        facts["capital"] = Fact(organisation.registered_capital, lazy_money(organisation.registered_capital), **source)
    if organisation.industry_code:
        facts["industry"] = Fact(organisation.industry_code, organisation.industry_code, **source)
    if organisation.subdistrict:
        place = organisation.subdistrict
        facts["subdistrict"] = Fact(place.slug, in_language(place.name_en, place.name_zh), **source)
    if organisation.foreign_invested is not None:
        words = _("foreign-invested") if organisation.foreign_invested else _("not foreign-invested")
        facts["foreign"] = Fact(organisation.foreign_invested, words, **source)
    if organisation.uscc:
        facts["firm"] = Fact(organisation.uscc, in_language(organisation.name_en, organisation.name_zh), **source)
    return {
        **facts,
        **_clusters(organisation),
        **_certificates(organisation, on=on),
        **_yearly(organisation, on=on),
        **_awards(organisation, on=on, apart_from=apart_from),
    }


def _clusters(organisation: Organisation) -> Facts:
    clusters = [m.cluster for m in organisation.cluster_memberships.all() if not m.excluded]
    if not clusters and not organisation.industry_code:
        return {}
    english = ", ".join(c.title_en for c in clusters)
    chinese = "、".join(c.title_zh for c in clusters)
    label = in_language(english, chinese) if clusters else _("no cluster")
    slugs = frozenset(c.slug for c in clusters)
    return {"cluster": Fact(slugs, label, _("the district's cluster register"), organisation.source_date)}


def _certificates(organisation: Organisation, *, on: date) -> Facts:
    found = [
        c
        for c in organisation.certificates.all()
        if (c.expires is None or c.expires >= on) and (c.issued is None or c.issued <= on)
    ]
    if not found:
        return {}
    label = format_lazy("{names}", names=joined(tuple(Certificate.Level(c.level).label for c in found)))
    issued = max((c.issued for c in found if c.issued), default=organisation.source_date)
    authorities = sorted({c.authority for c in found if c.authority})
    source: Text = ", ".join(authorities) or _source(organisation)
    return {"certificate": Fact(frozenset(c.level for c in found), label, source, issued)}


def _source(organisation: Organisation) -> Text:
    if organisation.is_self_registered:
        return _("the organisation itself")
    return organisation.source or _("the profile")


def _yearly(organisation: Organisation, *, on: date) -> Facts:
    """Return what follows from the newest figures; those themselves are confidential and stand in no fact."""
    figures = {figure.year: figure for figure in organisation.yearly_figures.all() if figure.year < on.year}
    newest = max(figures, default=0)
    if newest < on.year - OLDEST_FIGURES:
        return {}
    shares = {
        "rd_intensity": (yearly.rd_intensity(figures[newest]), [newest]),
        "growth": (yearly.growth(figures.values(), newest), [newest, newest - 1]),
    }
    facts = {
        name: Fact(
            share,
            in_language(f"{share} % ({newest})", f"{share}%（{newest}年）"),
            attested(min((figures[year] for year in years), key=lambda figure: figure.is_attested)),
            figures[newest].source_date,
        )
        for name, (share, years) in shares.items()
        if share is not None
    }
    tax = figures[newest].tax_paid
    if tax is not None:
        label = format_lazy(_("Tax paid in {year}"), year=newest)
        facts["tax"] = Fact(tax, label, attested(figures[newest]), figures[newest].source_date)
    return facts


def _awards(organisation: Organisation, *, on: date, apart_from: Application | None) -> Facts:
    """Return when each programme last awarded something to an organisation, and what its live awards come to."""
    found = Award.objects.filter(application__organisation=organisation)
    if apart_from is not None:
        found = found.exclude(application=apart_from)
    last: dict[int, date] = {}
    live = Decimal(0)
    rows = found.order_by("awarded_at").values_list(
        "application__round__programme", "awarded_at", "amount", "application__status"
    )
    for programme, awarded_at, amount, status in rows:
        last[programme] = awarded_at.astimezone(SHANGHAI).date()
        live += amount if status == Application.Status.ACTIVE else 0
    days = joined(tuple(map(date_in_language, last.values())))
    label = format_lazy(_("Awarded {days}"), days=days) if last else _("No award so far")
    register = _("the register of awards")
    return {"awarded": Fact(last, label, register, on), "live_awards": Fact(live, lazy_money(live), register, on)}


def attested(figure: YearlyFigure) -> Text:
    """Return who says what a year came to."""
    if figure.is_verified:
        return _("yearly figures, verified by a registry officer")
    if figure.source == YearlyFigure.Source.IMPORT:
        return format_lazy(_("yearly figures, {source}"), source=figure.source_name)
    if figure.source == YearlyFigure.Source.REGISTRY:
        return _("yearly figures, entered by a registry officer and not verified")
    return _("yearly figures, stated by the organisation")


def said_of(what: Text, words: Text) -> Text:
    """Return what is said of something after its name, with the colon of the reader's language."""
    return format_lazy(_("{what}: {words}"), what=what, words=words)


def _join(parts: tuple[Any, ...]) -> str:
    comma = "、" if (get_language() or "").startswith("zh") else ", "
    return comma.join(map(str, parts))


joined: Callable[[Any], Any] = lazy(_join, str)
"""Several words, separated as the reader's language does."""
