"""Flags and notes of staff: opened, handed on, resolved; and what the portal finds by itself."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from incentives import flagging, rules
from incentives.flag_lifecycle import FLAG
from incentives.models import Application, Flag, Note
from incentives.review_notices import FlagGiven
from portal.lifecycle import NotAllowed, StepClosed
from portal.models import User

BEFORE_DECISION = (
    Application.Status.SUBMITTED,
    Application.Status.RETURNED,
    Application.Status.UNDER_REVIEW,
    Application.Status.RECOMMENDED,
    Application.Status.FIRST_APPROVED,
)


def _lock(application: Application, by: User, *, deciding: bool = True) -> Application:
    locked = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if not rules.raises_flags(by, locked):
        raise NotAllowed(_("You may not take this step."))
    if deciding and locked.status not in BEFORE_DECISION:
        raise StepClosed(_("The application is decided: flags are raised before."))
    return locked


@transaction.atomic
def write_note(*, application: Application, by: User, text: str, key: UUID) -> Note:
    """Add a note that staff of the application read; the same key again is the same note.

    Raises:
        NotAllowed: ``by`` does not handle the application.
        StepClosed: nothing is written.
    """
    locked = _lock(application, by, deciding=False)
    if not text.strip():
        raise StepClosed(_("Write something."))
    note: Note = Note.objects.filter(application=locked, key=key).first() or Note.objects.create(
        application=locked, by=by, text=text.strip(), key=key
    )
    return note


@transaction.atomic
def open_flag(
    *, application: Application, by: User, kind: str, reason: str, key: UUID, owner: User | None = None
) -> Flag:
    """Open a flag; the same key again is the same flag.

    Args:
        application: before its decision.
        by: a member of staff who handles it.
        kind: one of those that people open.
        reason: what is to be looked into.
        key: made with the page that was shown.
        owner: who looks into it; otherwise whoever opened it, if they may resolve it.

    Raises:
        NotAllowed: ``by`` does not handle the application.
        StepClosed: it is decided, no reason is given, or the owner may not resolve flags of it.
    """
    locked = _lock(application, by)
    if known := Flag.objects.filter(application=locked, key=str(key)).first():
        return known
    if kind not in Flag.BY_HAND or not reason.strip():
        raise StepClosed(_("Say what is to be looked into."))
    if owner is None and rules.may_settle(by, locked):
        owner = by
    if owner is not None and not rules.may_settle(owner, locked):
        raise StepClosed(_("Choose somebody who may resolve it."))
    flag = Flag.objects.create(
        application=locked, kind=kind, reason=reason.strip(), key=str(key), opened_by=by, owner=owner
    )
    if owner is not None and owner != by:
        FlagGiven().tell_of(flag)
    return flag


@transaction.atomic
def look_for_flags(*, application: Application, by: User) -> list[Flag]:
    """Look anew for changed facts, linked applicants and borderline criteria, and open a flag for each that is new.

    Raises:
        NotAllowed: ``by`` does not handle the application.
        StepClosed: it is decided.
    """
    locked = _lock(application, by)
    return flagging.raise_flags(locked, owner=by if rules.may_settle(by, locked) else None)


@transaction.atomic
def resolve_flag(*, flag: Flag, by: User, resolution: str) -> Flag:
    """Resolve a flag with what was found out; this stays.

    Raises:
        NotAllowed: ``by`` may not resolve flags of the application.
        StepClosed: it is resolved, or nothing is said.
    """
    changed: Flag = FLAG.apply(flag, "resolve", by=by, reason=resolution).obj
    return changed


@transaction.atomic
def give_flag(*, flag: Flag, by: User, owner: User) -> Flag:
    """Give a flag to somebody who looks into it.

    Raises:
        NotAllowed: ``by`` may not.
        StepClosed: it is resolved, or the owner may not resolve it.
    """
    changed: Flag = FLAG.apply(flag, "give", by=by, owner=owner).obj
    if owner != by:
        FlagGiven().tell_of(changed)
    return changed
