"""Appeals and objections by risk of lateness: in the lists with their filters, at the desk, in the queue."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.admin import site
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from incentives import queue, services
from incentives.contributions import appeals_to_hear, for_staff, objections_to_hear
from incentives.models import Appeal, Objection, Round
from portal.models import Deadline, StepTaken, User
from portal.roles import Role
from tests.incentives import make
from tests.incentives.stories import Story, story_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _second_factor_is_not_the_subject(settings: Any) -> None:
    settings.DEMONSTRATION = True


def appealed(days: int, opened: Round | None = None) -> Appeal:
    story = Story(opened=opened, reviewers_needed=0).fill().submit().decline()
    appeal = services.appeal_decision(application=story.application, by=story.signatory, reasons="x", key=uuid4())
    return promised(appeal, days)


def objected(days: int, opened: Round | None = None) -> Objection:
    story = Story(opened=opened, reviewers_needed=0).fill().submit().accept().recommend().approve()
    return promised(objection_to(story), days)


def objection_to(story: Story) -> Objection:
    return services.object_to_award(
        application=story.application, name="Li", email="li@demo.example", reason="x", key=uuid4()
    )


def promised[Case: (Appeal, Objection)](case: Case, days: int) -> Case:
    """Let the decision be promised in some days."""
    due_at = timezone.now() + timedelta(days=days)
    Deadline.objects.about(case).filter(step="remind").update(due_at=due_at)
    return case


def decided(case: Any, by: User) -> Any:
    if isinstance(case, Appeal):
        return services.reject_appeal(appeal=case, by=by, reason="No")
    return services.dismiss_objection(objection=case, by=by, reason="No")


def took_part(user: User, case: Any) -> None:
    StepTaken.objects.create(subject=case.application, step="remind", source="draft", target="draft", by=user)


@pytest.mark.parametrize(
    ("made", "at_the_desk"),
    [
        pytest.param(appealed, appeals_to_hear, id="appeals"),
        pytest.param(objected, objections_to_hear, id="objections"),
    ],
)
def test_most_urgent_stands_first_and_is_narrowed_by_who_decides_and_by_lateness(
    made: Callable[..., Any], at_the_desk: Any
) -> None:
    officer, other = make.person("officer", Role.APPEAL), make.person("other", Role.APPEAL)
    soon = made(2)
    address = f"/admin/incentives/{soon._meta.model_name}/"
    client = Client()
    client.force_login(officer)

    def listed(query: str) -> list[int]:
        """Return what the list shows, without drawing it."""
        request = RequestFactory().get(address + query)
        request.user = officer
        return [row.pk for row in site._registry[type(soon)].get_changelist_instance(request).result_list]

    def reads() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as of_list:
            client.get(address)
        with CaptureQueriesContext(connection) as of_desk:
            list(at_the_desk(officer))
        return len(of_list), len(of_desk)

    reads()
    for_one = reads()
    opened = make.round_of(make.programme(reviewers_needed=0))
    late, foreign, done = (made(days, opened) for days in (-3, 5, -9))
    took_part(officer, foreign)
    decided(done, other)

    whole, programme = [late.pk, soon.pk, foreign.pk, done.pk], soon.application.round.programme_id
    expected = {
        "": whole,
        "?waits=mine": [late.pk, soon.pk],
        "?waits=overdue": [late.pk],
        f"?hearer={officer.pk}": [late.pk, soon.pk],
        f"?hearer={other.pk}": whole[:3],
        f"?hearer={other.pk}&waits=mine": [late.pk, soon.pk],
        f"?status__exact={done.status}": [done.pk],
        f"?application__round__programme__id__exact={programme}": [soon.pk],
        "?waits=x": whole,
        "?hearer=x": [],
        f"?hearer={soon.application.started_by_id}": [],
    }
    assert {query: listed(query) for query in expected} == expected
    assert client.get(address).text.count("· overdue") == 1
    items = list(at_the_desk(officer))
    assert [item.url for item in items] == [f"{address}{case.pk}/change/" for case in (late, soon)]
    assert [item.is_overdue for item in items] == [True, False]
    assert list(at_the_desk(make.person("nobody", Role.SCREENING))) == []
    assert (reads(), for_one[1]) == (for_one, 1)


def test_queue_orders_an_objection_by_its_own_date_and_the_desk_shows_it_once() -> None:
    story = story_in("public_notice")
    later, sooner = objection_to(story), objection_to(story)
    promised(later, 20)
    promised(sooner, 12)
    officer = story.appeal

    (application,) = queue.waiting_for(officer)
    due = Deadline.objects.about(sooner).get(step="remind").due_at
    assert (application.next_step, application.due_at) == ("uphold_objection", due)
    assert (list(for_staff(officer)), len(list(objections_to_hear(officer)))) == ([], 2)
