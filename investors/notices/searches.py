"""What people are told of the searches that they saved."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import override

from investors.models import Opportunity, SavedSearch
from portal.models import User
from portal.notices import Message

_SALT = "investors.saved_search.stop"


@dataclass(frozen=True)
class Found:
    """What is new to a search.

    Args:
        search: with its person.
        opportunities: those that the message names, newest first.
        number: of all that are new.
        first: of the rows written of them, the first: the message is of these, and told once.
    """

    search: SavedSearch
    opportunities: Sequence[Opportunity]
    number: int
    first: int


class SearchFound(Message):
    """Something was published that fits a saved search."""

    kind = "investors.search_found"

    def recipients(self, change: Found) -> Iterable[User]:
        """Return the person who saved it."""
        return [change.search.person]

    def context(self, change: Found) -> Mapping[str, Any]:
        """Return what was found, and the way to hear no more of it."""
        token = stop_token(change.search)
        return {
            "name": change.search.name,
            "number": change.number,
            "more": change.number - len(change.opportunities),
            "found": {"en": _listed(change.opportunities, "en"), "zh": _listed(change.opportunities, "zh-hans")},
            "stop_url": {"en": _stop_address(token, "en"), "zh": _stop_address(token, "zh-hans")},
        }

    def page(self, change: Found) -> tuple[str, dict[str, Any]]:
        """Open the search."""
        return "investors:saved_search", {"uid": str(change.search.uid)}

    def event(self, change: Found) -> str:
        """Return what was found."""
        return f"{self.kind}:{change.first}"


def stop_token(search: SavedSearch) -> str:
    """Return what the address ends with by which a search is paused without signing in: its ``uid``, signed."""
    return signing.Signer(salt=_SALT).sign(str(search.uid))


def uid_of(token: str) -> str:
    """Return the ``uid`` that such an address holds.

    Raises:
        django.core.signing.BadSignature: it is not one that was sent.
    """
    return signing.Signer(salt=_SALT).unsign(token)


def _listed(opportunities: Sequence[Opportunity], language: str) -> str:
    with override(language):
        return "\n\n".join(f"{one.title}\n{settings.SITE_URL}{one.get_absolute_url()}" for one in opportunities)


def _stop_address(token: str, language: str) -> str:
    with override(language):
        return settings.SITE_URL + reverse("investors:stop_saved_search", args=[token])
