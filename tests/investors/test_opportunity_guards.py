"""What PostgreSQL keeps of listings, their rooms, lists and searches, and its twins: with one guard off, it happens."""

from django.db import connection, transaction

from portal.database import as_owner
from tests.investors.filled import one_of_each
from tests.test_guards_off import Guard, attempt


def _listing(name: str, what: str, which: str) -> Guard:
    return Guard("investors_opportunity", name, (f"UPDATE investors_opportunity SET {what} WHERE {which}",))


_PREMISES, _OFFERED = "kind = 'premises'", "kind = 'technology_offered' AND status = 'published'"

GUARDS = {
    "a fact of another kind": _listing("opportunity_facts_of_its_kind", "trl = 5", _PREMISES),
    "a rent that is no number": _listing("opportunity_facts_within_bounds", "rent = 'NaN'", _PREMISES),
    "a use that nobody knows": _listing("opportunity_choices_known", "premises_use = 'castle'", _PREMISES),
    "a range that ends below": _listing(
        "opportunity_price_range_in_order", "price_from = NULL, price_to = 1", _OFFERED
    ),
    "a fixed price without its amount": _listing(
        "opportunity_price_states_its_amounts", "price_kind = 'fixed', price_from = NULL, price_to = NULL", _OFFERED
    ),
    "a licence for what is free": _listing(
        "opportunity_licence_of_a_restriction", "export_licence_number = '31-1'", _OFFERED
    ),
    "a prohibited technology on the site": _listing(
        "opportunity_prohibited_never_published", "export_declaration = 'prohibited'", _OFFERED
    ),
    "a text that nobody looked through": _listing(
        "opportunity_technology_declared", "disclosure_checked = false", _OFFERED
    ),
    "a draft that is matched": _listing("lifecycle", "status = 'matched'", "status = 'draft'"),
    "what was published rewritten": Guard(
        "investors_publishedversion", "append_only", ("UPDATE investors_publishedversion SET content = '{}'",)
    ),
    "a photograph of a technology": Guard(
        "investors_opportunityphoto",
        "while_written",
        ("UPDATE investors_opportunityphoto SET opportunity_id = (SELECT min(id) FROM investors_opportunity)",),
    ),
    "a ninth photograph": Guard(
        "investors_opportunityphoto", "photo_at_most_eight", ("UPDATE investors_opportunityphoto SET position = 9",)
    ),
    "a file in another room": Guard(
        "investors_dataroomdocument",
        "kept",
        ("UPDATE investors_dataroomdocument SET opportunity_id = (SELECT max(id) FROM investors_opportunity)",),
    ),
    "a photograph in a room": Guard(
        "investors_dataroomdocument",
        "of_its_room",
        (
            (
                "INSERT INTO investors_dataroomdocument (opportunity_id, document_id, tier, title_en, title_zh, position,"
                " added_at, idempotency_key) SELECT o.id, p.document_id, 'room', 't', '', 9, now(), gen_random_uuid()"
                " FROM investors_opportunityphoto p JOIN investors_opportunity o ON o.id = p.opportunity_id"
            ),
        ),
    ),
    "an opening rewritten": Guard(
        "investors_dataroomview", "append_only", ("UPDATE investors_dataroomview SET at = now()",)
    ),
    "a list too long": Guard(
        "investors_shortlistitem", "shortlist_of_bounded_length", ("UPDATE investors_shortlistitem SET place = 201",)
    ),
    "a search too many": Guard(
        "investors_savedsearch", "saved_searches_of_bounded_number", ("UPDATE investors_savedsearch SET place = 21",)
    ),
}


def test_each_guard_of_opportunities_refuses_and_without_it_the_thing_happens(committed_db: str) -> None:
    with transaction.atomic():
        one_of_each()

    with as_owner(), connection.cursor() as owner:
        found = {
            name: (attempt(guard, owner.execute, guarded=True)[:7], attempt(guard, owner.execute, guarded=False))
            for name, guard in GUARDS.items()
        }

    assert found == dict.fromkeys(GUARDS, ("refused", "happened"))
