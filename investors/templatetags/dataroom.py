"""Tags of data rooms: the state of a file, the rules on export, what the public is told."""

from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import pgettext

from investors import export_gate, room
from investors.models import DataRoomDocument, Opportunity
from investors.rules import edits_for_owner
from portal.models import Document, User
from portal.templatetags.portal import status_tag

register = template.Library()

_TONES = {Document.Status.PENDING: "amber", Document.Status.CLEAN: "green", Document.Status.INFECTED: "red"}


@register.simple_tag
def file_tag(file: DataRoomDocument) -> SafeString:
    """Print whether a file of a room can be opened: withdrawn, or how far its check is."""
    if file.withdrawn_at:
        return status_tag(pgettext("file", "withdrawn"))
    assert file.document is not None  # noqa: S101 -- a file of the room has been stored
    return status_tag(file.document.get_status_display(), _TONES[Document.Status(file.document.status)])


@register.inclusion_tag("investors/_export_rules.html")
def export_rules() -> dict[str, Any]:
    """Print the rules on which declarations on export rest, with their editions."""
    return {"rules": export_gate.RULES, "looked_up": export_gate.LOOKED_UP}


@register.inclusion_tag("investors/_room_announced.html")
def room_announced(opportunity: Opportunity) -> dict[str, Any]:
    """Print what the owner lets the public know of the confidential tier."""
    return {"tiers": room.told(opportunity)}


@register.inclusion_tag("investors/_room_link.html")
def room_link(opportunity: Opportunity, user: User) -> dict[str, Any]:
    """Print the way to the data room for those who write for the owner."""
    return {"opportunity": opportunity if edits_for_owner(user, opportunity) else None}
