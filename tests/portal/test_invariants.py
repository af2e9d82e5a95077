"""``check_invariants`` finds what was done with the guards switched off, and nothing else."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction

from portal.invariants import all_invariants
from tests.incentives.stories import Story
from tests.investors import test_invariants as opportunities
from tests.investors.publishing import published
from tests.unguarded import broken, found_by, unguarded_session

NONE_BROKEN: dict[str, int] = {}


@pytest.fixture
def story(committed_db: str) -> Story:
    with transaction.atomic():
        story = Story(amount=5_000_000, four_eyes_threshold=Decimal(1_000_000))
        published(1)
        return story.fill().submit().accept().review().recommend().first_approve().approve(story.approver2).confirm()


@pytest.fixture
def unguarded(story: Story) -> Iterator[Callable[[str], Any]]:
    """Give a session to which no guard says anything."""
    with unguarded_session() as execute:
        yield execute


def test_nothing_is_broken_by_what_the_services_do(story: Story) -> None:
    with transaction.atomic():
        story.accept_offer()

    assert broken() == NONE_BROKEN


_NOTICE = "event, kind, channel, recipient_id, address, language, context, created_at, next_try_at, tries, last_error"

BREAKS = {
    f"INSERT INTO portal_notice ({_NOTICE}) SELECT {_NOTICE} FROM portal_notice ORDER BY id LIMIT 1": {"notice_once"},
    "UPDATE incentives_budget SET reserved = allocated + 1": {
        "budget_within_allocation",
        "budget_as_its_ledger",
        "checks_hold",
    },
    "UPDATE incentives_budget SET paid = -1": {"budget_within_allocation", "budget_as_its_ledger", "checks_hold"},
    "DELETE FROM incentives_ledgerentry WHERE kind = 'reserve'": {"budget_as_its_ledger", "money_behind_status"},
    "UPDATE incentives_ledgerentry SET kind = 'pay' WHERE kind = 'reserve'": {
        "budget_as_its_ledger",
        "money_behind_status",
        "award_not_overpaid",
    },
    "UPDATE incentives_approval SET approver_id = r.recommended_by_id FROM incentives_recommendation r"
    " WHERE stage = 'final'": {
        "decided_by_two",
        "approver_took_no_part",
        "history_complete",
    },
    "DELETE FROM incentives_approval WHERE stage = 'first'": {"decided_by_two", "history_complete"},
    "UPDATE incentives_approval SET approver_id = (SELECT min(reviewer_id) FROM incentives_reviewassignment)"
    " WHERE stage = 'final'": {"approver_took_no_part", "history_complete"},
    "UPDATE incentives_recommendation SET amount = amount - 1": {
        "terms_unchanged",
        "money_behind_status",
        "history_complete",
    },
    "UPDATE incentives_application SET status = 'active'": {
        "money_behind_status",
        "award_of_a_commitment",
        "history_complete",
    },
    "UPDATE incentives_reviewassignment SET conflict = 'undeclared'": {
        "reviewed_without_conflict",
        "history_complete",
        "checks_hold",
    },
    "UPDATE portal_document SET status = 'infected'": {"submitted_clean", "history_complete"},
    "UPDATE portal_document SET done_at = NULL": {"document_checked", "history_complete"},
    "UPDATE incentives_snapshot SET content = '{}'": {"submission_unchanged"},
    "UPDATE incentives_letter SET content = '{}'": {"letter_unchanged"},
    "DELETE FROM incentives_letter WHERE language = 'en'": {"letter_of_each_step", "history_complete"},
    "UPDATE incentives_programmeversion SET cap_award = 1": {"version_unchanged", "award_within_cap"},
    "UPDATE incentives_programmeversion SET content = jsonb_set(content, '{sections,0,questions,0,only_if}',"
    ' \'{"section": "project", "question": "later", "any_of": ["yes"]}\')': {
        "version_unchanged",
        "questions_sound",
        "answers_that_apply",
    },
    "UPDATE incentives_snapshot SET at = at + interval '10 years'": {"submitted_in_time"},
    "UPDATE firms_organisation SET uscc = '91310110591673062T' WHERE id IN (SELECT min(id) FROM firms_organisation)": {
        "uscc_checked",
        "history_complete",
    },
    "UPDATE firms_organisation SET staff = 1": {"history_complete"},
    "INSERT INTO firms_facettotal (value, number) VALUES ('kind:firm', 3)": {"found_as_it_is"},
    "INSERT INTO firms_searchentry (organisation_id, names, words, near, body, size, facets)"
    " SELECT id, '', '', '', '', 0, '{}' FROM firms_organisation": {"found_as_it_is"},
    "INSERT INTO investors_opportunitytotal (kind, value, number) VALUES ('premises', 'all:yes', 3)": {
        "opportunities_found_as_they_are"
    },
    "UPDATE investors_opportunityentry SET facets = '{}'": {"opportunities_found_as_they_are"},
    "DELETE FROM investors_opportunityentry": {"opportunities_found_as_they_are"},
    "DELETE FROM firms_membership": {"history_complete"},
    "INSERT INTO firms_certificate (organisation_id, level, number, authority, from_registry, status, expires)"
    " SELECT id, 'small', '', '', false, 'current', '2099-01-01' FROM firms_organisation LIMIT 1": {
        "certificate_with_a_clock",
        "history_complete",
    },
    "INSERT INTO firms_claim (organisation_id, claimant_id, position, telephone, status, decided_at, decided_by_id, reason)"
    " SELECT organisation_id, user_id, '', '', 'accepted', now(), user_id, '' FROM firms_membership LIMIT 1": {
        "claim_with_letter",
        "history_complete",
    },
    "INSERT INTO firms_cluster (slug, title_en, title_zh, summary_en, summary_zh, position)"
    " VALUES ('x', 'x', 'x', '', '', 9)": {"history_complete"},
    "INSERT INTO portal_historyentry (at, txid, subject_table, subject_id, operation, was, now, actor, request)"
    " SELECT now(), 1, 'incentives_application', id, 'update', '{\"status\": \"draft\"}',"
    " '{\"status\": \"public_notice\"}', 'x', '' FROM incentives_application": {"status_moves", "history_complete"},
    "UPDATE portal_deadline SET due_at = due_at + interval '1 year' WHERE step = 'confirm'": {
        "timer_not_early",
        "history_complete",
    },
}


def test_what_was_done_with_the_guards_off_is_found(unguarded: Callable[[str], Any]) -> None:
    assert {statement: found_by(statement, unguarded) for statement in BREAKS} == BREAKS


def test_a_guard_that_is_off_or_gone_is_found(story: Story, committed_db: str) -> None:
    with psycopg.connect(settings.DATABASE_OWNER_URL, dbname=committed_db, autocommit=True) as owner:
        (name,) = owner.execute(
            "SELECT min(tgname) FROM pg_trigger WHERE tgname LIKE 'pgtrigger_decided%'"
            " AND tgrelid = 'incentives_approval'::regclass"
        ).fetchall()[0]
        owner.execute(f"ALTER TABLE incentives_approval DISABLE TRIGGER {name}")
        assert broken() == {"guards": 1}
        owner.execute(f"DROP TRIGGER {name} ON incentives_approval")
        owner.execute("ALTER TABLE incentives_award DROP CONSTRAINT award_amount")
        owner.execute("ALTER TABLE portal_notice DROP CONSTRAINT notice_once")

    assert broken() == {"guards": 3}


def test_check_invariants_says_what_it_counted_and_fails(
    story: Story, unguarded: Callable[[str], Any], capsys: pytest.CaptureFixture[str]
) -> None:
    call = [invariant.name for invariant in all_invariants()]
    unguarded("UPDATE incentives_budget SET paid = -1")

    with pytest.raises(CommandError, match="violations"):
        call_command("check_invariants", "--show")

    lines = capsys.readouterr().out.splitlines()
    counted = {line.split()[1]: int(line.split()[0]) for line in lines if line[:7].strip().isdigit()}
    assert list(counted) == call
    assert (counted["budget_within_allocation"], counted["decided_by_two"]) == (1, 0)


def test_check_invariants_passes_where_nothing_is_broken(story: Story, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check_invariants")

    assert {line.split()[0] for line in capsys.readouterr().out.splitlines()} == {"0"}


TRIED_ELSEWHERE = {
    "guards": "test_a_guard_that_is_off_or_gone_is_found",
    "history_sealed": "tests/portal/test_seal.py",
    "complaint_by_an_outsider": "tests/investors/test_complaint_guards.py",
    "commitments_hold": "tests/investors/test_commitments.py",
}


def test_every_invariant_is_broken_by_some_test() -> None:
    tried = set().union(*BREAKS.values(), *opportunities.BREAKS.values(), TRIED_ELSEWHERE)

    assert {invariant.name for invariant in all_invariants()} == tried
