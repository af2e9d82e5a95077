"""What matching contributes to the core: its queues, the rights of roles, the links of the desk."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from investors.models.profiles import INTRODUCES
from investors.rules import roles_in_organisations
from investors.services import match_news, matching, profile_data
from portal import desk, work
from portal.desk import DeskLink
from portal.models import User
from portal.permissions import allow

_SECONDS = 120
"""One thing against all may take long on a large site."""


def links(user: User) -> Iterator[DeskLink]:
    """Yield where people say what they look for, and see what fits."""
    if user.is_staff:
        return
    yield DeskLink(_("Investor profile and matches"), reverse("investors:matches"))
    if roles_in_organisations(user):
        yield DeskLink(_("Matches of our organisations"), reverse("investors:own_matches"))


def contribute_all() -> None:
    """Add all of it."""
    for role in INTRODUCES:
        allow(role, "investors.view_match")
    work.register(work.Queue(matching.QUEUE, matching.orders, matching.find, seconds=_SECONDS))
    work.register(work.Queue(matching.ROUNDS, matching.rounds_to_make, matching.make_round))
    work.register(work.Queue(match_news.QUEUE, match_news.news_to_tell, match_news.tell))
    desk.contribute_links(links, order=62)
    profile_data.contribute_all()
