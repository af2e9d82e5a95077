"""What PostgreSQL keeps of complaints: each guard, and what happens without it."""

from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection, transaction

from investors.models import ComplainedOf, Complaint
from portal.database import as_owner
from portal.invariants import all_invariants
from portal.roles import Role
from tests.investors.complaining import complain
from tests.investors.conftest import make_user
from tests.racing import at_once
from tests.test_guards_off import Guard, attempt, without


@pytest.fixture
def staff(people: SimpleNamespace) -> SimpleNamespace:
    """Return the people, with a second officer, and a second head who is complained of in ``against``."""
    people.other = make_user("other", Role.INVESTMENT)
    people.head2 = make_user("head2", Role.HEAD)
    people.complainant = people.investor
    return people


_SET = "UPDATE investors_complaint SET {what}"
_BY = "(SELECT staff_id FROM investors_complainedof WHERE staff_id IS NOT NULL LIMIT 1)"
_NAME = (
    "INSERT INTO investors_complainedof (complaint_id, named, staff_id, at)"
    " SELECT id, '', handler_id, now() FROM investors_complaint"
)
GUARDS = {
    "handled by somebody complained of": Guard(
        "investors_complaint", "by_an_outsider", (_SET.format(what=f"handler_id = {_BY}"),)
    ),
    "decided by somebody complained of": Guard(
        "investors_complaint", "by_an_outsider", (_SET.format(what=f"decided_by_id = {_BY}"),)
    ),
    "against who handles it": Guard(
        "investors_complainedof",
        "not_who_handles_it",
        (_NAME,),
    ),
    "handled by the complainant": Guard(
        "investors_complaint", "complaint_not_by_complainant", (_SET.format(what="handler_id = complainant_id"),)
    ),
    "refused without reasons": Guard(
        "investors_complaint", "complaint_refused_with_reasons", (_SET.format(what="status = 'refused'"),)
    ),
    "off the table": Guard("investors_complaint", "lifecycle", (
        _SET.format(what="status = 'closed', ending = 'withdrawn', ended_at = now()"),
        _SET.format(what="status = 'received'"),
    )),
    "extended without reasons": Guard(
        "investors_complaint", "complaint_extended_with_reasons", (_SET.format(what="extension_days = 5"),)
    ),
    "what was complained of rewritten": Guard(
        "investors_complaint", "kept", (_SET.format(what="received_at = now()"),)
    ),
}  # fmt: skip


def test_each_guard_refuses_and_without_it_the_thing_happens(committed_db: str) -> None:
    with transaction.atomic():
        officer, clerk = make_user("officer", Role.INVESTMENT), make_user("clerk", Role.REGISTRY)
        complaint = complain(make_user("investor"), about_staff=True, persons=[clerk.name])
        assert complaint.handler == officer

    with as_owner(), connection.cursor() as owner:
        found = {
            name: (attempt(guard, owner.execute, guarded=True)[:7], attempt(guard, owner.execute, guarded=False))
            for name, guard in GUARDS.items()
        }

    assert found == dict.fromkeys(GUARDS, ("refused", "happened"))


def give_and_name_at_once() -> list[str]:
    """Give a complaint to somebody while somebody else names them; no row is locked before."""
    with transaction.atomic():
        make_user("first", Role.INVESTMENT)
        person = make_user("second", Role.INVESTMENT)
        complaint = complain(make_user("investor"))

    @transaction.atomic
    def give() -> None:
        Complaint.objects.filter(pk=complaint.pk).update(handler=person)

    @transaction.atomic
    def name() -> None:
        ComplainedOf.objects.create(complaint=complaint, named="", staff=person)

    return at_once(give, name, refusals={DatabaseError: "refused"})


def found_broken() -> list[str]:
    """Return the complaints that somebody handles who is complained of."""
    invariant = next(one for one in all_invariants() if one.name == "complaint_by_an_outsider")
    return list(invariant.violations())


def test_race_of_giving_and_naming_leaves_nobody_who_handles_what_is_against_them(committed_db: str) -> None:
    assert give_and_name_at_once() == ["done", "refused"]
    assert found_broken() == []


def test_twin_of_the_race_without_the_guard_gives_it_to_who_is_named(committed_db: str) -> None:
    with (
        without(committed_db, "investors_complaint", "by_an_outsider"),
        without(committed_db, "investors_complainedof", "not_who_handles_it"),
    ):
        assert give_and_name_at_once() == ["done", "done"]

    assert found_broken() == [Complaint.objects.get().reference]
