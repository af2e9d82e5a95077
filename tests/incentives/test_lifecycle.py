"""The table of an application's life: every step, role and status against product.md's words."""

from decimal import Decimal
from uuid import uuid4

import pytest
from django.utils.translation import override

from incentives import declarations, ledger, services
from incentives.lifecycle import APPLICATION
from incentives.models import Application, Award, Snapshot
from portal import work
from portal.lifecycle import SYSTEM, NotAllowed, StepClosed
from portal.models import Deadline, Notice, StepTaken, User
from portal.notices import render
from portal.roles import Role
from tests.incentives import make
from tests.incentives.stories import Story, join, story_in

# From product.md: step, the statuses it leaves from, where it leads, who takes it.
TABLE = [
    ("submit", "draft returned", "submitted", "signatory"),
    ("return", "submitted", "returned", "screener"),
    ("accept", "submitted", "under_review", "screener"),
    ("recommend", "under_review", "recommended", "manager"),
    ("send_back", "recommended first_approved", "under_review", "approver first_approver"),
    ("first_approve", "recommended", "first_approved", "approver"),
    ("approve", "recommended first_approved", "public_notice", "approver"),
    ("uphold_objection", "public_notice", "under_review", "outsider appeal"),
    ("confirm", "public_notice", "offered", "system"),
    ("accept_offer", "offered", "active", "signatory"),
    (
        "decline",
        "submitted under_review recommended first_approved public_notice",
        "declined",
        "manager approver first_approver outsider",
    ),
    ("reopen", "declined", "under_review", "appeal"),
    (
        "withdraw",
        "draft returned submitted under_review recommended first_approved public_notice offered",
        "withdrawn",
        "signatory",
    ),
    ("lapse", "draft returned offered", "lapsed", "system"),
    ("remind_applicant", "draft returned offered", None, "system"),
    ("remind", "submitted under_review recommended first_approved", None, "system manager"),
    ("escalate", "submitted under_review recommended first_approved", None, "system"),
    ("end_appeal_period", "declined", None, "system"),
]
STATUSES = [
    "draft",
    "submitted",
    "returned",
    "under_review",
    "recommended",
    "first_approved",
    "public_notice",
    "offered",
    "active",
    "declined",
    "withdrawn",
    "lapsed",
]


def test_table_is_the_one_of_the_product() -> None:
    assert {(s.name, frozenset(map(str, s.sources)), s.target) for s in APPLICATION.steps.values()} == {
        (name, frozenset(sources.split()), target) for name, sources, target, _who in TABLE
    }


def people(story: Story) -> dict[str, User | None]:
    """Everyone who might try; ``outsider`` is an approver who took no part."""
    took_first = story.application.approvals.filter(stage="first").exists()
    return {
        "signatory": story.signatory,
        "editor": story.editor,
        "stranger": make.member(make.organisation()),
        "screener": story.screener,
        "reviewer": story.reviewers[0],
        "manager": story.manager,
        "first_approver" if took_first else "approver": story.approver,
        "outsider": story.approver2,
        "appeal": story.appeal,
        "finance": story.finance,
        "auditor": make.person("auditor", Role.AUDITOR),
        "head": make.person("head", Role.HEAD),
        "administrator": make.person("admin", Role.ADMINISTRATOR, is_superuser=True),
        "roleless": User.objects.create_user(f"{uuid4()}@demo.example", name="x", is_staff=True),
        "system": SYSTEM,
    }


@pytest.mark.parametrize("status", STATUSES)
def test_every_step_for_everyone_in_each_status(db: None, status: str) -> None:
    story = story_in(status)
    expected = set()
    for name, sources, _target, who in TABLE:
        if status in sources.split():
            allowed = set(who.split())
            # An approver who took no part yet may do what an approver may; the approver of the notice has taken part.
            if name in {"send_back", "first_approve", "approve", "decline"}:
                allowed.add("outsider")
            if name == "decline":
                allowed.discard("first_approver" if status != "first_approved" else "")
            expected |= {(name, person) for person in allowed}
    expected = {pair for pair in expected if pair[1] in people_names(status)}
    found = {
        (door.step.name, name)
        for name, user in people(story).items()
        for door in APPLICATION.allowed(user, story.application)
    }

    assert found == expected


def people_names(status: str) -> set[str]:
    first = "first_approver" if status == "first_approved" else "approver"
    return {
        "signatory",
        "editor",
        "stranger",
        "screener",
        "reviewer",
        "manager",
        first,
        "outsider",
        "appeal",
        "finance",
        "auditor",
        "head",
        "administrator",
        "roleless",
        "system",
    }


