"""What is open to whom in each state: PostgreSQL decides at each opening, and the page says why not."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from firms.models import Membership, Organisation
from investors.disclosure import closed
from investors.interest_lifecycle import INTEREST
from investors.models import DataRoomView, Interest, InvestorProfile, Opportunity
from investors.services import dataroom
from investors.services.opening import open_file, record_opening
from portal.models import Document, Notice
from tests.investors.conftest import make_organisation, make_user
from tests.investors.interested import express, lead
from tests.investors.rooms import MARK, put

TEXT = {"confidential_en": f"How the gripper holds. {MARK}", "confidential_zh": ""}


class Room(SimpleNamespace):
    """An opportunity with a text and a file in each tier, and who is interested in it."""

    interest: Interest
    opportunity: Opportunity

    def lead(self, status: str) -> None:
        """Lead the interest to a status."""
        lead(self.interest, status, self.people.signatory, self.person)

    def change(self, **values: Any) -> None:
        """Change the opportunity, past its owner."""
        Opportunity.objects.filter(pk=self.opportunity.pk).update(**values)

    def opened(self, by: Any = None) -> tuple[bool, bool, bool]:
        """Try the text, the confidential file and the file of the data room."""
        person = by or self.person
        interest = Interest.objects.get(pk=self.interest.pk)
        first, second = (open_file(person, file.document) for file in (self.confidential, self.room))
        return record_opening(by=person, interest=interest) is not None, first, second

    def said(self, to: Any = None) -> tuple[bool, bool]:
        """Return whether the page says that each tier is open."""
        found = Interest.objects.select_related("opportunity__owner", "organisation")
        interest = found.get(pk=self.interest.pk)
        return not closed(interest, "confidential", to), not closed(interest, "room", to)


@pytest.fixture
def make_room(people: SimpleNamespace, make_opportunity: Callable[..., Opportunity]) -> Callable[..., Room]:
    def make(
        status: str, kind: str = "technology_offered", organisation: Organisation | None = None, **said: Any
    ) -> Room:
        country = said.pop("country", "DE")
        opportunity = make_opportunity(kind=kind, **TEXT, **said)
        files = {tier: put(people.editor, opportunity, tier) for tier in ("confidential", "room")}
        interest = express(people.investor, opportunity, organisation, country=country)
        room = Room(people=people, person=people.investor, opportunity=opportunity, interest=interest, **files)
        room.lead(status)
        return room

    return make


ALL, TIER, NONE = (True, True, True), (True, True, False), (False, False, False)

STATES = {
    "expressed": NONE,
    "accepted": NONE,
    "signed": NONE,
    "confidential": TIER,
    "room": ALL,
    "negotiating": TIER,
    "concluded": TIER,
    "revoked": NONE,
    "declined": NONE,
    "withdrawn": NONE,
}
"""What the text, the confidential file and the data room's file give in each state of the interest."""


@pytest.mark.parametrize("status", STATES)
def test_tiers_open_by_the_state_of_the_interest(make_room: Callable[..., Room], status: str) -> None:
    room = make_room(status)

    assert room.opened() == STATES[status]
    assert room.said() == STATES[status][1:]


def _expired(room: Room) -> None:
    room.change(status="expired")


def _set(**values: Any) -> Callable[[Room], Any]:
    return lambda room: room.change(**values)


def _owner_is(status: str) -> Callable[[Room], Any]:
    return lambda room: Organisation.objects.filter(pk=room.opportunity.owner_id).update(status=status)


def _step(name: str) -> Callable[[Room], Any]:
    return lambda room: INTEREST.apply(room.interest, name, by=room.people.signatory)


def _prohibited(room: Room) -> None:
    room.change(status="expired")
    room.change(export_declaration="prohibited")


def _restored_by_sql(declaration: str) -> Callable[[Room], Any]:
    """Revoke all access, declare anew, and take the revocation back past its step."""

    def change(room: Room) -> None:
        INTEREST.apply(room.interest, "revoke", by=room.people.signatory)
        room.change(export_declaration=declaration)
        Interest.objects.filter(pk=room.interest.pk).update(access_revoked_at=None)

    return change


def _withdrawn(room: Room) -> None:
    for file in (room.confidential, room.room):
        dataroom.withdraw_room_document(by=room.people.editor, document=file)


