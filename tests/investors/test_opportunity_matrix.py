"""Every step of an opportunity, by everyone, in every status: through service, page, admin and SQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from firms.models import Membership, Organisation
from investors.lifecycle import OPPORTUNITY
from investors.models import Opportunity
from portal.lifecycle import StepClosed
from portal.models import User
from portal.roles import Role
from tests.investors.conftest import make_organisation, make_user
from tests.investors.test_admin import step_url
from tests.investors.test_pages import browser

pytestmark = pytest.mark.usefixtures("staff_without_second_factor")

STATUSES = ["draft", "submitted", "published", "returned", "withdrawn", "expired", "matched"]
STEPS = [
    "submit", "publish", "return", "remind_review", "escalate_review", "take_down", "confirm", "match", "revise",
    "withdraw", "remind", "expire",
]  # fmt: skip
PEOPLE = ["signatory", "editor", "viewer", "other", "officer", "insider", "registry", "finance", "auditor", "head"]

MEMBERS = {
    ("draft", "submit"), ("draft", "withdraw"), ("submitted", "withdraw"), ("published", "confirm"),
    ("published", "match"), ("published", "revise"), ("published", "withdraw"), ("returned", "submit"),
    ("returned", "withdraw"), ("withdrawn", "revise"), ("expired", "revise"),
}  # fmt: skip
"""What a signatory or an editor of the owner may do, and nobody else."""

OFFICERS = {("submitted", "publish"), ("submitted", "return"), ("published", "take_down")}
"""What an investment officer may do who has no part in the owner, and nobody else."""

MOVES = {
    ("draft", "submitted"), ("draft", "withdrawn"), ("submitted", "published"), ("submitted", "returned"),
    ("submitted", "withdrawn"), ("published", "returned"), ("published", "matched"), ("published", "draft"),
    ("published", "withdrawn"), ("published", "expired"), ("returned", "submitted"), ("returned", "withdrawn"),
    ("withdrawn", "draft"), ("expired", "draft"),
}  # fmt: skip
"""From which status to which PostgreSQL lets a row go."""


@contextmanager
def taken_back() -> Iterator[None]:
    """Take back what is written here."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def cast(people: SimpleNamespace, firm: Organisation) -> dict[str, User]:
    """Everyone: an investment officer who belongs to the owner, and a signatory of another firm, too."""
    insider, other = make_user("insider", Role.INVESTMENT), make_user("other")
    Membership.objects.create(user=insider, organisation=firm, role="viewer")
    Membership.objects.create(user=other, organisation=make_organisation("Rival"), role="signatory")
    return {name: getattr(people, name, None) or {"insider": insider, "other": other}[name] for name in PEOPLE}


@pytest.fixture
def listings(cast: dict[str, User], make_opportunity: Any) -> dict[str, Opportunity]:
    """One opportunity in each status."""
    return {status: make_opportunity(status) for status in STATUSES}


def test_service_lets_just_these_people_take_just_these_steps(
    cast: dict[str, User], listings: dict[str, Opportunity]
) -> None:
    taken = set()
    for status, listing in listings.items():
        for step in STEPS:
            for name, person in cast.items():
                with taken_back():
                    try:
                        OPPORTUNITY.apply(Opportunity.objects.get(pk=listing.pk), step, by=person, reason="Because")
                    except StepClosed:
                        continue
                    taken.add((status, step, name))

    members = {(*move, name) for move in MEMBERS for name in ("signatory", "editor")}
    assert taken == members | {(*move, "officer") for move in OFFICERS}


@pytest.mark.parametrize("name", ["editor", "viewer", "other", "officer", None])
def test_page_lets_members_take_their_steps(
    cast: dict[str, User], listings: dict[str, Opportunity], name: str | None
) -> None:
    client, taken = browser(cast.get(name or "")), set()
    for status, listing in listings.items():
        for step in STEPS if name == "editor" else ("publish", "match", "withdraw"):
            before = _state(listing)
            with taken_back():
                answer = client.post(f"/en/desk/opportunities/{listing.slug}/{step}/")
                assert answer.status_code in ((302,) if name in {"editor", "viewer", None} else (404,))
                if _state(listing) != before:
                    taken.add((status, step))

    assert taken == ({move for move in MEMBERS if move[1] != "submit"} if name == "editor" else set())


@pytest.mark.parametrize("name", ["officer", "insider", "registry", "auditor", "head"])
def test_admin_lets_officers_take_their_steps(
    cast: dict[str, User], listings: dict[str, Opportunity], name: str
) -> None:
    client, taken = browser(cast[name]), set()
    for status, listing in listings.items():
        for step in ("publish", "return", "take_down", "withdraw"):
            before = _state(listing)
            with taken_back():
                client.post(step_url(listing, step), {"reason": "Because"})
                if _state(listing) != before:
                    taken.add((status, step))

    assert taken == (OFFICERS if name == "officer" else set())


def test_postgresql_lets_a_row_go_only_along_the_table(listings: dict[str, Opportunity]) -> None:
    moved = set()
    for status, listing in listings.items():
        for target in STATUSES:
            with taken_back(), connection.cursor() as cursor:
                try:
                    with transaction.atomic():
                        cursor.execute(
                            "UPDATE investors_opportunity SET status = %s, submitted_at = now(), published_at = now()"
                            " WHERE id = %s",
                            [target, listing.pk],
                        )
                except DatabaseError:
                    continue
                moved.add((status, target))

    assert {move for move in moved if move[0] != move[1]} == MOVES


def _state(listing: Opportunity) -> tuple[Any, ...]:
    return Opportunity.objects.values_list("status", "expires_on").get(pk=listing.pk)
