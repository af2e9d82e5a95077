"""The clock of opportunities that wait for review: promised, called to mind, told to the head when it is missed."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from unittest import mock

import pytest
from django.test import Client
from django.utils import timezone

from investors.lifecycle import OPPORTUNITY, REVIEW_DAYS
from investors.models import Opportunity
from investors.services.opportunities import set_missing_reviews
from portal import clock
from portal.contributions import take_step
from portal.lifecycle import StepClosed
from portal.local_form import day
from portal.models import Deadline
from tests.investors.test_notices import told


def test_submitted_opportunity_has_its_promise_and_the_owner_reads_it(
    people: SimpleNamespace, make_opportunity: Callable[..., Opportunity]
) -> None:
    opportunity = make_opportunity("submitted")
    due = Deadline.objects.about(opportunity).get(step="escalate_review").due_at
    client = Client()
    client.force_login(people.editor)

    page = client.get(f"/en/desk/opportunities/{opportunity.slug}/").content.decode()

    assert due == clock.after_working_days(timezone.now(), REVIEW_DAYS).at
    assert f"The district looks at it by {day(due)}" in page


def test_officers_are_reminded_of_the_review_and_the_head_hears_when_it_is_late(
    people: SimpleNamespace, make_opportunity: Callable[..., Opportunity]
) -> None:
    opportunity = make_opportunity("submitted")
    with pytest.raises(StepClosed, match="not due yet"):
        OPPORTUNITY.apply(opportunity, "escalate_review", by=None)
    heard = {}
    for step, kind in (("remind_review", "review_due_soon"), ("escalate_review", "review_overdue")):
        deadline = Deadline.objects.about(opportunity).get(step=step)
        with mock.patch.object(timezone, "now", return_value=deadline.due_at + timedelta(minutes=1)):
            take_step(deadline)
        heard[kind] = told(kind)

    officer, head = people.officer.pk, people.head.pk
    assert heard == {"review_due_soon": [officer], "review_overdue": sorted([officer, head])}


def test_review_ends_its_clock_and_a_missing_clock_is_set_once(
    make_opportunity: Callable[..., Opportunity],
) -> None:
    returned, waiting = make_opportunity("returned"), make_opportunity("submitted")
    Deadline.objects.about(waiting).delete()

    assert not Deadline.objects.about(returned).filter(done_at=None).exists()
    assert [set_missing_reviews(), set_missing_reviews()] == [1, 0]
