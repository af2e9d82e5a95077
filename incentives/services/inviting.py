"""Inviting firms to a round: an order of staff, done piece by piece in the background, each firm told once."""

from collections.abc import Collection

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from incentives import conditions, qualifying, rules
from incentives.invitation_notices import Invited
from incentives.models import Invitation, InvitationPiece, InvitationRun, Round
from incentives.prospects import Prospects
from portal import work
from portal.lifecycle import NotAllowed, StepClosed
from portal.models import User

QUEUE = "invitations"
PIECE = 200
"""So many firms are told in one transaction."""


@transaction.atomic
def invite_firms(*, round: Round, by: User, chosen: Collection[int] | None = None) -> InvitationRun:  # noqa: A002
    """Order that the signatories of firms be told that they seem to qualify; a worker does it.

    Args:
        round: whose window is open.
        by: a programme manager.
        chosen: numbers of organisations, of which those are told that qualify; None for all that qualify.

    Raises:
        NotAllowed: ``by`` may not invite.
        StepClosed: the round is not open, others are being invited, or nobody is left to be told.
    """
    if not rules.invites(by):
        raise NotAllowed(_("Programme managers invite."))
    locked = Round.objects.select_for_update().get(pk=round.pk)
    prospects = _prospects(locked)
    if prospects is None:
        raise StepClosed(_("This round is not open."))
    if InvitationRun.objects.at_work().filter(round=locked).exists():
        raise StepClosed(_("Firms are being invited to this round. Wait until that is done."))
    qualifying.ask_everybody()
    total = prospects.to_tell(chosen).count()
    if not total:
        raise StepClosed(_("None of these firms can be told: they were invited, or nobody who signs has an account."))
    run = InvitationRun.objects.create(
        round=locked, chosen=None if chosen is None else sorted(chosen), total=total, asked_by=by
    )
    InvitationPiece.objects.create(run=run)
    work.wake(QUEUE)
    return run


def invite_piece(piece: InvitationPiece) -> None:
    """Tell the next firms of an order, and ask for the piece after; who qualifies is looked up anew each time."""
    run = InvitationRun.objects.select_for_update(of=("self",)).select_related("round").get(pk=piece.run_id)
    if run.ended_at:
        return
    found = []
    if prospects := _prospects(run.round):
        qualifying.ask_everybody()
        found = list(prospects.to_tell(run.chosen).filter(pk__gt=piece.after).order_by("pk")[:PIECE])
    for firm in found:
        Invited().tell(Invitation.objects.create(round=run.round, organisation=firm, run=run))
    if len(found) == PIECE:
        InvitationPiece.objects.create(run=run, after=found[-1].pk)
        work.wake(QUEUE)
    else:
        InvitationRun.objects.filter(pk=run.pk).update(ended_at=Now())


def _prospects(opened: Round) -> Prospects | None:
    """Return the firms of a round that is open now, by the latest version of its programme."""
    version = opened.programme.versions.order_by("-number").first()
    if version is None or not opened.opens_at <= conditions.moment() <= opened.closes_at:
        return None
    return Prospects(opened, version)
