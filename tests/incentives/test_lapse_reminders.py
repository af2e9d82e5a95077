"""Applicants hear in time that a draft, a returned application or an offer lapses: once, and not when it is done."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from django.utils.translation import override

from firms.models import Membership
from incentives import services
from incentives.lapsing import REMINDED_BEFORE
from incentives.models import Application, Round
from portal import clock, deadlines, work
from portal.models import Deadline, Notice, StepTaken
from portal.notices import render
from tests.incentives import make
from tests.incentives.stories import Story, story_in

pytestmark = pytest.mark.django_db

STATUSES = ["draft", "returned", "offered"]
KIND = "incentives.lapses_soon"
SECOND = timedelta(seconds=1)


def due(story: Story, step: str = Application.REMINDER) -> datetime:
    deadline = deadlines.open_deadline(story.application, step)
    assert deadline
    return deadline.due_at


def told(kind: str = KIND) -> list[int | None]:
    found = Notice.objects.filter(kind=kind, channel="in_app").order_by("recipient")
    return list(found.values_list("recipient", flat=True))


def sweep_at(moment: datetime) -> None:
    """Run the sweep at a moment; PostgreSQL's clock goes on, so rows are made due for it."""
    Deadline.objects.filter(done_at=None, due_at__lte=moment).update(next_try_at=timezone.now() - SECOND)
    with time_machine.travel(moment, tick=False):
        work.run("deadlines")


def waiting(status: str) -> Story:
    """Return an application that waits for its applicant for ten working days and more."""
    if status != "returned":
        return story_in(status)
    story = Story().fill().submit()
    story.step("return", story.screener, sections={"project": "Say more"}, working_days=10)
    return story


def finish(story: Story) -> None:
    """Take the step that is waited for."""
    if story.application.status == "offered":
        story.step("accept_offer", story.signatory)
    else:
        story.submit()


@pytest.mark.parametrize("status", STATUSES)
def test_applicant_is_reminded_once_some_working_days_before(status: str) -> None:
    story = waiting(status)
    viewer = make.member(story.firm, "viewer")
    moment, lapses = due(story), due(story, "lapse")
    assert clock.working_days_between(moment, lapses) == REMINDED_BEFORE[Application.Status(status)]
    assert Application.objects.with_due_date().get(pk=story.application.pk).due_at == lapses

    sweep_at(moment - SECOND)
    assert told() == []
    for _beat in range(2):
        sweep_at(moment + SECOND)

    assert told() == sorted([story.signatory.pk, story.editor.pk])
    assert viewer.pk not in told()
    assert StepTaken.objects.about(story.application).filter(step="remind_applicant").count() == 1
    assert Application.objects.get(pk=story.application.pk).status == status


@pytest.mark.parametrize("status", STATUSES)
def test_nobody_is_reminded_of_what_is_done(status: str) -> None:
    story = waiting(status)
    moment = due(story)

    finish(story)
    sweep_at(moment + SECOND)

    assert deadlines.open_deadline(story.application, Application.REMINDER) is None
    assert told() == []


@pytest.mark.parametrize("status", STATUSES)
def test_after_an_outage_what_has_lapsed_is_not_reminded_of(status: str) -> None:
    story = waiting(status)
    past = timezone.now() - timedelta(days=1)
    Round.objects.update(closes_at=past)
    Deadline.objects.about(story.application).filter(done_at=None).update(due_at=past, next_try_at=past)

    for _beat in range(2):
        work.run("deadlines")

    assert (told(), len(told("incentives.lapsed"))) == ([], 2)
    assert not Deadline.objects.about(story.application).filter(done_at=None).exists()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("status", STATUSES)
