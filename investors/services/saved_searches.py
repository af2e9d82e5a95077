"""Saving searches, and telling whoever saved them what is new: at once, or in a digest of a day or a week."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from allauth.account.models import EmailAddress
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from investors.directory.criteria import Criteria
from investors.models import Announcement, SavedSearch, SearchDigest, SearchHit
from investors.models.saved_searches import ANNOUNCEMENTS, MOST_SAVED, QUERY_LENGTH
from investors.notices.searches import Found, SearchFound
from portal import work
from portal.clock import SHANGHAI
from portal.lifecycle import StepClosed
from portal.local_form import is_chinese
from portal.models import User

DIGESTS = "search_digests"

HOUR = 8
"""The hour, in Shanghai, at which digests are sent."""

MOST_TOLD = 20
"""So many opportunities one message names; it says how many more there are."""

PIECE = 500
"""So many searches are tried in one transaction."""

Often = SavedSearch.Often


@dataclass(frozen=True)
class Wish:
    """What is saved.

    Args:
        name: under which its person finds it again.
        query: the query string of the criteria, as ``Criteria.as_query`` writes it.
        often: one of ``SavedSearch.Often``.
    """

    name: str
    query: str
    often: str


def criteria_of(query: str) -> Criteria:
    """Return the criteria that a query string holds."""
    return Criteria.from_query(QueryDict(query))


def canonical(query: QueryDict) -> str:
    """Return what a query string asks for as criteria write it, in whatever order it is listed.

    What makes no sense is gone; the same search is the same text.
    """
    asked = Criteria.from_query(query).as_query().copy()
    asked.pop("sort", None)
    return asked.urlencode()


def in_words(query: str) -> list[str]:
    """Return what a query string asks for, in the active language."""
    criteria = criteria_of(query)
    words = [criteria.text.typed] if criteria.text.typed else []
    for name, chosen in criteria.facets.items():
        label = criteria.facets_known[name].label
        said = ("、" if is_chinese() else ", ").join(choice.label for choice in chosen)
        words.append(f"{label}：{said}" if is_chinese() else f"{label}: {said}")
    return words


@transaction.atomic
def save_search(*, by: User, wish: Wish) -> SavedSearch:
    """Save a search; the same criteria again are the same search, with the name and the frequency given now.

    Args:
        by: whose it is; an e-mail address of theirs is verified.
        wish: what is saved.

    Raises:
        StepClosed: the address is not verified, the criteria are too long, or as many are saved as may be.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # two tabs at once wait for each other
    if not is_verified(by):
        raise StepClosed(_("Confirm your e-mail address first: what is found is sent there."))
    if len(wish.query) > QUERY_LENGTH:
        raise StepClosed(_("These are more criteria than can be saved."))
    held = list(SavedSearch.objects.filter(person=by))
    if same := next((one for one in held if one.query == wish.query), None):
        return change_search(search=same, wish=wish)
    places = {one.place for one in held}
    place = next((place for place in range(1, MOST_SAVED + 1) if place not in places), None)
    if place is None:
        raise StepClosed(_("You have saved as many searches as one can. Delete one first."))
    now = timezone.now()
    search = SavedSearch.objects.create(
        person=by, place=place, name=wish.name, query=wish.query, often=wish.often, since=now, created_at=now
    )
    _set_digest(search)
    return search


@transaction.atomic
def change_search(*, search: SavedSearch, wish: Wish) -> SavedSearch:
    """Change the name, the criteria or the frequency of a search; other criteria begin anew.

    Raises:
        StepClosed: the person has saved a search with these criteria already.
    """
    locked = SavedSearch.objects.select_for_update().get(pk=search.pk)
    if locked.query != wish.query:
        if SavedSearch.objects.filter(person=locked.person_id, query=wish.query).exclude(pk=locked.pk).exists():
            raise StepClosed(_("You have saved a search with these criteria already."))
        locked.query, locked.since = wish.query, timezone.now()
    locked.name, locked.often = wish.name, wish.often
    locked.save(update_fields=["name", "query", "often", "since"])
    _set_digest(locked)
    return locked


