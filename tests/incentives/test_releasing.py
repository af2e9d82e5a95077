"""Who is no reviewer any more is released at once, and others are asked, whatever had been declared."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from incentives import services
from incentives.models import ReviewAssignment
from portal import roles, work
from portal.models import Notice, User
from portal.roles import Role
from tests import editing
from tests.incentives import make
from tests.incentives.stories import Story

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _second_factor_is_not_the_subject(settings: Any) -> None:
    settings.DEMONSTRATION = True


def told(kind: str) -> set[int | None]:
    return set(Notice.objects.filter(kind=f"incentives.{kind}", channel="in_app").values_list("recipient", flat=True))


def in_review() -> tuple[ReviewAssignment, Story]:
    """Return a review that waits for its reviewer, and the story with two more of them."""
    story = Story(reviewers_needed=1).fill().submit().accept()
    return story.application.assignments.get(), story


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def save_access(user: User, **changes: Any) -> None:
    """Save a person's account as an administrator does."""
    client = signed_in(make.person("root", Role.ADMINISTRATOR, is_superuser=True))
    values: dict[str, Any] = {
        "email": user.email,
        "name": user.name,
        "language": user.language,
        "is_active": "on",
        "is_staff": "on",
    }
    values |= {"groups": list(user.groups.values_list("pk", flat=True)), **changes}
    answer = editing.save(client, f"/admin/portal/user/{user.pk}/change/", {k: v for k, v in values.items() if v})
    assert answer.status_code == 302, answer.context["adminform"].form.errors


@pytest.mark.parametrize(
    ("change", "declared"),
    [({"groups": []}, False), ({"is_active": ""}, True), ({"is_staff": ""}, False), ({"groups": []}, True)],
)
def test_who_loses_the_role_or_the_access_is_released_and_another_is_asked(
    change: dict[str, Any], declared: bool
) -> None:
    review, story = in_review()
    if declared:
        services.declare_conflict(assignment=review, by=review.reviewer, conflicted=False)

    save_access(review.reviewer, **change)
    work.run("deadlines")

    review.refresh_from_db()
    new = story.application.assignments.counting().get()
    assert (review.status, review.ended_by, new.reviewer != review.reviewer) == ("released", None, True)
    heard = set() if "is_active" in change else {review.reviewer_id}
    assert (told("review_released"), told("to_review_instead")) == (heard, {new.reviewer_id})
    assert work.run("deadlines") == 0


def test_who_gets_the_role_back_before_goes_on_with_the_review() -> None:
    review, _story = in_review()
    person, role = review.reviewer, Group.objects.get(name=Role.REVIEWER)
    person.groups.remove(role)
    roles.changed(person)
    page = f"/admin/incentives/reviewassignment/{review.pk}/change/"
    assert signed_in(person).get(page).status_code in {403, 404}

    person.groups.add(role)
    work.run("deadlines")

    review.refresh_from_db()
    assert (review.status, signed_in(person).get(page).status_code) == ("waiting", 200)


def test_other_changes_release_nobody_and_a_review_that_is_in_stays() -> None:
    review, story = in_review()
    save_access(review.reviewer, name="Another Name")
    assert work.run("deadlines") == 0
    story.judge(review)

    save_access(review.reviewer, groups=[])
    work.run("deadlines")

    review.refresh_from_db()
    assert (review.status, told("review_released")) == ("done", set())


def test_where_nobody_else_may_review_manager_and_head_hear() -> None:
    story = Story(reviewers_needed=3).fill().submit().accept()
    head = make.person("head", Role.HEAD)
    gone = story.application.assignments.all()[0]
    gone.reviewer.groups.clear()

    services.release_reviews(gone.reviewer)
    work.run("deadlines")

    gone.refresh_from_db()
    assert (gone.status, told("reviewers_missing")) == ("released", {story.manager.pk, head.pk})
