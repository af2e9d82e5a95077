"""The life of a complaint: every status, step, actor, guard, effect and notice.

Source: Ministry of Commerce, Order No. 3 of 2020; see ``models/complaints.py`` and ``complaint_clocks.py``.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pgtrigger
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from investors import complaint_clocks
from investors.complaint_rules import handles, is_complainant, is_handler, leads
from investors.models import ComplainedOf, Complaint, ComplaintMessage
from investors.models.complaints import MOST_EXTENSION
from investors.notices import complaints as told
from portal.documents import store_document
from portal.lifecycle import Change, Lifecycle, Step, StepClosed, Text, by_system
from portal.models import StepTaken, User
from portal.roles import Role

ATTACHMENT = "complaint_attachment"
"""The purpose of files about complaints."""


@dataclass(frozen=True)
class Written:
    """A choice with its reasons in writing; the step's record, which is never erased, keeps the choice alone.

    Args:
        choice: one of ``Complaint.Ground`` or ``Complaint.Ending``, or a number of working days.
        text: the reasons, as the complainant reads them.
    """

    choice: str | int
    text: str

    def __str__(self) -> str:
        return str(self.choice)


def not_received_before(complaint: Complaint) -> Iterator[Text]:
    """Yield a reason when the receipt was given."""
    if StepTaken.objects.about(complaint).filter(step="receive").exists():
        yield _("It was received already.")


def has_handler(complaint: Complaint) -> Iterator[Text]:
    """Yield a reason while nobody has it."""
    if complaint.handler_id is None:
        yield _("Give it to an officer first.")


def is_late(complaint: Complaint) -> Iterator[Text]:
    """Yield a reason until what is due next is overdue."""
    if complaint.due_at is None or timezone.now() <= complaint.due_at:
        yield _("It is not due yet.")


def may_be_refused(complaint: Complaint) -> Iterator[Text]:
    """Yield a reason while the complainant still has time to send what is missing."""
    if complaint.status == SUPPLEMENT:
        yield from is_late(complaint)


def may_be_extended(complaint: Complaint) -> Iterator[Text]:
    """Yield what keeps it from being extended: that was done before, or the promised day has passed."""
    if complaint.extension_days is not None:
        yield _("It was extended before; that is possible once.")
    if complaint.is_overdue:
        yield _("The promised day has passed: an extension has to come before it.")


def start_clock(change: Change) -> None:
    """Set the reminder and the escalation of the decision on acceptance."""
    complaint_clocks.set_decide_clock(change.obj, change.obj.received_at)


def write(change: Change) -> None:
    """Add a message of the step's author; its text is no part of the step's record."""
    message: ComplaintMessage = change.data["message"]
    assert change.by  # noqa: S101 -- the system writes no messages
    if change.obj.messages.filter(author=change.by, idempotency_key=message.idempotency_key).exists():
        raise StepClosed(_("This message was added already."))
    message.complaint, message.author, message.at = change.obj, change.by, timezone.now()
    message.save()
    for upload in message.uploads:
        store_document(by=change.by, upload=upload, subject=message, purpose=ATTACHMENT)


def ask_for_material(change: Change) -> None:
    """Say what is missing, and by when it is to come."""
    write(change)
    due = complaint_clocks.set_supplement_clock(change.obj, timezone.now())
    change.set(supplement_due=due.at, due_estimated=due.estimated)


def take_material(change: Change) -> None:
    """Add the material; the days for the decision run from now."""
    write(change)
    due = complaint_clocks.set_decide_clock(change.obj, timezone.now())
    change.set(decide_due=due.at, due_estimated=due.estimated)


def accept(change: Change) -> None:
    """Keep when, and promise the outcome."""
    now = timezone.now()
    due = complaint_clocks.set_close_clock(change.obj, now, complaint_clocks.CLOSE_DAYS)
    change.set(accepted_at=now, close_due=due.at, due_estimated=due.estimated)


def refuse(change: Change) -> None:
    """Keep ground and reasons."""
    decision = _decision(change, Complaint.Ground)
    change.set(ground=decision.choice, outcome=decision.text, decided_by=change.by, ended_at=timezone.now())


def close(change: Change) -> None:
    """Keep how it ended, and the outcome in writing."""
    decision = _decision(change, Complaint.Ending)
    change.set(ending=decision.choice, outcome=decision.text, decided_by=change.by, ended_at=timezone.now())


def _decision(change: Change, choices: type[Complaint.Ground | Complaint.Ending]) -> Written:
    decision: Written = change.data["decision"]
    if decision.choice not in choices.values or decision.choice == Complaint.Ending.WITHDRAWN:
        raise StepClosed(_("Choose one of the grounds."))
    if not decision.text.strip():
        raise StepClosed(_("Give the reasons."))
    return decision


def extend(change: Change) -> None:
    """Move the day of the outcome, counted from the acceptance."""
    extension: Written = change.data["extension"]
    days = int(extension.choice)
    if not extension.text.strip():
        raise StepClosed(_("Give the reasons."))
    if days not in range(1, MOST_EXTENSION + 1):
        raise StepClosed(_("Extend it by 1 to %(most)d working days.") % {"most": MOST_EXTENSION})
    due = complaint_clocks.set_close_clock(change.obj, change.obj.accepted_at, complaint_clocks.CLOSE_DAYS + days)
    change.set(extension_days=days, extension_reason=extension.text, extended_by=change.by)
    change.set(close_due=due.at, due_estimated=due.estimated)


def withdraw(change: Change) -> None:
    """End it as the complainant wishes."""
    change.set(ending=Complaint.Ending.WITHDRAWN, ended_at=timezone.now())


def make_way(change: Change) -> None:
    """Take the complaint from the person who is complained of, before they are named."""
    person = User.objects.filter(pk=change.data["staff"], is_staff=True).first()
    if person is None or person.pk == change.obj.complainant_id:
        raise StepClosed(_("Choose a member of staff who may be meant."))
    if person.pk in change.obj.staff_complained_of:
        raise StepClosed(_("This person is named already."))
    if person.pk == change.obj.handler_id:
        others = complaint_clocks.handlers_by_load(change.obj).exclude(pk=person.pk)
        change.set(handler=others.first())


def name_person(change: Change) -> None:
    """Keep who is complained of: the first name that nobody was found for yet, or a row of its own."""
    row = change.obj.complained_of.filter(staff=None).first() or ComplainedOf(complaint=change.obj)
    row.staff_id, row.identified_by = change.data["staff"], change.by
    row.save()


def give_to(change: Change) -> None:
    """Put somebody else in charge."""
    officer = complaint_clocks.handlers_by_load(change.obj, Role.HEAD).filter(pk=change.data["officer"]).first()
    if officer is None:
        raise StepClosed(_("Choose an officer who may handle it."))
    if officer.pk == change.obj.handler_id:
        raise StepClosed(_("This officer is in charge already."))
    change.set(handler=officer)


def step_aside(change: Change) -> None:
    """Give it to the least busy of the others; where there is none, the head chooses."""
    others = complaint_clocks.handlers_by_load(change.obj).exclude(pk=change.obj.handler_id)
    change.set(handler=others.first())


RECEIVED, SUPPLEMENT, ACCEPTED, REFUSED, CLOSED = Complaint.Status
OPEN: set[str] = {RECEIVED, SUPPLEMENT, ACCEPTED}

COMPLAINT = Lifecycle(
    Complaint,
    {RECEIVED},
    Step("receive", {RECEIVED}, None, may=is_complainant, label=pgettext_lazy("complaint", "Send"),
         guard=not_received_before, do=start_clock, tell=(told.ComplaintReceived, told.ComplaintToHandle)),
    Step("identify", OPEN, None, may=handles, label=_("Say which member of staff is complained of"),
         do=make_way, after=name_person, tell=(told.ComplaintGivenOn,)),
    Step("assign", OPEN, None, may=leads, label=_("Give it to an officer"), do=give_to, tell=(told.ComplaintToHandle,)),
    Step("recuse", OPEN, None, may=is_handler, label=_("Declare a conflict of interest"),
         do=step_aside, tell=(told.ComplaintGivenOn,)),
    Step("accept", {RECEIVED}, ACCEPTED, may=handles, label=_("Accept the complaint"),
         guard=has_handler, do=accept, tell=(told.ComplaintAccepted,)),
    Step("request_supplement", {RECEIVED}, SUPPLEMENT, may=handles, label=_("Ask for missing material"),
         do=ask_for_material, tell=(told.ComplaintSupplementWanted,)),
    Step("supplement", {SUPPLEMENT}, RECEIVED, may=is_complainant, label=_("Send the missing material"),
         do=take_material, tell=(told.ComplaintSupplemented,)),
    Step("refuse", {RECEIVED, SUPPLEMENT}, REFUSED, may=handles, label=_("Do not accept it"),
         guard=may_be_refused, do=refuse, tell=(told.ComplaintRefused,)),
    Step("extend", {ACCEPTED}, None, may=handles, label=_("Extend the handling"),
         guard=may_be_extended, do=extend, tell=(told.ComplaintExtended, told.ComplaintExtendedHead)),
    Step("close", {ACCEPTED}, CLOSED, may=handles, label=_("Close it with a written outcome"),
         do=close, tell=(told.ComplaintClosed,)),
    Step("withdraw", OPEN, CLOSED, may=is_complainant, label=_("Withdraw the complaint"),
         do=withdraw, tell=(told.ComplaintWithdrawn,)),
    Step("write", OPEN, None, may=handles, label=_("Write to the complainant"),
         do=write, tell=(told.ComplaintWritten,)),
    Step("reply", {RECEIVED, ACCEPTED}, None, may=is_complainant, label=_("Add a message"),
         do=write, tell=(told.ComplaintReplied,)),
    Step("note", {*OPEN, REFUSED, CLOSED}, None, may=handles, label=_("Add an internal note"), do=write),
    Step("remind_decide", {RECEIVED}, None, may=by_system, label=_("Remind of the decision on acceptance"),
         tell=(told.ComplaintDecisionDueSoon,)),
    Step("escalate_decide", {RECEIVED}, None, may=by_system, label=_("Escalate the missing decision"),
         guard=is_late, tell=(told.ComplaintDecisionOverdue,)),
    Step("remind_supplement", {SUPPLEMENT}, None, may=by_system, label=_("Remind of the missing material"),
         tell=(told.ComplaintSupplementDueSoon,)),
    Step("supplement_missing", {SUPPLEMENT}, None, may=by_system, label=_("Tell that the material did not come"),
         guard=is_late, tell=(told.ComplaintSupplementMissing,)),
    Step("remind_close", {ACCEPTED}, None, may=by_system, label=_("Remind of the outcome"),
         tell=(told.ComplaintOutcomeDueSoon,)),
    Step("escalate_close", {ACCEPTED}, None, may=by_system, label=_("Escalate the missing outcome"),
         guard=is_late, tell=(told.ComplaintOutcomeOverdue,)),
)  # fmt: skip

pgtrigger.register(COMPLAINT.trigger())(Complaint)
