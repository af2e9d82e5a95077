"""Who is told: those whose turn it is, and only they."""

from collections.abc import Callable
from types import SimpleNamespace

from firms.models import Membership, Organisation
from investors.lifecycle import INQUIRY, OPPORTUNITY
from investors.models import Inquiry, Opportunity
from portal.models import Notice
from portal.roles import Role
from tests.investors.conftest import make_user


def told(kind: str) -> list[int]:
    found = Notice.objects.filter(kind=f"investors.{kind}", channel="in_app").exclude(recipient=None)
    return sorted(found.values_list("recipient_id", flat=True))


def test_officer_with_any_part_in_the_owner_neither_hears_nor_reviews(
    people: SimpleNamespace, firm: Organisation, make_opportunity: Callable[..., Opportunity]
) -> None:
    insider = make_user("insider", Role.INVESTMENT)
    Membership.objects.create(user=insider, organisation=firm, role="viewer")

    opportunity = make_opportunity("submitted")

    assert told("opportunity_submitted") == [people.officer.pk]
    assert OPPORTUNITY.allowed(insider, opportunity) == []


def test_head_hears_where_the_officer_holds_the_role_no_longer(
    people: SimpleNamespace, make_inquiry: Callable[..., Inquiry]
) -> None:
    inquiry = make_inquiry("received")
    people.officer.groups.clear()

    INQUIRY.apply(inquiry, "remind_answer", by=None)

    assert told("answer_due_soon") == [people.head.pk]
