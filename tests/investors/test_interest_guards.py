"""What PostgreSQL keeps of interests, and its twins: with one guard off, the thing happens."""

from types import SimpleNamespace

import pytest
from django.db import connection, transaction

from portal.database import as_owner
from tests.investors.interested import interest_at, university_people
from tests.test_guards_off import Guard, attempt

_OF = "WHERE id = (SELECT max(id) FROM investors_interest WHERE status = '{}')"
_OWN = "(SELECT owner_id FROM investors_opportunity LIMIT 1)"
_INSERT = (
    "INSERT INTO investors_interest (reference, opportunity_id, person_id, organisation_id, country, message, status,"
    " expressed_at, decline_reason, decline_text, price_set_by, contract_registration, no_registration_reason,"
    " export_certificate, idempotency_key) SELECT 'INT-2026-' || floor(random() * 89999999 + 10000000)::text,"
    " o.id, {person}, {organisation}, 'DE', 'm', 'expressed', now(), '', '', '', '', '', '', gen_random_uuid()"
    " FROM investors_opportunity o WHERE o.status = '{status}'"
)
_PERSON = "(SELECT id FROM portal_user WHERE email = '{}@demo.example')"
_CONCLUDE = (
    "UPDATE investors_interest SET status = 'concluded', ended_at = now(), concluded_on = current_date,"
    " contract_registration = '{registration}', export_certificate = '{certificate}', price_set_by = '{price}' "
    + _OF.format("negotiating")
)
_WITHOUT_KEPT = (
    "DO $$ BEGIN EXECUTE (SELECT format('ALTER TABLE investors_interest DISABLE TRIGGER %I', tgname) FROM pg_trigger"
    " WHERE tgrelid = 'investors_interest'::regclass AND tgname LIKE 'pgtrigger_kept%'); END $$"
)
_PROFILE = (
    "INSERT INTO investors_investorprofile (user_id, investor_type, country, kinds, stages, instruments, roles,"
    " object_kinds, modes, export_free_only, languages, tell, is_named, version)"
    " SELECT {person}, 'angel', '{country}', ARRAY['joint_lab'], '{{}}', '{{}}', '{{}}', '{{}}', '{{}}', false, '{{}}', 'never',"
    " false, 1"
)
_OPEN_FROM_THE_FIRST = (
    _INSERT.format(person=_PERSON.format("stranger"), organisation="NULL", status="published")
    .replace("(reference,", "(agreed_at, room_opened_at, reference,")
    .replace("SELECT 'INT", "SELECT now(), now(), 'INT")
)
_OPEN_FROM_CHINA = _OPEN_FROM_THE_FIRST.replace("'DE'", "'CN'")


def _set(what: str, status: str) -> str:
    return f"UPDATE investors_interest SET {what} {_OF.format(status)}"


def _interest(name: str, *statements: str) -> Guard:
    return Guard("investors_interest", name, statements)


def _accept(side: str, person: str, status: str, sha256: str = "t.sha256") -> str:
    return (
        "INSERT INTO investors_interestacceptance (interest_id, side, text_id, text_sha256, signed_by_id, name,"
        f" on_behalf_of) SELECT i.id, '{side}', t.id, {sha256}, {_PERSON.format(person)}, 'Name', ''"
        f" FROM investors_interest i, investors_confidentialitytext t WHERE i.status = '{status}' AND t.number = 1"
        f" AND NOT EXISTS (SELECT FROM investors_interestacceptance a WHERE a.interest_id = i.id AND a.side = '{side}')"
    )


