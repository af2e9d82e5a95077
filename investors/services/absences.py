"""Absences, and giving to others what its officer cannot answer."""

from datetime import timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone

from investors import promises
from investors.lifecycle import INQUIRY
from investors.models import Absence, Inquiry, Rerouting
from investors.models.inquiries import InquiryQuerySet
from portal.clock import end_of
from portal.lifecycle import SYSTEM, StepClosed, Text
from portal.models import JobQuerySet, User
from portal.roles import Role

QUEUE = "rerouting"
EVERY = timedelta(minutes=10)
MOST = 500
"""So many are given to others in one go; the next look finds the rest."""

_KEPT = 3


class Rerouted(NamedTuple):
    """What became of one inquiry: its new officer, or why it has none."""

    inquiry: Inquiry
    officer: User | None
    reasons: tuple[Text, ...]


@transaction.atomic
def record_absence(*, by: User, absence: Absence) -> list[Rerouted]:
    """Keep an absence, and give what falls due in it to the deputy, or to the least busy who suits.

    What was given to others stays with them when the absence is changed or deleted: their names were told.

    Args:
        by: who enters it.
        absence: new or changed.
    """
    if absence._state.adding:
        absence.entered_by = by
    absence.save()
    last = end_of(absence.last_day)
    if last < timezone.now():
        return []
    due = Inquiry.objects.filter(officer=absence.officer, status__in=Inquiry.WAITING)
    return reroute(due.filter(next_due__lte=last, next_due__gte=end_of(absence.first_day - timedelta(days=1))))


def reroute(inquiries: InquiryQuerySet) -> list[Rerouted]:
    """Give inquiries to others; what cannot be done of one keeps none of the others back."""
    return [_give(inquiry) for inquiry in inquiries.order_by("next_due", "pk")[:MOST]]


def _give(inquiry: Inquiry) -> Rerouted:
    officer = promises.deputy_of(inquiry) or promises.least_busy_officer(inquiry, but=inquiry.officer)
    if officer is None:
        return Rerouted(inquiry, None, ())
    try:
        with transaction.atomic():
            INQUIRY.apply(inquiry, "reroute", by=SYSTEM, officer=officer.pk)
    except StepClosed as closed:
        return Rerouted(inquiry, None, closed.reasons)
    return Rerouted(inquiry, officer, ())


def stranded() -> InquiryQuerySet:
    """Return the unanswered inquiries that nobody got, or whose officer left, lost the role, or is away when due."""
    today = timezone.localdate()
    # Registry officers answer corrections, investment officers the rest.
    active = User.objects.filter(pk=OuterRef("officer"), is_active=True, is_staff=True)
    for_registry = Q(topic=Inquiry.Topic.CORRECTION, opportunity=None)
    holds = (for_registry & Exists(active.filter(groups__name=Role.REGISTRY))) | (
        ~for_registry & Exists(active.filter(groups__name=Role.INVESTMENT))
    )
    away = Absence.objects.on(today).filter(officer=OuterRef("officer"))
    due_meanwhile = Exists(away.filter(last_day__gte=OuterRef("next_due__date")))
    # Of no officer nobody holds the role: what came while all were away is found as well.
    return Inquiry.objects.filter(status__in=Inquiry.UNANSWERED).filter(~holds | due_meanwhile)


def looks_to_make() -> JobQuerySet[Rerouting]:
    """Return the looks as a queue. One always waits, for ten minutes after the last."""
    looks: JobQuerySet[Rerouting] = JobQuerySet(Rerouting)
    if not looks.open().exists():
        last = Rerouting.objects.exclude(done_at=None).order_by("-done_at").first()
        Rerouting.objects.create(next_try_at=last.done_at + EVERY if last and last.done_at else Now())
    return looks


def look(_row: Rerouting) -> None:
    """Give to others what its officer cannot answer; older looks go, but for the last few."""
    reroute(stranded())
    kept = list(Rerouting.objects.exclude(done_at=None).order_by("-done_at").values_list("pk", flat=True)[:_KEPT])
    Rerouting.objects.exclude(done_at=None).exclude(pk__in=kept).delete()
