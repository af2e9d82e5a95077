"""Merging owners and askers: opportunities and inquiries follow."""

from collections.abc import Callable
from types import SimpleNamespace

from firms import merging
from firms.models import Membership, Organisation
from investors.models import Inquiry, Opportunity
from tests.firms.merging import merge
from tests.investors.conftest import make_organisation


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
