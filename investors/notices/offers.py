"""What those who expressed interest are told when the offer itself changes."""

from collections.abc import Iterable, Mapping
from typing import Any

from investors.models import Interest
from investors.notices.interests import people_of_person
from portal.lifecycle import Change
from portal.models import User
from portal.notices import Message, both


class OfferGone(Message):
    """What was published has left the site: told to everybody whose interest in it is open."""

    kind = "investors.offer_gone"

    def recipients(self, change: Change) -> Iterable[User]:
        """Tell nobody of a draft that goes on to be one."""
        if change.source != "published":
            return []
        live = Interest.objects.live().filter(opportunity=change.obj).select_related("person")
        return {user.pk: user for interest in live for user in people_of_person(interest)}.values()

    def context(self, change: Change) -> Mapping[str, Any]:
        """Name the opportunity alone: one person may have several interests in it."""
        return {"opportunity": both(change.obj, "title")}

    def page(self, change: Change) -> tuple[str, dict[str, Any]]:
        """Lead to their own."""
        return "investors:interests", {}


class InterestMatched(OfferGone):
    """The owner has agreed with somebody else."""

    kind = "investors.interest_matched"
