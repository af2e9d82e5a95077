"""Who is told: those whose turn it is, and only they."""

from uuid import uuid4

from django.utils import translation

from firms.models import Membership
from incentives import services
from portal.models import Notice, User
from portal.notices import render
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


def mailed(address: str) -> list[tuple[str, str]]:
    """Return kind and subject of what an address without an account is told."""
    notices = Notice.objects.filter(address=address, recipient=None, channel="email").order_by("pk")
    return [(notice.kind.partition(".")[2], render_in(notice)) for notice in notices]


def render_in(notice: Notice) -> str:
    with translation.override(notice.language):
        return render(notice)[0]


def test_whoever_objects_is_told_what_became_of_it_in_their_language(db: None) -> None:
    story = story_in("public_notice")
    number = story.application.number
    for address, language in (("li@demo.example", "zh-hans"), ("smith@demo.example", "en")):
        services.object_to_award(
            application=story.application, name="Li", email=address, reason="x", key=uuid4(), language=language
        )
    hearing = make.person("hearing", Role.APPEAL)
    first = story.application.objections.get(email="li@demo.example")

    services.dismiss_objection(objection=first, by=hearing, reason="No facts")
    services.take_step(application=story.application, step="uphold_objection", by=hearing, reason="It is so")

    assert mailed("li@demo.example") == [
        ("objection_noted", f"{number}：异议已收到"),
        ("objection_decided", f"{number}：异议不成立"),
    ]
    assert mailed("smith@demo.example") == [
        ("objection_noted", f"{number}: we received your objection"),
        ("objection_decided", f"{number}: your objection was upheld"),
    ]
    assert list(
        Notice.objects.filter(kind="incentives.objection_decided")
        .order_by("pk")
        .values_list("context__reason", flat=True)
    ) == ["No facts", "It is so"]
