"""How a data room is shown, to its owner and to each interested side: files by tier, what is open and why not."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Max
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from investors.disclosure import closed
from investors.export_gate import MAINLAND, WORDS, gate
from investors.models import DataRoom, DataRoomDocument, Interest, Opportunity
from investors.models.dataroom import Tier
from portal.models import User

type Text = str | Promise

_SHORT = {Tier.CONFIDENTIAL: _("Confidential documents"), Tier.ROOM: _("Data room")}


class TierShown(NamedTuple):
    """The files of one tier."""

    tier: Tier
    label: Text
    explained: Text
    files: list[DataRoomDocument]


class Opening(NamedTuple):
    """What the declaration opens to counterparties from one place."""

    place: Text
    is_open: bool
    reasons: list[Text]


_EXPLAINED = {
    Tier.CONFIDENTIAL: _(
        "Seen once both sides have accepted the confidentiality agreement, until you revoke the access."
    ),
    Tier.ROOM: _(
        "Seen once you have opened the data room for this party besides, until you close it or revoke the access."
    ),
}


def tiers_of(opportunity: Opportunity) -> list[TierShown]:
    """Return what is in each tier, withdrawn files left out; one query."""
    files = list(DataRoomDocument.objects.filter(opportunity=opportunity).current().select_related("document"))
    return [TierShown(tier, tier.label, _EXPLAINED[tier], [f for f in files if f.tier == tier]) for tier in Tier]


def export_of(opportunity: Opportunity) -> list[Opening]:
    """Return what the export declaration opens in mainland China and outside it; nothing where none is asked for."""
    if not opportunity.is_technology:
        return []
    places = ((_("in mainland China"), MAINLAND), (_("outside mainland China, with Hong Kong, Macao and Taiwan"), ""))
    found = [(place, gate(opportunity, country)) for place, country in places]
    return [Opening(place, not reasons, [WORDS[reason] for reason in reasons]) for place, reasons in found]


def has_text(opportunity: Opportunity) -> bool:
    """Return whether its owner wrote a confidential description."""
    return bool(opportunity.confidential_en or opportunity.confidential_zh)


def told(opportunity: Opportunity) -> list[tuple[Text, int | None]]:
    """Return what its owner announces: the tiers, with how many files they hold where that is told too.

    Args:
        opportunity: with its room.
    """
    says = announced(opportunity)
    if says == DataRoom.Announced.NOTHING:
        return []
    found = DataRoomDocument.objects.filter(opportunity=opportunity).current().checked().order_by()
    counts = dict(found.values_list("tier").annotate(number=Count("pk")))
    tiers = [tier for tier in Tier if counts.get(tier) or (tier == Tier.CONFIDENTIAL and has_text(opportunity))]
    tells = says == DataRoom.Announced.COUNTS
    return [(_SHORT[tier], counts.get(tier, 0) if tells else None) for tier in tiers]


def announced(opportunity: Opportunity) -> str:
    """Return what the owner lets the public know of the confidential tier."""
    room: DataRoom | None = getattr(opportunity, "room", None)
    return room.announced if room else DataRoom.Announced.NOTHING


def log_address(opportunity: Opportunity) -> str:
    """Return the address of the record of who saw what."""
    return reverse("investors:room_log", args=[opportunity.slug])


class TierOpened(NamedTuple):
    """A tier as the interested side sees it: what is in it, or why it is closed."""

    tier: Tier
    label: Text
    reasons: list[Text]
    files: list[DataRoomDocument]
    has_text: bool
    number: int | None


def tiers_for(interest: Interest, reader: User) -> list[TierOpened]:
    """Return each tier for the interested side: titles where it is open, elsewhere no more than its owner announces.

    Args:
        interest: with its opportunity, the owner and room of that, its organisation and its person.
        reader: who looks, of that side.
    """
    files = DataRoomDocument.objects.filter(opportunity=interest.opportunity).current().checked()
    held = list(files.select_related("document"))
    counts = announced(interest.opportunity) == DataRoom.Announced.COUNTS
    found = []
    for tier in Tier:
        reasons, own = closed(interest, tier, reader), [file for file in held if file.tier == tier]
        with_text = tier == Tier.CONFIDENTIAL and not reasons and has_text(interest.opportunity)
        number = len(own) if counts or not reasons else None
        found.append(TierOpened(tier, _SHORT[tier], reasons, [] if reasons else own, with_text, number))
    return found


class Party(NamedTuple):
    """An interested side as the owner sees it beside the files."""

    interest: Interest
    closed: list[Text]
    closed_room: list[Text]
    openings: int
    last: datetime | None


def parties_of(opportunity: Opportunity) -> list[Party]:
    """Return the sides between which and the owner an agreement was made, with what is open to each; one query."""
    found = Interest.objects.filter(opportunity=opportunity, agreed_at__isnull=False).order_by("-pk")
    found = found.select_related("person__investor_profile", "organisation", "opportunity__owner")
    counted = found.annotate(openings=Count("room_views"), last=Max("room_views__at"))
    return [
        Party(one, closed(one, Tier.CONFIDENTIAL), closed(one, Tier.ROOM), one.openings, one.last) for one in counted
    ]
