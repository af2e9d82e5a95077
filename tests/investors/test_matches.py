"""Finding matches: by one task, for both sides, each told once and as they chose."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from firms.models import Cluster, Membership, Organisation
from investors.demonstration import load_wishes
from investors.lifecycle import OPPORTUNITY
from investors.models import InvestorProfile, Match, MatchNews, MatchOrder, MatchWish, Opportunity, PremisesSearch
from investors.services import match_news
from investors.services.profiles import delete_profile, save_profile, save_search
from portal import notices, work
from portal.models import Notice, User
from tests.investors.conftest import make_organisation

type Make = Callable[..., Opportunity]

AI = "ai-internet-digital-content"
CAPITAL = {
    "investor_type": "venture_capital", "country": "SG", "kinds": ["capital_sought"], "ticket_min": 1_000_000,
    "ticket_max": 30_000_000, "stages": ["series_a"], "instruments": ["equity"], "languages": ["en"],
}  # fmt: skip


def profile_of(user: User, *, version: int = 0, excluded: list[str] | None = None, **values: Any) -> InvestorProfile:
    """Save the profile of an investor whom the firm's capital fits, and look for its matches."""
    profile = save_profile(
        by=user,
        values={**CAPITAL, "tell": "immediate", **values},
        clusters=Cluster.objects.filter(slug=AI),
        excluded_clusters=Cluster.objects.filter(slug__in=excluded or []),
        version=version,
    )
    work.run("matches")
    return profile


def published(make: Make, **values: Any) -> Opportunity:
    """Publish an opportunity in the cluster, and look for those whom it fits."""
    opportunity = make(**values)
    opportunity.clusters.set(Cluster.objects.filter(slug=AI))
    work.run("matches")
    return opportunity


def told(kind: str) -> list[str]:
    """Return who was told by a kind of message."""
    found = Notice.objects.filter(kind=f"investors.{kind}", channel="email").order_by("pk")
    return list(found.values_list("recipient__name", flat=True))


def test_publication_finds_the_investor_and_tells_both_sides_once(
    people: SimpleNamespace, make_opportunity: Make
) -> None:
    profile_of(people.investor)
    MatchWish.objects.create(organisation=Organisation.objects.get(), tell="immediate")

    opportunity = published(make_opportunity)
    work.run("match_news")
    work.run("match_news")

    match = Match.objects.get()
    assert (match.pairing, match.opportunity, match.is_good) == ("capital", opportunity, True)
    assert told("matches_for_investor") == ["Investor"]
    assert sorted(told("matches_for_organisation")) == ["Editor", "Signatory"]
    match.refresh_from_db()
    assert None not in (match.seeker_told_at, match.owner_told_at)
    MatchOrder.objects.create(opportunity=opportunity)
    work.run("matches")
    work.run("match_news")
    assert (told("matches_for_investor"), len(told("matches_for_organisation"))) == (["Investor"], 2)


def test_message_says_what_fits_in_both_languages_and_how_to_stop(
    people: SimpleNamespace, make_opportunity: Make
) -> None:
    from django.utils import translation

    profile_of(people.investor)
    published(make_opportunity)
    work.run("match_news")

    notice = Notice.objects.get(kind="investors.matches_for_investor", channel="email")
    subject, paragraphs = notices.render(notice)
    with translation.override("zh-hans"):
        chinese, chinese_paragraphs = notices.render(notice)
    assert subject == "1 new opportunity fits your profile"
    assert paragraphs[0].startswith("“Growth capital for gripper robots” · Demonstration Robotics · ")
    assert chinese == "1个新机会符合您的投资偏好"
    assert "机器人夹爪项目融资" in chinese_paragraphs[0]
    assert "/zh-hans/matching/stop/" in chinese_paragraphs[-1]


def test_saving_a_profile_finds_what_is_public_and_tells_the_owner_alone(
    people: SimpleNamespace, make_opportunity: Make
) -> None:
    MatchWish.objects.create(organisation=Organisation.objects.get(), tell="immediate")
    published(make_opportunity)

    profile_of(people.investor)
    work.run("match_news")

    assert Match.objects.get().seeker_told_at is not None
    assert (told("matches_for_investor"), len(told("matches_for_organisation"))) == ([], 2)


def test_excluded_cluster_and_own_listing_are_no_match(people: SimpleNamespace, make_opportunity: Make) -> None:
    profile_of(people.investor, excluded=[AI])
    profile_of(people.viewer)

    published(make_opportunity)

    assert Match.objects.count() == 0


