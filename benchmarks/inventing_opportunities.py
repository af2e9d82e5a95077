"""Opportunities and what investors look for, invented by rule and seed: the same every time, in any order of making."""

import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from benchmarks.inventing import Drawing
from benchmarks.opportunity_words import PARKS, PROCESSES, QUALITIES, SENTENCES, SYSTEMS, TECHNOLOGIES, USES
from benchmarks.words import SUBDISTRICTS
from investors.models import InvestorProfile, Opportunity
from investors.models.facts import Kind

_KINDS = Drawing([
    (Kind.CAPITAL, 25), (Kind.OFFER, 30), (Kind.NEED, 15), (Kind.DIGITAL, 8), (Kind.TALENT, 4), (Kind.LAB, 3),
    (Kind.PREMISES, 15),
])  # fmt: skip
_PLACES = Drawing(SUBDISTRICTS)
_AMOUNTS = Drawing([(1, 10), (3, 20), (8, 25), (20, 20), (50, 15), (120, 8), (400, 2)])
"""Millions of CNY."""

_STAGES, _INSTRUMENTS = Opportunity.Stage.values, Opportunity.Instrument.values
_ROLES, _FOREIGN = Opportunity.InvestorRole.values, Opportunity.ForeignCapital.values
_OBJECTS, _MODES, _SCOPES = Opportunity.ObjectKind.values, Opportunity.Mode.values, Opportunity.Scope.values
_EXPORT = Drawing([("free", 50), ("restricted", 15), ("not_assessed", 35)])
_LEGAL, _USES = Opportunity.LegalStatus.values, Opportunity.PremisesUse.values
_COUNTRIES = Drawing([("CN", 40), ("SG", 20), ("DE", 15), ("HK", 15), ("US", 10)])
_MILLION = Decimal(1_000_000)


def _by_rank(values: Any) -> Drawing:
    return Drawing([(value, 1 / (place + 1)) for place, value in enumerate(values)])


_QUALITY, _TECHNOLOGY, _USE = _by_rank(QUALITIES), _by_rank(TECHNOLOGIES), _by_rank(USES)


def opportunity(number: int, today: date) -> dict[str, Any]:
    """Return the columns of one published opportunity, by name, but for its owner and who drafted it.

    Args:
        number: which one of the whole; its address and everything drawn follow from it.
        today: from which day on it is shown for up to a year.
    """
    chance = random.Random(number + 2**41)
    kind = _KINDS.draw(chance)
    at = datetime(today.year, today.month, today.day, tzinfo=UTC) - timedelta(minutes=chance.randint(1, 200_000))
    return {
        **_words(kind, chance, number),
        **_FACTS[kind](chance, today),
        "kind": kind.value,
        "status": "published",
        "slug": f"invented-{number}",
        "subdistrict_id": _PLACES.draw(chance) if chance.random() < 0.8 else None,
        "submitted_at": at,
        "published_at": at,
        "expires_on": today + timedelta(days=chance.randint(1, 360)),
    }


def clusters(number: int, known: list[int]) -> list[int]:
    """Return one or two of the known clusters, for an opportunity or an investor."""
    chance = random.Random(number + 2**42)
    return sorted(chance.sample(known, min(len(known), chance.choice((1, 1, 2)))))


def _words(kind: Kind, chance: random.Random, number: int) -> dict[str, str]:
    quality, technology, use = _QUALITY.draw(chance), _TECHNOLOGY.draw(chance), _USE.draw(chance)
    sentences = chance.sample(SENTENCES, 5)
    english = f"{quality[0]} {technology[0]} for {use[0]}"
    title = f"{kind.label}: {english}", f"{use[1]}用{quality[1]}{technology[1]}（{kind.label}）"
    texts = {
        "title_en": title[0][:120],
        "title_zh": title[1][:120],
        "summary_en": f"Invented for benchmarks, number {number}: {english}. {sentences[0][0]}",
        "summary_zh": f"为性能测试虚构，编号{number}：{use[1]}用{quality[1]}{technology[1]}。{sentences[0][1]}",
        "text_en": " ".join(one for one, _other in sentences),
        "text_zh": "".join(other for _one, other in sentences),
    }
    drawn = chance.random()
    missing = "en" if drawn < 0.15 else "zh" if drawn < 0.25 else ""
    return {name: "" if missing and name.endswith(missing) else text for name, text in texts.items()}


