"""What the records of data rooms hold about the people who opened something."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from investors.models import DataRoomView
from portal.models import User
from portal.personal_data import Part, contribute


def openings_of(user: User) -> list[dict[str, Any]]:
    """Return what a person opened and when, in values of JSON; what it said is not theirs to take along."""
    found = DataRoomView.objects.filter(person=user).select_related("interest").order_by("pk")
    return [
        {
            "interest": view.interest.reference,
            "what": "file" if view.document_id else "text",
            "tier": view.tier,
            "sha256": view.sha256,
            "at": view.at,
        }
        for view in found
    ]


def erase_openings(user: User) -> int:
    """Return nothing: the record is the owner's proof; it holds the account's number alone, whose name is erased."""
    return 0


def contribute_all() -> None:
    """Add the part that holds the openings."""
    contribute(Part("openings", _("Confidential documents that you opened"), openings_of, erase_openings))
