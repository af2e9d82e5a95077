"""Clocks: a reviewer is reminded, then replaced; what is overdue reaches the head. Never early, once, after any outage."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from django.utils.translation import override

from incentives import services
from incentives.models import ReviewDraft
from incentives.review_lifecycle import ASSIGNMENT
from portal import work
from portal.lifecycle import SYSTEM, StepClosed
from portal.models import Deadline, Notice, StepTaken
from portal.notices import render
from portal.roles import Role
from tests.incentives import make
from tests.incentives.stories import Story, story_in

pytestmark = pytest.mark.django_db

BEFORE_NATIONAL_DAY = datetime(
    2026, 9, 28, 2, tzinfo=UTC
)  # Monday; holidays 1 to 7 October, Saturday the 10th is worked


def told(kind: str) -> list[int | None]:
    found = Notice.objects.filter(kind=f"incentives.{kind}", channel="in_app").order_by("id")
    return list(found.values_list("recipient", flat=True))


def moments(obj: Any) -> dict[str, datetime]:
    return {deadline.step: deadline.due_at for deadline in Deadline.objects.about(obj).filter(done_at=None)}


def sweep_at(moment: datetime) -> int:
    """Run the sweep at a moment of the application's clock; PostgreSQL's goes on, so rows are made due for it."""
    Deadline.objects.filter(done_at=None, due_at__lte=moment).update(next_try_at=timezone.now() - timedelta(seconds=1))
    with time_machine.travel(moment, tick=False):
        return work.run("deadlines")


def test_clock_of_a_review_counts_working_days_of_china() -> None:
    opened = make.round_of()  # its window is judged by PostgreSQL's clock, which does not travel
    with time_machine.travel(BEFORE_NATIONAL_DAY, tick=False):
        story = Story(opened=opened).fill().submit().accept()

    for assignment in story.application.assignments.all():
        days = {step: timezone.localdate(at).isoformat() for step, at in moments(assignment).items()}
        assert days == {
            "remind_soon": "2026-10-09",
            "remind_due": "2026-10-12",
            "replace": "2026-10-14",
            "report_missing": "2026-10-14",
        }


def test_late_reviewer_is_reminded_twice_then_replaced_and_the_draft_is_kept() -> None:
    story = Story(reviewers_needed=1).fill().submit().accept()
    late = story.application.assignments.get()
    services.declare_conflict(assignment=late, by=late.reviewer, conflicted=False)
    services.save_review_draft(assignment=late, by=late.reviewer, scores={"quality": "7"}, comment="So far", version=0)
    second = timedelta(seconds=1)
    due = moments(late)

    assert sweep_at(due["remind_soon"] - second) == 0
    assert (sweep_at(due["remind_soon"] + second), sweep_at(due["remind_soon"] + second)) == (1, 0)
    assert (sweep_at(due["remind_due"] + second), sweep_at(due["remind_due"] + second)) == (1, 0)
    assert (told("review_due_soon"), told("review_due")) == ([late.reviewer_id], [late.reviewer_id])
    assert sweep_at(due["replace"] - second) == 0
    assert (sweep_at(due["replace"] + second), sweep_at(due["replace"] + second)) == (1, 0)

    late.refresh_from_db()
    new = story.application.assignments.counting().get()
    assert (late.status, late.ended_by, new.reviewer) == ("replaced", None, story.reviewers[1])
    assert (told("review_replaced"), told("to_review_instead")) == ([late.reviewer_id], [new.reviewer_id])
    assert ReviewDraft.objects.get(assignment=late).comment == "So far"
    assert sorted(moments(new)) == ["remind_due", "remind_soon", "replace", "report_missing"]
    assert moments(late) == {}
    with pytest.raises(StepClosed, match="Somebody else reviews"):
        services.save_review_draft(assignment=late, by=late.reviewer, scores={}, comment="x", version=1)
    with pytest.raises(StepClosed, match="Somebody else reviews"):
        services.write_review(assignment=late, by=late.reviewer, scores={"quality": 7, "effect": 7}, comment="x")


def test_after_an_outage_everything_is_caught_up_once() -> None:
    story = Story(reviewers_needed=1).fill().submit().accept()
    late = story.application.assignments.get()

    for _run in range(3):
        sweep_at(moments(late).get("replace", timezone.now()) + timedelta(days=1))

    steps = StepTaken.objects.about(late).values_list("step", flat=True)
    assert sorted(steps) == ["remind_due", "remind_soon", "replace"]
    assert len(told("to_review_instead")) == 1


def test_where_nobody_is_left_the_late_one_stays_and_manager_and_head_hear_once() -> None:
    story = Story(reviewers_needed=3).fill().submit().accept()
    head = make.person("head", Role.HEAD)
    late = story.application.assignments.all()[0]
    due = moments(late)["replace"] + timedelta(seconds=1)

    for _run in range(2):
        sweep_at(due)

    late.refresh_from_db()
    assert (late.status, set(told("reviewers_missing"))) == ("waiting", {story.manager.pk, head.pk})
    assert len(told("reviewers_missing")) == 6  # once for each of the three
    spare = make.person("spare", Role.REVIEWER)
    sweep_at(due + timedelta(minutes=10))
    assert [a.reviewer for a in story.application.assignments.counting()].count(spare) == 1


def test_review_that_is_in_or_an_application_that_moved_on_stops_the_clock() -> None:
    story = Story().fill().submit().accept()
    first, second = story.application.assignments.all()
    services.declare_conflict(assignment=first, by=first.reviewer, conflicted=False)
    services.write_review(assignment=first, by=first.reviewer, scores={"quality": 1, "effect": 1}, comment="so")
    assert moments(first) == {}
    assert len(moments(second)) == 4

    story.decline()

    assert moments(second) == {}
    with pytest.raises(StepClosed, match="not under review"):
        ASSIGNMENT.apply(second, "replace", by=SYSTEM)
    story.step("reopen", story.appeal, reason="heard")
    assert len(moments(second)) == 4


@pytest.mark.parametrize(
    ("status", "promised", "told_on", "who"),
    [
        ("submitted", "2026-10-10", "2026-10-14", "screener"),
        ("under_review", "2026-10-23", "2026-10-28", "manager"),
        ("recommended", "2026-10-10", "2026-10-14", "approver, approver2"),
    ],
)
def test_what_is_overdue_reaches_the_head_once_with_whom_it_is_stuck(
    status: str, promised: str, told_on: str, who: str
) -> None:
    head, opened = make.person("head", Role.HEAD), make.round_of()
    with time_machine.travel(BEFORE_NATIONAL_DAY, tick=False):
        story = story_in(status, opened=opened)
    due = moments(story.application)
    days = [timezone.localdate(due[step]).isoformat() for step in ("remind", "escalate")]
    assert days == [promised, told_on]

    sweep_at(due["escalate"] - timedelta(seconds=1))
    assert told("escalated") == []
    for _run in range(3):
        sweep_at(due["escalate"] + timedelta(seconds=1))

    assert told("escalated") == [head.pk]
    notice = Notice.objects.filter(kind="incentives.escalated", channel="email").get()
    with override("en"):
        _subject, paragraphs = render(notice)
    assert paragraphs[-1] == f"The next step is for: {who}"


def test_escalation_names_the_reviewers_who_are_waited_for() -> None:
    make.person("head", Role.HEAD)
    story = Story().fill().submit().accept()

    story.step("escalate", None)

    with override("zh-hans"):
        _subject, paragraphs = render(Notice.objects.filter(kind="incentives.escalated").first())
    assert paragraphs[-1].endswith("reviewer0, reviewer1")


def test_escalation_does_not_change_the_date_that_is_promised() -> None:
    story = story_in("submitted")

    shown = type(story.application).objects.with_due_date().get(pk=story.application.pk).due_at

    assert shown == moments(story.application)["remind"]


def test_every_message_about_reviews_can_be_written_in_both_languages() -> None:
    story = Story(reviewers_needed=1).fill().submit().accept()
    make.person("head", Role.HEAD)
    for step in ("remind_soon", "remind_due", "replace"):
        ASSIGNMENT.apply(story.application.assignments.counting().get(), step, by=SYSTEM)
    services.recuse_reviewer(
        assignment=story.application.assignments.counting().get(), by=story.manager, reason="A cousin"
    )
    services.recuse_reviewer(
        assignment=story.application.assignments.counting().get(), by=story.manager, reason="A cousin"
    )
    story.step("escalate", None)

    kinds = set()
    for notice in Notice.objects.filter(kind__startswith="incentives."):
        for language in ("en", "zh-hans"):
            with override(language):
                subject, paragraphs = render(notice)
            assert subject
            assert "None" not in " ".join(paragraphs)
        kinds.add(notice.kind.removeprefix("incentives."))
    assert kinds >= {
        "review_due_soon",
        "review_due",
        "review_replaced",
        "review_recused",
        "reviewers_missing",
        "escalated",
        "to_review_instead",
    }
