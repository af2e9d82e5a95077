"""Matches as pages show them: each with its verdicts, worked out for the rows of one page in few queries."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Count, Q, QuerySet

from firms.models import Organisation
from investors.matching import pairings, reading
from investors.matching.pairings import Pairing
from investors.matching.sides import Firm
from investors.matching.verdicts import Fit, Known, judge
from investors.models import Interest, InvestorProfile, Match, Opportunity, PremisesSearch
from investors.models.facts import Kind
from investors.models.matches import MatchQuerySet


class Shown(NamedTuple):
    """A match as a page shows it: what was found, or who seeks, with the verdicts.

    Args:
        match: the row.
        fit: the verdicts.
        opportunity: of the other side.
        firm: of the other side.
        profile: the investor on the other side; named only where ``is_named``.
        is_named: whether the page may say who it is.
    """

    match: Match
    fit: Fit
    opportunity: Opportunity | None = None
    firm: Organisation | None = None
    profile: InvestorProfile | None = None
    is_named: bool = False


def with_found(matches: MatchQuerySet) -> MatchQuerySet:
    """Read the opportunities that were found with the matches, but for what is confidential."""
    found = matches.select_related("opportunity__owner", "opportunity__subdistrict")
    return found.defer("opportunity__confidential_en", "opportunity__confidential_zh").prefetch_related(
        "opportunity__clusters"
    )


def with_both(matches: MatchQuerySet) -> MatchQuerySet:
    """Read both sides with the matches, for the owner of one of them."""
    both = with_found(matches).select_related(
        "firm__subdistrict", "listing__owner", "listing__subdistrict", "profile__user", "profile__organisation",
        "search__organisation",
    )  # fmt: skip
    return both.prefetch_related("listing__clusters")


def found_for_investor(matches: Iterable[Match], profile: InvestorProfile) -> list[Shown]:
    """Return what was found for an investor."""
    (investor,) = reading.investors(InvestorProfile.objects.filter(pk=profile.pk)).values()
    return _found(matches, investor)


def found_for_search(matches: Iterable[Match], search: PremisesSearch) -> list[Shown]:
    """Return the premises found for a search."""
    (wish,) = reading.wishes(PremisesSearch.objects.filter(pk=search.pk)).values()
    return _found(matches, wish)


def for_owner(opportunity: Opportunity, matches: Iterable[Match], *, is_seeker: bool) -> list[Shown]:
    """Return what was found for a listing that seeks, or who seeks what a listing offers.

    Args:
        opportunity: with its clusters.
        matches: in which the listing has that part, with both sides.
        is_seeker: which part.
    """
    side = reading.listing_of(opportunity)
    return _found(matches, side) if is_seeker else _seeking(matches, side, opportunity)


def _found(matches: Iterable[Match], seeker: Any) -> list[Shown]:
    rows, known = list(matches), reading.known()
    firms = _firms([match.firm_id for match in rows if match.firm_id], known)
    return [
        Shown(match, _judged(match, seeker, firms.get(match.firm_id or 0), known), match.opportunity, match.firm)
        for match in rows
    ]


def _judged(match: Match, seeker: Any, firm: Any, known: Known) -> Fit:
    found = firm if match.opportunity is None else reading.listing_of(match.opportunity)
    return judge(pairings.PAIRINGS[match.pairing].criteria, seeker, found, known)


def _firms(keys: list[int], known: Known) -> dict[int, Firm]:
    return reading.firms(Organisation.objects.filter(pk__in=keys), on=known.on) if keys else {}


def _seeking(matches: Iterable[Match], side: Any, opportunity: Opportunity) -> list[Shown]:
    rows, known = list(matches), reading.known()
    met = _made_known(opportunity, rows)
    investors = reading.investors(InvestorProfile.objects.filter(pk__in=[m.profile_id for m in rows if m.profile_id]))
    wishes = reading.wishes(PremisesSearch.objects.filter(pk__in=[m.search_id for m in rows if m.search_id]))
    shown = []
    for match in rows:
        seeker: Any = reading.listing_of(match.listing) if match.listing else None
        seeker = seeker or investors.get(match.profile_id or 0) or wishes.get(match.search_id or 0)
        fit = judge(pairings.PAIRINGS[match.pairing].criteria, seeker, side, known)
        is_named = match.profile is not None and (match.profile.is_named or match.profile.user_id in met)
        shown.append(Shown(match, fit, match.listing, None, match.profile, is_named))
    return shown


def _made_known(opportunity: Opportunity, matches: list[Match]) -> set[int]:
    """Return the investors among the matches who told the owner themselves, by an interest that has not failed."""
    people = [match.profile.user_id for match in matches if match.profile]
    failed = (Interest.Status.DECLINED, Interest.Status.WITHDRAWN)
    told = Interest.objects.filter(opportunity=opportunity, person__in=people).exclude(status__in=failed)
    return set(told.values_list("person", flat=True)) if people else set()


def how_it_fits(profile: InvestorProfile, opportunity: Opportunity) -> Fit | None:
    """Return the verdicts on one opportunity for one profile, matched before or not; None where it looks for others."""
    pairing = _pairing(opportunity)
    if pairing is None or pairing.kind not in profile.kinds:
        return None
    (investor,) = reading.investors(InvestorProfile.objects.filter(pk=profile.pk)).values()
    return judge(pairing.criteria, investor, reading.listing_of(opportunity), reading.known())


def _pairing(opportunity: Opportunity) -> Pairing | None:
    return next((one for one in pairings.OF_INVESTORS if one.kind == opportunity.kind), None)


def counted(listings: QuerySet[Opportunity]) -> list[tuple[Opportunity, int, int]]:
    """Return listings, each with the number of its matches, and of the good ones; two queries."""
    rows = list(listings)
    standing = Match.objects.standing().filter(Q(opportunity__in=rows) | Q(listing__in=rows))
    every, good = Counter[int](), Counter[int]()
    summed = standing.order_by().values_list("listing", "opportunity", "is_good").annotate(number=Count("pk"))
    for listing, opportunity, is_good, number in summed:
        for key in (listing, opportunity):
            every[key] += number
            good[key] += number * is_good
    return [(one, every[one.pk], good[one.pk]) for one in rows if one.kind != Kind.TALENT]


def asking_for(organisation: Organisation) -> list[Shown]:
    """Return the manufacturers' listings that an organisation of the directory fits as a digital firm."""
    matches = with_both(Match.objects.filter(firm=organisation).standing().ranked())[:20]
    rows, known = list(matches), reading.known()
    firms = _firms([organisation.pk] if rows else [], known)
    return [
        Shown(match, _judged(match, reading.listing_of(match.listing), firms[organisation.pk], known), match.listing)
        for match in rows
        if match.listing
    ]


def kinds_of_investors(matches: MatchQuerySet) -> list[tuple[str, int]]:
    """Return how many investors of which type there are among matches, the most frequent first."""
    types = matches.exclude(profile=None).order_by().values_list("profile__investor_type")
    numbers = types.annotate(number=Count("pk")).order_by("-number", "profile__investor_type")
    return [(str(InvestorProfile.Type(name).label), number) for name, number in numbers]


def fit_of(match: Match) -> Fit:
    """Return the verdicts on one match, read with both its sides."""
    opportunity = match.opportunity
    if match.listing:
        return _found([match], reading.listing_of(match.listing))[0].fit
    assert opportunity  # noqa: S101 -- a constraint sees to it
    return _seeking([match], reading.listing_of(opportunity), opportunity)[0].fit
