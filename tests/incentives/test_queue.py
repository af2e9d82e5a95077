"""The queue: what the lifecycle lets a person do, neither more nor less, the most urgent first."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from incentives import queue
from incentives.lifecycle import APPLICATION
from incentives.models import Round
from incentives.services import object_to_award
from portal.models import Deadline, User
from portal.roles import Role
from tests.incentives import make
from tests.incentives.stories import PATHS, Story, story_in

pytestmark = pytest.mark.django_db

WAITING = {
    "submitted": {"accept"},
    "under_review": {"recommend"},
    "recommended": {"approve"},
    "recommended above": {"first_approve"},
    "first_approved": {"approve"},
    "objection": {"uphold_objection"},
}
QUEUE = "/admin/incentives/application/queue/"


@pytest.fixture(autouse=True)
def _second_factor_is_not_the_subject(settings: Any) -> None:
    settings.DEMONSTRATION = True


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def everyone(story: Story) -> list[User]:
    others = [make.person(role.name.lower(), role) for role in Role]
    own = [story.screener, story.manager, story.approver, story.approver2, story.appeal, story.finance]
    both = make.person("both", Role.MANAGER)
    both.groups.add(*others[4].groups.all(), *others[1].groups.all())
    return [*own, *story.reviewers, *others, both, story.signatory, make.person("superuser", is_superuser=True)]


def doors(user: User, story: Story) -> set[str]:
    """Return the steps that carry on and that the lifecycle opens to the person now, in the workplace."""
    application = type(story.application).objects.get(pk=story.application.pk)
    if not type(application).objects.handled_by(user).filter(pk=application.pk).exists():
        return set()
    return {d.step.name for d in APPLICATION.allowed(user, application) if d.is_open and d.step.name in queue.CARRY_ON}


def in_queue(user: User, story: Story) -> set[str]:
    return {a.next_step for a in queue.waiting_for(user).filter(pk=story.application.pk)}


@pytest.mark.parametrize("status", [*PATHS, "recommended above", "first review", "objection"])
def test_queue_holds_what_the_lifecycle_opens_to_each_person(status: str) -> None:
    if status == "recommended above":
        story = story_in("recommended", four_eyes_threshold=Decimal(100_000))
    elif status == "first review":
        story = Story().fill().submit().accept()
    else:
        story = story_in("public_notice" if status == "objection" else status)
    if status == "objection":
        object_to_award(application=story.application, name="Li", email="li@demo.example", reason="x", key=uuid4())
    people = everyone(story)

    found = {user.pk: in_queue(user, story) for user in people}

    assert found == {user.pk: doors(user, story) for user in people}
    assert set().union(*found.values()) == WAITING.get(status, set())


def due(story: Story, days: int) -> None:
    moment = timezone.now() + timedelta(days=days)
    Deadline.objects.about(story.application).filter(step="remind", done_at=None).update(due_at=moment)


def numbers(answer: Any) -> list[str]:
    return [row.application.number for row in answer.context["rows"]]


def three_submitted() -> tuple[Round, list[Story]]:
    opened = make.round_of()
    stories = [Story(opened=opened, amount=amount).fill().submit() for amount in (100_000, 200_000, 300_000)]
    for story, days in zip(stories, (9, -3, 2), strict=True):
        due(story, days)
    return opened, stories


def test_queue_begins_with_what_is_overdue_and_reads_the_same_for_one_row_and_for_three() -> None:
    first = Story().fill().submit()
    screener = first.screener
    client = signed_in(screener)
    client.get(QUEUE)
    with CaptureQueriesContext(connection) as one:
        client.get(QUEUE)
    due(first, 30)
    _opened, stories = three_submitted()
    with CaptureQueriesContext(connection) as four:
        answer = client.get(QUEUE)

    assert numbers(answer) == [s.application.number for s in (stories[1], stories[2], stories[0], first)]
    assert [row.is_overdue for row in answer.context["rows"]] == [True, False, False, False]
    reads = [[q for q in found if "SAVEPOINT" not in q["sql"]] for found in (one, four)]
    assert (len(reads[0]) == len(reads[1]), len(reads[1]) <= 15) == (True, True), [q["sql"][:80] for q in reads[1]]


def test_queue_is_narrowed_by_its_filters_and_forgives_what_it_does_not_know() -> None:
    other = Story().fill().submit()
    opened, stories = three_submitted()
    client = signed_in(other.screener)
    object_numbers = [s.application.number for s in (stories[1], stories[2], stories[0])]

    found = {
        query: numbers(client.get(f"{QUEUE}?{query}"))
        for query in (
            f"round={opened.pk}",
            f"programme={opened.programme_id}",
            f"overdue=on&round={opened.pk}",
            "least=150000&most=200,000",
            "flagged=on",
            "step=recommend",
        )
    }

    assert list(found.values()) == [object_numbers, object_numbers, object_numbers[:1], object_numbers[:1], [], []]
    for query in ("round=x", "least=NaN", "step=nothing", "programme=999999999999999999999", "after=1"):
        assert client.get(f"{QUEUE}?{query}").status_code in {200, 404}, query
    assert client.get(f"{QUEUE}?after=1e9").status_code == client.get(f"{QUEUE}?step=%00").status_code == 400


def test_queue_goes_from_page_to_page_by_its_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("incentives.admin.queue.ROWS", 2)
    _opened, stories = three_submitted()
    client = signed_in(stories[0].screener)

    first = client.get(QUEUE)
    second = client.get(QUEUE + first.context["shown"].next_url)
    back = client.get(QUEUE + second.context["shown"].previous_url)

    assert (numbers(first) + numbers(second), numbers(back)) == (
        [s.application.number for s in (stories[1], stories[2], stories[0])],
        numbers(first),
    )


def test_who_has_no_step_finds_an_empty_queue_and_strangers_none() -> None:
    story = Story().fill().submit()
    answers = [signed_in(user).get(QUEUE) for user in (make.person("a", Role.AUDITOR), make.person("r", Role.REGISTRY))]
    answers.append(signed_in(story.signatory).get(QUEUE))

    assert [answer.status_code for answer in answers] == [200, 403, 302]
    assert answers[0].context["rows"] == []


def test_short_money_keeps_no_application_out_of_the_queue() -> None:
    story = story_in("recommended")
    story.round.budget.entries.first()
    other = Story(opened=story.round, amount=9_600_000, four_eyes_threshold=Decimal(15_000_000))
    other.fill().submit().accept().review().recommend().first_approve().approve(other.approver2)

    assert (doors(story.approver2, story), in_queue(story.approver2, story)) == (set(), {"approve"})
