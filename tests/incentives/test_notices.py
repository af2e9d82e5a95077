"""Who is told: those whose turn it is, and only they."""

from uuid import uuid4

from firms.models import Membership
from incentives import services
from portal.models import Notice, User
from portal.roles import Role
from tests.incentives import make
from tests.incentives.stories import Story, join, story_in


def told(kind: str) -> set[int | None]:
    notices = Notice.objects.filter(kind=f"incentives.{kind}", channel="in_app")
    return set(notices.values_list("recipient_id", flat=True))


def test_officer_with_a_part_elsewhere_and_an_ended_one_here_is_told(db: None) -> None:
    story = Story()
    join(make.organisation(), story.screener)
    Membership.objects.create(organisation=story.firm, user=story.screener, role="viewer", is_active=False)

    story.fill().submit()

    assert told("to_screen") == {story.screener.pk}


def test_member_of_the_applicant_and_inactive_staff_are_not_told(db: None) -> None:
    story = Story()
    join(story.firm, story.screener)
    make.person("gone", Role.SCREENING, is_active=False)

    story.fill().submit()

    assert told("to_screen") == set()


def test_only_the_new_reviewer_hears_of_taking_a_place(db: None) -> None:
    story = Story().fill().submit().accept()
    first, _second = story.application.assignments.all()

    services.declare_conflict(assignment=first, by=first.reviewer, conflicted=True, reason="cousin")

    new = story.application.assignments.order_by("-id")[0]
    assert told("to_review_instead") == {new.reviewer_id}


def test_reviews_are_not_complete_while_a_reviewer_is_missing(db: None) -> None:
    story = Story().fill().submit().accept()
    for assignment in list(story.application.assignments.all()):
        User.objects.filter(groups__name=Role.REVIEWER).exclude(pk=assignment.reviewer_id).update(is_active=False)
        break
    kept, conflicted = story.application.assignments.all()
    services.declare_conflict(assignment=conflicted, by=conflicted.reviewer, conflicted=True)
    services.declare_conflict(assignment=kept, by=kept.reviewer, conflicted=False)

    services.write_review(assignment=kept, by=kept.reviewer, scores={"quality": 1, "effect": 1}, comment="so")

    assert told("reviews_complete") == set()


def test_reopened_application_asks_those_whose_review_is_not_in(db: None) -> None:
    story = Story().fill().submit().accept()
    done, waiting = story.application.assignments.all()
    for assignment in (done, waiting):
        services.declare_conflict(assignment=assignment, by=assignment.reviewer, conflicted=False)
    services.write_review(assignment=done, by=done.reviewer, scores={"quality": 1, "effect": 1}, comment="so")
    story.decline()
    Notice.objects.filter(kind="incentives.to_review").delete()

    story.step("reopen", story.appeal, reason="heard")

    assert told("to_review") == {waiting.reviewer_id}


def test_who_took_part_does_not_hear_of_an_objection(db: None) -> None:
    story = story_in("public_notice")

    services.object_to_award(
        application=story.application, name="A", email="a@demo.example", reason="Not so", key=uuid4()
    )

    assert told("objection_received") == {story.approver2.pk, story.appeal.pk}


def test_overdue_approval_is_told_to_who_may_approve(db: None) -> None:
    story = story_in("first_approved")

    story.step("remind", None)

    assert told("overdue") == {story.approver2.pk}
