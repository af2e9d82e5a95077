"""The service standard of applications: each part of the work is judged by the date that was promised of it."""

from datetime import datetime
from typing import Any

import pytest
import time_machine

from incentives.models import Application
from portal import deadlines
from portal.clock import SHANGHAI
from portal.standards import Figures, standings
from tests.incentives import make


def on(day: int) -> time_machine.travel:
    """Travel to ten o'clock of a day of November 2026 in Shanghai."""
    return time_machine.travel(datetime(2026, 11, day, 10, tzinfo=SHANGHAI), tick=False)


def figures() -> dict[str, Figures]:
    return {one.promise.key: one.figures for one in standings() if one.promise.key.startswith("application")}


def take(application: Application, day: int, step: str, target: str, working_days: int = 0) -> None:
    """Write down a step as the lifecycle does, with the date that it promises; most of it is tested elsewhere."""
    with on(day):
        source, application.status = application.status, target
        if working_days:
            deadlines.set_deadline(application, "remind", working_days=working_days, while_status=target)
        make.step_taken(application, step, source, target)
        if source != target:
            deadlines.close(application, while_status=source)


@pytest.fixture
def application(db: None) -> Application:
    return make.draft()


def test_each_part_is_judged_by_its_own_promise_and_waiting_is_left_out(application: Any) -> None:
    take(application, 2, "submit", "submitted", 5)  # by Monday the 9th
    take(application, 4, "return", "returned")
    take(application, 13, "submit", "submitted", 5)  # by Friday the 20th
    take(application, 16, "accept", "under_review", 15)
    take(application, 17, "recommend", "recommended", 5)  # by Tuesday the 24th
    take(application, 25, "decline", "declined")
    with on(26):
        found = figures()

    judged = {key: (of.year.cases, of.year.judged, of.year.in_time, of.open) for key, of in found.items()}
    assert judged == {
        "application_screened": (2, 2, 2, 0),
        "application_reviewed": (1, 1, 1, 0),
        "application_decided": (1, 1, 0, 0),
        "application_whole": (1, 0, 0, 0),
    }


def test_what_waits_for_the_applicant_is_open_and_never_overdue(application: Any) -> None:
    take(application, 2, "submit", "submitted", 5)
    take(application, 4, "return", "returned")
    with on(26):
        found = figures()

    assert [(key, of.open, of.overdue) for key, of in found.items()] == [
        ("application_screened", 0, 0),
        ("application_reviewed", 0, 0),
        ("application_decided", 0, 0),
        ("application_whole", 1, 0),
    ]


def test_withdrawn_before_the_promised_moment_is_left_out_and_after_it_was_missed(application: Any) -> None:
    take(application, 2, "submit", "submitted", 5)
    take(application, 3, "withdraw", "withdrawn")
    late = make.draft()
    take(late, 2, "submit", "submitted", 5)
    take(late, 12, "withdraw", "withdrawn")
    with on(26):
        screened = figures()["application_screened"].year

    assert (screened.cases, screened.judged, screened.in_time) == (0, 1, 0)


def test_time_of_the_whole_is_that_of_the_working_days_without_waiting(application: Any) -> None:
    others = [application, *(make.draft() for _number in range(4))]
    for one in others:
        take(one, 2, "submit", "submitted", 5)
        take(one, 4, "return", "returned")
        take(one, 13, "submit", "submitted", 5)
        take(one, 17, "decline", "declined")
    with on(26):
        whole = figures()["application_whole"].year

    # Two days until it was returned, and Friday to Tuesday: two more.
    assert (whole.cases, whole.median, whole.ninetieth) == (5, 4.0, 4.0)