@transaction.atomic
def pause(*, search: SavedSearch) -> None:
    """Tell its person nothing any more, until it goes on."""
    locked = SavedSearch.objects.select_for_update().get(pk=search.pk)
    if locked.paused_at is None:
        locked.paused_at = timezone.now()
        locked.save(update_fields=["paused_at"])
        _set_digest(locked)


@transaction.atomic
def go_on(*, search: SavedSearch) -> None:
    """Tell its person again, of what is published from now on."""
    locked = SavedSearch.objects.select_for_update().get(pk=search.pk)
    if locked.paused_at:
        locked.paused_at, locked.since = None, timezone.now()
        locked.save(update_fields=["paused_at", "since"])
        _set_digest(locked)


def is_verified(person: User) -> bool:
    """Return whether the address that messages go to is the person's, as far as the portal knows."""
    return EmailAddress.objects.filter(user=person, email__iexact=person.email, verified=True).exists()


def next_digest(often: str, now: datetime) -> datetime:
    """Return when the next digest is due: at 8 in Shanghai, weekly ones on Mondays."""
    day = now.astimezone(SHANGHAI).date()
    due = datetime.combine(day, time(HOUR), SHANGHAI)
    while due <= now or (often == Often.WEEKLY and due.weekday() != 0):
        due += timedelta(days=1)
    return due


def _set_digest(search: SavedSearch) -> None:
    """Set when the next digest is due, or that none is."""
    SearchDigest.objects.filter(search=search).delete()
    if search.paused_at is None and search.often != Often.IMMEDIATE:
        _plan_digest(search)


def _plan_digest(search: SavedSearch) -> None:
    due = next_digest(search.often, timezone.now())
    SearchDigest.objects.get_or_create(search=search, due_at=due, defaults={"next_try_at": due})


# --- Telling ----------------------------------------------------------------------------


def announce(row: Announcement) -> None:
    """Tell those who want to hear at once of what was published, where it fits what they look for.

    A piece of the searches is tried in one transaction; the next piece is a row of its own.
    """
    searches = SavedSearch.objects.running().filter(often=Often.IMMEDIATE, since__lte=row.published_at)
    piece = list(searches.filter(pk__gt=row.after).select_related("person").order_by("pk")[:PIECE])
    for search in piece:
        _tell(search, only=row.opportunity_id)
    if len(piece) == PIECE:
        Announcement.objects.get_or_create(
            opportunity_id=row.opportunity_id, published_at=row.published_at, after=piece[-1].pk
        )
        work.wake(ANNOUNCEMENTS)


def send_digest(row: SearchDigest) -> None:
    """Tell what was published since the last digest, and plan the next; where nothing is new, nobody is written to."""
    search = SavedSearch.objects.select_related("person").get(pk=row.search_id)
    _tell(search)
    SearchDigest.objects.filter(search=search).exclude(done_at=None).delete()
    _plan_digest(search)


def _tell(search: SavedSearch, only: int | None = None) -> None:
    """Write down what is new to a search, and one message of it, in one transaction."""
    if not is_verified(search.person):
        return
    found = criteria_of(search.query).matching().filter(published_at__gte=search.since)
    if only is not None:
        found = found.filter(pk=only)
    known = SearchHit.objects.filter(search=search).values("opportunity")
    new = list(found.exclude(pk__in=known).select_related("owner").order_by("-published_at", "-pk"))
    if not new:
        return
    now = timezone.now()
    hits = SearchHit.objects.bulk_create(SearchHit(search=search, opportunity=one, told_at=now) for one in new)
    SearchFound().tell(Found(search, new[:MOST_TOLD], len(new), hits[0].pk))


work.register(work.Queue(ANNOUNCEMENTS, Announcement.objects.all, announce, seconds=240))
work.register(work.Queue(DIGESTS, SearchDigest.objects.all, send_digest))
