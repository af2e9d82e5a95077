"""How interests are shown: tones of statuses, what happened, and who has to act next."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from investors.interest_lifecycle import INTEREST
from investors.interest_rules import speaks_for_person, writes_for_owner
from investors.models import Interest
from investors.presentation import Moment, Text
from portal import deadlines, local_form
from portal.lifecycle import Door
from portal.models import StepTaken, User

INTEREST_TONES = {
    "expressed": "blue", "accepted": "amber", "confidential": "green", "negotiating": "green",
    "concluded": "green", "declined": "grey", "withdrawn": "grey",
}  # fmt: skip

_HAPPENED: dict[str, Text] = {
    "express": gettext_lazy("Interest expressed"),
    "accept": gettext_lazy("Accepted by the owner"),
    "sign": gettext_lazy("Agreement accepted by the interested side"),
    "countersign": gettext_lazy("Agreement accepted by the owner: confidential information open"),
    "open_room": gettext_lazy("Data room opened"),
    "close_room": gettext_lazy("Data room closed"),
    "revoke": gettext_lazy("Access revoked by the owner"),
    "restore": gettext_lazy("Access restored by the owner"),
    "negotiate": gettext_lazy("Negotiation begun"),
    "set_price": gettext_lazy("Way of setting the price recorded"),
    "invite": gettext_lazy("An officer was invited to read along"),
    "uninvite": gettext_lazy("The invitation of the officer ended"),
    "conclude": gettext_lazy("Contract recorded"),
    "decline": gettext_lazy("Declined by the owner"),
    "lapse": gettext_lazy("Ended without an answer"),
    "withdraw": gettext_lazy("Withdrawn by the interested side"),
}
_STRAIGHT: dict[str, Text] = {
    "accepted": gettext_lazy("The owner accepts, or declines with a reason"),
    "confidential": gettext_lazy("Both sides accept the confidentiality agreement"),
    "negotiating": gettext_lazy("Negotiation: messages and milestones"),
    "concluded": pgettext_lazy("interest", "Contract recorded"),
}
_PAGED = frozenset({"write"})
"""Steps that have their own form on the page."""

_QUIET = frozenset({"withdraw", "decline", "invite", "uninvite", "revoke", "close_room"})
"""Steps that are no way forward: their buttons are quiet."""


@dataclass(frozen=True)
class Waiting:
    """Who has to act next, and what for.

    Args:
        side: ``person``, ``owner``, ``both`` or nobody.
        text: what is to be done, said to nobody in particular.
    """

    side: str
    text: Text


def waiting_for(interest: Interest) -> Waiting:
    """Return for whom an interest waits."""
    status = interest.status
    if status == Interest.Status.EXPRESSED:
        return Waiting("owner", _("The owner accepts the interest, or declines it with a reason."))
    if status == Interest.Status.ACCEPTED:
        if interest.acceptances.filter(side="person").exists():
            return Waiting("owner", _("A signatory of the owner accepts the confidentiality agreement."))
        return Waiting("person", _("Who is interested reads and accepts the confidentiality agreement."))
    if status == Interest.Status.CONFIDENTIAL:
        return Waiting("both", _("Both sides read and write; either begins the negotiation."))
    if status == Interest.Status.NEGOTIATING:
        return Waiting("both", _("Both sides negotiate; the owner records the contract when there is one."))
    return Waiting("", _("It has ended. Nothing more is to be done."))


def side_of(user: User, interest: Interest) -> str:
    """Return for which side the user speaks: ``owner``, ``person``, or ``officer`` who reads along."""
    if writes_for_owner(user, interest):
        return "owner"
    return "person" if speaks_for_person(user, interest) else "officer"


def course_of(interest: Interest) -> list[Moment]:
    """Return what happened to an interest, and what lies ahead on the straight way."""
    taken = StepTaken.objects.about(interest).filter(step__in=_HAPPENED)
    return [*(Moment(_HAPPENED[step.step], at=step.at) for step in taken), *_ahead(interest)]


def _ahead(interest: Interest) -> list[Moment]:
    if not interest.is_live:
        return []
    names = list(_STRAIGHT)
    begin = names.index(interest.status) + 1 if interest.status in names else 0
    lapse = deadlines.open_deadline(interest, "lapse")
    when = _("by %(day)s, or it ends") % {"day": local_form.day(lapse.due_at)} if lapse else ""
    return [
        Moment(_STRAIGHT[name], "ahead" if number else "current", None, "" if number else when)
        for number, name in enumerate(names[begin:])
    ]


def doors(user: User, interest: Interest) -> tuple[list[Door], list[Door]]:
    """Return the steps for which the page has buttons: those that lead on, and the quiet ones that are open."""
    found = [door for door in INTEREST.allowed(user, interest) if door.step.name not in _PAGED]
    forward = [door for door in found if door.step.name not in _QUIET]
    return forward, [door for door in found if door.step.name in _QUIET and door.is_open]
