"""The clock of an appeal: its officers are reminded, then the head hears; never early, once, over holidays."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone
from django.utils.translation import override

from firms.models import Membership
from incentives import services
from incentives.models import Appeal
from portal import deadlines, work
from portal.models import Deadline, Notice, User
from portal.notices import render
from portal.roles import Role
from tests.incentives import make
from tests.incentives.stories import Story, story_in

pytestmark = pytest.mark.django_db

BEFORE_SPRING_FESTIVAL = datetime(2026, 2, 6, 2, tzinfo=UTC)
"""Friday; holidays 15 to 23 February, the Saturdays 14 and 28 are worked."""


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


@pytest.fixture
def head() -> User:
    return make.person("head", Role.HEAD)


def appealed(story: Story) -> Appeal:
    return services.appeal_decision(
        application=story.application, by=story.signatory, reasons="SECRET REASONS", key=uuid4()
    )


def test_late_appeal_is_told_to_its_officers_and_then_to_the_head_over_the_spring_festival(
    head: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = story_in("declined")
    monkeypatch.setattr("incentives.conditions.within_appeal_period", lambda application: [])  # of PostgreSQL's today
    with time_machine.travel(BEFORE_SPRING_FESTIVAL, tick=False):
        appeal = appealed(story)
    due = moments(appeal)
    days = {step: timezone.localdate(at).isoformat() for step, at in due.items()}
    assert days == {"remind": "2026-03-05", "escalate": "2026-03-10"}

    second = timedelta(seconds=1)
    sweep_at(due["remind"] - second)
    assert told("appeal_overdue") == []
    for _run in range(2):
        sweep_at(due["remind"] + second)
    sweep_at(due["escalate"] - second)
    assert (told("appeal_overdue"), told("appeal_escalated")) == ([story.appeal.pk], [])
    for _run in range(2):
        sweep_at(due["escalate"] + second)
    assert (told("appeal_overdue"), told("appeal_escalated")) == ([story.appeal.pk], [head.pk])


@pytest.mark.parametrize(("language", "day"), [("en", "6 March 2026"), ("zh-hans", "2026年3月6日")])
def test_head_reads_what_is_late_since_when_and_nothing_that_was_written(head: User, language: str, day: str) -> None:
    appeal = appealed(story_in("declined"))
    due = datetime(2026, 3, 6, 15, 59, tzinfo=UTC)
    Deadline.objects.about(appeal).update(due_at=due, next_try_at=timezone.now() - timedelta(seconds=1))
    work.run("deadlines")

    notice = Notice.objects.get(kind="incentives.appeal_escalated", channel="email")
    with override(language):
        subject, paragraphs = render(notice)
    assert subject.endswith(day)
    assert str(appeal.application.number) in subject
    assert "SECRET" not in str(notice.context) + " ".join(paragraphs)
    assert Appeal.objects.handled_by(head).get() == appeal


def test_head_who_belongs_to_the_applicant_hears_nothing(head: User) -> None:
    story = story_in("declined")
    appeal = appealed(story)
    Membership.objects.create(user=head, organisation=story.firm, role="viewer")

    sweep_at(moments(appeal)["escalate"] + timedelta(seconds=1))

    assert (told("appeal_overdue"), told("appeal_escalated")) == ([story.appeal.pk], [])


def test_decided_appeal_has_no_clock() -> None:
    story = story_in("declined")
    appeal = appealed(story)

    services.reject_appeal(appeal=appeal, by=story.appeal, reason="No")

    assert moments(appeal) == {}


def test_appeal_from_before_gets_the_head_s_clock_after_its_promise() -> None:
    appeal = appealed(story_in("declined"))
    due = moments(appeal)
    Deadline.objects.about(appeal).filter(step="escalate").delete()

    assert (services.set_missing_deadlines(), services.set_missing_deadlines()) == (1, 0)
    assert moments(appeal) == due
    Deadline.objects.about(appeal).delete()
    assert (services.set_missing_deadlines(), services.set_missing_deadlines()) == (2, 0)
    assert moments(appeal) == due
    assert deadlines.set_missing() == 0
