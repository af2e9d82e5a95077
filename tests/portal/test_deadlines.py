"""Deadlines: taken once, never early, never lost."""

from datetime import timedelta
from threading import Event

import pytest
from django.db import transaction
from django.utils import timezone

from firms.models import Organisation
from portal import contributions, deadlines, work
from portal.models import Deadline
from tests.incentives import make
from tests.racing import PATIENCE, results_at_once


@pytest.fixture
def due(db: None) -> Deadline:
    firm = make.organisation(status="unlisted")
    return deadlines.set_deadline_at(firm, "list", due_at=timezone.now() - timedelta(hours=1), while_status="unlisted")


def test_due_deadline_takes_its_step_once(due: Deadline) -> None:
    assert (work.run("deadlines"), work.run("deadlines")) == (1, 0)
    assert Organisation.objects.get(pk=due.subject_id).status == "listed"


def test_deadline_set_anew_after_it_was_claimed_does_not_fire_early(due: Deadline) -> None:
    later = timezone.now() + timedelta(days=1)
    Deadline.objects.filter(pk=due.pk).update(due_at=later)  # what another transaction did after the claim

    work.run("deadlines")

    due.refresh_from_db()
    assert Organisation.objects.get(pk=due.subject_id).status == "unlisted"
    assert (due.done_at, due.tries) == (None, 0)
    assert abs(due.next_try_at - later) < timedelta(seconds=5)


def test_person_who_takes_a_step_closes_the_deadline_that_is_being_swept(committed_db: str) -> None:
    """Each holds what the other wants next. Did the sweep wait, PostgreSQL would end one of the two: even the person."""
    past = timezone.now() - timedelta(hours=1)
    with transaction.atomic():
        firm = make.organisation(status="unlisted")
        due = deadlines.set_deadline_at(firm, "list", due_at=past, while_status="unlisted")
    held, swept = Event(), Event()

    @transaction.atomic
    def person() -> None:
        Organisation.objects.select_for_update().get(pk=firm.pk)
        held.set()
        swept.wait(5)
        deadlines.close(firm, step="list")

    def sweep() -> int:
        assert held.wait(PATIENCE)
        done = work.run("deadlines")
        swept.set()
        return done

    assert results_at_once(person, sweep) == [None, 0]
    due.refresh_from_db()
    firm.refresh_from_db()
    assert (firm.status, due.done_at is None, due.tries, due.last_error) == ("unlisted", False, 0, "")


def test_parked_deadline_lives_again_when_it_is_set_anew(due: Deadline) -> None:
    Deadline.objects.filter(pk=due.pk).update(parked_at=timezone.now(), tries=5)
    moment = timezone.now() - timedelta(minutes=1)

    deadlines.set_deadline_at(due.subject, "list", due_at=moment, while_status="unlisted")

    assert work.run("deadlines") == 1


def test_deadline_of_another_status_takes_no_step(due: Deadline) -> None:
    Deadline.objects.filter(pk=due.pk).update(while_status="incoming")
    due.refresh_from_db()

    contributions.take_step(due)

    assert Organisation.objects.get(pk=due.subject_id).status == "unlisted"


def test_deadline_of_the_next_status_leaves_that_of_the_last_as_it_was(due: Deadline) -> None:
    was = due.due_at
    deadlines.set_deadline_at(due.subject, "list", due_at=was + timedelta(days=3), while_status="suspended")

    due.refresh_from_db()
    assert (due.due_at, due.while_status, due.done_at is None) == (was, "unlisted", False)
    assert Deadline.objects.about(due.subject).get(done_at=None).while_status == "suspended"
