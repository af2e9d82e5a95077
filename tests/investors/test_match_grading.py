"""The form of the hand-written cases that grade the matching: complete, and within the choices of the models."""

from collections import Counter
from datetime import date
from typing import Any

import pytest

from tests.investors.match_grading import CASES, Case

EXPECTED = {"capital": 9, "technology": 4, "need": 3, "digital": 2, "premises": 2}

OFF = {
    "capital": {
        "cluster", "excluded_cluster", "stage", "instrument", "ticket", "horizon", "role", "foreign_capital", "language",
    },
    "technology": {"cluster", "excluded_cluster", "object", "mode", "trl", "export", "legal_status", "language"},
    "need": {"cluster", "object", "mode", "trl", "price"},
    "digital": {"cluster", "scope", "staff", "certificates"},
    "premises": {"area", "rent", "available", "use", "subdistrict"},
}  # fmt: skip

KIND = {
    "capital": "capital_sought",
    "technology": "technology_offered",
    "need": "technology_offered",
    "premises": "premises",
}

ROLES = {"lead", "follow", "strategic", "any"}
OBJECTS = {
    "patent", "software_copyright", "ic_layout", "plant_variety", "biomedicine", "know_how", "laboratory_research",
}  # fmt: skip
MODES = {
    "transfer", "licence_exclusive", "licence_sole", "licence_non_exclusive", "equity_contribution", "development",
    "service", "consulting",
}  # fmt: skip
STAGES = {"seed", "angel", "series_a", "series_b", "growth", "pre_ipo"}
INSTRUMENTS = {"equity", "convertible", "debt", "asset"}
USES = {"office", "laboratory", "workshop", "warehouse", "mixed"}
CLUSTERS = {
    "ai-internet-digital-content", "integrated-circuits-intelligent-manufacturing", "life-and-health",
    "green-and-low-carbon", "design-and-urban-technology",
}  # fmt: skip
SUBDISTRICTS = {
    "dinghai-road", "pingliang-road", "jiangpu-road", "siping-road", "kongjiang-road", "changbai-xincun",
    "yanji-xincun", "yinhang", "daqiao", "wujiaochang", "xinjiangwancheng", "changhai-road",
}  # fmt: skip

CHOICES: dict[str, set[Any]] = {
    "investor_type": {
        "venture_capital", "private_equity", "corporate", "guidance_fund", "bank", "family_office", "angel",
    },
    "kinds": {"capital_sought", "technology_offered", "joint_lab"},
    "clusters": CLUSTERS, "excluded_clusters": CLUSTERS, "stages": STAGES, "stage": STAGES,
    "instruments": INSTRUMENTS, "instrument": INSTRUMENTS, "roles": ROLES, "investor_role": ROLES,
    "object_kinds": OBJECTS, "object_kind": OBJECTS, "modes": MODES, "languages": {"en", "zh"},
    "foreign_capital": {"open", "restricted", "closed", "not_assessed"},
    "legal_status": {"filed", "granted", "registered", "unfiled", "expired"},
    "price_kind": {"fixed", "range", "royalty", "negotiable"},
    "export_declaration": {"free", "restricted", "prohibited", "not_assessed"},
    "scope": {"production", "supply_chain", "marketing", "management"},
    "certificates": {"hnte", "innovative", "specialised", "little_giant"},
    "uses": USES, "premises_use": USES, "subdistricts": SUBDISTRICTS, "subdistrict": SUBDISTRICTS,
}  # fmt: skip

DATES = ("legal_expires_on", "export_licence_on", "need_by", "starts_on", "founded", "needed_from", "available_from")
RANGES = (
    ("ticket_min", "ticket_max"), ("budget_from", "budget_to"), ("price_from", "price_to"), ("area_min", "area_max"),
    ("amount_secured", "amount_sought"),
)  # fmt: skip


def test_grading_has_twenty_cases_of_every_pairing() -> None:
    assert Counter(case.pairing for case in CASES) == EXPECTED
    assert len({case.name for case in CASES}) == 20


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name[:40])
def test_case_is_complete(case: Case) -> None:
    assert (len(case.right), len(case.near)) == (3, 3)
    assert [listing for listing in case.right if "off" in listing] == []
    off = [listing["off"] for listing in case.near]
    assert len(set(off)) == 3
    assert set(off) - OFF[case.pairing] == set()
    titles = [listing.get("title_en", "") + listing.get("title_zh", "") for listing in (*case.right, *case.near)]
    names = [listing.get("name_en", "") for listing in (*case.right, *case.near)]
    assert len(set(map(str.__add__, titles, names))) == 6
    kinds = {listing.get("kind") for listing in (*case.right, *case.near)}
    assert kinds == {KIND.get(case.pairing)}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name[:40])
def test_values_of_a_case_are_possible(case: Case) -> None:
    for facts in (case.profile, *case.right, *case.near):
        for name, choices in CHOICES.items():
            value = facts.get(name, [])
            stated = set(value) if isinstance(value, list) else {value}
            assert stated - choices == set(), name
        for name in DATES:
            assert name not in facts or date.fromisoformat(facts[name])
        for least, most in RANGES:
            assert least not in facts or most not in facts or facts[least] <= facts[most]
        assert 1 <= facts.get("trl", facts.get("trl_min", 1)) <= 9
        assert 1 <= facts.get("horizon_years", 1) <= 15


def test_every_criterion_is_off_somewhere() -> None:
    assert {
        pairing: {listing["off"] for case in CASES if case.pairing == pairing for listing in case.near}
        for pairing in EXPECTED
    } == OFF
