"""Two people at once: one step is taken once, one budget is given once, one draft is saved over by nobody."""

import time
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from incentives import conditions, declarations, ledger, services
from incentives.models import Application, Budget, LedgerEntry, Round, SectionAnswers, Snapshot
from portal.invariants import all_invariants
from portal.lifecycle import StepClosed
from tests.incentives import make
from tests.incentives.stories import Story, story_in
from tests.racing import at_once, meeting, results_at_once


def test_two_approvers_of_one_application(committed_db: str) -> None:
    with transaction.atomic():
        story = story_in("recommended")

    def approve(who: str) -> Callable[[], object]:
        application = Application.objects.get(pk=story.application.pk)
        return lambda: services.take_step(application=application, step="approve", by=getattr(story, who))

    assert at_once(approve("approver"), approve("approver2")) == ["closed", "done"]
    assert Budget.objects.get().reserved == Decimal(500_000)


def test_approve_against_decline_leaves_one_decision(committed_db: str) -> None:
    with transaction.atomic():
        story = story_in("recommended")
    first, second = (Application.objects.get(pk=story.application.pk) for _ in range(2))

    ended = at_once(
        lambda: services.take_step(application=first, step="approve", by=story.approver),
        lambda: services.take_step(application=second, step="withdraw", by=story.signatory),
    )

    # A withdrawal is also open in public notice: after it nothing is held, whoever came first.
    status = Application.objects.get(pk=story.application.pk).status
    assert (status, Budget.objects.get().reserved) in {("withdrawn", 0), ("public_notice", Decimal(500_000))}
    assert "done" in ended


def test_two_applications_for_the_last_money(committed_db: str) -> None:
    with transaction.atomic():
        opened = make.round_of(budget=700_000)
        stories = [story_in("recommended", opened=opened) for _ in range(2)]

    ended = at_once(
        *(
            (lambda story=story: services.take_step(application=story.application, step="approve", by=story.approver))
            for story in stories
        )
    )

    assert ended == ["closed", "done"]
    assert Budget.objects.get().reserved == Decimal(500_000)


def test_two_approvers_who_both_saw_the_last_money(committed_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction.atomic():
        opened = make.round_of(budget=700_000)
        stories = [story_in("recommended", opened=opened) for _ in range(2)]
    both_saw_it, reserve = meeting(2), ledger.reserve

    def reserve_together(*args: Any, **kwargs: Any) -> LedgerEntry:
        both_saw_it.wait()
        return reserve(*args, **kwargs)

    monkeypatch.setattr(ledger, "reserve", reserve_together)
    results = results_at_once(
        *(
            (lambda story=story: services.take_step(application=story.application, step="approve", by=story.approver))
            for story in stories
        )
    )

    refused = [str(result) for result in results if isinstance(result, StepClosed)]
    assert refused == ["The budget of the round does not have this amount any more."]
    assert Budget.objects.get().reserved == Decimal(500_000)
    assert sorted(Application.objects.values_list("status", flat=True)) == ["public_notice", "recommended"]


def test_two_tabs_and_two_clicks(committed_db: str) -> None:
    with transaction.atomic():
        story = Story()

    def save(text: str) -> Callable[[], object]:
        return lambda: services.save_section(
            application=story.application,
            section="project",
            answers={"aim": text},
            complete=True,
            version=0,
            by=story.editor,
        )

    assert at_once(save("one"), save("two"), refusals={services.StaleVersionError: "stale"}) == ["done", "stale"]
    assert SectionAnswers.objects.get().version == 1


def test_many_submissions_with_one_key(committed_db: str) -> None:
    with transaction.atomic():
        story = Story().fill()
    key = uuid4()

    def submit() -> object:
        application = Application.objects.get(pk=story.application.pk)
        return services.submit_application(
            application=application, by=story.signatory, key=key, declared=declarations.KEYS
        )

    assert at_once(*[submit] * 20) == ["done"] * 20
    assert Snapshot.objects.count() == 1


def test_submission_received_in_time_counts_however_long_it_takes(committed_db: str) -> None:
    with transaction.atomic():
        story = Story().fill()
    with transaction.atomic():
        closes_at = conditions.moment() + timedelta(seconds=1)
        Round.objects.filter(pk=story.round.pk).update(closes_at=closes_at)
    story.application = Application.objects.get(pk=story.application.pk)

    with transaction.atomic():
        assert conditions.moment() < closes_at
        time.sleep(1.2)
        story.submit()

    assert Snapshot.objects.get().at <= closes_at
    assert [list(found.violations()) for found in all_invariants() if found.name == "submitted_in_time"] == [[]]
