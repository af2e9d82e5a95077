"""Rounds whose window is moved: their drafts lapse at its new end."""

from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from incentives.models import Application, Round
from portal.models import Deadline


@transaction.atomic
def reschedule_drafts(*, round: Round) -> int:  # noqa: A002
    """Set the deadlines of a round's drafts to the round's end, where they are others.

    Args:
        round: as it was saved.

    Returns:
        How many were moved.
    """
    drafts = Application.objects.filter(round=round, status=Application.Status.DRAFT).values("pk")
    found = Deadline.objects.open().filter(
        subject_type=ContentType.objects.get_for_model(Application),
        subject_id__in=drafts,
        step="lapse",
        while_status=Application.Status.DRAFT,
    )
    return found.exclude(due_at=round.closes_at).update(due_at=round.closes_at, next_try_at=round.closes_at, tries=0)