GUARDS = {
    "in the own opportunity, for the organisation": _interest(
        "between_two", _INSERT.format(person=_PERSON.format("stranger"), organisation=_OWN, status="published")
    ),
    "in the own opportunity, as its member": _interest(
        "between_two", _INSERT.format(person=_PERSON.format("viewer"), organisation="NULL", status="published")
    ),
    "in what is not published": _interest(
        "between_two", _INSERT.format(person=_PERSON.format("stranger"), organisation="NULL", status="draft")
    ),
    "given to the owner itself": _interest("between_two", _set(f"organisation_id = {_OWN}", "expressed")),
    "confidential without acceptances": _interest(
        "staged_disclosure", _set("status = 'confidential', agreed_at = now()", "accepted")
    ),
    "led back before the agreement": _interest("lifecycle", _set("status = 'accepted'", "confidential")),
    "opened before the agreement": _interest("interest_no_room_before_agreement", _set("room_opened_at = now()", "accepted")),
    "opened while revoked": _interest(
        "interest_no_room_when_revoked", _set("room_opened_at = now(), access_revoked_at = now()", "confidential")
    ),
    "opened past the export declaration": _interest(
        "opened_by_declaration",
        "UPDATE investors_opportunity SET export_declaration = 'not_assessed' WHERE status = 'published'",
        _set("room_opened_at = now()", "confidential"),
    ),
    "opened from the first, past the export declaration": _interest(
        "opened_by_declaration",
        "UPDATE investors_opportunity SET export_declaration = 'not_assessed' WHERE status = 'published'",
        _OPEN_FROM_THE_FIRST,
    ),
    "opened to whose profile is abroad, whatever the interest says": _interest(
        "opened_by_declaration",
        "UPDATE investors_opportunity SET export_declaration = 'not_assessed' WHERE status = 'published'",
        _PROFILE.format(person=_PERSON.format("stranger"), country="SG"),
        _OPEN_FROM_CHINA,
    ),
    "concluded from a profile abroad without certificate": _interest(
        "concluded_with_proof",
        _WITHOUT_KEPT,
        _set("country = 'CN'", "negotiating"),
        _PROFILE.format(person=_PERSON.format("fourth"), country="SG"),
        _CONCLUDE.format(registration="1", certificate="", price="auction"),
    ),
    "concluded without registration": _interest(
        "interest_concluded_is_registered", _CONCLUDE.format(registration=" ", certificate="JSCK-1", price="auction")
    ),
    "concluded abroad without certificate": _interest(
        "concluded_with_proof", _CONCLUDE.format(registration="1", certificate="", price="auction")
    ),
    "concluded by a university without the notice": _interest(
        "concluded_with_proof", _CONCLUDE.format(registration="1", certificate="JSCK-1", price="negotiated")
    ),
    "concluded by a university without a way to its price": _interest(
        "concluded_with_proof", _CONCLUDE.format(registration="1", certificate="JSCK-1", price="")
    ),
    "rewritten after it was concluded": _interest("concluded_with_proof", _set("contract_registration = '2'", "concluded")),
    "declined without a reason": _interest(
        "interest_declined_with_a_reason", _set("status = 'declined', ended_at = now()", "accepted")
    ),
    "agreed at another time": _interest("kept", _set("agreed_at = now()", "confidential")),
    "by somebody else": _interest("kept", _set("person_id = " + _PERSON.format("stranger"), "expressed")),
    "deleted": _interest("kept", f"DELETE FROM investors_interest {_OF.format('expressed')}"),
    "accepted for the owner by an editor": Guard(
        "investors_interestacceptance", "accepted_text", (_accept("owner", "editor", "accepted"),)
    ),
    "accepted for the person by a stranger": Guard(
        "investors_interestacceptance", "accepted_text", (_accept("person", "stranger", "accepted"),)
    ),
    "another text accepted": Guard(
        "investors_interestacceptance", "accepted_text", (_accept("owner", "signatory", "accepted", "'0'"),)
    ),
    "accepted before the owner wants it": Guard(
        "investors_interestacceptance", "accepted_text", (_accept("person", "first", "expressed"),)
    ),
    "an acceptance renamed": Guard(
        "investors_interestacceptance", "as_accepted", ("UPDATE investors_interestacceptance SET name = 'Other'",)
    ),
    "an acceptance deleted": Guard(
        "investors_interestacceptance", "as_accepted", ("DELETE FROM investors_interestacceptance",)
    ),
    "a published text rewritten": Guard(
        "investors_confidentialitytext",
        "published_text",
        ("UPDATE investors_confidentialitytext SET text_en = 'Nothing is confidential' WHERE number = 1",),
    ),
    "a text published by its author": Guard(
        "investors_confidentialitytext",
        "confidentiality_text_by_two_people",
        (
            (
                "UPDATE investors_confidentialitytext SET status = 'published', published_at = now(),"
                " published_by_id = drafted_by_id WHERE number = 2"
            ),
        ),
    ),
}  # fmt: skip


@pytest.fixture
def people(committed_db: str) -> SimpleNamespace:
    """Return a university's members with a technology, an officer, and persons to be interested."""
    with transaction.atomic():
        return university_people()


def test_each_guard_of_interests_refuses_and_without_it_the_thing_happens(people: SimpleNamespace) -> None:
    with transaction.atomic():
        stages = {"first": "expressed", "second": "signed", "third": "confidential", "fourth": "negotiating"}
        for name, status in {**stages, "fifth": "concluded", "sixth": "accepted"}.items():
            interest_at(people, name, status)

    with as_owner(), connection.cursor() as owner:
        found = {
            name: (attempt(guard, owner.execute, guarded=True)[:7], attempt(guard, owner.execute, guarded=False))
            for name, guard in GUARDS.items()
        }

    assert found == dict.fromkeys(GUARDS, ("refused", "happened"))
