"""The clock of an objection: who may decide is reminded, then the head hears; never early, once, over holidays."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone
from django.utils.translation import override

from firms.models import Membership
from incentives import services
from incentives.models import Objection
from portal import work
from portal.models import Deadline, Notice, User
from portal.notices import render
from portal.roles import Role
from portal.standards import standings
from tests.incentives import make
from tests.incentives.stories import Story, story_in

pytestmark = pytest.mark.django_db

BEFORE_SPRING_FESTIVAL = datetime(2026, 2, 6, 2, tzinfo=UTC)
"""Friday; holidays 15 to 23 February, the Saturdays 14 and 28 are worked."""


STATUS_AFTER = {"decline": "declined", "withdraw": "withdrawn"}


def told(kind: str) -> list[int | None]:
    found = Notice.objects.filter(kind=f"incentives.{kind}", channel="in_app").order_by("recipient")
    return list(found.values_list("recipient", flat=True))


def moments(obj: Any) -> dict[str, datetime]:
    return {deadline.step: deadline.due_at for deadline in Deadline.objects.about(obj).filter(done_at=None)}


def sweep_at(moment: datetime) -> None:
    """Run the sweep of the objection's dates at a moment; PostgreSQL's clock goes on, so rows are made due for it."""
    due = Deadline.objects.filter(done_at=None, due_at__lte=moment, subject_type__model="objection")
    due.update(next_try_at=timezone.now() - timedelta(seconds=1))
    with time_machine.travel(moment, tick=False):
        work.run("deadlines")


@pytest.fixture
def head() -> User:
    return make.person("head", Role.HEAD)


def objected(story: Story) -> Objection:
    return services.object_to_award(
        application=story.application,
        name="SECRET NAME",
        email="secret@demo.example",
        reason="SECRET REASON",
        key=uuid4(),
        language="en",
    )


def test_late_objection_is_told_to_who_decides_and_then_to_the_head_over_the_spring_festival(head: User) -> None:
    story = story_in("public_notice")
    with time_machine.travel(BEFORE_SPRING_FESTIVAL, tick=False):
        objection = objected(story)
    due = moments(objection)
    days = {step: timezone.localdate(at).isoformat() for step, at in due.items()}
    assert days == {"remind": "2026-02-27", "escalate": "2026-03-03"}
    decide, second = sorted([story.approver2.pk, story.appeal.pk]), timedelta(seconds=1)

    sweep_at(due["remind"] - second)
    assert told("objection_overdue") == []
    for _run in range(2):
        sweep_at(due["remind"] + second)
    sweep_at(due["escalate"] - second)
    assert (told("objection_overdue"), told("objection_escalated")) == (decide, [])
    for _run in range(2):
        sweep_at(due["escalate"] + second)
    assert (told("objection_overdue"), told("objection_escalated")) == (decide, [head.pk])


@pytest.mark.parametrize(("language", "day"), [("en", "6 March 2026"), ("zh-hans", "2026年3月6日")])
def test_messages_say_since_when_and_nothing_of_whoever_objected(head: User, language: str, day: str) -> None:
    objection = objected(story_in("public_notice"))
    due = datetime(2026, 3, 6, 15, 59, tzinfo=UTC)
    Deadline.objects.about(objection).update(due_at=due, next_try_at=timezone.now() - timedelta(seconds=1))
    work.run("deadlines")

    for kind in ("objection_overdue", "objection_escalated"):
        notice = Notice.objects.filter(kind=f"incentives.{kind}", channel="email").first()
        assert notice
        with override(language):
            subject, paragraphs = render(notice)
        assert str(objection.application.number) in subject
        assert day in subject + paragraphs[0]
        assert "secret" not in (str(notice.context) + " ".join(paragraphs)).lower()
    assert Objection.objects.visible_to(head).get() == objection


def test_whoever_objects_reads_by_when_they_hear() -> None:
    objection = objected(story_in("public_notice"))
    due = timezone.localtime(moments(objection)["remind"])

    notice = Notice.objects.get(kind="incentives.objection_noted")
    with override("en"):
        _subject, paragraphs = render(notice)
    assert f"You hear of the decision by {due.day} {due:%B %Y}." in " ".join(paragraphs)


def test_head_who_belongs_to_the_applicant_hears_nothing(head: User) -> None:
    story = story_in("public_notice")
    objection = objected(story)
    Membership.objects.create(user=head, organisation=story.firm, role="viewer")

    sweep_at(moments(objection)["escalate"] + timedelta(seconds=1))

    assert told("objection_overdue") != []
    assert told("objection_escalated") == []


@pytest.mark.parametrize("decision", ["dismissed", "upheld"])
def test_decided_objection_has_no_clock_and_shows_who_decided(decision: str, client: Any, settings: Any) -> None:
    settings.DEMONSTRATION = True  # a second factor is not the subject
    story = story_in("public_notice")
    objection = objected(story)
    sweep_at(moments(objection)["remind"] + timedelta(seconds=1))

    if decision == "dismissed":
        services.dismiss_objection(objection=objection, by=story.appeal, reason="No facts")
    else:
        services.take_step(application=story.application, step="uphold_objection", by=story.appeal, reason="No facts")

    objection.refresh_from_db()
    assert (objection.status, moments(objection)) == (decision, {})
    client.force_login(story.appeal)
    taken = client.get(f"/admin/incentives/objection/{objection.pk}/change/").context["taken"]
    assert [(step.by, step.reason) for step in taken] == [(story.appeal, "No facts")]


@pytest.mark.parametrize(("step", "word"), [("decline", "declined"), ("withdraw", "withdrawn by the applicant")])
def test_objections_end_with_their_application(step: str, word: str, client: Any, settings: Any) -> None:
    settings.DEMONSTRATION = True  # a second factor is not the subject
    story = story_in("public_notice")
    first, second = objected(story), objected(story)
    services.dismiss_objection(objection=first, by=story.appeal, reason="No facts")

    story.step(step, story.manager if step == "decline" else story.signatory, reason="SECRET REASON")

    second.refresh_from_db()
    assert (second.status, moments(second), story.application.status) == ("dismissed", {}, STATUS_AFTER[step])
    notice = Notice.objects.get(kind="incentives.objection_ended")
    with override("en"):
        subject, paragraphs = render(notice)
    assert (notice.address, word in paragraphs[0]) == ("secret@demo.example", True)
    assert "secret" not in (str(notice.context) + subject + " ".join(paragraphs)).lower()
    client.force_login(story.appeal)
    page = client.get(f"/admin/incentives/objection/{second.pk}/change/")
    assert ([taken.step for taken in page.context["taken"]], "It ended with the application" in page.text) == (
        ["end"],
        True,
    )


def test_objection_from_before_gets_its_clock_counted_from_today() -> None:
    objection = objected(story_in("public_notice"))
    due = moments(objection)
    Deadline.objects.about(objection).delete()

    assert (services.set_missing_deadlines(), services.set_missing_deadlines()) == (2, 0)
    assert moments(objection) == due


def test_service_standard_judges_objections_by_the_promise() -> None:
    objection = objected(story_in("public_notice"))

    (found,) = (one for one in standings() if one.promise.key == "objection_decided")
    assert (found.promise.days(), found.figures.open, found.figures.overdue) == ([10], 1, 0)
    with time_machine.travel(moments(objection)["remind"] + timedelta(seconds=1), tick=False):
        (found,) = (one for one in standings() if one.promise.key == "objection_decided")
    assert (found.figures.open, found.figures.overdue) == (1, 1)