def _files_are(status: str) -> Callable[[Room], Any]:
    return lambda room: Document.objects.filter(purpose=dataroom.PURPOSE).update(status=status)


TEXT_ONLY = (True, False, False)

CHANGES: dict[str, tuple[Callable[[Room], Any], tuple[bool, bool, bool]]] = {
    "nothing": (_set(), ALL),
    "revoked": (_step("revoke"), NONE),
    "room closed": (_step("close_room"), TIER),
    "declined": (_step("decline"), NONE),
    "listing withdrawn": (_set(status="withdrawn"), NONE),
    "listing taken down": (_set(status="returned"), NONE),
    "listing expired": (_set(status="expired"), ALL),
    "listing matched": (_set(status="matched"), ALL),
    "owner suspended": (_owner_is("suspended"), NONE),
    "owner moved out": (_owner_is("moved_out"), NONE),
    "export not assessed": (_set(export_declaration="not_assessed"), NONE),
    "export restricted": (_set(export_declaration="restricted"), NONE),
    "export restricted, licence": (_set(export_declaration="restricted", export_licence_number="31-1"), ALL),
    "export restricted, blank": (_set(export_declaration="restricted", export_licence_number="  "), NONE),
    "export prohibited": (_prohibited, NONE),
    "restored by SQL": (_restored_by_sql("free"), TIER),
    "restored by SQL, not assessed": (_restored_by_sql("not_assessed"), NONE),
    "files withdrawn": (_withdrawn, TEXT_ONLY),
    "files not checked yet": (_files_are("pending"), TEXT_ONLY),
    "files infected": (_files_are("infected"), TEXT_ONLY),
    "no text": (_set(confidential_en=""), (False, True, True)),
}


@pytest.mark.parametrize("name", CHANGES)
def test_open_room_closes_with_the_next_request(make_room: Callable[..., Room], name: str) -> None:
    room, (change, expected) = make_room("room"), CHANGES[name]
    assert room.opened() == ALL

    if name == "declined":
        from investors.services.interests import decline_interest

        decline_interest(by=room.people.signatory, interest=room.interest, reason="terms")
    else:
        change(room)

    assert room.opened() == expected


@pytest.mark.parametrize(
    ("declaration", "country", "expected"),
    [
        ("not_assessed", "CN", TIER), ("not_assessed", "HK", NONE), ("not_assessed", "MO", NONE),
        ("not_assessed", "TW", NONE), ("restricted", "CN", TIER), ("restricted", "HK", NONE), ("free", "TW", TIER),
    ],
)  # fmt: skip
def test_export_declaration_opens_by_where_the_other_side_is(
    make_room: Callable[..., Room], declaration: str, country: str, expected: tuple[bool, bool, bool]
) -> None:
    room = make_room("confidential", export_declaration=declaration, country=country)

    assert room.opened() == expected
    assert room.said() == expected[1:]


def test_organisation_abroad_is_abroad_though_the_interest_says_otherwise(
    people: SimpleNamespace, make_room: Callable[..., Room]
) -> None:
    firm = make_organisation("Partner")
    Membership.objects.create(user=people.investor, organisation=firm, role="signatory")
    room = make_room("confidential", organisation=firm, export_declaration="not_assessed", country="CN")
    assert room.opened() == TIER

    Organisation.objects.filter(pk=firm.pk).update(country="SG")

    assert room.opened() == NONE
    assert room.said() == (False, False)


@pytest.mark.parametrize("declaration", ["restricted", "not_assessed"])
def test_profile_abroad_is_abroad_though_the_interest_says_otherwise(
    people: SimpleNamespace, make_room: Callable[..., Room], declaration: str
) -> None:
    InvestorProfile.objects.create(user=people.investor, investor_type="angel", country="CN", kinds=["capital_sought"])
    room = make_room("room", export_declaration=declaration, country="CN")
    assert (room.opened(), room.said()) == (ALL, (True, True))

    InvestorProfile.objects.update(country="SG")

    assert (room.opened(), room.said()) == (NONE, (False, False))