def test_message_says_what_by_when_and_what_becomes_of_it(status: str, language: str) -> None:
    story = waiting(status)
    Deadline.objects.about(story.application).filter(step="lapse").update(due_at=datetime(2027, 3, 5, 7, tzinfo=UTC))
    Round.objects.update(closes_at=datetime(2027, 3, 5, 7, tzinfo=UTC))
    sweep_at(due(story) + SECOND)

    notice = Notice.objects.filter(kind=KIND, channel="email").first()
    assert notice
    with override(language):
        subject, paragraphs = render(notice)
    text = " ".join(paragraphs)
    programme = story.round.programme
    said = {
        "en": ["5 March 2027", programme.title_en, "signatory"],
        "zh-hans": ["2027年3月5日", programme.title_zh, "签署人"],
    }[language]
    assert said[0] in subject
    assert all(words in text for words in said)
    if status == "draft":
        assert ("15:00" in text, "None" in subject + text) == (True, False)
    else:
        assert str(story.application.number) in subject
    assert ("CNY 500,000" if language == "en" else "50万元") in text or status != "offered"


def test_where_little_time_is_given_nobody_is_reminded_at_once() -> None:
    returned = Story().fill().submit()
    returned.step("return", returned.screener, sections={"project": "Say more"}, working_days=3)
    closing = Story(opened=make.round_of(closes_at=timezone.now() + timedelta(days=2)))

    for story in (returned, closing):
        assert deadlines.open_deadline(story.application, "lapse")
        assert deadlines.open_deadline(story.application, Application.REMINDER) is None


def test_round_that_is_moved_moves_the_reminder_and_reminds_of_the_later_end_too() -> None:
    story = waiting("draft")
    sweep_at(due(story) + SECOND)
    assert len(told()) == 2

    for days, reminders in ((40, 4), (60, 6)):
        story.round.closes_at = timezone.now() + timedelta(days=days)
        story.round.save()
        assert (services.reschedule_drafts(round=story.round), services.reschedule_drafts(round=story.round)) == (1, 0)
        assert clock.working_days_between(due(story), story.round.closes_at) == 5
        sweep_at(due(story) + SECOND)
        assert len(told()) == reminders


def test_round_that_ends_sooner_reminds_with_the_next_sweep() -> None:
    story = waiting("draft")
    story.round.closes_at = timezone.now() + timedelta(days=1)
    story.round.save()

    services.reschedule_drafts(round=story.round)
    work.run("deadlines")

    assert len(told()) == 2


@pytest.mark.parametrize("status", STATUSES)
def test_what_waited_before_there_were_reminders_gets_one_with_the_upgrade(status: str) -> None:
    story = waiting(status)
    moment = due(story)
    Deadline.objects.filter(step=Application.REMINDER).delete()

    assert (services.set_missing_deadlines(), services.set_missing_deadlines()) == (1, 0)
    assert due(story) == moment
    sweep_at(moment + SECOND)
    with time_machine.travel(moment + SECOND, tick=False):
        assert services.set_missing_deadlines() == 0


def test_those_who_left_the_applicant_hear_nothing() -> None:
    story = waiting("offered")
    Membership.objects.filter(user=story.editor).update(is_active=False)

    sweep_at(due(story) + SECOND)

    assert told() == [story.signatory.pk]


def test_reminder_is_no_news_on_the_page_of_the_applicant(client: Any) -> None:
    story = waiting("draft")
    sweep_at(due(story) + SECOND)
    client.force_login(story.signatory)

    page = client.get(story.application.get_absolute_url())

    assert (page.status_code, "Remind" in page.text) == (200, False)


@pytest.mark.parametrize(("status", "named"), [("draft", "“"), ("returned", "Application YP-")])
def test_what_lapsed_is_named_by_its_number_or_its_programme(status: str, named: str) -> None:
    story = waiting(status)
    past = timezone.now() - timedelta(days=1)
    Round.objects.update(closes_at=past)
    Deadline.objects.about(story.application).filter(done_at=None).update(due_at=past, next_try_at=past)

    work.run("deadlines")

    with override("en"):
        subjects = {render(notice)[0] for notice in Notice.objects.filter(kind="incentives.lapsed")}
    assert len(subjects) == 1
    assert subjects.pop().startswith(named)
