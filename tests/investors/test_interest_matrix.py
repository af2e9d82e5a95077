"""Every move of an interest in every status: by service, page, workplace, ``.update()`` and SQL of the application."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from investors.interest_effects import Conclusion, Refusal, Signature
from investors.interest_lifecycle import INTEREST
from investors.models import ConfidentialityText, Interest, Opportunity
from portal.lifecycle import StepClosed
from portal.models import Deadline, User
from tests.investors.conftest import make_user
from tests.investors.interested import express, lead, today
from tests.investors.test_opportunity_matrix import taken_back
from tests.investors.test_pages import browser

pytestmark = pytest.mark.usefixtures("staff_without_second_factor")

STATUSES = ("expressed", "accepted", "signed", "confidential", "negotiating", "concluded", "declined", "withdrawn")
"""Situations: ``signed`` is accepted, with the first of the two acceptances."""

OWNER = {
    ("expressed", "accept"), ("signed", "countersign"), ("confidential", "negotiate"), ("negotiating", "conclude"),
    ("expressed", "decline"), ("accepted", "decline"), ("signed", "decline"), ("confidential", "decline"),
    ("negotiating", "decline"),
}  # fmt: skip
"""What a signatory of the owner moves."""

PERSON = {
    ("confidential", "negotiate"), ("expressed", "withdraw"), ("accepted", "withdraw"), ("signed", "withdraw"),
    ("confidential", "withdraw"), ("negotiating", "withdraw"),
}  # fmt: skip
"""What the person who is interested moves."""

SYSTEM = {("expressed", "lapse")}
"""What the system moves, once its time is over."""

STEPS = ("accept", "countersign", "negotiate", "conclude", "decline", "withdraw", "lapse")

ALONE = {
    ("expressed", "accepted"), ("expressed", "declined"), ("expressed", "withdrawn"), ("accepted", "declined"),
    ("accepted", "withdrawn"), ("signed", "declined"), ("signed", "withdrawn"), ("confidential", "negotiating"),
    ("confidential", "declined"), ("confidential", "withdrawn"), ("negotiating", "concluded"),
    ("negotiating", "declined"), ("negotiating", "withdrawn"),
}  # fmt: skip
"""From where to where PostgreSQL lets a row go: never to an agreement, which needs both acceptances first."""


@pytest.fixture
def interests(people: SimpleNamespace, make_opportunity: Callable[..., Opportunity]) -> dict[str, Interest]:
    """Return one interest in each situation, each of a person of its own."""
    opportunity = make_opportunity()
    persons = [make_user(f"person-{status}") for status in STATUSES]
    made = {
        status: lead(express(person, opportunity), status, people.signatory, person)
        for status, person in zip(STATUSES, persons, strict=True)
    }
    Deadline.objects.filter(step="lapse").update(due_at=timezone.now() - timedelta(days=1))
    return made


def _data() -> dict[str, dict[str, Any]]:
    return {
        "countersign": {"signature": Signature("Bo")},
        "decline": {"refusal": Refusal("no_fit")},
        "conclude": {"contract": Conclusion(today(), no_registration="Equity")},
    }


def _moved(interest: Interest, move: Callable[[Interest], object]) -> bool:
    """Say whether something moves an interest, and take it back."""
    with taken_back():
        try:
            with transaction.atomic():
                move(Interest.objects.get(pk=interest.pk))
        except (StepClosed, DatabaseError):
            return False
        return Interest.objects.get(pk=interest.pk).status != interest.status


def test_service_moves_it_for_these_people_alone(people: SimpleNamespace, interests: dict[str, Interest]) -> None:
    def apply(step: str, by: User | None) -> Callable[[Interest], object]:
        return lambda interest: INTEREST.apply(interest, step, by=by, **_data().get(step, {}))

    found: dict[str, set[tuple[str, str]]] = {}
    for status, interest in interests.items():
        actors = {"owner": people.signatory, "person": interest.person, "system": None}
        others = {name: getattr(people, name) for name in ("stranger", "officer", "administrator")}
        for name, by in {**actors, **others}.items():
            moves = {(status, step) for step in STEPS if _moved(interest, apply(step, by))}
            found.setdefault(name, set()).update(moves)

    nothing: set[tuple[str, str]] = set()
    assert found == {"owner": OWNER, "person": PERSON, "system": SYSTEM, **dict.fromkeys(others, nothing)}


def test_pages_end_it_for_each_side_in_its_own_way(people: SimpleNamespace, interests: dict[str, Interest]) -> None:
    owner, found = browser(people.signatory), set()
    for status, interest in interests.items():
        for name, client in (("owner", owner), ("person", browser(interest.person))):
            for step in ("decline", "withdraw"):
                page = reverse("investors:interest_step", args=[interest.reference, step])
                if _moved(interest, lambda _one, client=client, page=page: client.post(page, {"reason": "no_fit"})):  # type: ignore[misc]
                    found.add((name, status, step))

    declined = {("owner", *move) for move in OWNER if move[1] == "decline"}
    assert found == declined | {("person", *move) for move in PERSON if move[1] == "withdraw"}


def test_workplace_moves_none(people: SimpleNamespace, interests: dict[str, Interest]) -> None:
    for name in ("officer", "administrator"):
        client = browser(getattr(people, name))
        for status in ("expressed", "negotiating"):
            page = reverse("admin:investors_interest_change", args=[interests[status].pk])
            answer = client.post(page, {"status": "declined", "decline_reason": "no_fit"})
            assert (answer.status_code, Interest.objects.get(pk=interests[status].pk).status) == (403, status)


def _with_all_it_needs(interest: Interest, target: str) -> dict[str, Any]:
    """Return a status with the dates and reasons that CHECKs want beside it, so that only its table refuses it."""
    now, text = timezone.now(), ConfidentialityText.objects.current()
    values: dict[str, Any] = {"status": target}
    if target not in {"expressed", "declined", "withdrawn"}:
        values |= {"accepted_at": interest.accepted_at or now, "agreement_text": interest.agreement_text or text}
    if target in Interest.DISCLOSED:
        values |= {"agreed_at": interest.agreed_at or now}
    if target in Interest.ENDED:
        values |= {"ended_at": interest.ended_at or now}
    if target == "concluded":
        values |= {"concluded_on": interest.concluded_on or today(), "no_registration_reason": "Equity"}
    return values | ({"decline_reason": "no_fit"} if target == "declined" else {})


def _by_update(interest: Interest, values: dict[str, Any]) -> object:
    return Interest.objects.filter(pk=interest.pk).update(**values)


def _by_sql(interest: Interest, values: dict[str, Any]) -> object:
    columns = [Interest._meta.get_field(name).column for name in values]
    pairs = ", ".join(f"{column} = %s" for column in columns)
    given = [getattr(value, "pk", value) for value in values.values()]
    with connection.cursor() as cursor:
        return cursor.execute(f"UPDATE investors_interest SET {pairs} WHERE id = %s", [*given, interest.pk])


@pytest.mark.parametrize("way", [_by_update, _by_sql])
def test_status_alone_leads_nowhere_but_along_the_table(
    interests: dict[str, Interest], way: Callable[..., Any]
) -> None:
    found = {
        (status, target)
        for status, interest in interests.items()
        for target in Interest.Status.values
        if _moved(interest, lambda one, target=target: way(one, _with_all_it_needs(one, target)))  # type: ignore[misc]
    }

    assert found == ALONE
