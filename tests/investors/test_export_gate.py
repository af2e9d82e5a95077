"""What an owner's export declaration opens to whom: the table is written from the product, not from the code."""

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from investors.export_gate import RULES, WORDS, Reason, gate
from investors.interest_lifecycle import INTEREST
from investors.models import Interest, Opportunity
from portal.lifecycle import StepClosed
from portal.models import User
from tests.investors.conftest import make_user
from tests.investors.interested import express, lead


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


# --- The step that opens the data room asks it, and PostgreSQL too -------------------------


def opened_by_step(interest: Interest, by: User) -> list[str]:
    """Open the data room by its step, and take it back; return why it stays closed."""
    try:
        with transaction.atomic():
            INTEREST.apply(interest, "open_room", by=by)
            transaction.set_rollback(True)
    except StepClosed as closed:
        return [str(reason) for reason in closed.reasons]
    return []


def opened_by_sql(interest: Interest) -> bool:
    """Open the data room past its step, and take it back; return whether it happened."""
    try:
        with transaction.atomic():
            Interest.objects.filter(pk=interest.pk).update(room_opened_at=timezone.now())
            transaction.set_rollback(True)
    except IntegrityError as refused:
        assert "export declaration" in str(refused)  # noqa: PT017 -- the ending itself is what is returned
        return False
    return True


def test_data_room_is_opened_only_where_the_declaration_opens(
    people: SimpleNamespace, make_opportunity: Callable[..., Opportunity]
) -> None:
    opportunity = make_opportunity(kind="technology_offered")
    interests = {
        country: lead(express(person, opportunity, country=country), "confidential", people.signatory, person)
        for country, person in ((country, make_user(country.lower())) for country in ("CN", *ABROAD) if country)
    }
    Opportunity.objects.update(status="expired")  # prohibited is never published

    found = {}
    for declaration, licence, country in VERDICTS:
        if not country or (licence and declaration != "restricted"):  # PostgreSQL keeps neither
            continue
        Opportunity.objects.update(export_declaration=declaration, export_licence_number=licence)
        interest = interests[country]
        reasons = opened_by_step(interest, people.signatory)
        assert opened_by_sql(interest) == (not reasons)
        found[declaration, licence, country] = reasons

    never = "A technology whose export is prohibited is never offered here."
    words = {**{str(reason): str(says) for reason, says in WORDS.items()}, "prohibited": never}
    assert found == {key: [words[reason] for reason in reasons] for key, reasons in VERDICTS.items() if key in found}


def test_access_is_restored_only_where_the_declaration_opens_and_the_room_stays_closed(
    people: SimpleNamespace, make_opportunity: Callable[..., Opportunity]
) -> None:
    opportunity = make_opportunity(kind="technology_offered")
    interest = lead(express(people.investor, opportunity), "room", people.signatory, people.investor)
    INTEREST.apply(interest, "revoke", by=people.signatory)

    refused = {}
    for declaration in ("restricted", "not_assessed"):
        Opportunity.objects.update(export_declaration=declaration)
        with pytest.raises(StepClosed) as closed:
            INTEREST.apply(interest, "restore", by=people.signatory)
        refused[declaration] = closed.value.reasons
    Opportunity.objects.update(export_declaration="free")
    INTEREST.apply(interest, "restore", by=people.signatory)
    interest.refresh_from_db()

    assert refused == {
        "restricted": (WORDS[Reason.NO_LICENCE],),
        "not_assessed": (WORDS[Reason.NOT_ASSESSED],),
    }
    assert (interest.access_revoked_at, interest.room_opened_at) == (None, None)


def test_page_says_why_the_data_room_stays_closed(
    people: SimpleNamespace, make_opportunity: Callable[..., Opportunity]
) -> None:
    opportunity = make_opportunity(kind="technology_offered", export_declaration="not_assessed")
    interest = lead(express(people.investor, opportunity), "confidential", people.signatory, people.investor)
    step, owner = reverse("investors:interest_step", args=[interest.reference, "open_room"]), Client()
    owner.force_login(people.signatory)

    closed = owner.get(interest.get_absolute_url()).content.decode()
    refused = owner.post(step)
    Opportunity.objects.update(export_declaration="free")
    opened = owner.get(interest.get_absolute_url()).content.decode()

    assert (step in closed, step in opened) == (False, True)
    assert str(WORDS[Reason.NOT_ASSESSED]) in closed
    assert (refused.status_code, owner.post(step).status_code) == (409, 302)