def test_match_goes_when_it_fits_no_more_and_is_told_no_second_time(
    people: SimpleNamespace, make_opportunity: Make
) -> None:
    profile = profile_of(people.investor)
    published(make_opportunity)
    work.run("match_news")

    profile_of(people.investor, version=1, ticket_min=900_000_000, ticket_max=None, stages=["seed"])
    assert list(Match.objects.standing()) == []
    profile_of(people.investor, version=2)
    work.run("match_news")

    assert (Match.objects.standing().count(), profile.pk) == (1, InvestorProfile.objects.get().pk)
    assert told("matches_for_investor") == ["Investor"]


def test_listing_off_the_site_is_shown_no_more(people: SimpleNamespace, make_opportunity: Make) -> None:
    profile_of(people.investor)
    opportunity = published(make_opportunity)

    OPPORTUNITY.apply(opportunity, "withdraw", by=people.signatory)

    assert (Match.objects.count(), Match.objects.standing().count()) == (1, 0)


def test_investor_is_offered_what_stands_and_nothing_else(
    people: SimpleNamespace, firm: Organisation, make_opportunity: Make
) -> None:
    suspended, moved_out = make_organisation("Suspended"), make_organisation("Moved")
    for owner in (suspended, moved_out):
        Membership.objects.create(user=people.signatory, organisation=owner, role="signatory")
    people.signatory = User.objects.get(pk=people.signatory.pk)
    owners = [firm, firm, firm, firm, suspended, moved_out]
    stands, withdrawn, ended, unfit, *_others = [published(make_opportunity, owner=owner) for owner in owners]
    profile_of(people.investor)
    assert Match.objects.on_offer().count() == len(owners)

    OPPORTUNITY.apply(withdrawn, "withdraw", by=people.signatory)
    Opportunity.objects.filter(pk=ended.pk).update(expires_on=timezone.localdate() - timedelta(days=1))
    Match.objects.filter(opportunity=unfit).update(rank=0)
    for owner, status in ((suspended, "suspended"), (moved_out, "moved_out")):
        Organisation.objects.filter(pk=owner.pk).update(status=status)

    assert [match.opportunity for match in Match.objects.on_offer()] == [stands]
    assert list(Match.objects.standing()) == list(Match.objects.on_offer())


def test_need_meets_offer_whichever_is_published_first(
    people: SimpleNamespace, firm: Organisation, make_opportunity: Make
) -> None:
    other = make_organisation("Laboratory")
    Membership.objects.create(user=people.signatory, organisation=other, role="signatory")
    people.signatory = User.objects.get(pk=people.signatory.pk)
    need = {"kind": "technology_needed", "object_kind": "patent", "modes": ["licence_exclusive"], "trl": 4}

    first = published(make_opportunity, owner=other, **need)
    offer = published(make_opportunity, kind="technology_offered")
    second = published(make_opportunity, owner=other, **need)

    pairs = Match.objects.filter(pairing="need").values_list("listing", "opportunity")
    assert sorted(pairs) == sorted([(first.pk, offer.pk), (second.pk, offer.pk)])


def test_manufacturer_finds_digital_firms_that_the_daily_look_adds(
    people: SimpleNamespace, firm: Organisation, make_opportunity: Make
) -> None:
    listing = published(make_opportunity, kind="digitalisation_partner", budget_to=None)
    digital = make_organisation("Takt", business_scope="智能制造系统集成；工业互联网平台运营", staff=40)
    digital.cluster_memberships.create(cluster=Cluster.objects.get(slug=AI))

    assert Match.objects.count() == 0
    work.run("match_rounds")
    work.run("matches")

    match = Match.objects.get()
    assert (match.pairing, match.listing, match.firm, match.is_good) == ("digital", listing, digital, True)


def test_search_for_premises_finds_them(people: SimpleNamespace, make_opportunity: Make) -> None:
    tenant = make_organisation("Tenant")
    Membership.objects.create(user=people.investor, organisation=tenant, role="editor")
    premises = published(
        make_opportunity, kind="premises", area=400, rent=5, available_from=timezone.localdate(), premises_use="office"
    )

    save_search(
        by=people.investor,
        organisation=tenant,
        values={"area_min": 300, "area_max": 500, "rent_max": 6, "uses": ["office"], "tell": "daily"},
        subdistricts=[],
        version=0,
    )
    work.run("matches")

    assert Match.objects.get().opportunity == premises


