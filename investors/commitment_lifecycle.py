"""The life of a commitment: made, then kept, or broken with reasons; never moved."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pgtrigger
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from investors import commitment_rules as may
from investors.models import Commitment
from investors.models.commitments import OWNERS, next_reference
from investors.notices.commitments import (
    CommitmentBroken,
    CommitmentDueSoon,
    CommitmentDueToday,
    CommitmentGiven,
    CommitmentKept,
    CommitmentMade,
    CommitmentObjected,
    CommitmentOverdue,
    CommitmentReleased,
    CommitmentStillOverdue,
    ObjectionAnswered,
    ObjectionWaiting,
)
from portal import deadlines
from portal.clock import SHANGHAI, Calendar
from portal.documents import erase_documents, store_document
from portal.lifecycle import Change, Lifecycle, Step, StepClosed, Text, by_system
from portal.models import Document, StepTaken, User
from portal.models.consents import ERASED
from portal.roles import has_role

REMIND_DAYS = 3
"""How many working days before its day the owner is reminded."""

PRESS_DAYS = 5
"""After how many working days of silence the head hears again."""

OBJECTION_DAYS = 5
"""Within how many working days the head answers an objection; the beneficiary sees the date."""

EVIDENCE = "commitment_evidence"
"""The purpose of files that show how a commitment was kept."""

MORNING = time(9)
LONGEST = timedelta(days=5 * 366)


@dataclass(frozen=True)
class Settlement:
    """What an owner, a head or a beneficiary writes with a step; it is no part of the step's record.

    Args:
        text: how it was kept, why not, the objection, or the answer to it.
        next_step: what happens now, where it was not kept.
        due_on: the day of the commitment that takes the place of a broken one, if there is to be one.
        uploads: files that show it.
    """

    text: str
    next_step: str = ""
    due_on: date | None = None
    uploads: Sequence[UploadedFile] = ()

    def __str__(self) -> str:
        """Tell nothing: the words stand on the commitment alone, where they can be erased."""
        return ERASED


def not_made_before(commitment: Commitment) -> Iterator[Text]:
    """Yield a reason when its beneficiary was told."""
    if StepTaken.objects.about(commitment).filter(step="make").exists():
        yield _("It was made already.")


def is_late(commitment: Commitment) -> Iterator[Text]:
    """Yield a reason until its day is over."""
    if timezone.now() <= commitment.due_at:
        yield _("It is not due yet.")


def not_objected(commitment: Commitment) -> Iterator[Text]:
    """Yield a reason when its beneficiary has objected."""
    if commitment.objected_at:
        yield _("You have objected already.")


def disputed(commitment: Commitment) -> Iterator[Text]:
    """Yield a reason unless an objection waits for its answer."""
    if not commitment.is_disputed:
        yield _("There is no objection to answer.")


def erasable(commitment: Commitment) -> Iterator[Text]:
    """Yield what keeps its words."""
    if commitment.erased_at:
        yield _("Its texts were erased.")
    if commitment.organisation_id:
        yield _("It was made to an organisation.")


def start_clocks(change: Change) -> None:
    """Set when the owner is reminded and when the head hears; a day that is over by then is left out."""
    commitment: Commitment = change.obj
    moments = {
        "remind": _morning(working_days_before(commitment.due_on, REMIND_DAYS)),
        "remind_today": _morning(commitment.due_on),
    }
    for step, at in moments.items():
        if at > timezone.now():
            deadlines.set_deadline_at(commitment, step, due_at=at, while_status=OPEN)
    deadlines.set_deadline_at(commitment, "escalate", due_at=commitment.due_at, while_status=OPEN)


def working_days_before(day: date, number: int) -> date:
    """Return the working day that lies so many working days before a day."""
    calendar = Calendar.read(after=day - timedelta(days=number + 30))
    while number:
        day -= timedelta(days=1)
        number -= calendar.is_working(day)
    return day


def _morning(day: date) -> datetime:
    return datetime.combine(day, MORNING, SHANGHAI)


def keep(change: Change) -> None:
    """Keep how it was kept, with the files that show it."""
    said: Settlement = change.data["said"]
    assert change.by  # noqa: S101 -- the owner takes this step
    for upload in said.uploads:
        store_document(by=change.by, upload=upload, subject=change.obj, purpose=EVIDENCE)
    change.set(evidence=said.text, settled_at=timezone.now())


def break_(change: Change) -> None:
    """Keep why it was not kept, and what happens now."""
    said: Settlement = change.data["said"]
    change.set(reasons=said.text, next_step=said.next_step, settled_at=timezone.now())


def concede(change: Change) -> None:
    """Keep why it was not kept after all: the beneficiary was right."""
    said: Settlement = change.data["said"]
    now = timezone.now()
    change.set(reasons=said.text, next_step=said.next_step, objection_answer=said.text, objection_answered_at=now)


def take_its_place(change: Change) -> None:
    """Promise the same anew, by another day; what was broken stays broken."""
    broken, said = change.obj, change.data["said"]
    if said.due_on is None:
        return
    now = timezone.now()
    today = now.astimezone(SHANGHAI).date()
    if not today <= said.due_on <= today + LONGEST:
        raise StepClosed(_("Choose a day from today on, within five years."))
    anew = Commitment(
        reference=next_reference(today.year),
        follows=broken,
        made_by=change.by,
        made_at=now,
        due_on=said.due_on,
        idempotency_key=uuid4(),
    )
    same = ("organisation", "person", "text_zh", "text_en", "owner", "source", "message", "application", "source_on")
    for name in (*same, "source_note"):
        setattr(anew, name, getattr(broken, name))
    anew.save()
    COMMITMENT.apply(anew, "make", by=change.by)


def give_to(change: Change) -> None:
    """Let another officer answer for it."""
    owner = User.objects.filter(pk=change.data["owner"]).first()
    if owner is None or not may_own(owner, change.obj):
        raise StepClosed(_("Choose an officer who may answer for it."))
    if owner.pk == change.obj.owner_id:
        raise StepClosed(_("This officer answers for it already."))
    change.set(owner=owner)


def may_own(user: User, commitment: Commitment) -> bool:
    """Return whether somebody may answer for a commitment: an officer with no part in the beneficiary."""
    return has_role(user, *OWNERS) and may.makes(user, commitment)


def object_(change: Change) -> None:
    """Keep what the beneficiary says, and promise an answer."""
    change.set(objection=change.data["said"].text, objected_at=timezone.now())
    deadlines.set_deadline(change.obj, "remind_objection", working_days=OBJECTION_DAYS, while_status=KEPT)


def answer_objection(change: Change) -> None:
    """Keep the answer; the clock of the objection ends."""
    change.set(objection_answer=change.data["said"].text, objection_answered_at=timezone.now())
    deadlines.close(change.obj, step="remind_objection")


def press(change: Change) -> None:
    """Let the head hear again where nobody says anything."""
    deadlines.set_deadline(change.obj, "press", working_days=PRESS_DAYS, while_status=OPEN)


def release(change: Change) -> None:
    """Keep when it was released."""
    change.set(settled_at=timezone.now())


def forget(change: Change) -> None:
    """Erase the words of a commitment to a person; that it was made, for when, and what came of it stays."""
    erase_documents(Document.objects.about(change.obj))
    words = ("text_en", "text_zh", "evidence", "reasons", "next_step", "objection", "objection_answer")
    gone = {name: ERASED for name in words if getattr(change.obj, name)}
    change.set(**gone, source_note="", erased_at=timezone.now())


OPEN, KEPT, BROKEN, RELEASED = Commitment.Status

COMMITMENT = Lifecycle(
    Commitment,
    {OPEN},
    Step("make", {OPEN}, None, may=may.makes, label=pgettext_lazy("commitment", "Make the commitment"),
         guard=not_made_before, do=start_clocks, tell=(CommitmentMade, CommitmentGiven)),
    Step("keep", {OPEN}, KEPT, may=may.owns, label=_("It was kept"), do=keep, tell=(CommitmentKept,)),
    Step("break", {OPEN}, BROKEN, may=may.owns, label=_("It was not kept"),
         do=break_, after=take_its_place, tell=(CommitmentBroken,)),
    Step("hand_over", {OPEN}, None, may=may.hands_over, label=_("Give it to another officer"),
         do=give_to, tell=(CommitmentGiven,)),
    Step("release", {OPEN}, RELEASED, may=may.benefits, label=_("We no longer need it"),
         do=release, tell=(CommitmentReleased,)),
    Step("object", {KEPT}, None, may=may.benefits, label=_("It was not kept: object"),
         guard=not_objected, do=object_, tell=(CommitmentObjected,)),
    Step("answer_objection", {KEPT}, None, may=may.hears_objections, label=_("Answer the objection: it was kept"),
         guard=disputed, do=answer_objection, tell=(ObjectionAnswered,)),
    Step("concede", {KEPT}, BROKEN, may=may.hears_objections, label=_("The objection is right: it was not kept"),
         guard=disputed, do=concede, after=take_its_place, tell=(CommitmentBroken,)),
    Step("remind", {OPEN}, None, may=by_system, label=_("Remind of the day"), tell=(CommitmentDueSoon,)),
    Step("remind_today", {OPEN}, None, may=by_system, label=_("Remind on the day"), tell=(CommitmentDueToday,)),
    Step("escalate", {OPEN}, None, may=by_system, label=_("Escalate what is overdue"),
         guard=is_late, after=press, tell=(CommitmentOverdue,)),
    Step("press", {OPEN}, None, may=by_system, label=_("Escalate again"), guard=is_late,
         tell=(CommitmentStillOverdue,)),
    Step("remind_objection", {KEPT}, None, may=by_system, label=_("Remind of the objection"),
         guard=disputed, tell=(ObjectionWaiting,)),
    Step("forget", {KEPT, BROKEN, RELEASED}, None, may=by_system, label=_("Erase its texts"),
         guard=erasable, do=forget),
)  # fmt: skip

pgtrigger.register(COMMITMENT.trigger())(Commitment)
