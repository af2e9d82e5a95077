"""What the district promises of an inquiry: an officer, a confirmation, an answer, each by a working day."""

from datetime import datetime, time

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q

from firms.models import Membership
from investors.models import Inquiry, InquiryTopic, Officer
from portal import clock, deadlines
from portal.clock import SHANGHAI, Due
from portal.models import User

MORNING = time(9)

ACKNOWLEDGE_STEPS = ("remind_acknowledge", "escalate_acknowledge")
ANSWER_STEPS = ("remind_answer", "escalate_answer")


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
    """Set when the officer is reminded and when the head hears.

    The confirmation is called to mind on the morning of its day, the answer on that of the working day before.
    """
    estimated = inquiry.due_estimated
    topic = promised(inquiry.topic)
    days = {
        "remind_answer": max(1, topic.answer_days - 1),
        "escalate_answer": topic.answer_days,
        "remind_acknowledge": topic.acknowledge_days,
        "escalate_acknowledge": topic.acknowledge_days,
    }
    start = inquiry.received_at if acknowledge else _start_of_answer(inquiry)
    moments = {
        "remind_answer": _morning(clock.after_working_days(start, days["remind_answer"]).at),
        "escalate_answer": inquiry.answer_due,
    }
    if acknowledge:
        moments["remind_acknowledge"] = _morning(inquiry.acknowledge_due)
        moments["escalate_acknowledge"] = inquiry.acknowledge_due
    for step, due_at in moments.items():
        counted = deadlines.Counted(start, days[step])
        deadlines.set_deadline_at(
            inquiry, step, due_at=due_at, estimated=estimated, while_status=while_status, counted=counted
        )


def _start_of_answer(inquiry: Inquiry) -> datetime:
    last = inquiry.messages.filter(author=inquiry.sender_id).order_by("-pk").first()
    return last.at if last else inquiry.received_at


def _morning(moment: datetime) -> datetime:
    return datetime.combine(moment.astimezone(SHANGHAI).date(), MORNING, SHANGHAI)


def officers(inquiry: Inquiry) -> "models.QuerySet[User]":
    """Return the active officers who may answer it: none who asked, or acts for the organisation it is about."""
    acting = Membership.objects.active().filter(organisation=inquiry.about_organisation_id).values("user")
    found = User.objects.filter(is_active=True, is_staff=True, groups__name=inquiry.answered_by)
    return found.exclude(pk=inquiry.sender_id).exclude(pk__in=acting)


def officers_by_load(inquiry: Inquiry) -> "models.QuerySet[User]":
    """Return the officers with ``load``, how many inquiries each has to answer, the least busy first."""
    waiting = Count("assigned_inquiries", filter=Q(assigned_inquiries__status__in=Inquiry.WAITING))
    return officers(inquiry).annotate(load=waiting).order_by("load", "pk")


def suits(inquiry: Inquiry) -> Exists:
    """Return the condition that an officer answers the topic and writes the language of an inquiry."""
    language = {"answers_zh": True} if inquiry.language == User.Language.CHINESE else {"answers_en": True}
    return Exists(Officer.objects.filter(user=OuterRef("pk"), topics__code=inquiry.topic, **language))


def least_busy_officer(inquiry: Inquiry) -> User | None:
    """Return who is to answer: of those who suit the one with the fewest inquiries to answer, else of all.

    Returns:
        None when nobody may answer it.
    """
    return officers_by_load(inquiry).order_by(suits(inquiry).desc(), F("load").asc(), "pk").first()
