"""What both sides are told of good matches that are new to them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from firms.models import Membership, Organisation
from investors.models import Match, MatchNews, Opportunity
from portal.models import User
from portal.notices import Message

SHOWN = 5
"""So many are named in a message; the page has the rest."""


@dataclass(frozen=True)
class News:
    """What is told to one side.

    Args:
        news: the row of work.
        matches: the best first.
        token: of the link that stops such messages.
    """

    news: MatchNews
    matches: list[Match]
    token: str


def _in_both(write: Any) -> dict[str, str]:
    pair = {}
    for side, language in (("en", "en"), ("zh", "zh-hans")):
        with translation.override(language):
            pair[side] = write()
    return pair


class _OfMatches(Message):
    def event(self, change: News) -> str:
        return f"{self.kind}:{change.news.pk}"

    def context(self, change: News) -> Mapping[str, Any]:
        return {
            "number": len(change.matches),
            "lines": _in_both(lambda: "\n\n".join(self.lines(change))),
            "stop_url": _in_both(lambda: settings.SITE_URL + reverse("investors:stop_matches", args=[change.token])),
        }

    def lines(self, change: News) -> Iterable[str]:
        """Return a line for each thing that is named, in the active language."""
        return [_named(match.opportunity, match) for match in change.matches[:SHOWN] if match.opportunity]


def _named(opportunity: Opportunity, match: Match) -> str:
    name = opportunity.owner.title
    return f"“{opportunity.title}” · {name} · {match.percent}%"


class MatchesForInvestor(_OfMatches):
    """New opportunities fit an investor's profile."""

    kind: ClassVar[str] = "investors.matches_for_investor"

    def recipients(self, change: News) -> Iterable[User]:
        """Return the investor."""
        return User.objects.filter(investor_profile=change.news.profile_id)

    def page(self, change: News) -> tuple[str, dict[str, Any]]:
        """Open the matches."""
        return "investors:matches", {}


class _ToMembers(_OfMatches):
    def recipients(self, change: News) -> Iterable[User]:
        members = Membership.objects.active().filter(organisation=self.organisation(change).pk)
        return User.objects.filter(pk__in=members.exclude(role=Membership.Role.VIEWER).values("user"))

    def organisation(self, change: News) -> Organisation:
        """Return whose members are told."""
        organisation = change.news.organisation or getattr(change.news.search, "organisation", None)
        assert organisation is not None  # noqa: S101 -- a constraint sees to it
        return organisation

    def context(self, change: News) -> Mapping[str, Any]:
        """Say for which organisation."""
        owner = self.organisation(change)
        names = {"en": owner.name_en or owner.name_pinyin, "zh": owner.name_zh}
        return {**super().context(change), "owner": names}


class MatchesForSearch(_ToMembers):
    """New premises fit what an organisation looks for."""

    kind: ClassVar[str] = "investors.matches_for_search"

    def page(self, change: News) -> tuple[str, dict[str, Any]]:
        """Open the matches of the search."""
        return "investors:premises_search", {"slug": self.organisation(change).slug}


class MatchesForOrganisation(_ToMembers):
    """Somebody fits an organisation's listings, or a listing fits the organisation."""

    kind: ClassVar[str] = "investors.matches_for_organisation"

    def lines(self, change: News) -> Iterable[str]:
        """Say for each of its listings how many of which kind fit it; then which listings of others it fits."""
        own = self.organisation(change).pk
        counted: Counter[tuple[str, str]] = Counter()
        others = []
        for match in change.matches:
            if match.firm_id == own and match.listing:
                others.append(_named(match.listing, match))
            elif match.listing and match.listing.owner_id == own:
                counted[match.listing.title, match.pairing] += 1
            elif match.opportunity:
                counted[match.opportunity.title, f"of_{match.pairing}"] += 1
        lines = [
            _("“%(title)s”: %(found)s") % {"title": title, "found": _found(what, number)}
            for (title, what), number in counted.items()
        ]
        if others:
            lines.append(_("Manufacturers look for a digital partner like you:"))
        return [*lines[: SHOWN + 1], *others[:SHOWN]]

    def page(self, change: News) -> tuple[str, dict[str, Any]]:
        """Open what the organisation seeks and offers."""
        return "investors:own_matches", {}


def _found(what: str, number: int) -> str:
    sentences = {
        "need": ngettext("%(number)d technology on offer fits", "%(number)d technologies on offer fit", number),
        "digital": ngettext("%(number)d digital firm fits", "%(number)d digital firms fit", number),
        "of_need": ngettext("%(number)d firm needs it", "%(number)d firms need it", number),
        "of_premises": ngettext(
            "%(number)d organisation looks for premises like these",
            "%(number)d organisations look for premises like these",
            number,
        ),
    }
    investors = ngettext("%(number)d investor fits", "%(number)d investors fit", number)
    return sentences.get(what, investors) % {"number": number}
