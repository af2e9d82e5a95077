"""What PostgreSQL keeps of commitments, and its twins: with one guard off, the thing happens."""

from types import SimpleNamespace

from django.db import connection, transaction

from firms.models import Membership
from portal.database import as_owner
from portal.roles import Role
from tests.investors.committing import lead, make
from tests.investors.conftest import make_organisation, make_user
from tests.test_guards_off import Guard, attempt

_ROW = "WHERE id = (SELECT max(id) FROM investors_commitment)"
_SET = f"UPDATE investors_commitment SET {{}} {_ROW}"
_OTHER = "(SELECT id FROM firms_organisation WHERE slug = 'demonstration-other')"
_MEMBER = "(SELECT user_id FROM firms_membership)"


def _guard(name: str, statement: str, *, at_end: bool = False) -> Guard:
    return Guard("investors_commitment", name, (statement,), at_end)


GUARDS = {
    "its day moved": _guard("promised", _SET.format("due_on = due_on + 1")),
    "its words rewritten": _guard("promised", _SET.format("text_en = 'Something else'")),
    "its words blotted out without an erasure": _guard("promised", _SET.format("text_en = '…'")),
    "how it was kept rewritten": _guard("promised", _SET.format("evidence = 'Better words'")),
    "settled at another time": _guard("promised", _SET.format("settled_at = now()")),
    "promised in another letter": _guard("promised", _SET.format("source_note = 'Another letter'")),
    "answered for by another, afterwards": _guard(
        "promised", _SET.format("owner_id = (SELECT id FROM portal_user WHERE email LIKE 'registry@%')")
    ),
    "deleted": _guard("promised", f"DELETE FROM investors_commitment {_ROW}"),
    "given to another firm": _guard("with_beneficiary", _SET.format(f"organisation_id = {_OTHER}"), at_end=True),
    "not kept after it was released": _guard(
        "lifecycle",
        "UPDATE investors_commitment SET status = 'broken', reasons = 'So', next_step = 'So' WHERE status = 'released'",
    ),
    "answered for by the beneficiary": _guard(
        "from_its_source", f"UPDATE investors_commitment SET owner_id = {_MEMBER} WHERE status = 'open'"
    ),
    "to nobody": _guard(
        "commitment_to_somebody",
        "INSERT INTO investors_commitment (reference, text_zh, text_en, owner_id, due_on, source, source_on, source_note,"
        " made_by_id, made_at, status, evidence, reasons, next_step, objection, objection_answer, idempotency_key) "
        "SELECT 'CMT-2026-999999', text_zh, text_en, owner_id, due_on, source, source_on, source_note, made_by_id, "
        f"made_at, 'open', '', '', '', '', '', gen_random_uuid() FROM investors_commitment {_ROW}",
    ),
    "kept without words": _guard(
        "commitment_settled_in_words",
        "UPDATE investors_commitment SET status = 'kept', settled_at = now() WHERE status = 'open'",
    ),
}


def test_each_guard_of_commitments_refuses_and_without_it_the_thing_happens(committed_db: str) -> None:
    with transaction.atomic():
        firm, _other = make_organisation("Robotics"), make_organisation("Other")
        people = SimpleNamespace(
            officer=make_user("officer", Role.INVESTMENT), registry=make_user("registry", Role.REGISTRY)
        )
        signatory = make_user("signatory")
        Membership.objects.create(user=signatory, organisation=firm, role="signatory")
        make(people, firm)
        lead(make(people, firm), "broken", people, signatory)
        lead(make(people, firm), "released", people, signatory)
        lead(make(people, firm), "kept", people, signatory)

    with as_owner(), connection.cursor() as owner:
        found = {
            name: (attempt(guard, owner.execute, guarded=True)[:7], attempt(guard, owner.execute, guarded=False))
            for name, guard in GUARDS.items()
        }

    assert found == dict.fromkeys(GUARDS, ("refused", "happened"))
