"""Reviewers' work by risk of lateness: what waits first, the most urgent on top, at the desk and in the list."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from incentives import services
from incentives.contributions import for_reviewer
from incentives.models import ReviewAssignment
from portal import deadlines
from portal.models import User
from portal.roles import Role
from tests.incentives import make
from tests.incentives.stories import Story

pytestmark = pytest.mark.django_db
LIST = "/admin/incentives/reviewassignment/"


@pytest.fixture(autouse=True)
def _second_factor_is_not_the_subject(settings: Any) -> None:
    settings.DEMONSTRATION = True


def asked(user: User, days: int) -> ReviewAssignment:
    """Return a review that somebody is to write in some days."""
    story = Story(reviewers_needed=0).fill().submit().accept()
    assignment = ReviewAssignment.objects.create(application=story.application, reviewer=user)
    due_at = timezone.now() + timedelta(days=days)
    deadlines.set_deadline_at(assignment, "remind_due", due_at=due_at, while_status="waiting")
    return assignment


def test_most_urgent_review_stands_first_and_what_is_late_says_so() -> None:
    user = make.person("reviewer", Role.REVIEWER)
    later, late, soon, done = (asked(user, days) for days in (9, -3, 2, -9))
    services.declare_conflict(assignment=done, by=user, conflicted=True, reason="cousin")
    client = Client()
    client.force_login(user)

    def listed(query: str = "") -> list[int]:
        return [a.pk for a in client.get(LIST + query).context["cl"].result_list]

    assert listed() == [late.pk, soon.pk, later.pk, done.pk]
    assert listed("?waits=mine") == [late.pk, soon.pk, later.pk]
    assert listed("?waits=overdue") == [late.pk]
    assert listed("?waits=x") == listed()
    assert client.get(LIST).text.count("· overdue") == 1

    items = list(for_reviewer(user))
    assert [item.url for item in items] == [f"{LIST}{a.pk}/change/" for a in (late, soon, later)]
    assert [item.is_overdue for item in items] == [True, False, False]
