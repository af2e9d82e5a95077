"""What the district promises of an inquiry: an officer, a confirmation, an answer, each by a working day."""

from datetime import datetime, time

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone

from firms.models import Membership
from investors.models import Absence, Inquiry, InquiryTopic, Officer
from portal import clock, deadlines
from portal.clock import SHANGHAI, Due
from portal.models import User

MORNING = time(9)

REMIND_SENDER_DAYS = 5
"""So many working days after a question to the sender they are reminded of it."""

GIVE_UP_DAYS = 20
"""So many working days after it the inquiry is closed; a reply opens it again."""

ACKNOWLEDGE_STEPS = ("remind_acknowledge", "escalate_acknowledge", "escalate_acknowledge_head")
ANSWER_STEPS = ("remind_answer", "escalate_answer", "escalate_answer_head")


def promised(topic: str) -> InquiryTopic:
    """Return what is promised of a topic, one of ``Inquiry.Topic``; a migration made a row for each."""
    return InquiryTopic.objects.get(code=topic)


def acknowledge_due(start: datetime, topic: InquiryTopic) -> Due:
    """Return by when an inquiry is confirmed: the end of the last of the topic's working days."""
    return clock.after_working_days(start, topic.acknowledge_days)


def answer_due(start: datetime, topic: InquiryTopic) -> Due:
    """Return by when an inquiry is answered: the end of the last of the topic's working days."""
    return clock.after_working_days(start, topic.answer_days)


def acknowledge_days() -> list[int]:
    """Return in how many working days the topics promise to confirm, the shortest first."""
    return _distinct("acknowledge_days")


def answer_days() -> list[int]:
    """Return in how many working days the topics promise to answer, the shortest first."""
    return _distinct("answer_days")


def _distinct(column: str) -> list[int]:
    return list(InquiryTopic.objects.order_by(column).values_list(column, flat=True).distinct())


def set_clocks(inquiry: Inquiry, *, acknowledge: bool, while_status: str) -> None:
    """Set when the officer is reminded, when the deputy hears, and when the head does, one working day later.

    The confirmation is called to mind on the morning of its day, the answer on that of the working day before.
    """
    estimated = inquiry.due_estimated
    topic = promised(inquiry.topic)
    days = {
        "remind_answer": max(1, topic.answer_days - 1),
        "escalate_answer": topic.answer_days,
        "escalate_answer_head": topic.answer_days + 1,
        "remind_acknowledge": topic.acknowledge_days,
        "escalate_acknowledge": topic.acknowledge_days,
        "escalate_acknowledge_head": topic.acknowledge_days + 1,
    }
    start = inquiry.received_at if acknowledge else _start_of_answer(inquiry)
    moments = {
        "remind_answer": morning_of(clock.after_working_days(start, days["remind_answer"]).at),
        "escalate_answer": inquiry.answer_due,
        "escalate_answer_head": _next_working_day(inquiry.answer_due),
    }
    if acknowledge:
        moments["remind_acknowledge"] = morning_of(inquiry.acknowledge_due)
        moments["escalate_acknowledge"] = inquiry.acknowledge_due
        moments["escalate_acknowledge_head"] = _next_working_day(inquiry.acknowledge_due)
    for step, due_at in moments.items():
        counted = deadlines.Counted(start, days[step])
        deadlines.set_deadline_at(
            inquiry, step, due_at=due_at, estimated=estimated, while_status=while_status, counted=counted
        )


def set_answer_clock(inquiry: Inquiry, *, while_status: str) -> None:
    """Set the clock of an answer anew from the working days that are left of it now.

    What is late already has nothing promised any more: the head hears at the end of the next working day.

    Args:
        inquiry: to be answered.
        while_status: the status from which it will be.
    """
    now = timezone.now()
    if inquiry.answer_due < now:
        head = clock.after_working_days(now, 1)
        deadlines.set_deadline_at(inquiry, "escalate_answer_head", due_at=head.at, while_status=while_status)
        return
    left = clock.working_days_left([inquiry.answer_due])[inquiry.answer_due]
    days = {"remind_answer": max(left - 1, 0), "escalate_answer": left, "escalate_answer_head": left + 1}
    for step, number in days.items():
        due = clock.after_working_days(now, number)
        deadlines.set_deadline_at(
            inquiry,
            step,
            due_at=morning_of(due.at) if step == "remind_answer" else due.at,
            estimated=due.estimated,
            while_status=while_status,
            counted=deadlines.Counted(now, number),
        )