def test_who_reads_for_an_organisation_is_abroad_by_their_own_profile(
    people: SimpleNamespace, make_room: Callable[..., Room]
) -> None:
    firm, colleague = make_organisation("Partner"), make_user("colleague")
    for user in (people.investor, colleague):
        Membership.objects.create(user=user, organisation=firm, role="signatory")
    room = make_room("room", organisation=firm, export_declaration="not_assessed")

    InvestorProfile.objects.create(user=colleague, investor_type="angel", country="SG", kinds=["technology_offered"])

    assert (room.opened(), room.said()) == (ALL, (True, True))
    assert (room.opened(colleague), room.said(colleague)) == (NONE, (False, False))


def test_capital_needs_no_declaration(make_room: Callable[..., Room]) -> None:
    assert make_room("room", kind="capital_sought").opened() == ALL


def test_of_an_organisation_its_writers_open_and_nobody_else(
    people: SimpleNamespace, make_room: Callable[..., Room]
) -> None:
    firm = make_organisation("Partner")
    members = {role: make_user(f"their-{role}") for role in ("signatory", "editor", "viewer")}
    for role, user in members.items():
        Membership.objects.create(user=user, organisation=firm, role=role)
    Membership.objects.create(user=people.investor, organisation=firm, role="signatory")
    room = make_room("room", organisation=firm)
    gone = Membership.objects.filter(user=people.investor)

    opened = {role: room.opened(user) for role, user in members.items()}
    gone.update(is_active=False)

    assert opened == {"signatory": ALL, "editor": ALL, "viewer": NONE}
    assert room.opened(people.investor) == NONE


def test_opening_keeps_who_what_when_and_which_bytes(make_room: Callable[..., Room]) -> None:
    room, before = make_room("room"), timezone.now()

    room.opened()

    first, second, text = DataRoomView.objects.order_by("pk")
    assert [view.document for view in (text, first, second)] == [None, room.confidential, room.room]
    assert [view.tier for view in (text, first, second)] == ["confidential", "confidential", "room"]
    assert first.sha256 == room.confidential.document.sha256
    assert len({text.sha256, first.sha256, ""}) == 3
    assert all(view.person == room.person and view.at >= before for view in (text, first, second))


def test_owner_is_told_of_the_first_opening_by_each_person_alone(
    people: SimpleNamespace, make_room: Callable[..., Room]
) -> None:
    room = make_room("room")

    room.opened()
    room.opened()

    told = Notice.objects.filter(kind="investors.room_first_opened", channel="in_app")
    assert sorted(notice.recipient.email for notice in told) == ["editor@demo.example", "signatory@demo.example"]
    assert MARK not in str([notice.context for notice in told])


_STRANGER = (
    "INSERT INTO investors_dataroomview (interest_id, person_id, tier, sha256, at, request) "
    "SELECT interest_id, (SELECT id FROM portal_user WHERE email LIKE 'stranger@%'), tier, sha256, at, request "
    "FROM investors_dataroomview LIMIT 1"
)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE investors_dataroomview SET at = now()",
        "UPDATE investors_dataroomview SET person_id = (SELECT min(id) FROM portal_user)",
        "DELETE FROM investors_dataroomview",
        "TRUNCATE investors_dataroomview",
        _STRANGER,
    ],
)
def test_sql_of_the_application_rewrites_no_opening(make_room: Callable[..., Room], statement: str) -> None:
    make_room("room").opened()

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_what_the_application_says_of_an_opening_does_not_count(make_room: Callable[..., Room]) -> None:
    room, before = make_room("room"), timezone.now()
    forged = {"tier": "confidential", "sha256": "0" * 64, "at": "2020-01-01T00:00Z", "request": "x" * 32}

    view = DataRoomView.objects.create(interest=room.interest, person=room.person, document=room.room, **forged)

    view.refresh_from_db()
    assert (view.tier, view.sha256) == ("room", room.room.document.sha256)
    assert view.at >= before
    assert view.request != forged["request"]


def test_file_of_another_room_is_not_opened_by_this_interest(
    people: SimpleNamespace, make_room: Callable[..., Room], make_opportunity: Callable[..., Opportunity]
) -> None:
    room = make_room("room")
    other = put(people.editor, make_opportunity(title_en="Another"), "confidential")

    assert record_opening(by=room.person, interest=room.interest, document=other) is None
    assert not open_file(room.person, other.document)
