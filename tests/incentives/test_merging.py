"""Merging applicants: applications, money and snapshots stay what they are; what clashes stops it."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from firms import merging
from firms.models import Organisation
from incentives import services
from incentives.models import Application, Award, Budget, LedgerEntry, Snapshot
from portal.lifecycle import StepClosed
from portal.models import StepTaken, User
from portal.roles import Role
from tests.firms.merging import merge
from tests.incentives import make
from tests.incentives.stories import Story, join, story_in
from tests.racing import at_once


@pytest.fixture
def officer(db: None) -> User:
    return make.person("registry", Role.REGISTRY)


def stopped(by: User, survivor: Organisation, going: Organisation) -> list[str]:
    with pytest.raises(StepClosed) as closed:
        merge(by, survivor, going)
    return [str(reason) for reason in closed.value.reasons]


def test_award_follows_with_its_money_and_its_snapshots_stay(officer: User) -> None:
    story = story_in("active")
    kept = make.organisation()
    before = [list(model.objects.order_by("pk").values()) for model in (Snapshot, Award, LedgerEntry, Budget)]
    steps = StepTaken.objects.about(story.application).count()

    merge(officer, kept, story.firm)

    connection.check_constraints()
    application = Application.objects.get()
    assert (application.organisation, application.status) == (kept, "active")
    assert [list(model.objects.order_by("pk").values()) for model in (Snapshot, Award, LedgerEntry, Budget)] == before
    assert StepTaken.objects.about(application).count() == steps
    assert Application.objects.visible_to(story.signatory).get() == application


def test_application_is_moved_to_the_survivor_alone(officer: User) -> None:
    application, other = make.draft(), make.organisation()

    with pytest.raises(DatabaseError, match="stays with its applicant"), transaction.atomic():
        Application.objects.filter(pk=application.pk).update(organisation=other)


def test_both_applied_in_one_round_stops_it_until_one_is_withdrawn(officer: User) -> None:
    story = story_in("submitted")
    other = Story(opened=story.round)

    both = f"{story.application.number} (submitted) and draft"
    assert stopped(officer, story.firm, other.firm) == [
        f"Both applied in “First round” of “{story.round.programme}”: {both}. Withdraw one of the two first."
    ]

    other.withdraw()
    merge(officer, story.firm, other.firm)

    assert set(Application.objects.values_list("organisation", flat=True)) == {story.firm.pk}


def test_who_judges_one_and_belongs_to_the_other_stops_it(officer: User) -> None:
    story, kept = story_in("recommended"), make.organisation()
    join(kept, story.manager)

    (reason,) = stopped(officer, kept, story.firm)
    assert reason.startswith(f"manager takes part in deciding {story.application.number} and belongs to the other")


def test_live_awards_above_the_cap_are_told(officer: User) -> None:
    story = story_in("active", cap_award=Decimal(600_000), cap_firm=Decimal(600_000))
    other = Story(opened=make.round_of(story.round.programme))
    for part in ("fill", "submit", "accept", "review", "recommend", "approve"):
        getattr(other, part)()

    found = merging.findings(story.firm, other.firm)

    sums = "the two hold CNY 1 million together; one firm may hold CNY 600,000. What was awarded stays"
    sentence = f"Under “{story.round.programme}” {sums}: tell the programme manager."
    assert [(finding.stops, str(finding.text)) for finding in found] == [(False, sentence)]


def test_application_at_the_moment_of_a_merge_is_the_survivors(committed_db: str) -> None:
    with transaction.atomic():
        officer = make.person("registry", Role.REGISTRY)
        opened, kept, gone = make.round_of(), make.eligible_organisation(), make.organisation()
        member = make.member(gone, "editor")

    ended = at_once(
        lambda: services.start_application(round=opened, organisation=gone, by=member),
        lambda: merge(officer, kept, gone),
    )

    assert (ended, list(Application.objects.values_list("organisation", flat=True))) in (
        (["done", "done"], [kept.pk]),
        (["closed", "done"], []),
    )
