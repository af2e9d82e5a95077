"""``check_invariants`` finds what was done to listings, interests, rooms and searches with the guards off."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction

from tests.investors.filled import one_of_each
from tests.unguarded import broken, found_by, unguarded_session

SLOW = {"history_complete", "history_sealed", "status_moves"}
"""Not of these tables, and tried elsewhere."""


@pytest.fixture
def unguarded(committed_db: str) -> Iterator[Callable[[str], Any]]:
    """Give a session without guards, where there is one of each."""
    with transaction.atomic():
        one_of_each()
    assert broken() == {}
    with unguarded_session() as execute:
        yield execute


_OF = " WHERE status = '{}'"
_HIT = "search_id, opportunity_id, told_at"

BREAKS = {
    "UPDATE investors_interest SET organisation_id = (SELECT owner_id FROM investors_opportunity LIMIT 1)"
    + _OF.format("accepted"): {"interest_between_two"},
    "UPDATE investors_interest SET person_id = (SELECT person_id FROM investors_interest WHERE status = 'accepted')"
    + _OF.format("expressed"): {"interest_between_two"},
    "UPDATE investors_interest SET status = 'confidential', agreed_at = now()" + _OF.format("accepted"): {
        "agreed_by_both"
    },
    "UPDATE investors_interest SET status = 'confidential', agreement_text_id = NULL" + _OF.format("accepted"): {
        "agreed_by_both", "checks_hold",
    },
    "DELETE FROM investors_interestacceptance WHERE side = 'owner'": {"agreed_by_both"},
    "UPDATE investors_interestacceptance SET text_sha256 = '0'": {"agreed_by_both"},
    "UPDATE investors_confidentialitytext SET text_en = 'Nothing is confidential' WHERE number = 1": {
        "agreement_text_unchanged"
    },
    "UPDATE investors_confidentialitytext SET status = 'published', published_at = now(),"
    " published_by_id = drafted_by_id WHERE number = 2": {"checks_hold"},
    "UPDATE investors_interest SET export_certificate = ''" + _OF.format("concluded"): {"concluded_with_proof"},
    "UPDATE investors_interest SET price_set_by = 'negotiated'" + _OF.format("concluded"): {"concluded_with_proof"},
    "UPDATE investors_interest SET contract_registration = ' '" + _OF.format("concluded"): {"checks_hold"},
    "UPDATE investors_interest SET room_opened_at = now()" + _OF.format("accepted"): {"checks_hold"},
    "UPDATE investors_interest SET status = 'declined', ended_at = now()" + _OF.format("accepted"): {"checks_hold"},
    "UPDATE investors_interest SET access_revoked_at = agreed_at, room_opened_at = NULL WHERE room_opened_at IS NOT NULL": {
        "opened_by_right"
    },
    "UPDATE investors_dataroomview SET at = now() - interval '1 day'": {"opened_by_right"},
    "UPDATE investors_dataroomview SET person_id = (SELECT max(id) FROM portal_user)": {"opened_by_right"},
    "UPDATE investors_dataroomview SET tier = 'room' WHERE document_id IS NULL": {"opened_by_right"},
    "UPDATE investors_dataroomview SET sha256 = '0'": {"opened_by_right"},
    "DELETE FROM portal_steptaken WHERE step = 'open_room'": {"opened_by_right"},
    "UPDATE investors_dataroomdocument SET withdrawn_at = added_at": {"opened_by_right"},
    "UPDATE investors_dataroomdocument SET document_id = NULL": {"room_of_files"},
    "UPDATE investors_dataroomdocument SET replaces_id = (SELECT min(id) FROM investors_dataroomdocument)"
    " WHERE tier = 'room'": {"room_of_files"},
    "UPDATE investors_opportunityphoto SET opportunity_id = (SELECT min(id) FROM investors_opportunity)": {
        "listings_as_moderated"
    },
    "UPDATE portal_document SET purpose = 'data_room' WHERE purpose = 'photo'": {"listings_as_moderated"},
    "UPDATE investors_opportunityphoto SET position = 9": {"checks_hold"},
    "UPDATE investors_opportunity SET rent = 'NaN' WHERE kind = 'premises'": {"checks_hold"},
    "UPDATE investors_opportunity SET trl = 5 WHERE kind = 'premises'": {"checks_hold"},
    "UPDATE investors_opportunity SET export_licence_number = '31-1' WHERE status = 'draft'": {"checks_hold"},
    "UPDATE investors_shortlistitem SET place = 201": {"checks_hold"},
    "UPDATE investors_savedsearch SET place = 21": {"checks_hold"},
    "DELETE FROM investors_searchdigest": {"searches_told_once"},
    "UPDATE investors_savedsearch SET paused_at = now()": {"searches_told_once"},
    f"INSERT INTO investors_searchhit ({_HIT}) SELECT {_HIT} FROM investors_searchhit": {"searches_told_once"},
    "UPDATE portal_user SET erased_at = now() WHERE email LIKE 'first@%'": {"erased_is_nobody", "checks_hold"},
    "UPDATE portal_user SET erased_at = now() WHERE email LIKE 'third@%'": {
        "erased_is_nobody", "checks_hold", "erased_says_nothing",
    },
    "UPDATE investors_complaint SET status = 'refused'": {"complaint_reasoned", "checks_hold"},
    "INSERT INTO portal_steptaken (subject_type_id, subject_id, step, source, target, reason, data)"
    " SELECT t.id, c.id, 'extend', 'accepted', 'accepted', '', '{}' FROM investors_complaint c, generate_series(1, 2),"
    " django_content_type t WHERE t.app_label = 'investors' AND t.model = 'complaint'": {"complaint_extended_once"},
}  # fmt: skip


def test_what_was_done_to_opportunities_with_the_guards_off_is_found(unguarded: Callable[[str], Any]) -> None:
    assert {statement: found_by(statement, unguarded, SLOW) for statement in BREAKS} == BREAKS
