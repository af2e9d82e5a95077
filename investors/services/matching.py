"""Finding matches: one thing against all that it may fit, in one task; what fits is kept, and both sides get news."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from firms.models import Membership
from investors.matching import pairings, reading
from investors.matching.pairings import Pairing
from investors.matching.verdicts import Fit, Known, judge
from investors.models import (
    InvestorProfile,
    Match,
    MatchNews,
    MatchOrder,
    MatchRound,
    Opportunity,
    PremisesSearch,
)
from investors.models.facts import Kind
from investors.services import match_news
from portal import work
from portal.models import JobQuerySet

QUEUE, ROUNDS = "matches", "match_rounds"

LEAST = 600
"""From this score (of 1000) on, a match is kept and shown."""

FIRMS = 100
"""So many firms are kept for a manufacturer: the directory has thousands."""

_EVERY = timedelta(days=1)
_KEPT = timedelta(days=7)
_BATCH = 1000


@dataclass(frozen=True)
class _Found:
    """Two sides that were compared, by the columns of a match, with their fit."""

    sides: Mapping[str, int]
    fit: Fit


def order(**about: Any) -> MatchOrder:
    """Have the matches of a profile, a search or an opportunity found anew by a worker.

    Args:
        about: one of ``profile``, ``search`` and ``opportunity``.
    """
    ordered: MatchOrder = MatchOrder.objects.create(**about)
    work.wake(QUEUE)
    return ordered


def is_looking(**about: Any) -> bool:
    """Whether a worker has still to find the matches of a profile, a search or an opportunity."""
    return MatchOrder.objects.open().filter(**about).exists()


def orders() -> JobQuerySet[MatchOrder]:
    """Return the orders as a queue."""
    return JobQuerySet(MatchOrder)


def find(ordered: MatchOrder) -> None:
    """Find the matches of what an order is about."""
    known = reading.known()
    if ordered.profile_id:
        _of_profile(InvestorProfile.objects.get(pk=ordered.profile_id), known)
    elif ordered.search_id:
        _of_search(PremisesSearch.objects.get(pk=ordered.search_id), known)
    elif ordered.opportunity_id:
        _of_opportunity(Opportunity.objects.get(pk=ordered.opportunity_id), known)


def _of_profile(profile: InvestorProfile, known: Known) -> None:
    """Find what fits an investor, who sees it on the page that follows and is not told of it besides."""
    (investor,) = reading.investors(InvestorProfile.objects.filter(pk=profile.pk)).values()
    own = set(Membership.objects.active().filter(user=profile.user_id).values_list("organisation_id", flat=True))
    for pairing in pairings.OF_INVESTORS:
        listings = {}
        if pairing.kind in profile.kinds and profile.user.is_active:
            public = Opportunity.objects.published().filter(kind=pairing.kind)
            listings = reading.listings(public.exclude(owner__in=own))
        found = (
            _Found({"profile_id": profile.pk, "opportunity_id": pk}, judge(pairing.criteria, investor, listing, known))
            for pk, listing in listings.items()
        )
        _keep(pairing, found, profile=profile)
    match_news.seen(Match.objects.filter(profile=profile))
    match_news.announce(Match.objects.filter(profile=profile))


def _of_search(search: PremisesSearch, known: Known) -> None:
    (wish,) = reading.wishes(PremisesSearch.objects.filter(pk=search.pk)).values()
    public = Opportunity.objects.published().filter(kind=Kind.PREMISES).exclude(owner=search.organisation_id)
    found = (
        _Found({"search_id": search.pk, "opportunity_id": pk}, judge(pairings.PREMISES.criteria, wish, listing, known))
        for pk, listing in reading.listings(public).items()
    )
    _keep(pairings.PREMISES, found, search=search)
    match_news.seen(Match.objects.filter(search=search))
    match_news.announce(Match.objects.filter(search=search))


def _of_opportunity(opportunity: Opportunity, known: Known) -> None:
    """Find who fits a listing, and where it seeks itself, what fits it. One that is not public has no matches."""
    read = reading.listings(Opportunity.objects.published().filter(pk=opportunity.pk))
    if not read:
        return
    listing = read[opportunity.pk]
    for pairing, by, found in _comparisons(opportunity, listing, known):
        _keep(pairing, found, **{by: opportunity})
    match_news.announce(Match.objects.filter(Q(opportunity=opportunity) | Q(listing=opportunity)))


def _comparisons(
    opportunity: Opportunity, listing: Any, known: Known
) -> Iterator[tuple[Pairing, str, Iterable[_Found]]]:
    """Yield, for each pairing in which the listing has a part: its column, and those compared with it."""
    for pairing in pairings.OF_INVESTORS:
        if pairing.kind == opportunity.kind:
            yield pairing, "opportunity", _investors_for(pairing, opportunity, listing, known)
    if opportunity.kind == Kind.PREMISES:
        yield pairings.PREMISES, "opportunity", _searches_for(opportunity, listing, known)
    if opportunity.kind == Kind.OFFER:
        yield pairings.NEED, "opportunity", _needs_for(opportunity, listing, known)
    if opportunity.kind == Kind.NEED:
        yield pairings.NEED, "listing", _offers_for(opportunity, listing, known)
    if opportunity.kind == Kind.DIGITAL:
        yield pairings.DIGITAL, "listing", _firms_for(opportunity, listing, known)


def _investors_for(pairing: Pairing, opportunity: Opportunity, listing: Any, known: Known) -> Iterator[_Found]:
    members = Membership.objects.active().filter(organisation=opportunity.owner_id).values("user")
    profiles = InvestorProfile.objects.looking_for(pairing.kind).exclude(user__in=members)
    for pk, investor in reading.investors(profiles).items():
        sides = {"profile_id": pk, "opportunity_id": opportunity.pk}
        yield _Found(sides, judge(pairing.criteria, investor, listing, known))


def _searches_for(opportunity: Opportunity, listing: Any, known: Known) -> Iterator[_Found]:
    searches = PremisesSearch.objects.exclude(organisation=opportunity.owner_id)
    for pk, wish in reading.wishes(searches).items():
        sides = {"search_id": pk, "opportunity_id": opportunity.pk}
        yield _Found(sides, judge(pairings.PREMISES.criteria, wish, listing, known))


def _needs_for(offer: Opportunity, listing: Any, known: Known) -> Iterator[_Found]:
    needs = Opportunity.objects.published().filter(kind=Kind.NEED).exclude(owner=offer.owner_id)
    for pk, need in reading.listings(needs).items():
        sides = {"listing_id": pk, "opportunity_id": offer.pk}
        yield _Found(sides, judge(pairings.NEED.criteria, need, listing, known))


def _offers_for(need: Opportunity, listing: Any, known: Known) -> Iterator[_Found]:
    offers = Opportunity.objects.published().filter(kind=Kind.OFFER).exclude(owner=need.owner_id)
    for pk, offer in reading.listings(offers).items():
        sides = {"listing_id": need.pk, "opportunity_id": pk}
        yield _Found(sides, judge(pairings.NEED.criteria, listing, offer, known))


def _firms_for(digital: Opportunity, listing: Any, known: Known) -> Iterator[_Found]:
    firms = reading.digital_firms().exclude(pk=digital.owner_id)
    fits = [
        (judge(pairings.DIGITAL.criteria, listing, firm, known), pk)
        for pk, firm in reading.firms(firms, on=known.on).items()
    ]
    fits.sort(key=lambda pair: (-pair[0].rank, pair[1]))
    for fit, pk in fits[:FIRMS]:
        yield _Found({"listing_id": digital.pk, "firm_id": pk}, fit)


def _keep(pairing: Pairing, found: Iterable[_Found], **about: Any) -> None:
    """Keep what fits, and let go what does not any more; what a side was told or has hidden stays, out of sight."""
    fitting = [one for one in found if one.fit.score >= LEAST and not one.fit.is_ruled_out]
    gone = Match.objects.filter(pairing=pairing.name, **about)
    if fitting:
        columns = list(fitting[0].sides)
        (other,) = {*columns} - {f"{name}_id" for name in about}
        gone = gone.exclude(**{f"{other}__in": [one.sides[other] for one in fitting]})
        Match.objects.bulk_create(
            _rows(pairing, fitting),
            batch_size=_BATCH,
            update_conflicts=True,
            unique_fields=columns,
            update_fields=["rank", "score", "is_good"],
        )
    gone.filter(seeker_told_at=None, owner_told_at=None, hidden_at=None).delete()
    gone.update(rank=0, score=0, is_good=False)


def _rows(pairing: Pairing, fitting: list[_Found]) -> list[Match]:
    """Return the rows, always in one order: of two tasks that write the same, one waits for the other."""
    ordered = sorted(fitting, key=lambda one: tuple(one.sides.values()))
    return [
        Match(pairing=pairing.name, rank=one.fit.rank, score=one.fit.score, is_good=one.fit.is_good, **one.sides)
        for one in ordered
    ]


def rounds_to_make() -> JobQuerySet[MatchRound]:
    """Return the daily looks as a queue. One always waits, for a day after the last."""
    rounds: JobQuerySet[MatchRound] = JobQuerySet(MatchRound)
    if not rounds.open().exists():
        last = MatchRound.objects.exclude(done_at=None).order_by("-done_at").first()
        MatchRound.objects.create(next_try_at=last.done_at + _EVERY if last and last.done_at else Now())
    return rounds


def make_round(_row: MatchRound) -> None:
    """Compare manufacturers with the firms of the directory, which change without an event; clear what is done away."""
    for pk in Opportunity.objects.published().filter(kind=Kind.DIGITAL).values_list("pk", flat=True):
        MatchOrder.objects.create(opportunity_id=pk)
    before = timezone.now() - _KEPT
    for model in (MatchOrder, MatchNews, MatchRound):
        model._base_manager.filter(done_at__lt=before).delete()
    work.wake(QUEUE)
