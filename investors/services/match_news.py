"""News of good matches: to whom, when they want it, each match once to each side."""

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from investors.models import InvestorProfile, Match, MatchNews, MatchWish, PremisesSearch, Tell
from investors.models.matches import MatchQuerySet
from investors.notices.matches import MatchesForInvestor, MatchesForOrganisation, MatchesForSearch, News
from portal import work
from portal.local_form import SHANGHAI
from portal.models import JobQuerySet

QUEUE = "match_news"

_MORNING = time(8, 30)
_SALT = "investors.matches.stop"
_STOP_FOR = timedelta(days=365)


class DeadLink(Exception):  # noqa: N818 -- what the link is, not an error of the code
    """The link is not ours, or too old."""


def news_to_tell() -> JobQuerySet[MatchNews]:
    """Return the news as a queue."""
    return JobQuerySet(MatchNews)


def wish_of(organisation: int | None) -> str:
    """Return how often an organisation wants to be told: once a week unless it chose otherwise."""
    wish = MatchWish.objects.filter(organisation=organisation).values_list("tell", flat=True).first()
    return wish or Tell.WEEKLY


def moment(tell: str, now: datetime) -> datetime:
    """Return when news are told: at once, on the next morning, or on the next Monday morning, in Shanghai.

    Args:
        tell: how often, but never ``never``.
        now: an aware moment.
    """
    if tell == Tell.IMMEDIATE:
        return now
    local = timezone.localtime(now, SHANGHAI)
    days = 1 if local.time() >= _MORNING else 0
    if tell == Tell.WEEKLY:
        days = -local.weekday() % 7
        days += 7 if not days and local.time() >= _MORNING else 0
    return datetime.combine(local.date() + timedelta(days=days), _MORNING, SHANGHAI)


# --- Writing the rows -------------------------------------------------------------------


def seen(matches: MatchQuerySet) -> None:
    """Mark matches as known to who seeks, who looks at them without being told."""
    matches.filter(seeker_told_at=None).update(seeker_told_at=Now())


def announce(matches: MatchQuerySet) -> None:
    """Let those hear of good matches who do not know of them yet, each when they want to.

    Args:
        matches: just found, or found anew.
    """
    good, now = matches.filter(is_good=True), timezone.now()
    rows = [MatchNews(**whom, next_try_at=moment(tell, now)) for whom, tell in _sides(good) if tell != Tell.NEVER]
    MatchNews.objects.bulk_create(rows)
    if rows:
        work.wake(QUEUE)


def _sides(good: MatchQuerySet) -> Iterator[tuple[dict[str, int], str]]:
    """Yield whom there is something to tell, and how often they want to be told."""
    new = good.filter(seeker_told_at=None).order_by()
    for pk, tell in new.exclude(profile=None).values_list("profile", "profile__tell").distinct():
        yield {"profile_id": pk}, tell
    for pk, tell in new.exclude(search=None).values_list("search", "search__tell").distinct():
        yield {"search_id": pk}, tell
    found = good.filter(owner_told_at=None).order_by()
    organisations = {
        *new.exclude(listing=None).values_list("listing__owner", flat=True),
        *found.exclude(opportunity=None).values_list("opportunity__owner", flat=True),
        *found.exclude(firm=None).values_list("firm", flat=True),
    }
    wishes = dict(MatchWish.objects.filter(organisation__in=organisations).values_list("organisation", "tell"))
    for pk in sorted(organisations):
        yield {"organisation_id": pk}, wishes.get(pk, Tell.WEEKLY)


def reschedule(before: str, after: str, **whom: Any) -> None:
    """Follow a changed wish: what waits moves, or is not told; who comes back from never is told of what is new alone.

    Args:
        before: how often they wanted to be told.
        after: how often from now on.
        whom: one of ``profile``, ``search`` and ``organisation``.
    """
    if before == after:
        return
    waiting = MatchNews.objects.open().filter(**whom)
    if after == Tell.NEVER:
        waiting.delete()
        return
    waiting.update(next_try_at=moment(after, timezone.now()))
    work.wake(QUEUE)
    if before == Tell.NEVER:
        for matches, column in _untold(**whom):
            matches.update(**{column: Now()})


# --- Telling ----------------------------------------------------------------------------


def _untold(**whom: Any) -> Iterable[tuple[MatchQuerySet, str]]:
    """Return the matches that somebody does not know of, as who seeks and as whose it is."""
    match whom:
        case {"organisation": organisation}:
            owns = Q(opportunity__owner=organisation) | Q(firm=organisation)
            return [
                (Match.objects.filter(listing__owner=organisation, seeker_told_at=None), "seeker_told_at"),
                (Match.objects.filter(owns, owner_told_at=None), "owner_told_at"),
            ]
        case _:
            return [(Match.objects.filter(**whom, seeker_told_at=None), "seeker_told_at")]


def tell(news: MatchNews) -> None:
    """Tell somebody of the good matches that they do not know of, if they still want to be told."""
    whom = _whom(news)
    if _wish(news) == Tell.NEVER:
        return
    taken: list[Match] = []
    for matches, column in _untold(**whom):
        # Who else tells the same person waits here, and then finds nothing.
        keys = list(matches.filter(is_good=True).select_for_update(of=("self",)).order_by("pk").values_list("pk"))
        told = Match.objects.filter(pk__in=[pk for (pk,) in keys], **{column: None})
        rows = told.standing().ranked().select_related("opportunity__owner", "listing__owner", "firm", "profile")
        taken += list(rows)
        told.update(**{column: Now()})
    if taken:
        message = {"profile": MatchesForInvestor, "search": MatchesForSearch}.get(
            next(iter(whom)), MatchesForOrganisation
        )
        message().tell(News(news, taken, _token(whom)))


def _whom(news: MatchNews) -> dict[str, Any]:
    for name in ("profile", "search", "organisation"):
        if getattr(news, f"{name}_id"):
            return {name: getattr(news, name)}
    raise AssertionError  # a constraint sees to it


def _wish(news: MatchNews) -> str:
    if news.profile_id:
        return InvestorProfile.objects.values_list("tell", flat=True).get(pk=news.profile_id)
    if news.search_id:
        return PremisesSearch.objects.values_list("tell", flat=True).get(pk=news.search_id)
    return wish_of(news.organisation_id)


# --- The link that stops them -----------------------------------------------------------


def _token(whom: dict[str, Any]) -> str:
    return signing.dumps({name: one.pk for name, one in whom.items()}, salt=_SALT)


@transaction.atomic
def stop(token: str) -> None:
    """Tell somebody nothing more of matches; whoever has the link may say so, as often as they like.

    Raises:
        DeadLink: the link is not ours, or older than a year.
    """
    for name, pk in read_link(token).items():
        if name == "organisation":
            MatchWish.objects.update_or_create(organisation_id=pk, defaults={"tell": Tell.NEVER})
        else:
            model = {"profile": InvestorProfile, "search": PremisesSearch}[name]
            model._base_manager.filter(pk=pk).update(tell=Tell.NEVER)
        MatchNews.objects.open().filter(**{name: pk}).delete()


def read_link(token: str) -> dict[str, int]:
    """Return whom a link concerns.

    Raises:
        DeadLink: it is not ours, or older than a year.
    """
    try:
        said: dict[str, int] = signing.loads(token, salt=_SALT, max_age=_STOP_FOR)
    except signing.BadSignature as error:
        raise DeadLink from error
    return said