def test_whole_story_moves_money_and_tells_the_right_people(db: None) -> None:
    story = story_in("active")
    application = story.application

    assert [s.step for s in StepTaken.objects.about(application)] == [
        "submit",
        "accept",
        "recommend",
        "approve",
        "confirm",
        "accept_offer",
    ]
    assert Award.objects.get(application=application).amount == Decimal(500_000)
    assert ledger.reserved(application) == 0
    assert ledger.committed(application) == Decimal(500_000)
    budget = story.round.budget
    budget.refresh_from_db()
    assert [budget.reserved, budget.committed, budget.left] == [0, 500_000, 9_500_000]
    told: dict[str, set[int | None]] = {}
    for notice in Notice.objects.filter(channel="in_app", kind__startswith="incentives."):
        told.setdefault(notice.kind.removeprefix("incentives."), set()).add(notice.recipient_id)
    firm = {story.signatory.pk, story.editor.pk}
    approvers = {story.approver.pk, story.approver2.pk}
    assert told == {
        "received": firm,
        "to_screen": {story.screener.pk},
        "in_review": firm,
        "to_review": {r.pk for r in story.reviewers[:2]},
        "reviews_complete": {story.manager.pk},
        "to_approve": approvers,
        "notice_begins": firm,
        "offered": firm,
        "awarded": firm,
        "to_pay": {story.finance.pk},
    }


def test_every_message_can_be_written_in_both_languages(db: None) -> None:
    story_in("active")
    story_in("returned")
    story_in("declined")
    story_in("withdrawn")
    story_in("lapsed")
    for notice in Notice.objects.filter(kind__startswith="incentives."):
        for language in ("en", "zh-hans"):
            with override(language):
                subject, paragraphs = render(notice)
            assert subject
            assert paragraphs
            assert "None" not in " ".join(paragraphs)


def test_submission_counts_once_per_key(db: None) -> None:
    story = Story().fill()
    key = uuid4()

    for _ in range(5):
        application = services.submit_application(
            application=story.application, by=story.signatory, key=key, declared=declarations.KEYS
        )

    assert Snapshot.objects.filter(application=application).count() == 1
    assert str(application.number).startswith("YP-20")


def test_submission_with_another_key_after_it_is_closed(db: None) -> None:
    story = Story().fill().submit()

    with pytest.raises(StepClosed):
        services.submit_application(
            application=story.application, by=story.signatory, key=uuid4(), declared=declarations.KEYS
        )


@pytest.mark.parametrize("role", ["editor", "viewer"])
def test_only_the_signatory_submits(db: None, role: str) -> None:
    story = Story().fill()

    with pytest.raises(NotAllowed):
        services.submit_application(
            application=story.application, by=make.member(story.firm, role), key=uuid4(), declared=declarations.KEYS
        )


def test_incomplete_application_is_not_submitted(db: None) -> None:
    story = Story()

    with pytest.raises(StepClosed) as closed:
        services.submit_application(
            application=story.application, by=story.signatory, key=uuid4(), declared=declarations.KEYS
        )

    assert [str(reason) for reason in closed.value.reasons] == [
        "Complete the section “Project”.",
        "Complete the section “Amount and other public funding”.",
        "Add the document “Project plan”.",
    ]


def test_hard_criterion_not_met_stops_submission(db: None) -> None:
    story = Story().fill()
    story.firm.staff = 3
    story.firm.save()

    with pytest.raises(StepClosed, match="A required criterion is not met: “staff”"):
        services.submit_application(
            application=Application.objects.get(pk=story.application.pk),
            by=story.signatory,
            key=uuid4(),
            declared=declarations.KEYS,
        )


def test_above_threshold_needs_two_approvers(db: None) -> None:
    story = story_in("recommended", amount=2_000_000)

    with pytest.raises(StepClosed, match="first approval"):
        story.approve()
    story.first_approve()
    with pytest.raises(NotAllowed):
        story.approve(story.approver)
    story.approve(story.approver2)

    assert story.application.status == "public_notice"


def test_recommender_member_and_reviewer_do_not_approve(db: None) -> None:
    story = story_in("recommended")
    member = make.person("m", Role.APPROVER)
    join(story.firm, member)
    both = make.person("b", Role.APPROVER)
    story.manager.groups.add(both.groups.get())

    for user in (User.objects.get(pk=story.manager.pk), member, story.reviewers[0]):
        with pytest.raises(NotAllowed):
            story.approve(user)


@pytest.mark.parametrize("amount", ["0", "-1", "500000.01", "NaN", "Infinity"])
def test_recommendation_beyond_what_may_be_given(db: None, amount: str) -> None:
    story = story_in("under_review")

    with pytest.raises(StepClosed):
        story.step("recommend", story.manager, reason="x", amount=Decimal(amount))


def test_recommendation_is_limited_by_the_budget_left_and_cap_per_firm(db: None) -> None:
    opened = make.round_of(make.programme(cap_award=Decimal(600_000), cap_firm=Decimal(600_000)), budget=700_000)
    first = story_in("active", opened=opened)
    second_round = make.round_of(opened.programme, budget=700_000)
    again = Story(opened=second_round, amount=500_000)
    again.application = services.start_application(round=second_round, organisation=first.firm, by=first.editor)
    again.firm, again.editor, again.signatory = first.firm, first.editor, first.signatory
    again.fill().submit().accept().review()

    with pytest.raises(StepClosed, match="CNY 100,000"):
        again.recommend()

    other = Story(opened=opened).fill().submit().accept().review()
    with pytest.raises(StepClosed, match="CNY 200,000"):
        other.recommend()