def set_head_clocks(inquiry: Inquiry) -> int:
    """Set when the head hears, for an inquiry that waits and is older than this promise; return how many were set.

    What is late already is told at the end of the next working day.
    """
    now, topic, answered = timezone.now(), promised(inquiry.topic), _start_of_answer(inquiry)
    clocks = [("escalate_answer_head", inquiry.answer_due, answered, topic.answer_days)]
    if inquiry.status == Inquiry.Status.RECEIVED:
        received = inquiry.received_at
        clocks.append(("escalate_acknowledge_head", inquiry.acknowledge_due, received, topic.acknowledge_days))
    for step, due_at, start, days in clocks:
        late = due_at < now
        deadlines.set_deadline_at(
            inquiry,
            step,
            due_at=_next_working_day(now if late else due_at),
            estimated=inquiry.due_estimated,
            while_status=inquiry.status,
            counted=None if late else deadlines.Counted(start, days + 1),
        )
    return len(clocks)


def set_waiting_clock(inquiry: Inquiry) -> None:
    """Set when the sender is reminded of what they were asked, and when the inquiry is closed without a reply."""
    now = timezone.now()
    days = {"remind_sender": REMIND_SENDER_DAYS, "close_unanswered": GIVE_UP_DAYS}
    for step, number in days.items():
        due = clock.after_working_days(now, number)
        deadlines.set_deadline_at(
            inquiry,
            step,
            due_at=morning_of(due.at) if step == "remind_sender" else due.at,
            estimated=due.estimated,
            while_status=Inquiry.Status.WAITING,
            counted=deadlines.Counted(now, number),
        )


def days_left(inquiry: Inquiry) -> int:
    """Return how many working days are left until the promised answer; less than 0 once it is late."""
    if inquiry.answer_due < timezone.now():
        return min(-1, clock.working_days_left([inquiry.answer_due])[inquiry.answer_due])
    return clock.working_days_left([inquiry.answer_due])[inquiry.answer_due]


def _next_working_day(moment: datetime) -> datetime:
    return clock.after_working_days(moment, 1).at


def _start_of_answer(inquiry: Inquiry) -> datetime:
    last = inquiry.messages.filter(author=inquiry.sender_id).order_by("-pk").first()
    return last.at if last else inquiry.received_at


def morning_of(moment: datetime) -> datetime:
    """Return when, on the day of a moment, people are reminded."""
    return datetime.combine(moment.astimezone(SHANGHAI).date(), MORNING, SHANGHAI)


def officers(inquiry: Inquiry) -> "models.QuerySet[User]":
    """Return the active officers who may answer it: none who asked, or acts for the organisation it is about."""
    acting = Membership.objects.active().filter(organisation=inquiry.about_organisation_id).values("user")
    found = User.objects.filter(is_active=True, is_staff=True, groups__name=inquiry.answered_by)
    return found.exclude(pk=inquiry.sender_id).exclude(pk__in=acting)


def present(officers: "models.QuerySet[User]") -> "models.QuerySet[User]":
    """Return those who are not away today."""
    return officers.exclude(pk__in=Absence.objects.on(timezone.localdate()).values("officer"))


def officers_by_load(inquiry: Inquiry) -> "models.QuerySet[User]":
    """Return the officers with ``load``, how many inquiries each has to answer, the least busy first."""
    waiting = Count("assigned_inquiries", filter=Q(assigned_inquiries__status__in=Inquiry.WAITING))
    return officers(inquiry).annotate(load=waiting).order_by("load", "pk")


def suits(inquiry: Inquiry) -> Exists:
    """Return the condition that an officer answers the topic and writes the language of an inquiry."""
    language = {"answers_zh": True} if inquiry.language == User.Language.CHINESE else {"answers_en": True}
    return Exists(Officer.objects.filter(user=OuterRef("pk"), topics__code=inquiry.topic, **language))


def deputy_of(inquiry: Inquiry) -> User | None:
    """Return who stands in for the officer in charge, where somebody does who may answer it and is not away."""
    return present(officers(inquiry)).filter(deputy_of__user=inquiry.officer_id).first() if inquiry.officer_id else None


def least_busy_officer(inquiry: Inquiry, *, but: User | None = None) -> User | None:
    """Return who is to answer: of those who suit the one with the fewest inquiries to answer, else of all.

    Args:
        inquiry: the inquiry.
        but: who is left out.

    Returns:
        None when nobody may answer it, or all who may are away.
    """
    found = present(officers_by_load(inquiry)).exclude(pk=but.pk if but else 0)
    return found.order_by(suits(inquiry).desc(), F("load").asc(), "pk").first()
