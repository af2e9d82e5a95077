"""What an owner's export declaration opens to whom: the table is written from the product, not from the code."""

from dataclasses import dataclass

import pytest
from django.utils import translation

from investors.export_gate import RULES, WORDS, gate


@dataclass
class Offer:
    """What the gate reads of a technology that is offered."""

    export_declaration: str
    export_licence_number: str = ""
    kind: str = "technology_offered"


ABROAD = ("HK", "MO", "TW", "DE", "")

VERDICTS = {
    ("free", "", "CN"): [],
    ("free", "", "HK"): [],
    ("free", "", "MO"): [],
    ("free", "", "TW"): [],
    ("free", "", "DE"): [],
    ("free", "", ""): [],
    ("restricted", "", "CN"): [],
    ("restricted", "", "HK"): ["no_licence"],
    ("restricted", "", "MO"): ["no_licence"],
    ("restricted", "", "TW"): ["no_licence"],
    ("restricted", "", "DE"): ["no_licence"],
    ("restricted", "", ""): ["no_licence"],
    ("restricted", " ", "DE"): ["no_licence"],
    ("restricted", "2026-31-0001", "CN"): [],
    ("restricted", "2026-31-0001", "HK"): [],
    ("restricted", "2026-31-0001", "MO"): [],
    ("restricted", "2026-31-0001", "TW"): [],
    ("restricted", "2026-31-0001", "DE"): [],
    ("restricted", "2026-31-0001", ""): [],
    ("not_assessed", "", "CN"): [],
    ("not_assessed", "", "HK"): ["not_assessed"],
    ("not_assessed", "", "MO"): ["not_assessed"],
    ("not_assessed", "", "TW"): ["not_assessed"],
    ("not_assessed", "", "DE"): ["not_assessed"],
    ("not_assessed", "", ""): ["not_assessed"],
    ("not_assessed", "2026-31-0001", "DE"): ["not_assessed"],
    ("", "", "CN"): [],
    ("", "", "DE"): ["not_assessed"],
    ("prohibited", "", "CN"): ["prohibited"],
    ("prohibited", "", "HK"): ["prohibited"],
    ("prohibited", "", "MO"): ["prohibited"],
    ("prohibited", "", "TW"): ["prohibited"],
    ("prohibited", "", "DE"): ["prohibited"],
    ("prohibited", "", ""): ["prohibited"],
    ("prohibited", "2026-31-0001", "CN"): ["prohibited"],
    ("prohibited", "2026-31-0001", "DE"): ["prohibited"],
}
"""Declaration, number of the licence, country of the counterparty: why it stays closed."""


@pytest.mark.parametrize(("declaration", "licence", "country"), VERDICTS)
def test_gate_of_each_declaration(declaration: str, licence: str, country: str) -> None:
    assert gate(Offer(declaration, licence), country) == VERDICTS[declaration, licence, country]


@pytest.mark.parametrize(
    "kind", ["capital_sought", "technology_needed", "digitalisation_partner", "joint_lab", "premises"]
)
def test_gate_asks_only_about_technology_that_is_offered(kind: str) -> None:
    assert [gate(Offer("", kind=kind), country) for country in ABROAD] == [[]] * len(ABROAD)


def test_every_reason_and_rule_is_said_in_both_languages() -> None:
    with translation.override("zh-hans"):
        said = [str(words) for words in WORDS.values()] + [str(part) for rule in RULES for part in rule if part]

    assert [words for words in said if words.isascii()] == []
