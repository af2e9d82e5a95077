"""The queue of those who answer: a page of ten thousand open inquiries against a page by primary key."""

from collections.abc import Iterator
from datetime import timedelta

from django.contrib.auth.models import Group
from django.db import transaction
from django.test import RequestFactory
from django.utils import timezone

from benchmarks import databases
from benchmarks.measuring import Goal, Result, Work, by_turns, ratio
from investors import queue
from investors.models import Inquiry
from investors.queue import Moments, Risk, Wanted
from portal.admin.paging import page_of
from portal.models import User
from portal.roles import Role

OPEN = 10_000
_ROWS = 20
_NARROWED = {
    "all": Wanted(),
    "mine": Wanted(whose="mine"),
    "nobody's": Wanted(whose="nobody"),
    "a topic in Chinese": Wanted(topic="premises", language="zh-hans"),
    "overdue": Wanted(risk=Risk.OVERDUE),
}


def queue_pages(_size: int) -> Iterator[Result]:
    """Compare pages of the queue, first and deep, with their counts, with twenty rows from a primary key on."""
    goal = Goal.at_most(5)
    with databases.scratch():
        with transaction.atomic():
            officer, keys = _inquiries()
        for name, wanted in _NARROWED.items():
            yield ratio(
                f"queue: {name}", OPEN, goal, by_turns(_page(officer, wanted, keys), _floor(keys)),
                against="page by primary key",
            )  # fmt: skip


def _page(officer: User, wanted: Wanted, keys: list[int]) -> Work:
    factory = RequestFactory()

    def read(turn: int) -> object:
        moments = Moments.read()
        found = wanted.narrow(Inquiry.objects.visible_to(officer), officer)
        place = Inquiry.objects.visible_to(officer).by_urgency()
        request = factory.get("/", {"after": keys[turn * 7 % len(keys)]} if turn % 2 else {})
        queue.counts(found, moments)
        return queue.rows(page_of(request, queue.ordered(found, wanted.risk, moments), place, _ROWS).rows)

    return read


def _floor(keys: list[int]) -> Work:
    def read(turn: int) -> object:
        after = keys[turn * 7 % len(keys)]
        return list(Inquiry.objects.filter(pk__gt=after).select_related("sender", "officer").order_by("pk")[:_ROWS])

    return read


def _inquiries() -> tuple[User, list[int]]:
    """Write inquiries to answer, due one after the other, a third of them overdue, a tenth without an officer."""
    officers = [
        User.objects.create_user(f"officer{number}@bench.example", name=f"Officer {number}", is_staff=True)
        for number in range(10)
    ]
    for one in officers:
        one.groups.add(Group.objects.get(name=Role.INVESTMENT))
    sender = User.objects.create_user("sender@bench.example", name="Sender")
    now, topics = timezone.now(), Inquiry.Topic.values
    rows = []
    for number in range(OPEN):
        due = now + timedelta(minutes=3 * (number * 7919 % OPEN) - OPEN)
        rows.append(
            Inquiry(
                reference=f"INQ-2026-{number:06d}",
                sender=sender,
                topic=topics[number % len(topics)],
                language="zh-hans" if number % 3 else "en",
                subject=f"Question {number}",
                text="What is needed?",
                officer=None if number % 10 == 0 else officers[number % 9],
                received_at=now - timedelta(days=9),
                acknowledge_due=due,
                answer_due=due + timedelta(days=6),
            )
        )
    made = Inquiry.objects.bulk_create(rows)
    return officers[1], [inquiry.pk for inquiry in made]
