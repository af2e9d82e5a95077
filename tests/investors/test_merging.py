"""Merging owners and askers: opportunities and inquiries follow."""

from collections.abc import Callable
from types import SimpleNamespace

from django.db import connection

from firms import merging
from firms.models import Membership, Organisation
from investors.models import (
    DataRoomDocument,
    DataRoomView,
    Inquiry,
    Interest,
    InterestAcceptance,
    Opportunity,
    OpportunityPhoto,
)
from investors.services.opening import open_file
from portal.roles import Role
from tests.firms.merging import merge
from tests.investors.conftest import make_organisation, make_user
from tests.investors.filled import one_of_each
from tests.unguarded import broken


def test_opportunities_and_inquiries_follow_and_a_question_to_oneself_is_told(
    people: SimpleNamespace,
    firm: Organisation,
    make_opportunity: Callable[..., Opportunity],
    make_inquiry: Callable[..., Inquiry],
) -> None:
    kept, opportunity = make_organisation("Grippers"), make_opportunity()
    Membership.objects.create(user=people.investor, organisation=kept, role="viewer")
    inquiry = make_inquiry(opportunity=opportunity, organisation=kept)

    correction = make_inquiry(topic="correction", about=firm)

    told = [(finding.stops, str(finding.text)) for finding in merging.findings(kept, firm)]
    merge(people.registry, kept, firm)

    opportunity.refresh_from_db()
    inquiry.refresh_from_db()
    correction.refresh_from_db()
    sentence = f"{inquiry.reference} is a question of one about the other or its opportunity. It stays open."
    assert told == [(False, sentence)]
    assert (opportunity.owner, inquiry.organisation, correction.about_organisation) == (kept, kept, kept)
    assert list(Opportunity.objects.published()) == [opportunity]


def test_room_agreements_and_openings_follow_the_owner(db: None) -> None:
    people = one_of_each()
    survivor = make_organisation("Survivor", kind="university")
    Membership.objects.create(user=people.sixth, organisation=survivor, role="signatory")
    file = DataRoomDocument.objects.get(tier="room").document
    accepted = list(InterestAcceptance.objects.order_by("pk").values())

    merge(make_user("registry", Role.REGISTRY), survivor, people.university)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    member = people.sixth
    assert set(Opportunity.objects.values_list("owner", flat=True)) == {survivor.pk}
    assert DataRoomDocument.objects.visible_to(member).count() == 2
    assert DataRoomView.objects.of_owner(member).count() == 3
    assert Interest.objects.of_owner(member).count() == 4
    assert OpportunityPhoto.objects.filter(opportunity__owner=survivor).count() == 1
    assert open_file(people.first, file)  # what was open to a side stays open
    assert list(InterestAcceptance.objects.order_by("pk").values()) == accepted  # who bound whom then
    assert broken({"guards", "history_complete", "history_sealed"}) == {}
