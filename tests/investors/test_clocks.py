"""The clocks of inquiries: over holidays, make-up days and the year's end, stopped, missed, doubled, set back."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from investors.lifecycle import INQUIRY
from investors.models import Inquiry
from investors.services.inquiries import write_message
from portal import work
from portal.lifecycle import StepClosed
from portal.models import Deadline, Notice, StepTaken

type Make = Callable[..., Inquiry]
SECOND = timedelta(seconds=1)


def at(text: str) -> datetime:
    """Return a moment of Shanghai's clock."""
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


def due_days(inquiry: Inquiry) -> tuple[str, str]:
    """Return the days of the promised confirmation and answer."""
    first, second = (timezone.localdate(moment) for moment in (inquiry.acknowledge_due, inquiry.answer_due))
    return first.isoformat(), second.isoformat()


def open_deadlines(inquiry: Inquiry) -> dict[str, str]:
    """Return the open deadlines of an inquiry with their hours in Shanghai."""
    found = Deadline.objects.about(inquiry).filter(done_at=None).order_by("due_at", "step")
    return {d.step: timezone.localtime(d.due_at).strftime("%m-%d %H:%M") for d in found}


def sweep_at(moment: datetime) -> list[str]:
    """Let the sweep run at a moment; return the steps it took. PostgreSQL's own clock does not travel."""
    before = StepTaken.objects.count()
    waiting = Deadline.objects.filter(done_at=None, due_at__lte=moment)
    waiting.update(next_try_at=datetime(2000, 1, 1, tzinfo=UTC))
    with time_machine.travel(moment, tick=False):
        work.run("deadlines")
    return list(StepTaken.objects.order_by("pk").values_list("step", flat=True)[before:])


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-02-12 10:00", ("2026-02-13", "2026-02-26")),  # Spring Festival 15 to 23 February; 14 and 28 are worked
        ("2026-02-18 10:00", ("2026-02-24", "2026-02-28")),  # on the second day of it; Saturday 28 is a make-up day
        ("2026-09-30 23:59", ("2026-10-08", "2026-10-13")),  # National Day 1 to 7 October; Saturday 10 is worked
        ("2026-10-09 09:00", ("2026-10-10", "2026-10-15")),
        ("2025-12-30 09:00", ("2025-12-31", "2026-01-07")),  # New Year 1 to 3 January; Sunday 4 is a make-up day
    ],
)
def test_dates_over_holidays_and_make_up_days(make_inquiry: Make, received: str, due: tuple[str, str]) -> None:
    with time_machine.travel(at(received), tick=False):
        assert due_days(make_inquiry()) == due


def test_every_stage_is_a_deadline_of_its_own(make_inquiry: Make) -> None:
    with time_machine.travel(at("2026-09-29 10:00"), tick=False):
        inquiry = make_inquiry()

    assert open_deadlines(inquiry) == {
        "remind_acknowledge": "09-30 09:00",
        "escalate_acknowledge": "09-30 23:59",
        "escalate_acknowledge_head": "10-08 23:59",
        "remind_answer": "10-10 09:00",
        "escalate_answer": "10-12 23:59",
        "escalate_answer_head": "10-13 23:59",
    }


def test_each_due_stage_costs_twelve_statements(make_inquiry: Make) -> None:
    """Beginning and end of both transactions, what is due, its row, the inquiry, step, officer, roles, notices, done."""
    found = [make_inquiry() for _number in range(4)]
    Deadline.objects.exclude(step="remind_answer").delete()
    Deadline.objects.update(due_at=timezone.now() - SECOND)

    def statements(*inquiries: Inquiry) -> int:
        due = Deadline.objects.filter(subject_id__in=[inquiry.pk for inquiry in inquiries])
        due.update(next_try_at=datetime(2000, 1, 1, tzinfo=UTC))
        with CaptureQueriesContext(connection) as captured:
            assert work.run("deadlines") == len(inquiries)
        return len(captured)

    assert statements(*found[:3]) - statements(found[3]) <= 2 * 12


def test_missed_and_doubled_beats_fire_each_stage_once(make_inquiry: Make) -> None:
    with time_machine.travel(at("2026-09-29 10:00"), tick=False):
        make_inquiry()
    night = at("2026-10-08 08:00")  # no beat came since the officer was to be reminded

    taken = [sweep_at(night), sweep_at(night), sweep_at(night + SECOND)]

    assert [sorted(steps) for steps in taken] == [["escalate_acknowledge", "remind_acknowledge"], [], []]


def test_clock_that_is_set_back_fires_nothing_twice_and_nothing_early(make_inquiry: Make) -> None:
    with time_machine.travel(at("2026-09-29 10:00"), tick=False):
        make_inquiry()
    assert sweep_at(at("2026-09-30 09:00")) == ["remind_acknowledge"]

    Deadline.objects.filter(done_at=None).update(next_try_at=datetime(2000, 1, 1, tzinfo=UTC))
    with time_machine.travel(at("2026-09-29 11:00"), tick=False):
        done = work.run("deadlines")

    assert done == 0
    assert sweep_at(at("2026-09-30 09:00:01")) == []


