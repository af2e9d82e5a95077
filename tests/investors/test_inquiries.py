"""Inquiries: reference, officer, dates, thread, clocks."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.utils import timezone, translation

from firms.models import Organisation
from investors.lifecycle import INQUIRY
from investors.models import Inquiry, InquiryMessage
from investors.services.inquiries import HOURLY, Question, TooMany, send_inquiry, write_message
from portal import work
from portal.lifecycle import NotAllowed, StepClosed
from portal.models import Deadline, Notice, StepTaken
from portal.notices import render
from portal.roles import Role
from tests.investors.conftest import make_user

type Make = Callable[..., Inquiry]
QUESTION = Question(topic="talent", language="en", subject="Graduates", text="How many?")


def test_inquiry_is_received_with_reference_officer_and_dates_of_working_days(people: SimpleNamespace) -> None:
    before_national_day = datetime(2026, 9, 30, 2, 0, tzinfo=UTC)  # Wednesday; holidays from 1 to 7 October
    with time_machine.travel(before_national_day, tick=False):
        inquiry = send_inquiry(by=people.investor, question=QUESTION, key=uuid4())

    days = [timezone.localdate(moment).isoformat() for moment in (inquiry.acknowledge_due, inquiry.answer_due)]
    assert re.fullmatch(r"INQ-2026-\d{6}", inquiry.reference)
    assert inquiry.officer == people.officer
    assert days == ["2026-10-08", "2026-10-13"]  # 10 October is a make-up working day


def test_sender_and_officer_are_told(people: SimpleNamespace, make_inquiry: Make) -> None:
    make_inquiry()

    told = Notice.objects.values_list("kind", "channel", "recipient__name").order_by("kind", "channel")

    assert list(told) == [
        ("investors.inquiry_assigned", "email", "Investment"),
        ("investors.inquiry_assigned", "in_app", "Investment"),
        ("investors.inquiry_received", "email", "Investor"),
        ("investors.inquiry_received", "in_app", "Investor"),
    ]


def test_officer_with_fewest_waiting_is_named(people: SimpleNamespace, make_inquiry: Make) -> None:
    second = make_user("second", Role.INVESTMENT)

    officers = [make_inquiry().officer for _number in range(4)]
    answered = Inquiry.objects.filter(officer=second).first()
    write_message(by=people.officer, inquiry=answered, step="answer", text="So.", key=uuid4())

    assert officers == [people.officer, second, people.officer, second]
    assert make_inquiry().officer == second


def test_without_officer_the_head_hears(people: SimpleNamespace, make_inquiry: Make) -> None:
    people.officer.is_active = False
    people.officer.save()

    inquiry = make_inquiry()

    told = Notice.objects.filter(kind="investors.inquiry_assigned", channel="in_app")
    assert inquiry.officer is None
    assert [notice.recipient for notice in told] == [people.head]


def test_same_key_sends_once(people: SimpleNamespace) -> None:
    key = uuid4()

    first, second = (send_inquiry(by=people.investor, question=QUESTION, key=key) for _time in range(2))

    assert first.pk == second.pk
    assert (Inquiry.objects.count(), StepTaken.objects.about(first).count()) == (1, 1)


def test_too_many_in_an_hour_are_refused_courteously(people: SimpleNamespace, make_inquiry: Make) -> None:
    for _number in range(HOURLY):
        make_inquiry()

    with pytest.raises(TooMany):
        make_inquiry()

    assert make_inquiry(sender=people.stranger).sender == people.stranger


def test_answer_without_confirmation_confirms(people: SimpleNamespace, make_inquiry: Make) -> None:
    inquiry = make_inquiry("answered")

    assert inquiry.acknowledged_at == inquiry.answered_at
    assert Deadline.objects.about(inquiry).filter(done_at=None).count() == 0


def test_confirmation_carries_the_clock_of_the_answer_over(make_inquiry: Make) -> None:
    inquiry = make_inquiry("acknowledged")

    still_open = Deadline.objects.about(inquiry).filter(done_at=None)

    assert sorted(still_open.values_list("step", "while_status")) == [
        ("escalate_answer", "acknowledged"),
        ("escalate_answer_head", "acknowledged"),
        ("remind_answer", "acknowledged"),
    ]


@pytest.mark.parametrize("status", ["answered", "closed"])
def test_reply_after_the_answer_opens_again_and_promises_anew(
    people: SimpleNamespace, make_inquiry: Make, status: str
) -> None:
    inquiry = make_inquiry(status)
    past = timezone.now() - timedelta(days=60)
    Inquiry.objects.filter(pk=inquiry.pk).update(received_at=past, acknowledge_due=past, answer_due=past)

    write_message(by=people.investor, inquiry=inquiry, step="reply", text="And then?", key=uuid4())

    inquiry.refresh_from_db()
    assert inquiry.status == "acknowledged"
    assert inquiry.answer_due > timezone.now() + timedelta(days=4)
    assert [message.body for message in inquiry.messages.all()] == ["This one.", "And then?"]
    assert sorted(Deadline.objects.about(inquiry).filter(done_at=None).values_list("step", flat=True)) == [
        "escalate_answer",
        "escalate_answer_head",
        "remind_answer",
    ]


def test_same_key_writes_one_message(people: SimpleNamespace, make_inquiry: Make) -> None:
    inquiry, key = make_inquiry(), uuid4()

    for _time in range(2):
        write_message(by=people.investor, inquiry=inquiry, step="reply", text="P.S.", key=key)

    assert inquiry.messages.count() == 1


def test_stranger_and_asker_cannot_answer(people: SimpleNamespace, make_inquiry: Make) -> None:
    inquiry = make_inquiry(sender=people.officer)

    for who in (people.officer, people.stranger, people.head):
        with pytest.raises(NotAllowed):
            write_message(by=who, inquiry=inquiry, step="answer", text="So.", key=uuid4())


def test_internal_note_is_seen_by_staff_alone(people: SimpleNamespace, make_inquiry: Make) -> None:
    inquiry = make_inquiry()
    write_message(by=people.officer, inquiry=inquiry, step="note", text="Ask the tax office.", key=uuid4())

    seen = {
        who: InquiryMessage.objects.visible_to(getattr(people, who)).count()
        for who in ("investor", "stranger", "officer", "auditor", "head", "registry", "norole")
    }

    assert seen == {"investor": 0, "stranger": 0, "officer": 1, "auditor": 1, "head": 1, "registry": 0, "norole": 0}


def test_hand_over_names_and_tells_the_new_officer(people: SimpleNamespace, make_inquiry: Make) -> None:
    inquiry, second = make_inquiry(), make_user("second", Role.INVESTMENT)

    INQUIRY.apply(inquiry, "hand_over", by=people.head, officer=second.pk)

    inquiry.refresh_from_db()
    assert inquiry.officer == second
    assert Notice.objects.filter(kind="investors.inquiry_assigned", recipient=second, channel="in_app").count() == 1


@pytest.mark.parametrize("who", ["officer", "head", "investor"])
def test_hand_over_to_nobody_else_is_refused(people: SimpleNamespace, make_inquiry: Make, who: str) -> None:
    inquiry = make_inquiry()

    with pytest.raises(StepClosed):
        INQUIRY.apply(inquiry, "hand_over", by=people.head, officer=getattr(people, who).pk)


def test_rating_once_from_1_to_5(people: SimpleNamespace, make_inquiry: Make) -> None:
    inquiry = make_inquiry("answered")

    for rating in (0, 6):
        with pytest.raises(StepClosed):
            INQUIRY.apply(inquiry, "rate", by=people.investor, rating=rating)
    INQUIRY.apply(inquiry, "rate", by=people.investor, rating=4)
    with pytest.raises(StepClosed, match="rated it already"):
        INQUIRY.apply(inquiry, "rate", by=people.investor, rating=5)

    inquiry.refresh_from_db()
    assert inquiry.rating == 4


def test_clocks_fire_once_each_and_never_early(people: SimpleNamespace, make_inquiry: Make) -> None:
    start = timezone.now()
    inquiry = make_inquiry()
    moments = {d.step: d.due_at for d in Deadline.objects.about(inquiry)}
    assert work.run("deadlines") == 0
    assert all(moment > start for moment in moments.values())

    fired = []
    for step in sorted(moments, key=moments.__getitem__):
        Deadline.objects.about(inquiry).filter(step=step).update(next_try_at=timezone.now() - timedelta(seconds=1))
        with time_machine.travel(moments[step] + timedelta(seconds=1), tick=False):
            fired += [work.run("deadlines"), work.run("deadlines")]

    taken = StepTaken.objects.about(inquiry).exclude(step="receive").values_list("step", flat=True)
    assert fired == [1, 0] * 6
    assert list(taken) == [
        "remind_acknowledge",
        "escalate_acknowledge",
        "escalate_acknowledge_head",
        "remind_answer",
        "escalate_answer",
        "escalate_answer_head",
    ]
    told = Notice.objects.filter(channel="in_app", kind__contains="overdue").values_list("kind", "recipient__name")
    assert sorted(told) == [
        ("investors.answer_overdue", "Head"),
        ("investors.answer_overdue", "Investment"),
        ("investors.answer_overdue_head", "Head"),
        ("investors.answer_overdue_head", "Investment"),
        ("investors.confirmation_overdue", "Head"),
        ("investors.confirmation_overdue", "Investment"),
        ("investors.confirmation_overdue_head", "Head"),
        ("investors.confirmation_overdue_head", "Investment"),
    ]


def test_escalation_before_its_moment_is_closed(make_inquiry: Make) -> None:
    inquiry = make_inquiry()
    Deadline.objects.about(inquiry).update(next_try_at=timezone.now() - timedelta(seconds=1))

    work.run("deadlines")

    assert not Notice.objects.filter(kind__contains="overdue").exists()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_message_renders_in_both_languages(people: SimpleNamespace, make_inquiry: Make, language: str) -> None:
    make_inquiry()

    with translation.override(language):
        rendered = [render(notice) for notice in Notice.objects.all()]

    assert all(subject and paragraphs and "{" not in subject + "".join(paragraphs) for subject, paragraphs in rendered)


def test_history_masks_what_was_asked(make_inquiry: Make) -> None:
    from portal.models import HistoryEntry

    entry = HistoryEntry.objects.of(make_inquiry()).filter(operation="insert").get()

    assert (entry.now["subject"], entry.now["text"]) == ("…", "…")


def test_answered_without_time_is_refused_by_the_database(make_inquiry: Make) -> None:
    inquiry = make_inquiry()

    with pytest.raises(DatabaseError, match="inquiry_a"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE investors_inquiry SET status = 'answered' WHERE id = %s", [inquiry.pk])


def test_nobody_asks_in_the_name_of_anothers_organisation(people: SimpleNamespace, firm: Organisation) -> None:
    question = Question("other", "en", "Subject", "Text", organisation=firm)

    with pytest.raises(NotAllowed):
        send_inquiry(by=people.stranger, question=question, key=uuid4())

    assert send_inquiry(by=people.viewer, question=question, key=uuid4()).organisation == firm


def test_published_holidays_move_the_promised_dates_of_an_inquiry_earlier_never_later(
    people: SimpleNamespace, make_inquiry: Make
) -> None:
    from datetime import date

    from portal import holidays
    from portal.clock import end_of
    from portal.holiday_notice import Day
    from portal.models import RecountItem

    with time_machine.travel(datetime(2026, 12, 30, 2, 0, tzinfo=UTC), tick=False):
        inquiry = make_inquiry()  # Wednesday: by the 31st, and by Wednesday 6 January
        days = {date(2027, 1, 3): Day(is_working=True, name="New Year's Day")}
        seen = holidays.digest_of(2027)
        holidays.publish_year(by=people.administrator, year=2027, days=days, source="Notice", seen=seen)
        RecountItem.objects.update(next_try_at=datetime(2020, 1, 1, tzinfo=UTC))
        work.run(holidays.QUEUE)

    before = (inquiry.acknowledge_due, inquiry.answer_due, inquiry.due_estimated)
    inquiry.refresh_from_db()
    told = Notice.objects.filter(kind__startswith="portal.dates", channel="in_app").order_by("kind")
    reminder = Deadline.objects.about(inquiry).get(step="remind_answer").due_at
    assert before == (end_of(date(2026, 12, 31)), end_of(date(2027, 1, 6)), True)
    assert (inquiry.acknowledge_due, inquiry.answer_due, inquiry.due_estimated) == (
        end_of(date(2026, 12, 31)),
        end_of(date(2027, 1, 5)),
        False,
    )
    assert timezone.localtime(reminder).strftime("%Y-%m-%d %H:%M") == "2027-01-04 09:00"
    assert [(notice.kind, notice.recipient) for notice in told] == [
        ("portal.dates_moved", people.investor),
        ("portal.dates_moved_for_staff", people.officer),
    ]
    with translation.override("en"):
        assert render(told[0])[1][1] == "answer, as promised: 6 January 2027 → 5 January 2027"
