"""What owners are told of their data rooms."""

from collections.abc import Iterable, Mapping
from typing import Any

from investors.models import DataRoomView
from investors.models.interests import WRITERS
from portal.models import User
from portal.notices import Message, both


class RoomFirstOpened(Message):
    """Somebody opened something confidential for the first time; further openings stand in the record alone."""

    kind = "investors.room_first_opened"

    def recipients(self, change: DataRoomView) -> Iterable[User]:
        """Tell who writes for the owner."""
        owner = change.interest.opportunity.owner_id
        return User.objects.filter(
            memberships__organisation=owner, memberships__is_active=True, memberships__role__in=WRITERS
        ).order_by("pk")

    def context(self, change: DataRoomView) -> Mapping[str, Any]:
        """Name the interest and the opportunity: who it was is read in the record."""
        return {"reference": change.interest.reference, "title": both(change.interest.opportunity, "title")}

    def page(self, change: DataRoomView) -> tuple[str, dict[str, Any]]:
        """Open the record."""
        return "investors:room_log", {"slug": change.interest.opportunity.slug}

    def event(self, change: DataRoomView) -> str:
        """Tell it once for a person."""
        return f"{self.kind}:{change.interest_id}:{change.person_id}"
