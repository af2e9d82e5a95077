"""Decisions in PostgreSQL: two pairs of eyes, no conflict, no notice without money."""
# ruff: noqa: PT012 -- what is refused is the end of a transaction

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from firms.models import Membership
from incentives import ledger
from incentives.models import (
    Application,
    Approval,
    Award,
    LedgerEntry,
    Objection,
    Recommendation,
    Review,
    ReviewAssignment,
    SectionAnswers,
)
from portal.models import Document, User
from tests.incentives import make
from tests.incentives.stories import Story, story_in


def run(statement: str, *values: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def settle() -> None:
    """Let PostgreSQL check now what it checks at the end of a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def recommended(amount: int = 500_000, **fields: Any) -> Application:
    """An application walked to ``recommended`` by SQL alone, along the table."""
    application = make.draft(**fields)
    run(
        "UPDATE incentives_application SET status = 'submitted', number = %s, submitted_at = now(), "
        "requested_amount = 9000000 WHERE id = %s",
        f"YP-{application.pk}",
        application.pk,
    )
    move(application, "under_review")
    make.recommendation(application, amount)
    move(application, "recommended")
    settle()
    return application


def move(application: Application, status: str) -> None:
    run("UPDATE incentives_application SET status = %s WHERE id = %s", status, application.pk)


def test_decided_application_passes(db: None) -> None:
    application = recommended()
    make.approval(application.recommendations.get())
    ledger.reserve(application, Decimal(500_000), by=None, key="r")
    move(application, "public_notice")
    settle()
    move(application, "offered")
    ledger.commit(application, by=None, key="c")
    move(application, "active")
    Award.objects.create(application=application, amount=Decimal(500_000))
    settle()


def test_status_off_the_table_is_refused(db: None) -> None:
    application = recommended()

    for status in ("draft", "submitted", "offered", "active", "completed", "paid"):
        with pytest.raises(DatabaseError, match="has no step"):
            move(application, status)
    with pytest.raises(DatabaseError, match="cannot begin"):
        make.draft(status="public_notice", number="YP-1", submitted_at=timezone.now())


def test_public_notice_without_reservation_is_refused(db: None) -> None:
    application = recommended()
    make.approval(application.recommendations.get())

    with pytest.raises(DatabaseError, match="without a live reservation"), transaction.atomic():
        move(application, "public_notice")
        settle()


def test_public_notice_without_approval_is_refused(db: None) -> None:
    application = recommended()

    with pytest.raises(DatabaseError, match="without an approval"), transaction.atomic():
        ledger.reserve(application, Decimal(500_000), by=None, key="r")
        move(application, "public_notice")
        settle()


def test_reservation_of_another_amount_is_refused(db: None) -> None:
    application = recommended()
    make.approval(application.recommendations.get())

    with pytest.raises(DatabaseError, match="without a live reservation"), transaction.atomic():
        ledger.reserve(application, Decimal(400_000), by=None, key="r")
        move(application, "public_notice")
        settle()


def test_release_during_public_notice_is_refused(db: None) -> None:
    application = recommended()
    make.approval(application.recommendations.get())
    ledger.reserve(application, Decimal(500_000), by=None, key="r")
    move(application, "public_notice")
    settle()

    with pytest.raises(DatabaseError, match="without a live reservation"), transaction.atomic():
        ledger.release(application, by=None, key="x")
        settle()


def test_one_approval_above_the_threshold_is_refused(db: None) -> None:
    application = recommended(2_000_000)
    terms = application.recommendations.get()

    with pytest.raises(DatabaseError, match="without its first approval"), transaction.atomic():
        make.approval(terms)
        ledger.reserve(application, Decimal(2_000_000), by=None, key="r")
        move(application, "public_notice")
        settle()


def test_two_approvals_above_the_threshold_pass_and_must_differ(db: None) -> None:
    application = recommended(2_000_000)
    terms = application.recommendations.get()
    first = make.approval(terms, "first")
    move(application, "first_approved")

    with pytest.raises(DatabaseError, match="approver_once"), transaction.atomic():
        make.approval(terms, by=first.approver)
    make.approval(terms)
    ledger.reserve(application, Decimal(2_000_000), by=None, key="r")
    move(application, "public_notice")
    settle()


def _recommender(application: Application) -> User:
    return application.recommendations.get().recommended_by


def _reviewer(application: Application) -> User:
    return ReviewAssignment.objects.create(application=application, reviewer=make.person()).reviewer


def _member(application: Application) -> User:
    return make.member(application.organisation, "viewer")


@pytest.mark.parametrize("who", [_recommender, _reviewer, _member])
def test_approval_by_somebody_involved_is_refused(db: None, who: Callable[[Application], User]) -> None:
    application = recommended()
    approver = who(application)

    with pytest.raises(DatabaseError, match="recommended, reviewed or belongs"), transaction.atomic():
        make.approval(application.recommendations.get(), by=approver)


def test_approval_of_other_terms_is_refused(db: None) -> None:
    application = recommended()
    terms = application.recommendations.get()
    terms.terms_hash = "0" * 64

    with pytest.raises(DatabaseError, match="not the recommended ones"), transaction.atomic():
        make.approval(terms)


def test_terms_never_change_and_voiding_voids_approvals(db: None) -> None:
    application = recommended()
    terms = application.recommendations.get()
    consent = make.approval(terms)

    for statement in (
        "UPDATE incentives_recommendation SET amount = 600000",
        "UPDATE incentives_recommendation SET conditions = 'none'",
        "UPDATE incentives_approval SET terms_hash = 'x'",
        "UPDATE incentives_approval SET approver_id = 1",
        "DELETE FROM incentives_approval",
        "DELETE FROM incentives_recommendation",
    ):
        with pytest.raises(DatabaseError):
            run(statement)
    Recommendation.objects.filter(pk=terms.pk).update(voided_at=timezone.now())
    consent.refresh_from_db()
    assert consent.voided_at is not None
    with pytest.raises(DatabaseError):
        run("UPDATE incentives_approval SET voided_at = NULL")


@pytest.mark.parametrize("amount", ["0", "-1", "15000000.01", "NaN"])
def test_recommendation_of_an_impossible_amount_is_refused(db: None, amount: str) -> None:
    application = make.draft()

    with pytest.raises((DatabaseError, ValidationError)), transaction.atomic():
        Recommendation.objects.create(
            application=application, amount=Decimal(amount), reasons="x", recommended_by=make.person()
        )


def test_reviewer_cannot_be_assigned_after_approving(db: None) -> None:
    application = recommended()
    approver = make.approval(application.recommendations.get()).approver

    with pytest.raises(DatabaseError, match="does not review"), transaction.atomic():
        ReviewAssignment.objects.create(application=application, reviewer=approver)


def test_declared_conflict_is_never_undone(db: None) -> None:
    assignment = ReviewAssignment.objects.create(application=make.draft(), reviewer=make.person())
    ReviewAssignment.objects.update(status="conflicted", conflict="conflicted", declared_at=timezone.now())

    for statement in (
        "UPDATE incentives_reviewassignment SET conflict = 'none'",
        "UPDATE incentives_reviewassignment SET conflict = 'undeclared', declared_at = NULL",
        "DELETE FROM incentives_reviewassignment",
    ):
        with pytest.raises(DatabaseError):
            run(statement)
    with pytest.raises(DatabaseError, match="declaration of no conflict"), transaction.atomic():
        Review.objects.create(assignment=assignment, scores={}, total=Decimal(5), comment="x")


def test_what_was_submitted_never_changes(db: None) -> None:
    application = make.draft()
    SectionAnswers.objects.create(application=application, section="project", saved_by=make.person())
    run(
        "UPDATE incentives_application SET status = 'submitted', number = 'YP-9', submitted_at = now() WHERE id = %s",
        application.pk,
    )

    for statement in (
        "UPDATE incentives_application SET requested_amount = 1",
        "UPDATE incentives_application SET number = 'YP-10'",
        "UPDATE incentives_application SET organisation_id = organisation_id + 1",
        "UPDATE incentives_application SET programme_version_id = programme_version_id + 1",
        "DELETE FROM incentives_application",
        'UPDATE incentives_sectionanswers SET answers = \'{"aim": "other"}\'',
        "DELETE FROM incentives_sectionanswers",
        "INSERT INTO incentives_sectionanswers (application_id, section, answers, version, complete, saved_by_id) SELECT id, 'x', '{}', 1, false, started_by_id FROM incentives_application",
        "UPDATE incentives_programmeversion SET content = '{}'",
        "DELETE FROM incentives_snapshot",
    ):
        with pytest.raises(DatabaseError):
            run(statement)


def test_award_without_commitment_is_refused(db: None) -> None:
    application = recommended()

    with pytest.raises(DatabaseError, match="accepted offer"), transaction.atomic():
        Award.objects.create(application=application, amount=Decimal(500_000))
        settle()


def test_membership_during_approval_is_seen(db: None) -> None:
    application = recommended()
    approver = make.person()
    Membership.objects.create(user=approver, organisation=application.organisation, role="viewer", is_active=False)

    assert make.approval(application.recommendations.get(), by=approver).pk == Approval.objects.get().pk


def test_more_than_requested_is_refused_even_if_it_was_recommended_before(db: None) -> None:
    application = make.draft()
    made = make.recommendation(application, 500_000)
    run(
        "UPDATE incentives_application SET status = 'submitted', number = 'YP-X', submitted_at = now(), "
        "requested_amount = 100 WHERE id = %s",
        application.pk,
    )
    move(application, "under_review")
    move(application, "recommended")
    make.approval(made)

    with pytest.raises(DatabaseError, match="more than was requested"), transaction.atomic():
        ledger.reserve(application, Decimal(500_000), by=None, key="r")
        move(application, "public_notice")
        settle()


def test_award_of_more_than_was_committed_is_refused(db: None) -> None:
    application = recommended()
    make.approval(application.recommendations.get())
    ledger.reserve(application, Decimal(500_000), by=None, key="r")
    move(application, "public_notice")
    move(application, "offered")
    settle()

    with pytest.raises(DatabaseError, match="accepted offer of its amount"), transaction.atomic():
        for kind, amount in (("commit", 1), ("release_reservation", 499_999)):
            LedgerEntry.objects.create(
                budget=application.round.budget, kind=kind, amount=amount, application=application, key=kind
            )
        move(application, "active")
        Award.objects.create(application=application, amount=Decimal(500_000))
        settle()


def to_notice(application: Application, amount: int) -> None:
    """Approve and reserve with SQL, and let PostgreSQL look."""
    with transaction.atomic():
        make.approval(application.recommendations.get())
        ledger.reserve(application, Decimal(amount), by=None, key="r")
        move(application, "public_notice")
        settle()


def test_more_than_an_award_may_give_is_refused(db: None) -> None:
    application = recommended(600_000, opened=make.round_of(make.programme(cap_award=Decimal(500_000))))

    with pytest.raises(DatabaseError, match="more than an award may give"):
        to_notice(application, 600_000)


def test_more_than_a_firm_may_hold_is_refused_over_all_rounds(db: None) -> None:
    caps = {"cap_award": Decimal(1_000_000), "cap_firm": Decimal(1_000_000)}
    programme, firm = make.programme(**caps), make.organisation()
    first, second, small = (recommended(a, opened=make.round_of(programme), firm=firm) for a in (600_000, 600_000, 1))
    to_notice(first, 600_000)

    with pytest.raises(DatabaseError, match="more than the firm may hold"):
        to_notice(second, 600_000)
    to_notice(small, 1)
    move(small, "offered")
    with pytest.raises(DatabaseError, match="more than the firm may hold"), transaction.atomic():  # other terms instead
        small.recommendations.update(voided_at=timezone.now())
        more = make.recommendation(small, 400_001)
        make.approval(more)
        for kind, amount in (("release_reservation", 1), ("reserve", 400_001)):
            LedgerEntry.objects.create(
                budget=small.round.budget, kind=kind, amount=amount, application=small, key=f"other-{kind}"
            )
        settle()


@pytest.mark.parametrize("status", ["pending", "infected"])
def test_submission_with_a_document_that_is_not_clean_is_refused(db: None, status: str) -> None:
    story = Story().fill()
    document = story.application.documents.get().document
    Document.objects.filter(pk=document.pk).update(status=status)

    with pytest.raises(DatabaseError, match="not clean"):
        run(
            "UPDATE incentives_application SET status = 'submitted', number = 'YP-X', submitted_at = now() "
            "WHERE id = %s",
            story.application.pk,
        )


@pytest.mark.parametrize(
    "statement", ["UPDATE incentives_objection SET reason = 'nothing'", "DELETE FROM incentives_objection"]
)
def test_objection_is_neither_rewritten_nor_deleted(db: None, statement: str) -> None:
    story = story_in("public_notice")
    approval = story.application.approvals.get()
    Objection.objects.create(
        application=story.application, approval=approval, name="A", email="a@demo.example", reason="Not so"
    )

    with pytest.raises(DatabaseError, match="incentives_objection is"):
        run(statement)
