"""Invented inquiries of the past year, all answered: what the service standard counts."""

from datetime import date, datetime, time, timedelta
from unittest import mock
from uuid import UUID

from django.db.models import Max
from django.utils import timezone

from investors.lifecycle import INQUIRY
from investors.models import Inquiry
from investors.services.inquiries import Question, send_inquiry, write_message
from portal.clock import SHANGHAI, Calendar
from portal.models import Notice, User

_FIRST_KEY = 900_000

TOPICS = ("setting_up", "premises", "incentives", "talent", "technology", "financing")

TEXTS = {
    "en": (
        "Demonstration question",
        "An invented question of the demonstration.",
        "An invented answer of the demonstration.",
    ),
    "zh-hans": ("示例咨询", "演示用虚构咨询。", "演示用虚构答复。"),
}

DAYS_AGO = (*range(6, 24, 2), *range(26, 232, 4))
"""Working days since each was received: nine of the last weeks, then one every fourth."""

ACKNOWLEDGED_AFTER = (0, 1, 0, 1, 1, 0, 1, 2)
ANSWERED_AFTER = (1, 3, 2, 4, 2, 5, 3, 1, 7, 4)
"""Working days until each was confirmed and answered, by turns; some were late."""


def load_history(accounts: dict[str, User]) -> None:
    """Load them through the real services; whom it was told then has read it since, and no mail is sent of it.

    Args:
        accounts: the demonstration's users by name.
    """
    sender = User.objects.create_user(
        "questions@demo.example", name="Demonstration sender", language="en", is_demonstration=True
    )
    officer = accounts["officer"]
    newest = Notice.objects.aggregate(newest=Max("pk"))["newest"] or 0
    days = _working_days_back(max(DAYS_AGO))
    for number, ago in enumerate(sorted(DAYS_AGO, reverse=True)):
        confirmed = ACKNOWLEDGED_AFTER[number % len(ACKNOWLEDGED_AFTER)]
        answered = max(confirmed, min(ANSWERED_AFTER[number % len(ANSWERED_AFTER)], ago - 1))
        _inquire(number, sender, officer, [days[ago], days[ago - confirmed], days[ago - answered]])
    now = timezone.now()
    Notice.objects.filter(pk__gt=newest).update(done_at=now, read_at=now)


def _inquire(number: int, sender: User, officer: User, days: list[date]) -> None:
    language = "en" if number % 3 else "zh-hans"
    subject, text, reply = TEXTS[language]
    question = Question(
        topic=TOPICS[number % len(TOPICS)], language=language, subject=f"{subject} {number + 1}", text=text
    )
    received, confirmed, answered = (_at(day, hour, number) for day, hour in zip(days, (9, 14, 16), strict=True))
    with mock.patch.object(timezone, "now", return_value=received):
        inquiry = send_inquiry(by=sender, question=question, key=UUID(int=_FIRST_KEY + number))
    Inquiry.objects.filter(pk=inquiry.pk).update(officer=officer)
    with mock.patch.object(timezone, "now", return_value=confirmed):
        INQUIRY.apply(inquiry, "acknowledge", by=officer)
    with mock.patch.object(timezone, "now", return_value=answered):
        write_message(by=officer, inquiry=inquiry, step="answer", text=reply, key=UUID(int=_FIRST_KEY + 1_000 + number))
    with mock.patch.object(timezone, "now", return_value=answered + timedelta(minutes=30)):
        inquiry.refresh_from_db()
        INQUIRY.apply(inquiry, "close", by=officer)


def _working_days_back(most: int) -> list[date]:
    """Return the working days from today back, today or the last one before it first."""
    calendar, day = Calendar.read(), timezone.localdate(timezone=SHANGHAI)
    found: list[date] = []
    while len(found) <= most:
        if calendar.is_working(day):
            found.append(day)
        day -= timedelta(days=1)
    return found


def _at(day: date, hour: int, number: int) -> datetime:
    return datetime.combine(day, time(hour, number * 7 % 60), SHANGHAI)