@pytest.mark.parametrize(
    ("tell", "now", "when"),
    [
        ("immediate", datetime(2026, 11, 26, 3, 0, tzinfo=UTC), datetime(2026, 11, 26, 3, 0, tzinfo=UTC)),
        ("daily", datetime(2026, 11, 26, 0, 29, tzinfo=UTC), datetime(2026, 11, 26, 0, 30, tzinfo=UTC)),
        ("daily", datetime(2026, 11, 26, 0, 30, tzinfo=UTC), datetime(2026, 11, 27, 0, 30, tzinfo=UTC)),
        ("weekly", datetime(2026, 11, 26, 3, 0, tzinfo=UTC), datetime(2026, 11, 30, 0, 30, tzinfo=UTC)),
        ("weekly", datetime(2026, 11, 29, 23, 0, tzinfo=UTC), datetime(2026, 11, 30, 0, 30, tzinfo=UTC)),
        ("weekly", datetime(2026, 11, 30, 0, 31, tzinfo=UTC), datetime(2026, 12, 7, 0, 30, tzinfo=UTC)),
    ],
)
def test_news_wait_for_the_morning_that_was_chosen(tell: str, now: datetime, when: datetime) -> None:
    assert match_news.moment(tell, now) == when


def test_weekly_waits_and_never_is_not_told(people: SimpleNamespace, make_opportunity: Make) -> None:
    profile = profile_of(people.investor, tell="weekly")
    published(make_opportunity)
    waiting = MatchNews.objects.open().get(profile=profile)
    assert waiting.next_try_at > timezone.now()

    profile_of(people.investor, version=1, tell="never")
    assert not MatchNews.objects.open().filter(profile=profile).exists()
    published(make_opportunity)
    assert not MatchNews.objects.open().filter(profile=profile).exists()

    profile_of(people.investor, version=2, tell="immediate")
    work.run("match_news")
    assert told("matches_for_investor") == []  # all of it was on the page
    published(make_opportunity)
    work.run("match_news")
    assert told("matches_for_investor") == ["Investor"]


def test_news_that_wait_come_at_once_when_it_is_chosen(people: SimpleNamespace, make_opportunity: Make) -> None:
    published(make_opportunity)
    profile = profile_of(people.investor, tell="daily")
    published(make_opportunity)

    match_news.reschedule("daily", "immediate", profile=profile)
    InvestorProfile.objects.update(tell="immediate")
    work.run("match_news")

    assert told("matches_for_investor") == ["Investor"]


def test_database_refuses_to_tell_a_side_twice(people: SimpleNamespace, make_opportunity: Make) -> None:
    profile_of(people.investor)
    published(make_opportunity)
    work.run("match_news")

    refused = pytest.raises(DatabaseError, match="each side is told once")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE investors_match SET seeker_told_at = NULL")


@pytest.mark.parametrize(
    "change",
    ["pairing = 'need'", "profile_id = NULL", "firm_id = (SELECT min(id) FROM firms_organisation)", "rank = 9999"],
)
def test_database_refuses_a_match_of_other_sides(people: SimpleNamespace, make_opportunity: Make, change: str) -> None:
    profile_of(people.investor)
    published(make_opportunity)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE investors_match SET {change}")


def test_deleted_profile_takes_its_matches_along(people: SimpleNamespace, make_opportunity: Make) -> None:
    profile_of(people.investor)
    published(make_opportunity)

    assert delete_profile(by=people.investor) == 1
    assert (Match.objects.count(), MatchNews.objects.filter(organisation=None).count()) == (0, 0)
    assert delete_profile(by=people.investor) == 0


def test_done_orders_are_cleared_away_after_a_week(people: SimpleNamespace, make_opportunity: Make) -> None:
    published(make_opportunity)
    MatchOrder.objects.update(done_at=timezone.now() - timedelta(days=8))

    work.run("match_rounds")

    assert MatchOrder.objects.count() == 0
    assert PremisesSearch.objects.count() == 0


def test_wishes_of_the_demonstration_find_something(people: SimpleNamespace, make_opportunity: Make) -> None:
    published(make_opportunity, foreign_capital="open", investor_role="any", horizon_years=5)

    load_wishes({"investor": people.investor, "university": people.stranger, "signatory": people.signatory})

    assert (InvestorProfile.objects.count(), PremisesSearch.objects.count()) == (2, 1)
    assert list(Match.objects.values_list("profile__user__name", "is_good")) == [("Investor", True)]
