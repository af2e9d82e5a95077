"""A revocation against an opening, at the same moment: after the one there is no other."""

import threading
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection, transaction
from django.utils import timezone

from firms.models import Membership
from investors.interest_lifecycle import INTEREST
from investors.models import DataRoomView, Interest
from investors.services.opening import record_opening
from investors.services.opportunities import draft_opportunity
from portal.actor import acting
from portal.roles import Role
from tests.investors.conftest import TECHNOLOGY, lead, make_organisation, make_user
from tests.investors.interested import express
from tests.investors.interested import lead as lead_interest
from tests.racing import meeting, wait_for_end
from tests.test_guards_off import without
from tests.unguarded import during, rewrite

ROUNDS = 50


@pytest.fixture
def room(committed_db: str) -> SimpleNamespace:
    """Return an interest whose confidential text is open, its two sides, and the database."""
    with transaction.atomic():
        firm = make_organisation("Robotics")
        people = {name: make_user(name) for name in ("signatory", "investor")}
        officer = make_user("officer", Role.INVESTMENT)
        Membership.objects.create(user=people["signatory"], organisation=firm, role="signatory")

        words = {"title_en": "Gripper", "summary_en": "S", "text_en": "T", "confidential_en": "How it holds"}
        values = {**TECHNOLOGY, **words, "expires_on": timezone.localdate() + timedelta(days=90)}
        opportunity = draft_opportunity(by=people["signatory"], owner=firm, kind="technology_offered", values=values)
        lead(opportunity, "published", SimpleNamespace(officer=officer, signatory=people["signatory"]))
        interest = express(people["investor"], opportunity)
        lead_interest(interest, "confidential", people["signatory"], people["investor"])
    return SimpleNamespace(database=committed_db, interest=interest, **people)


def test_revocation_against_opening_fifty_times(room: SimpleNamespace) -> None:
    both = meeting(2)
    after: list[DataRoomView] = []

    def open_again_and_again() -> None:
        with acting("test"):
            for _round in range(ROUNDS):
                both.wait()
                record_opening(by=room.investor, interest=room.interest)
                both.wait()
        connection.close()

    opener = threading.Thread(target=open_again_and_again, daemon=True)
    opener.start()
    for _round in range(ROUNDS):
        both.wait()
        INTEREST.apply(room.interest, "revoke", by=room.signatory)
        both.wait()
        revoked = Interest.objects.get(pk=room.interest.pk).access_revoked_at
        after += DataRoomView.objects.filter(at__gt=revoked)
        assert record_opening(by=room.investor, interest=room.interest) is None
        INTEREST.apply(room.interest, "restore", by=room.signatory)
    wait_for_end(opener)

    assert after == []


def opened_while_revoking(room: SimpleNamespace) -> str:
    """Open the text while a revocation is being written; say what came of it."""
    return during(
        lambda: INTEREST.apply(room.interest, "revoke", by=room.signatory),
        "INSERT INTO investors_dataroomview (interest_id, person_id, tier, sha256, request) VALUES (%s, %s, '', '', '')",
        room.interest.pk,
        room.investor.pk,
    )


def test_opening_waits_for_a_revocation_and_twin_without_the_lock_does_not(room: SimpleNamespace) -> None:
    assert opened_while_revoking(room) == "waits"
    INTEREST.apply(room.interest, "restore", by=room.signatory)

    look = "WHERE i.id = NEW.interest_id"
    rewrite(room.database, "opened_by_right", f"{look} FOR SHARE", look)

    assert opened_while_revoking(room) == "happens"
    revoked = Interest.objects.get(pk=room.interest.pk).access_revoked_at
    assert DataRoomView.objects.filter(at__gt=revoked).exists()  # seen after it was revoked


def test_twin_without_the_trigger_what_is_revoked_is_opened(room: SimpleNamespace) -> None:
    INTEREST.apply(room.interest, "revoke", by=room.signatory)
    assert record_opening(by=room.investor, interest=room.interest) is None

    with without(room.database, "investors_dataroomview", "opened_by_right"):
        assert record_opening(by=room.investor, interest=room.interest) is not None
