"""Rounds whose window is moved: their drafts lapse at its new end, and their applicants are reminded before that."""

from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from incentives import lapsing
from incentives.models import Application, Round
from portal import clock
from portal.models import Deadline

DRAFT = Application.Status.DRAFT


@transaction.atomic
def reschedule_drafts(*, round: Round) -> int:  # noqa: A002
    """Set the deadlines of a round's drafts to the round's end, where they are others.

    Args:
        round: as it was saved.

    Returns:
        How many were moved.
    """
    drafts = Application.objects.filter(round=round, status=DRAFT).values("pk")
    open_ones = Deadline.objects.open().filter(
        subject_type=ContentType.objects.get_for_model(Application), subject_id__in=drafts, while_status=DRAFT
    )
    others = open_ones.filter(step="lapse").exclude(due_at=round.closes_at)
    moved = list(others.values_list("subject_id", flat=True))
    others.update(due_at=round.closes_at, next_try_at=round.closes_at, tries=0)
    _remind_anew(moved, lapsing.reminder_before(round.closes_at, DRAFT))
    return len(moved)


def _remind_anew(drafts: list[int], due: clock.Due) -> None:
    """Move the reminders of drafts to a moment; who was reminded of the earlier end is reminded of this one too."""
    kind = ContentType.objects.get_for_model(Application)
    reminders = Deadline.objects.filter(
        subject_type=kind, subject_id__in=drafts, step=Application.REMINDER, done_at=None
    )
    values = {"due_at": due.at, "estimated": due.estimated, "next_try_at": due.at, "while_status": DRAFT}
    reminders.update(**values, tries=0, parked_at=None)
    if lapsing.is_worth_it(due):
        there = set(reminders.values_list("subject_id", flat=True))
        Deadline.objects.bulk_create(
            Deadline(subject_type=kind, subject_id=pk, step=Application.REMINDER, **values)
            for pk in drafts
            if pk not in there
        )