def _capital(chance: random.Random, _today: date) -> dict[str, Any]:
    amount = _AMOUNTS.draw(chance) * _MILLION
    return {
        "stage": chance.choice(_STAGES),
        "instrument": chance.choice(_INSTRUMENTS),
        "amount_sought": amount + chance.randint(0, 99) * 10_000,
        "ticket_min": amount / 10,
        "ticket_max": amount,
        "horizon_years": chance.randint(3, 10),
        "investor_role": chance.choice(_ROLES),
        "foreign_capital": chance.choice(_FOREIGN),
    }


def _offer(chance: random.Random, today: date) -> dict[str, Any]:
    return {
        "object_kind": chance.choice(_OBJECTS),
        "object_number": f"ZL{chance.randint(10**11, 10**12 - 1)}",
        "jurisdiction": "CN",
        "legal_status": chance.choice(_LEGAL),
        "legal_expires_on": today + timedelta(days=chance.randint(300, 5000)),
        "trl": chance.randint(1, 9),
        "modes": sorted(chance.sample(_MODES, chance.randint(1, 3))),
        "price_kind": "negotiable",
        "export_declaration": _EXPORT.draw(chance),
        "disclosure_checked": True,
    }


def _need(chance: random.Random, today: date) -> dict[str, Any]:
    return {
        "object_kind": chance.choice(_OBJECTS),
        "trl": chance.randint(3, 8),
        "modes": sorted(chance.sample(_MODES, chance.randint(1, 3))),
        **_budget(chance),
        "need_by": today + timedelta(days=chance.randint(60, 700)),
    }


def _digital(chance: random.Random, today: date) -> dict[str, Any]:
    starts = today + timedelta(days=chance.randint(10, 300))
    process, systems = chance.choice(PROCESSES), chance.choice(SYSTEMS)
    return {
        "scope": chance.choice(_SCOPES),
        "process_en": process[0],
        "process_zh": process[1],
        "systems_en": systems[0],
        "systems_zh": systems[1],
        "starts_on": starts,
        **_budget(chance),
    }


def _programme(chance: random.Random, today: date) -> dict[str, Any]:
    return {"places": chance.randint(1, 200), "starts_on": today + timedelta(days=chance.randint(10, 300))}


def _premises(chance: random.Random, today: date) -> dict[str, Any]:
    park = chance.choice(PARKS)
    return {
        "area": Decimal(chance.randint(40, 6000)),
        "rent": Decimal(chance.randint(10, 95)) / 10,
        "available_from": today + timedelta(days=chance.randint(-60, 400)),
        "premises_use": chance.choice(_USES),
        "park_en": park[0],
        "park_zh": park[1],
    }


def _budget(chance: random.Random) -> dict[str, Decimal]:
    least = Decimal(chance.randint(1, 60)) * 50_000
    return {"budget_from": least, "budget_to": least * chance.randint(1, 5)}


_FACTS = {
    Kind.CAPITAL: _capital,
    Kind.OFFER: _offer,
    Kind.NEED: _need,
    Kind.DIGITAL: _digital,
    Kind.TALENT: _programme,
    Kind.LAB: _programme,
    Kind.PREMISES: _premises,
}


def profile(number: int) -> dict[str, Any]:
    """Return the columns of what one investor looks for, by name, but for the person."""
    chance = random.Random(number + 2**43)
    ticket = _AMOUNTS.draw(chance) * _MILLION

    def some(values: list[str], most: int) -> list[str]:
        return sorted(chance.sample(values, chance.randint(0, min(most, len(values)))))

    return {
        "investor_type": chance.choice(InvestorProfile.Type.values),
        "country": _COUNTRIES.draw(chance),
        "kinds": sorted(chance.sample(InvestorProfile.Sought.values, chance.randint(1, 3))),
        "ticket_min": ticket / 5,
        "ticket_max": ticket * 2,
        "stages": some(_STAGES, 4),
        "instruments": some(_INSTRUMENTS, 2),
        "horizon_years": chance.randint(3, 12),
        "roles": some(_ROLES, 2),
        "object_kinds": some(_OBJECTS, 3),
        "modes": some(_MODES, 3),
        "trl_min": chance.choice((None, 3, 5, 7)),
        "export_free_only": chance.random() < 0.2,
        "languages": chance.choice((["en"], ["zh"], ["en", "zh"])),
    }


def premises_search(number: int, today: date) -> dict[str, Any]:
    """Return the columns of what premises one organisation looks for, by name, but for the organisation."""
    chance = random.Random(number + 2**44)
    least = chance.randint(50, 2000)
    return {
        "area_min": Decimal(least),
        "area_max": Decimal(least * chance.randint(2, 4)),
        "rent_max": Decimal(chance.randint(20, 90)) / 10,
        "needed_from": today + timedelta(days=chance.randint(0, 300)),
        "uses": sorted(chance.sample(_USES, chance.randint(0, 3))),
    }
