"""Inquiries that are older than a clock get it once: the head hears of those that wait, ended ones are erased in time."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from investors.lifecycle import INQUIRY
from investors.models import Inquiry
from investors.services.older_inquiries import set_missing_clocks
from portal import clock
from portal.models import Deadline, StepTaken
from tests.investors.test_escalation import heard, let_pass

type Make = Callable[..., Inquiry]
HEAD = ["escalate_acknowledge_head", "escalate_answer_head"]


def moments(inquiry: Inquiry) -> dict[str, tuple[datetime, str]]:
    """Return the open clocks of the head and of the erasure, with the status that keeps each open."""
    found = Deadline.objects.about(inquiry).filter(step__in=[*HEAD, "forget"], done_at=None)
    return {row.step: (row.due_at, row.while_status) for row in found}


@pytest.mark.parametrize(("status", "steps"), [("received", HEAD), ("acknowledged", HEAD[1:])])
def test_waiting_inquiry_gets_the_clock_of_the_head_that_a_new_one_has(
    people: SimpleNamespace, make_inquiry: Make, status: str, steps: list[str]
) -> None:
    inquiry = make_inquiry(status)
    new = moments(inquiry)
    Deadline.objects.about(inquiry).filter(step__in=HEAD).delete()

    assert [set_missing_clocks(), set_missing_clocks()] == [len(steps), 0]

    assert moments(inquiry) == new
    let_pass(inquiry, "escalate_answer_head")
    assert heard("answer_overdue_head") == ["Head", "Investment"]
    assert set_missing_clocks() == 0


def test_what_is_late_already_is_told_at_the_end_of_the_next_working_day(
    people: SimpleNamespace, make_inquiry: Make
) -> None:
    inquiry = make_inquiry("acknowledged")
    Deadline.objects.about(inquiry).filter(step__in=HEAD).delete()
    with time_machine.travel(inquiry.answer_due + timedelta(days=9), tick=False):
        set_missing_clocks()
        tomorrow = clock.after_working_days(timezone.now(), 1).at

    assert moments(inquiry) == {"escalate_answer_head": (tomorrow, "acknowledged")}


@pytest.mark.parametrize("status", ["closed", "withdrawn", "merged"])
def test_ended_inquiry_is_erased_so_many_years_after_the_last_thing_that_happened(
    make_inquiry: Make, status: str
) -> None:
    inquiry = make_inquiry(status)
    last = StepTaken.objects.about(inquiry).latest("pk").at
    Deadline.objects.about(inquiry).filter(step="forget").delete()

    assert [set_missing_clocks(), set_missing_clocks()] == [1, 0]

    assert moments(inquiry) == {"forget": (last + timedelta(days=365 * settings.INQUIRY_RETENTION_YEARS), status)}


def test_erased_inquiry_gets_no_clock(make_inquiry: Make) -> None:
    inquiry = make_inquiry("closed")
    INQUIRY.apply(inquiry, "forget", by=inquiry.sender)
    Deadline.objects.about(inquiry).filter(step="forget").delete()

    assert set_missing_clocks() == 0
