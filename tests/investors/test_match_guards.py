"""What PostgreSQL keeps of matches, and its twins: with one guard off, the thing happens."""

from django.db import connection, transaction
from django.utils import timezone

from firms.models import Membership
from investors.models import InvestorProfile, Match, MatchOrder
from investors.services.opportunities import draft_opportunity
from portal.database import as_owner
from tests.investors.conftest import make_organisation, make_user
from tests.test_guards_off import Guard, attempt

_AGAIN = (
    "INSERT INTO investors_match (pairing, profile_id, opportunity_id, rank, score, is_good)"
    " SELECT pairing, profile_id, opportunity_id, rank, score, is_good FROM investors_match LIMIT 1"
)
GUARDS = {
    "who seeks told again": Guard(
        "investors_match", "told_once", ("UPDATE investors_match SET seeker_told_at = NULL",)
    ),
    "whose it is told again": Guard(
        "investors_match", "told_once", ("UPDATE investors_match SET owner_told_at = now()",)
    ),
    "one match twice": Guard("investors_match", "match_profile_once", (_AGAIN,)),
    "a match of nobody": Guard(
        "investors_match", "match_names_its_sides", ("UPDATE investors_match SET profile_id = NULL",)
    ),
    "an order about nothing": Guard(
        "investors_matchorder", "match_order_about_one_thing", ("UPDATE investors_matchorder SET profile_id = NULL",)
    ),
    "a profile that looks for nothing": Guard(
        "investors_investorprofile",
        "profile_looks_for_something",
        ("UPDATE investors_investorprofile SET kinds = '{}'",),
    ),
    "a ticket that is no number": Guard(
        "investors_investorprofile",
        "profile_ticket_in_order",
        ("UPDATE investors_investorprofile SET ticket_max = 'NaN'",),
    ),
}


def test_each_guard_of_matches_refuses_and_without_it_the_thing_happens(committed_db: str) -> None:
    with transaction.atomic():
        investor, member, firm = make_user("investor"), make_user("member"), make_organisation("Robotics")
        Membership.objects.create(user=member, organisation=firm, role="signatory")
        listing = draft_opportunity(by=member, owner=firm, kind="capital_sought", values={"title_en": "Capital"})
        profile = InvestorProfile.objects.create(
            user=investor, investor_type="angel", country="SG", kinds=["capital_sought"]
        )
        told = {"seeker_told_at": timezone.now(), "owner_told_at": timezone.now()}
        Match.objects.create(
            pairing="capital", profile=profile, opportunity=listing, rank=2, score=1, is_good=False, **told
        )
        MatchOrder.objects.create(profile=profile)

    with as_owner(), connection.cursor() as owner:
        found = {
            name: (attempt(guard, owner.execute, guarded=True)[:7], attempt(guard, owner.execute, guarded=False))
            for name, guard in GUARDS.items()
        }

    assert found == dict.fromkeys(GUARDS, ("refused", "happened"))
