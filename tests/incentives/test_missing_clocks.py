"""What was in progress before there were clocks gets them with the upgrade: once, and counted from that day."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from incentives import services
from portal import clock, deadlines, work
from portal.models import Deadline
from tests.incentives.stories import Story, story_in


def open_deadlines(obj: Any) -> dict[str, Any]:
    return dict(Deadline.objects.about(obj).filter(done_at=None).values_list("step", "due_at"))


def in_working_days(days: int) -> Any:
    return clock.after_working_days(timezone.now(), days).at


def test_application_and_reviews_from_before_get_their_clocks_counted_from_today(db: None) -> None:
    story = Story().fill().submit().accept()
    Deadline.objects.all().delete()

    assert services.set_missing_deadlines() == 2 + 2 * 4
    assert services.set_missing_deadlines() == 0
    assert open_deadlines(story.application) == {"remind": in_working_days(15), "escalate": in_working_days(18)}
    for assignment in story.application.assignments.all():
        assert open_deadlines(assignment) == {
            "remind_soon": in_working_days(4),
            "remind_due": in_working_days(6),
            "replace": in_working_days(8),
            "report_missing": in_working_days(8),
        }


def test_escalation_follows_a_promise_that_is_open_and_counts_from_today_where_it_has_passed(db: None) -> None:
    open_one, passed = story_in("submitted"), story_in("submitted")
    Deadline.objects.filter(step="escalate").delete()
    Deadline.objects.about(passed.application).filter(step="remind").update(done_at=timezone.now())

    assert services.set_missing_deadlines() == 2
    assert open_deadlines(open_one.application)["escalate"] == in_working_days(5 + 3)
    assert open_deadlines(passed.application) == {"escalate": in_working_days(3)}


@pytest.mark.parametrize("status", ["draft", "submitted", "returned", "under_review", "recommended", "first_approved"])
def test_nothing_is_missing_where_the_clocks_ran_from_the_beginning(db: None, status: str) -> None:
    story_in(status)

    assert services.set_missing_deadlines() == 0


@pytest.mark.parametrize("status", ["public_notice", "offered", "active", "declined", "withdrawn", "lapsed"])
def test_nothing_is_set_where_nobody_of_the_district_is_waited_for(db: None, status: str) -> None:
    story = story_in(status)
    Deadline.objects.about(story.application).filter(step__in=("remind", "escalate")).delete()
    for assignment in story.application.assignments.all():
        Deadline.objects.about(assignment).delete()

    assert services.set_missing_deadlines() == 0


def test_reminder_of_an_earlier_stay_in_the_status_does_not_stand_for_this_one(db: None) -> None:
    story = Story().fill().submit().accept().review().recommend()
    story.step("send_back", story.approver, reason="Look again")
    assert services.set_missing_deadlines() == 0
    Deadline.objects.about(story.application).filter(done_at=None).delete()

    assert services.set_missing_deadlines() == 2


def test_what_was_reminded_and_has_run_out_is_not_set_again(db: None) -> None:
    story = story_in("submitted")
    late = timezone.now() + timedelta(days=30)
    Deadline.objects.filter(done_at=None).update(due_at=timezone.now(), next_try_at=timezone.now())
    with time_machine.travel(late, tick=False):
        work.run("deadlines")

    assert open_deadlines(story.application) == {}
    assert services.set_missing_deadlines() == 0


def test_migrate_sets_what_is_missing(committed_db: str, capsys: Any) -> None:
    with transaction.atomic():
        story_in("submitted")
        Deadline.objects.all().delete()

    call_command("migrate")
    assert "Set 2 deadlines of what was in progress." in capsys.readouterr().out
    assert deadlines.set_missing() == 0
