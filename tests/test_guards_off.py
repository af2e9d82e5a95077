"""Twins of the invariants' tests: with one guard off, what it keeps from happening happens."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from firms.models import Organisation
from incentives import conditions, services
from incentives.models import Application, Approval, SectionAnswers, Snapshot
from portal import contributions, deadlines, work
from portal.database import as_owner
from portal.lifecycle import SYSTEM, StepClosed, lifecycle_of
from portal.models import Deadline, Document, Notice
from portal.notices import QUEUE
from tests.incentives import make
from tests.incentives.stories import Story, story_in
from tests.racing import at_once, meeting

# --- Guards of PostgreSQL -----------------------------------------------------------------


class Guard(NamedTuple):
    """What keeps an invariant, and what it keeps from happening.

    Args:
        table: where it stands.
        name: the trigger's, or the constraint's.
        statements: what is refused, and happens without it.
        at_end: whether it looks at the end of a transaction.
    """

    table: str
    name: str
    statements: tuple[str, ...]
    at_end: bool = False


_RECOMMENDED = "(SELECT id FROM incentives_application WHERE status = 'recommended')"
_OFFERED = "(SELECT id FROM incentives_application WHERE status = 'offered')"
_DRAFT = "(SELECT id FROM incentives_application WHERE status = 'draft')"
_MOVE = (
    "INSERT INTO incentives_ledgerentry (budget_id, kind, amount, application_id, key, note)"
    " SELECT b.id, '{kind}', {amount}, a.id, gen_random_uuid(), '' FROM incentives_application a"
    " JOIN incentives_budget b ON b.round_id = a.round_id WHERE a.id = {of}"
)
_APPROVE = (
    "INSERT INTO incentives_approval"
    " (application_id, recommendation_id, stage, approver_id, terms_hash, meeting, minutes)"
    " SELECT application_id, id, 'final', {by}, terms_hash, '', '' FROM incentives_recommendation"
    f" WHERE voided_at IS NULL AND application_id = {_RECOMMENDED}"
)
_NOTICE = "event, kind, channel, recipient_id, address, language, context, created_at, next_try_at, tries, last_error"
_SUBMIT = (
    "UPDATE incentives_application SET status = 'submitted', number = 'YP-X', submitted_at = now()"
    " WHERE status = 'draft'"
)
_SNAPSHOT = "application_id, content, sha256, key, by_id"

GUARDS = {
    "1 over-committed": Guard(
        "incentives_budget", "budget_not_overcommitted", (_MOVE.format(kind="reserve", amount=99_000_000, of=_DRAFT),)
    ),
    "1 moved past the ledger": Guard(
        "incentives_budget", "moved_by_ledger", ("UPDATE incentives_budget SET allocated = allocated + 1",)
    ),
    "2 approved by the recommender": Guard(
        "incentives_approval", "by_another", (_APPROVE.format(by="recommended_by_id"),)
    ),
    "2 one approver above the threshold": Guard(
        "",
        "decided",
        (
            _APPROVE.format(by="(SELECT max(id) FROM portal_user)"),
            _MOVE.format(kind="reserve", amount=5_000_000, of=_RECOMMENDED),
            "UPDATE incentives_application SET status = 'public_notice' WHERE status = 'recommended'",
        ),
        at_end=True,
    ),
    "2 other terms under the same approvals": Guard(
        "incentives_recommendation", "kept", ("UPDATE incentives_recommendation SET amount = amount - 1",)
    ),
    "2 a declared conflict of interest rewritten": Guard(
        "incentives_reviewassignment",
        "irrevocable",
        ("UPDATE incentives_reviewassignment SET conflict_reason = 'none' WHERE status = 'conflicted'",),
    ),
    "3 a step off the table": Guard(
        "incentives_application",
        "lifecycle",
        ("UPDATE incentives_application SET status = 'offered' WHERE status = 'recommended'",),
    ),
    "3 an objection upheld among several": Guard(
        "incentives_bulkstep",
        "bulk_step_of_several",
        (
            (
                "INSERT INTO incentives_bulkstep (key, step, by_id, reason, data)"
                " SELECT gen_random_uuid(), 'uphold_objection', min(id), '', '{}' FROM portal_user"
            ),
        ),
    ),
    "3 an offer without its money": Guard(
        "", "decided", (_MOVE.format(kind="release_reservation", amount=5_000_000, of=_OFFERED),), at_end=True
    ),
    "6 told twice": Guard(
        "portal_notice",
        "notice_once",
        (f"INSERT INTO portal_notice ({_NOTICE}) SELECT {_NOTICE} FROM portal_notice ORDER BY id LIMIT 1",),
    ),
    "13 a submission rewritten": Guard(
        "incentives_snapshot", "append_only", ("UPDATE incentives_snapshot SET content = '{}'",)
    ),
    "13 answers changed afterwards": Guard(
        "incentives_sectionanswers",
        "only_while_open",
        (f"UPDATE incentives_sectionanswers SET answers = '{{}}' WHERE application_id = {_OFFERED}",),
    ),
    "13 a version rewritten": Guard(
        "incentives_programmeversion", "append_only", ("UPDATE incentives_programmeversion SET cap_award = 1",)
    ),
    "15 submitted with what is not checked": Guard(
        "incentives_application",
        "with_clean_documents",
        (_SUBMIT,),
    ),
    "16 an award of too much": Guard(
        "incentives_award",
        "award_amount",
        (f"INSERT INTO incentives_award (application_id, amount) VALUES ({_OFFERED}, 15000000.01)",),
    ),
    "16 an amount that is no number": Guard(
        "incentives_application",
        "application_requested_amount",
        ("UPDATE incentives_application SET requested_amount = 'NaN' WHERE status = 'draft'",),
    ),
    "17 one click twice": Guard(
        "incentives_snapshot",
        "incentives_snapshot_key_key",
        (f"INSERT INTO incentives_snapshot ({_SNAPSHOT}) SELECT {_SNAPSHOT} FROM incentives_snapshot LIMIT 1",),
    ),
}


def drop(guard: Guard, execute: Callable[..., Any]) -> None:
    """Take a guard away, as the owner: a constraint, or a trigger from its table or from all."""
    execute(
        f"""
        DO $$ DECLARE found record; BEGIN
            FOR found IN SELECT tgname AS name, tgrelid::regclass AS tab, 'TRIGGER' AS kind FROM pg_trigger
                          WHERE tgname LIKE 'pgtrigger\\_{guard.name}\\_%'
                            AND '{guard.table}' IN ('', tgrelid::regclass::text)
                         UNION ALL
                         SELECT conname, conrelid::regclass, 'CONSTRAINT' FROM pg_constraint
                          WHERE conname = '{guard.name}' AND conrelid::regclass::text = '{guard.table}' LOOP
                IF found.kind = 'TRIGGER' THEN EXECUTE format('DROP TRIGGER %I ON %s', found.name, found.tab);
                ELSE EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', found.tab, found.name); END IF;
            END LOOP;
        END $$
        """
    )


@transaction.atomic
def attempt(guard: Guard, execute: Callable[..., Any], *, guarded: bool) -> str:
    """Try what a guard refuses, and take it back; say what came of it."""
    try:
        with transaction.atomic():
            if not guarded:
                drop(guard, execute)
            for statement in guard.statements:
                execute(statement)
            if guard.at_end:
                execute("SET CONSTRAINTS ALL IMMEDIATE")
            transaction.set_rollback(True)
    except DatabaseError as refused:
        return f"refused: {type(refused).__name__}" if guarded else f"refused: {refused}"
    return "happened"


def test_each_guard_of_postgresql_refuses_and_without_it_the_thing_happens(committed_db: str) -> None:
    with transaction.atomic():
        opened = make.round_of(make.programme(four_eyes_threshold=Decimal(1_000_000)), budget=30_000_000)
        offered = Story(opened=opened, amount=5_000_000).fill().submit().accept().review().recommend().first_approve()
        offered.approve(offered.approver2).confirm()
        Story(opened=opened, amount=5_000_000).fill().submit().accept().review().recommend()
        draft = Story(opened=opened).fill()
        Document.objects.filter(pk__in=draft.application.documents.values("document")).update(status="pending")
        assignment = offered.application.assignments.first()
        assert assignment is not None
        services.declare_conflict(assignment=assignment, by=assignment.reviewer, conflicted=True, reason="cousin")
        make.person()

    with as_owner(), connection.cursor() as owner:
        found = {
            name: (attempt(guard, owner.execute, guarded=True)[:7], attempt(guard, owner.execute, guarded=False))
            for name, guard in GUARDS.items()
        }

    assert found == dict.fromkeys(GUARDS, ("refused", "happened"))


# --- At the same moment -------------------------------------------------------------------


@contextmanager
def without(database: str, table: str, name: str) -> Iterator[None]:
    """Take a guard away; the database is dropped after the test."""
    with psycopg.connect(settings.DATABASE_OWNER_URL, dbname=database, autocommit=True) as owner:
        drop(Guard(table, name, ()), owner.execute)
        yield


def assigned_while_approving(story: Story) -> str:
    """Make a reviewer of an approver whose approval is being written; say what came of it."""
    url, name = settings.DATABASE_APPLICATION_URL, connection.settings_dict["NAME"]
    with psycopg.connect(url, dbname=name) as other:
        with transaction.atomic():
            make.approval(story.application.recommendations.get(), by=story.approver)
            other.execute("SELECT set_config('app.actor', 'test', true)")
            other.execute("SET LOCAL lock_timeout = '300ms'")
            try:
                other.execute(
                    "INSERT INTO incentives_reviewassignment"
                    " (application_id, reviewer_id, status, conflict, conflict_reason, ended_reason)"
                    " VALUES (%s, %s, 'waiting', 'undeclared', '', '')",
                    [story.application.pk, story.approver.pk],
                )
            except psycopg.errors.LockNotAvailable:
                other.rollback()
                return "waits"
        other.commit()
    return "assigned"


def test_reviewer_assigned_while_approving_waits_and_twin_without_the_trigger_does_not(committed_db: str) -> None:
    with transaction.atomic():
        first, second = story_in("recommended"), story_in("recommended")

    assert assigned_while_approving(first) == "waits"
    with without(committed_db, "incentives_reviewassignment", "irrevocable"):
        assert assigned_while_approving(second) == "assigned"

    approved = Approval.objects.get(application=second.application)
    assert second.application.assignments.filter(reviewer=approved.approver).exists()  # who approved reviews


def two_decide(application: Application) -> list[str]:
    """Decide an application twice at once, each having seen that it may be decided; no row is locked before."""
    looked = meeting(2)

    @transaction.atomic
    def decide(status: str) -> None:
        assert Application.objects.get(pk=application.pk).status == "under_review"
        looked.wait()
        Application.objects.filter(pk=application.pk).update(status=status)

    return at_once(lambda: decide("declined"), lambda: decide("withdrawn"), refusals={DatabaseError: "refused"})


def test_one_of_two_decisions_stands_and_twin_without_the_trigger_both_are_taken(committed_db: str) -> None:
    with transaction.atomic():
        first, second = story_in("under_review").application, story_in("under_review").application

    assert two_decide(first) == ["done", "refused"]
    with without(committed_db, "incentives_application", "lifecycle"):
        assert two_decide(second) == ["done", "done"]


def test_twin_without_lock_two_workers_deliver_one_notice(committed_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    notice = Notice.objects.create(event="e", kind="account.test", channel="email", address="wei@demo.example")
    both, delivered = meeting(2), []

    def deliver(row: Notice) -> None:
        both.wait()
        delivered.append(row.pk)

    queue = work.Queue(QUEUE, Notice.objects.to_deliver, deliver)
    monkeypatch.setattr(work, "_lock", lambda model, pk: model._base_manager.get(pk=pk))

    at_once(lambda: work._do(queue, notice.pk), lambda: work._do(queue, notice.pk))

    assert delivered == [notice.pk, notice.pk]


def test_twin_without_lock_an_older_tab_overwrites(committed_db: str) -> None:
    with transaction.atomic():
        application = Story().fill().application
    looked = meeting(2)

    @transaction.atomic
    def save(text: str) -> None:
        saved = SectionAnswers.objects.get(application=application, section="project")  # no lock
        looked.wait()
        if saved.version != 1:
            raise services.StaleVersionError(saved)
        saved.answers, saved.version = {"aim": text}, saved.version + 1
        saved.save()

    assert at_once(lambda: save("one"), lambda: save("two")) == ["done", "done"]  # and one text is gone
    assert SectionAnswers.objects.get(application=application, section="project").version == 2


def test_twin_without_unique_key_one_click_is_submitted_twice(committed_db: str) -> None:
    with transaction.atomic():
        story = Story().fill()
    key, looked = uuid4(), meeting(2)

    @transaction.atomic
    def submit() -> None:
        there = Snapshot.objects.filter(key=key).exists()  # no lock
        looked.wait()
        if not there:
            Snapshot.objects.create(application=story.application, content={}, sha256="x", key=key, by=story.signatory)

    with without(committed_db, "incentives_snapshot", "incentives_snapshot_key_key"):
        at_once(submit, submit)

    assert Snapshot.objects.filter(key=key).count() == 2


# --- Guards of the code -------------------------------------------------------------------


def test_sweep_does_what_redis_forgot_and_twin_without_it_nobody_does(
    db: None, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    delivered: list[int] = []
    queues = {QUEUE: work.Queue(QUEUE, Notice.objects.to_deliver, lambda row: delivered.append(row.pk))}
    monkeypatch.setattr(work, "_queues", queues)
    monkeypatch.setattr(work.current_app, "send_task", lambda *_words, **_how: None)  # taken, and lost in a flush
    notice = Notice.objects.create(event="e", kind="account.test", channel="email", address="wei@demo.example")

    with django_capture_on_commit_callbacks(execute=True):
        work.wake(QUEUE)
    assert delivered == []  # the twin: without a sweep it stays so
    work.sweep()

    assert delivered == [notice.pk]


@pytest.mark.parametrize(("handle", "status"), [("take_step", "unlisted"), ("apply", "listed")])
def test_deadline_put_off_meanwhile_waits_and_twin_without_a_second_look_fires_early(
    db: None, monkeypatch: pytest.MonkeyPatch, handle: str, status: str
) -> None:
    def apply(deadline: Deadline) -> None:
        lifecycle_of(deadline.subject).apply(deadline.subject, deadline.step, by=SYSTEM)

    handles = {"take_step": contributions.take_step, "apply": apply}
    monkeypatch.setitem(work._queues, "deadlines", work.Queue("deadlines", Deadline.objects.all, handles[handle]))
    firm, past = make.organisation(status="unlisted"), timezone.now() - timedelta(hours=1)
    due = deadlines.set_deadline_at(firm, "list", due_at=past, while_status="unlisted")
    Deadline.objects.filter(pk=due.pk).update(due_at=timezone.now() + timedelta(days=1))  # after it was claimed

    work.run("deadlines")

    assert Organisation.objects.get(pk=firm.pk).status == status


@pytest.mark.parametrize(("clock", "late_is_taken"), [("PostgreSQL's", False), ("its own", True)])
def test_submission_is_judged_by_one_clock_and_twin_by_a_servers_own_takes_a_late_one(
    db: None, monkeypatch: pytest.MonkeyPatch, clock: str, late_is_taken: bool
) -> None:
    story, closed = Story().fill(), conditions.moment() - timedelta(seconds=1)
    type(story.round).objects.filter(pk=story.round.pk).update(closes_at=closed)
    story.application = Application.objects.get(pk=story.application.pk)
    monkeypatch.setattr(timezone, "now", lambda: closed - timedelta(hours=2))  # a server whose clock is slow
    if clock == "its own":
        monkeypatch.setattr(conditions, "moment", timezone.now)

    if late_is_taken:
        assert story.submit().application.status == "submitted"
    else:
        with pytest.raises(StepClosed, match="time to submit"):
            story.submit()