def test_question_to_the_sender_stops_the_clock_and_a_reply_lets_it_run_on(
    people: SimpleNamespace, make_inquiry: Make
) -> None:
    with time_machine.travel(at("2026-09-28 10:00"), tick=False):  # Monday: the answer is due on 10 October
        inquiry = make_inquiry()
    with time_machine.travel(at("2026-09-30 10:00"), tick=False):
        write_message(by=people.officer, inquiry=inquiry, step="ask_back", text="Which sector?", key=uuid4())
    inquiry.refresh_from_db()
    asked = (inquiry.status, inquiry.days_left, inquiry.next_due, open_deadlines(inquiry))

    with time_machine.travel(at("2026-10-12 20:00"), tick=False):
        write_message(by=people.investor, inquiry=inquiry, step="reply", text="Robots.", key=uuid4())
    inquiry.refresh_from_db()

    assert asked == ("waiting", 3, None, {"remind_sender": "10-13 09:00", "close_unanswered": "11-03 23:59"})
    assert (inquiry.status, due_days(inquiry)[1]) == ("acknowledged", "2026-10-15")
    assert open_deadlines(inquiry) == {
        "remind_answer": "10-14 09:00",
        "escalate_answer": "10-15 23:59",
        "escalate_answer_head": "10-16 23:59",
    }


def test_question_on_the_last_day_leaves_one_day_after_the_reply(people: SimpleNamespace, make_inquiry: Make) -> None:
    with time_machine.travel(at("2026-11-02 10:00"), tick=False):
        inquiry = make_inquiry()
    with time_machine.travel(at("2026-11-09 10:00"), tick=False):
        write_message(by=people.officer, inquiry=inquiry, step="ask_back", text="Which sector?", key=uuid4())
    with time_machine.travel(at("2026-11-14 23:00"), tick=False):  # a Saturday
        write_message(by=people.investor, inquiry=inquiry, step="reply", text="Robots.", key=uuid4())

    inquiry.refresh_from_db()
    assert (inquiry.days_left, due_days(inquiry)[1]) == (0, "2026-11-16")


def test_question_after_the_promised_day_does_not_make_up_for_it(people: SimpleNamespace, make_inquiry: Make) -> None:
    with time_machine.travel(at("2026-11-02 10:00"), tick=False):
        inquiry = make_inquiry()
    with time_machine.travel(at("2026-11-14 10:00"), tick=False):  # Saturday; due was Monday
        write_message(by=people.officer, inquiry=inquiry, step="ask_back", text="Which sector?", key=uuid4())
    with time_machine.travel(at("2026-11-16 10:00"), tick=False):
        write_message(by=people.investor, inquiry=inquiry, step="reply", text="Robots.", key=uuid4())

    inquiry.refresh_from_db()
    assert (inquiry.days_left, due_days(inquiry)[1]) == (-4, "2026-11-09")
    assert open_deadlines(inquiry) == {"escalate_answer_head": "11-17 23:59"}


@pytest.mark.parametrize("end", ["answer", "withdraw"])
def test_time_that_stands_still_is_no_time_of_ours(people: SimpleNamespace, make_inquiry: Make, end: str) -> None:
    with time_machine.travel(at("2026-11-02 10:00"), tick=False):
        inquiry = make_inquiry("waiting")
    with time_machine.travel(at("2026-11-20 10:00"), tick=False):  # the answer was first promised by 9 November
        if end == "answer":
            write_message(by=people.officer, inquiry=inquiry, step="answer", text="This one.", key=uuid4())
        else:
            INQUIRY.apply(inquiry, "withdraw", by=people.investor)

    inquiry.refresh_from_db()
    rows = Deadline.objects.about(inquiry).filter(step="escalate_answer").order_by("pk")
    assert due_days(inquiry)[1] == "2026-11-27"
    assert timezone.localdate(rows[1].due_at).isoformat() == "2026-11-27"
    assert open_deadlines(inquiry).keys() <= {"forget"}


def test_silent_sender_is_reminded_then_the_inquiry_is_closed_and_opens_again(
    people: SimpleNamespace, make_inquiry: Make
) -> None:
    with time_machine.travel(at("2026-11-02 10:00"), tick=False):
        inquiry = make_inquiry("waiting")

    reminded = sweep_at(at("2026-11-09 09:00"))
    closed = sweep_at(at("2026-11-30 23:59:59.999999"))

    inquiry.refresh_from_db()
    told = (
        Notice.objects.filter(recipient=people.investor, channel="email").order_by("pk").values_list("kind", flat=True)
    )
    assert (reminded, closed, inquiry.status) == (["remind_sender"], ["close_unanswered"], "closed")
    assert list(told)[-3:] == [
        "investors.sender_asked",
        "investors.sender_reminded",
        "investors.inquiry_closed_waiting",
    ]
    with pytest.raises(StepClosed, match="not answered"):
        INQUIRY.apply(inquiry, "rate", by=people.investor, rating=5)
    with time_machine.travel(at("2026-12-01 10:00"), tick=False):
        write_message(by=people.investor, inquiry=inquiry, step="reply", text="Robots.", key=uuid4())
    inquiry.refresh_from_db()
    assert (inquiry.status, due_days(inquiry)[1]) == ("acknowledged", "2026-12-08")


def test_answer_plans_a_follow_up_of_which_the_officer_is_told(people: SimpleNamespace, make_inquiry: Make) -> None:
    with time_machine.travel(at("2026-11-02 10:00"), tick=False):
        inquiry = make_inquiry("closed")
        INQUIRY.apply(inquiry, "plan_follow_up", by=people.officer, follow_up_on=timezone.localdate() + timedelta(14))

    assert sweep_at(at("2026-11-16 08:59")) == []
    assert sweep_at(at("2026-11-16 09:00")) == ["follow_up"]
    told = Notice.objects.filter(kind="investors.follow_up_due", channel="email")
    assert [notice.recipient for notice in told] == [people.officer]


def test_waiting_without_days_left_is_refused_by_the_database(make_inquiry: Make) -> None:
    inquiry = make_inquiry("waiting")

    with (
        pytest.raises(DatabaseError, match="inquiry_waiting_keeps_days_left"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE investors_inquiry SET days_left = NULL WHERE id = %s", [inquiry.pk])