def test_withdraw_gives_back_the_reservation(db: None) -> None:
    story = story_in("public_notice")
    story.step("withdraw", story.signatory)

    budget = story.round.budget
    budget.refresh_from_db()
    assert (budget.reserved, budget.committed) == (0, 0)


def test_notice_does_not_end_early_nor_with_an_open_objection(db: None) -> None:
    story = story_in("public_notice")
    with pytest.raises(StepClosed, match="has not ended"):
        story.step("confirm", SYSTEM)
    objection = services.object_to_award(
        application=story.application, name="Li", email="li@demo.example", reason="Unfair", key=uuid4()
    )
    story.bring_forward("confirm")
    with pytest.raises(StepClosed, match="objection"):
        story.step("confirm", SYSTEM)
    with pytest.raises(NotAllowed):
        services.dismiss_objection(objection=objection, by=story.approver, reason="x")  # approved it
    services.dismiss_objection(objection=objection, by=story.approver2, reason="No ground")
    story.step("confirm", SYSTEM)

    assert story.application.status == "offered"


def test_upheld_objection_releases_and_can_be_decided_anew(db: None) -> None:
    story = story_in("public_notice")
    services.object_to_award(
        application=story.application, name="Li", email="li@demo.example", reason="Unfair", key=uuid4()
    )
    story.step("uphold_objection", story.approver2, reason="True")

    assert ledger.reserved(story.application) == 0
    assert story.application.status == "under_review"
    story.recommend().approve(make.person("third", Role.APPROVER)).confirm()
    assert story.application.status == "offered"


def test_return_lapses_after_its_deadline(db: None) -> None:
    story = story_in("returned")
    with pytest.raises(StepClosed):
        story.step("lapse", SYSTEM)
    story.bring_forward("lapse")
    with pytest.raises(StepClosed, match="time to submit"):
        story.submit()
    story.step("lapse", SYSTEM)

    assert story.application.status == "lapsed"


def test_returned_application_is_submitted_again_with_a_second_snapshot(db: None) -> None:
    story = story_in("returned")
    number = story.application.number
    story.submit()

    assert story.application.number == number
    assert story.application.snapshots.count() == 2
    assert not Deadline.objects.about(story.application).filter(step="lapse", done_at=None).exists()


def test_offer_lapses_and_gives_back(db: None) -> None:
    story = story_in("offered")
    story.bring_forward("lapse")
    with pytest.raises(StepClosed, match="lapsed"):
        story.accept_offer()
    story.step("lapse", SYSTEM)

    assert ledger.reserved(story.application) == 0


def test_declined_is_reopened_once_by_an_outsider(db: None) -> None:
    story = story_in("declined")
    story.step("reopen", story.appeal, reason="Heard")
    story.step("decline", story.manager, reason="Still no")

    with pytest.raises(NotAllowed):
        story.step("reopen", story.appeal, reason="Again")
    with pytest.raises(StepClosed, match="once already"):
        story.step("reopen", make.person("appeal2", Role.APPEAL), reason="Again")


def test_conflicted_reviewer_is_replaced_and_reads_nothing(db: None) -> None:
    story = Story().fill().submit().accept()
    assignment = story.application.assignments.all()[0]
    services.declare_conflict(assignment=assignment, by=assignment.reviewer, conflicted=True, reason="cousin")

    assert story.application.assignments.counting().count() == 2
    assert not Application.objects.visible_to(assignment.reviewer).exists()
    with pytest.raises(StepClosed):
        services.declare_conflict(assignment=assignment, by=assignment.reviewer, conflicted=False)


def test_reviewers_are_chosen_by_load_without_members(db: None) -> None:
    busy = Story()
    join(busy.firm, busy.reviewers[0])
    busy.fill().submit().accept()

    assert [a.reviewer for a in busy.application.assignments.all()] == busy.reviewers[1:]
    other = Story(opened=busy.round)
    User.objects.filter(pk__in=[r.pk for r in other.reviewers]).update(is_active=False)
    other.fill().submit().accept()
    assert next(iter(other.application.assignments.all())).reviewer == busy.reviewers[0]


def test_send_back_voids_the_terms(db: None) -> None:
    story = story_in("first_approved")
    story.step("send_back", story.approver2, reason="Less")

    assert not story.application.recommendations.filter(voided_at=None).exists()
    assert not story.application.approvals.filter(voided_at=None).exists()


def test_sweep_ends_the_notice_and_reminds_of_what_is_late(db: None) -> None:
    story, late = story_in("public_notice"), story_in("submitted")
    story.bring_forward("confirm")
    late.bring_forward("remind")

    assert work.run("deadlines") == 2
    assert work.run("deadlines") == 0

    story.application.refresh_from_db()
    late.application.refresh_from_db()
    assert (story.application.status, late.application.status) == ("offered", "submitted")
    assert Notice.objects.filter(kind="incentives.overdue", channel="in_app").count() == 2
