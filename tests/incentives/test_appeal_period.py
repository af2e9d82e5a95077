"""The appeal period is fixed with the decision: every page says the same day, and no calendar makes it shorter."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from incentives import conditions, services
from incentives.contributions import to_appeal
from incentives.models import Application
from portal import clock, deadlines, holidays, work
from portal.clock import SHANGHAI
from portal.holiday_notice import Day
from portal.lifecycle import StepClosed
from portal.local_form import day
from portal.models import Deadline, Notice, RecountItem, StepTaken, User
from portal.roles import Role
from tests.incentives import make
from tests.incentives.stories import Story, story_in

pytestmark = pytest.mark.django_db

PERIOD = Application.APPEAL_PERIOD


def until_of(story: Story) -> datetime:
    deadline = deadlines.open_deadline(story.application, PERIOD)
    assert deadline
    return deadline.due_at


def a_year_ends() -> Any:
    """Travel to a Wednesday between Christmas and New Year, when the holidays of the next year are not published."""
    return time_machine.travel(datetime(2026, 12, 30, 10, tzinfo=SHANGHAI), tick=False)


def publish(days: dict[date, Day]) -> None:
    administrator = make.person("administrator", Role.ADMINISTRATOR)
    seen = holidays.digest_of(2027)
    holidays.publish_year(by=administrator, year=2027, days=days, source="Notice", seen=seen)
    RecountItem.objects.open().update(next_try_at=datetime(2020, 1, 1, tzinfo=UTC))
    work.run(holidays.QUEUE)


def declined_at_the_end_of_the_year() -> Story:
    story = Story(appeal_days=3).fill().submit()
    with a_year_ends():
        story.decline()
    return story


def told() -> set[User | None]:
    return {notice.recipient for notice in Notice.objects.filter(kind="portal.dates_moved")}


def test_make_up_saturday_published_afterwards_leaves_the_day_of_the_letter() -> None:
    story = declined_at_the_end_of_the_year()
    until = until_of(story)
    assert until.astimezone(SHANGHAI).date() == date(2027, 1, 4)

    with a_year_ends():
        publish({date(2027, 1, 2): Day(is_working=True, name="New Year's Day")})
        assert clock.after_working_days(timezone.now(), 3).day == date(2027, 1, 2)

    assert (until_of(story), conditions.appeal_until(story.application)) == (until, until)
    letter = story.application.letters.get(kind="decline", language="en")
    assert day(until) in str(letter.content["body"])
    assert told() == set()
    with time_machine.travel(until - timedelta(minutes=1), tick=False):
        assert [item.due_at for item in to_appeal(story.signatory)] == [until]


def test_holidays_published_afterwards_lengthen_it_and_the_applicant_hears() -> None:
    story = declined_at_the_end_of_the_year()

    with a_year_ends():
        publish({date(2027, 1, number): Day(is_working=False, name="New Year's Day") for number in (1, 2, 3)})

    until = until_of(story)
    assert (until.astimezone(SHANGHAI).date(), conditions.appeal_until(story.application)) == (date(2027, 1, 5), until)
    assert told() == {story.signatory, story.editor}


def test_page_and_guard_read_the_fixed_day_whatever_the_calendar_says_now(client: Any) -> None:
    story = story_in("declined")
    fixed = timezone.now() + timedelta(days=40)
    Deadline.objects.about(story.application).filter(step=PERIOD).update(due_at=fixed)
    client.force_login(story.signatory)

    page = client.get(f"/en/desk/applications/{story.application.uid}/appeal/")
    assert page.context["until"] == fixed
    Deadline.objects.about(story.application).filter(step=PERIOD).update(due_at=timezone.now() - timedelta(seconds=5))
    with pytest.raises(StepClosed, match="The appeal period has ended"):
        services.appeal_decision(application=story.application, by=story.signatory, reasons="Late", key=uuid4())


def test_period_that_ends_is_written_down_once_and_known_afterwards() -> None:
    story = story_in("declined")
    until = until_of(story)
    Deadline.objects.about(story.application).update(next_try_at=timezone.now() - timedelta(seconds=1))

    with time_machine.travel(until + timedelta(seconds=1), tick=False):
        for _run in range(2):
            work.run("deadlines")

    assert StepTaken.objects.about(story.application).filter(step=PERIOD).count() == 1
    assert deadlines.open_deadline(story.application, PERIOD) is None
    assert conditions.appeal_until(story.application) == until


@pytest.mark.parametrize("how", ["appealed", "reopened"])
def test_period_is_closed_by_the_appeal_and_there_is_no_second_one(how: str) -> None:
    story = story_in("declined")
    if how == "appealed":
        services.appeal_decision(application=story.application, by=story.signatory, reasons="No", key=uuid4())
        assert deadlines.open_deadline(story.application, PERIOD) is None
    story.step("reopen", story.appeal, reason="Heard")
    story.decline()

    assert Deadline.objects.about(story.application).filter(step=PERIOD).count() == 1
    assert deadlines.open_deadline(story.application, PERIOD) is None
    assert services.set_missing_deadlines() == 0


def test_decision_from_before_gets_its_period_counted_from_the_decision() -> None:
    story = story_in("declined")
    until = until_of(story)
    Deadline.objects.about(story.application).filter(step=PERIOD).delete()

    with time_machine.travel(until + timedelta(days=1), tick=False):
        assert services.set_missing_deadlines() == 0
    with time_machine.travel(until - timedelta(hours=1), tick=False):
        assert (services.set_missing_deadlines(), services.set_missing_deadlines()) == (1, 0)
    assert until_of(story) == until


def test_period_is_no_due_date_of_the_application() -> None:
    story = story_in("declined")

    assert Application.objects.with_due_date().get(pk=story.application.pk).due_at is None
