"""What the steps of an inquiry's life do to its thread, its officer and its clocks."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from investors import promises
from investors.erasing import ATTACHMENT
from investors.models import Inquiry, InquiryMessage
from portal import clock, deadlines
from portal.clock import end_of
from portal.documents import store_document
from portal.lifecycle import Change, StepClosed

ENDED: set[str] = {Inquiry.Status.CLOSED, Inquiry.Status.WITHDRAWN, Inquiry.Status.MERGED}

LONGEST_FOLLOW_UP = timedelta(days=366)
"""So far ahead a follow-up can be planned."""


def write(change: Change) -> None:
    """Add a message of the step's author; its text is no part of the step's record."""
    message: InquiryMessage = change.data["message"]
    assert change.by  # noqa: S101 -- the system writes no messages
    if change.obj.messages.filter(author=change.by, idempotency_key=message.idempotency_key).exists():
        raise StepClosed(_("This message was added already."))
    message.inquiry, message.author, message.at = change.obj, change.by, timezone.now()
    message.save()
    for upload in message.uploads:
        store_document(by=change.by, upload=upload, subject=message, purpose=ATTACHMENT)
    keep_for_now(change)


def keep_for_now(change: Change) -> None:
    """Let the texts of a closed inquiry be erased so many years after the last thing that happened to it."""
    if change.target in ENDED:
        keep_after(change.obj, timezone.now(), status=change.target)


def keep_after(inquiry: Inquiry, last: datetime, *, status: str) -> None:
    """Set when the texts of an ended inquiry are erased.

    Args:
        inquiry: the inquiry.
        last: when the last thing happened to it.
        status: in which it has ended.
    """
    kept = last + timedelta(days=365 * settings.INQUIRY_RETENTION_YEARS)
    deadlines.set_deadline_at(inquiry, "forget", due_at=kept, while_status=status)


def close(change: Change) -> None:
    """Keep it for so many years; a planned follow-up stays planned."""
    deadlines.carry_over(change.obj, "follow_up", while_status=change.target)
    keep_for_now(change)


def answer(change: Change) -> None:
    """Add the answer to the thread, keep when the first was given, and plan the follow-up."""
    now = timezone.now()
    change.set(acknowledged_at=change.obj.acknowledged_at or now, answered_at=change.obj.answered_at or now)
    run_on(change)
    write(change)
    change.obj.drafts.filter(author=change.by).delete()
    if change.data.get("follow_up_on"):
        plan_follow_up(change)


def plan_follow_up(change: Change) -> None:
    """Set when the officer is reminded to ask whether it went well."""
    day: date = change.data["follow_up_on"]
    if not timezone.localdate() < day <= timezone.localdate() + LONGEST_FOLLOW_UP:
        raise StepClosed(_("Choose a day within the next year to follow up."))
    due_at = promises.morning_of(end_of(day))
    deadlines.set_deadline_at(change.obj, "follow_up", due_at=due_at, while_status=change.target)


def ask_back(change: Change) -> None:
    """Ask the sender: the clock of the answer stops, and the working days that are left of it are kept."""
    left = promises.days_left(change.obj)
    change.set(acknowledged_at=change.obj.acknowledged_at or timezone.now(), days_left=left)
    write(change)
    promises.set_waiting_clock(change.obj)


def resume(change: Change) -> None:
    """Add the sender's reply; the clock runs on."""
    write(change)
    run_on(change)


def run_on(change: Change) -> None:
    """Let a clock that stood still run on with the working days that were left, and at least one.

    What was late before stays late: its promised moment does not move.
    """
    if change.source != Inquiry.Status.WAITING:
        return
    if change.obj.days_left >= 0:
        due = clock.after_working_days(timezone.now(), max(change.obj.days_left, 1))
        change.set(answer_due=due.at, due_estimated=due.estimated)
    # Where nothing is promised any more, the row that says what was is closed with the status.
    runs = change.target in Inquiry.WAITING
    promises.set_answer_clock(change.obj, while_status=change.target if runs else change.source)


def end_unanswered(change: Change) -> None:
    """End it without an answer: withdrawn, or not heard of for long."""
    run_on(change)
    keep_for_now(change)


def give_to(change: Change) -> None:
    """Put another officer in charge."""
    officer = promises.officers(change.obj).filter(pk=change.data["officer"]).first()
    if officer is None:
        raise StepClosed(_("Choose an officer who may answer it."))
    if officer.pk == change.obj.officer_id:
        raise StepClosed(_("This officer is in charge already."))
    change.set(officer=officer)


def hand_over(change: Change) -> None:
    """Put another officer in charge, with a note for them."""
    give_to(change)
    if change.data.get("message"):
        write(change)


def merge(change: Change) -> None:
    """End an inquiry whose question an earlier one of the same sender holds: its thread is shown there.

    What was promised earlier holds for both. Those merged into this one go along.
    """
    merged: Inquiry = change.obj
    run_on(change)
    others = Inquiry.objects.select_for_update(of=("self",), skip_locked=True)
    survivor = others.filter(pk=change.data["survivor"], sender=merged.sender_id, pk__lt=merged.pk).first()
    if survivor is None:
        raise StepClosed(_("Choose an earlier inquiry of the same sender, on which nobody works just now."))
    if survivor.status not in Inquiry.UNANSWERED:
        raise StepClosed(_("That inquiry is answered or has ended. Answer this one: its promise would be lost there."))
    merged.merged.update(merged_into=survivor)
    change.set(merged_into=survivor)
    if survivor.status in Inquiry.WAITING and merged.answer_due < survivor.answer_due:
        survivor.answer_due = max(merged.answer_due, survivor.acknowledge_due)
        survivor.save(update_fields=["answer_due"])
        promises.set_answer_clock(survivor, while_status=survivor.status)
    if survivor.status == Inquiry.Status.WAITING:
        survivor.days_left = min(survivor.days_left or 0, promises.days_left(merged))
        survivor.save(update_fields=["days_left"])
