"""How the facts of opportunities are said: each with its label, in the language of the page."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from investors.models import Opportunity
from portal import local_form

type Text = str | Promise
type Said = Callable[[Opportunity], str]

Mode = Opportunity.Mode


def number(value: Any) -> str:
    """Write a number with as many places as it needs."""
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def _pair(name: str) -> Said:
    def text(opportunity: Opportunity) -> str:
        english, chinese = getattr(opportunity, f"{name}_en"), getattr(opportunity, f"{name}_zh")
        own, other, language = (chinese, english, "en") if local_form.is_chinese() else (english, chinese, "zh-Hans")
        return own or (format_html('<span lang="{}">{}</span>', language, other) if other else "")

    return text


def _price(opportunity: Opportunity) -> str:
    kind = opportunity.get_price_kind_display()
    amounts = [local_form.money(a) for a in (opportunity.price_from, opportunity.price_to) if a is not None]
    return " · ".join(part for part in (kind, "–".join(amounts)) if part)


def _money(name: str) -> Said:
    return lambda opportunity: local_form.money(getattr(opportunity, name))


def amounts_between(least: Decimal | None, most: Decimal | None) -> str:
    """Write a range of amounts (CNY) of which either end may be open; empty for none."""
    ends = {"least": local_form.money(least), "most": local_form.money(most)}
    if least is not None and most is not None:
        return ends["least"] if least == most else f"{ends['least']}–{ends['most']}"
    if least is not None:
        return _("from %(least)s") % ends
    return _("up to %(most)s") % ends if most is not None else ""


def _between(least: str, most: str) -> Said:
    return lambda opportunity: amounts_between(getattr(opportunity, least), getattr(opportunity, most))


def _choice(name: str) -> Said:
    return lambda opportunity: str(getattr(opportunity, f"get_{name}_display")())


def _day(name: str) -> Said:
    return lambda opportunity: local_form.day(getattr(opportunity, name))


def _modes(opportunity: Opportunity) -> str:
    labels = [str(mode.label) for mode in Mode if mode in opportunity.modes]
    return ("、" if local_form.is_chinese() else ", ").join(labels)


def _jurisdiction(opportunity: Opportunity) -> str:
    return str(getattr(opportunity.jurisdiction, "name", ""))


def _horizon(opportunity: Opportunity) -> str:
    years = opportunity.horizon_years
    return ngettext("%(number)d year", "%(number)d years", years) % {"number": years} if years else ""


def _royalty(opportunity: Opportunity) -> str:
    percent = opportunity.royalty_percent
    return _("%(percent)s %% of sales") % {"percent": number(percent)} if percent else ""


def _area(opportunity: Opportunity) -> str:
    return f"{number(opportunity.area)} m²" if opportunity.area else ""


def _rent(opportunity: Opportunity) -> str:
    return _("CNY %(rent)s per m² and day") % {"rent": number(opportunity.rent)} if opportunity.rent else ""


def _places(opportunity: Opportunity) -> str:
    places = opportunity.places
    return ngettext("%(number)d place", "%(number)d places", places) % {"number": places} if places else ""


def _readiness(opportunity: Opportunity) -> str:
    if not opportunity.trl:
        return ""
    least = opportunity.kind == Opportunity.Kind.NEED
    words = _("at least TRL %(level)d of 9") if least else _("TRL %(level)d of 9")
    return words % {"level": opportunity.trl}


SHOWN: Mapping[str, tuple[Text, Said]] = {
    "stage": (gettext_lazy("Stage"), _choice("stage")),
    "instrument": (gettext_lazy("Instrument"), _choice("instrument")),
    "amount_sought": (gettext_lazy("Amount sought"), _money("amount_sought")),
    "amount_secured": (gettext_lazy("Already secured"), _money("amount_secured")),
    "ticket_min": (gettext_lazy("From a single investor"), _between("ticket_min", "ticket_max")),
    "investor_role": (gettext_lazy("Role of the investor"), _choice("investor_role")),
    "horizon_years": (gettext_lazy("Expected until exit"), _horizon),
    "foreign_capital": (gettext_lazy("Foreign capital, as the firm states"), _choice("foreign_capital")),
    "use_en": (gettext_lazy("Use of the capital"), _pair("use")),
    "object_kind": (pgettext_lazy("technology", "Object"), _choice("object_kind")),
    "legal_status": (gettext_lazy("Legal status"), _choice("legal_status")),
    "object_number": (gettext_lazy("Number of the right"), lambda opportunity: opportunity.object_number),
    "jurisdiction": (gettext_lazy("Protected in"), _jurisdiction),
    "legal_expires_on": (gettext_lazy("Protected until"), _day("legal_expires_on")),
    "trl": (gettext_lazy("Technology readiness"), _readiness),
    "trl_evidence_en": (gettext_lazy("Evidence of the readiness"), _pair("trl_evidence")),
    "modes": (gettext_lazy("Forms of cooperation"), _modes),
    "price_kind": (gettext_lazy("Price"), _price),
    "royalty_percent": (gettext_lazy("Royalty"), _royalty),
    "export_declaration": (gettext_lazy("Export, as the owner declares"), _choice("export_declaration")),
    "scope": (gettext_lazy("To be digitalised"), _choice("scope")),
    "process_en": (gettext_lazy("Process"), _pair("process")),
    "systems_en": (gettext_lazy("Systems in use"), _pair("systems")),
    "budget": (gettext_lazy("Budget"), _money("budget")),
    "budget_from": (gettext_lazy("Budget"), _between("budget_from", "budget_to")),
    "need_by": (gettext_lazy("Needed by"), _day("need_by")),
    "places": (gettext_lazy("Places"), _places),
    "starts_on": (gettext_lazy("Starts"), _day("starts_on")),
    "area": (gettext_lazy("Area"), _area),
    "rent": (gettext_lazy("Rent"), _rent),
    "available_from": (gettext_lazy("Available from"), _day("available_from")),
    "premises_use": (pgettext_lazy("premises", "Use"), _choice("premises_use")),
    "park_en": (gettext_lazy("Park or building"), _pair("park")),
}
"""How each fact is said, a pair or a range under the name of its first column. Texts in the other language are
HTML that says so. The number of an export licence is for the owner and staff alone."""

IN_SHORT: Mapping[str, tuple[str, ...]] = {
    "capital_sought": ("amount_sought", "stage", "instrument"),
    "technology_offered": ("object_kind", "trl", "modes"),
    "technology_needed": ("object_kind", "budget_from"),
    "digitalisation_partner": ("scope", "budget_from"),
    "talent_programme": ("places", "starts_on"),
    "joint_lab": ("budget", "places", "starts_on"),
    "premises": ("area", "rent", "park_en"),
}
"""The two or three facts of each kind that a list shows."""

LABELLED = frozenset({"amount_sought", "budget", "budget_from", "starts_on"})
"""Those of which a list says what they are."""
