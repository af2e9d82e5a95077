"""Clocks that were never set: of what was in progress when an upgrade brought a new one."""

from datetime import timedelta
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from incentives import assigning, lapsing, rules
from incentives.effects import ESCALATED_AFTER, PROMISED_WORKING_DAYS
from incentives.models import Appeal, Application, Objection, ReviewAssignment
from incentives.services.appealing import APPEAL_WORKING_DAYS
from incentives.services.objecting import OBJECTION_WORKING_DAYS
from portal import clock, deadlines
from portal.models import Deadline, StepTaken

WAITING = ReviewAssignment.Status.WAITING

LONGEST_APPEAL = timedelta(days=180)
"""No appeal period of working days is longer."""


class Case(NamedTuple):
    """What waits for a decision from its beginning: in which status, since the moment of which column, promised when.

    Args:
        model: the model.
        status: in which it waits.
        since: the column of the moment at which it came.
        days: working days within which the decision is promised.
    """

    model: type[Model]
    status: str
    since: str
    days: int


CASES = (
    Case(Objection, Objection.Status.OPEN, "created_at", OBJECTION_WORKING_DAYS),
    Case(Appeal, Appeal.Status.RECEIVED, "at", APPEAL_WORKING_DAYS),
)


def set_missing_deadlines() -> int:
    """Set the deadlines that applications, objections, appeals and reviews in progress should have and never had.

    They count from today, only an appeal period from its decision: nobody is late by a clock that was not there. What
    was reminded or has run out stays as it is, so repeating this changes nothing.

    Returns:
        How many were set.
    """
    number = 0
    for step in ("remind", "escalate"):  # the second counts from the first
        number += sum(_set_of_application(pk, step) for pk in _keys(_applications_without(step)))
        number += sum(_set_of_case(case, pk, step) for case in CASES for pk in _keys(_cases_without(case, step)))
    number += sum(_set_appeal_period(pk) for pk in _keys(_appealable()))
    number += sum(_set_reminder(pk) for pk in _keys(_not_reminded()))
    for step in assigning.CLOCK:
        number += sum(_set_of_review(pk, step) for pk in _keys(_reviews_without(step)))
    return number


def _keys(found: QuerySet[Any]) -> list[int]:
    return list(found.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _set_of_application(pk: int, step: str) -> bool:
    application = Application.objects.select_for_update(of=("self",)).get(pk=pk)
    if not _applications_without(step).filter(pk=pk).exists():  # a step was taken meanwhile
        return False
    _set(application, step, PROMISED_WORKING_DAYS[Application.Status(application.status)])
    return True


@transaction.atomic
def _set_appeal_period(pk: int) -> bool:
    """Fix the period of a decision from before it was fixed, where it still runs."""
    application = Application.objects.select_for_update(of=("self",)).get(pk=pk)
    declined = StepTaken.objects.about(application).filter(step="decline").order_by("-id").first()
    if declined is None or not _appealable().filter(pk=pk).exists():  # it was appealed meanwhile
        return False
    counted = deadlines.Counted(declined.at, application.programme_version.appeal_days)
    due = clock.after_working_days(*counted)
    if due.at < timezone.now():
        return False
    deadlines.set_deadline_at(
        application,
        Application.APPEAL_PERIOD,
        due_at=due.at,
        estimated=due.estimated,
        while_status=application.status,
        counted=counted,
    )
    return True


@transaction.atomic
def _set_reminder(pk: int) -> bool:
    """Set when the applicant hears that something lapses, where that is still ahead."""
    application = Application.objects.select_for_update(of=("self",)).get(pk=pk)
    if not _not_reminded().filter(pk=pk).exists():  # it was submitted or accepted meanwhile
        return False
    return lapsing.set_reminder(application, application.status)


@transaction.atomic
def _set_of_case(case: Case, pk: int, step: str) -> bool:
    waiting = case.model._base_manager.select_for_update(of=("self",)).get(pk=pk)
    if not _cases_without(case, step).filter(pk=pk).exists():  # it was decided meanwhile
        return False
    _set(waiting, step, case.days)
    return True


def _set(obj: Any, step: str, promised_days: int) -> None:
    """Set a promise from today, or when the head hears that it was not kept."""
    days, start = promised_days, timezone.now()
    if step == "escalate":
        promised = deadlines.open_deadline(obj, "remind")
        days, start = ESCALATED_AFTER, max(promised.due_at, start) if promised else start
    due = clock.after_working_days(start, days)
    deadlines.set_deadline_at(
        obj,
        step,
        due_at=due.at,
        estimated=due.estimated,
        while_status=obj.status,
        counted=deadlines.Counted(start, days),
    )


@transaction.atomic
def _set_of_review(pk: int, step: str) -> bool:
    assignment = ReviewAssignment.objects.get(pk=pk)
    Application.objects.select_for_update(of=("self",)).get(pk=assignment.application_id)
    if not _reviews_without(step).filter(pk=pk).exists():  # it came in, or was replaced, meanwhile
        return False
    deadlines.set_deadline(assignment, step, working_days=assigning.CLOCK[step], while_status=WAITING)
    return True


def _applications_without(step: str) -> QuerySet[Application]:
    entered = _entered(OuterRef("pk"), OuterRef("status"))
    in_progress = Application.objects.filter(status__in=PROMISED_WORKING_DAYS).annotate(entered=Subquery(entered))
    return in_progress.exclude(_has(Application, step, OuterRef("status")))


def _appealable() -> QuerySet[Application]:
    """Return what was declined lately and not appealed, and has no period."""
    declined = rules.steps_taken(step="decline", at__gte=timezone.now() - LONGEST_APPEAL)
    found = Application.objects.filter(Exists(declined), status=Application.Status.DECLINED, appeal=None)
    return found.exclude(Exists(rules.steps_taken(step="reopen"))).exclude(Exists(rules.appeal_periods()))


def _not_reminded() -> QuerySet[Application]:
    """Return what waits for the applicant and has no reminder ahead of it."""
    is_set = Deadline.objects.filter(
        subject_type=ContentType.objects.get_for_model(Application),
        subject_id=OuterRef("pk"),
        step=Application.REMINDER,
        done_at=None,
    )
    return Application.objects.filter(~Exists(is_set), status__in=lapsing.REMINDED_BEFORE)


def _cases_without(case: Case, step: str) -> QuerySet[Any]:
    waiting = case.model._base_manager.filter(status=case.status).annotate(entered=F(case.since))
    return waiting.exclude(_has(case.model, step, OuterRef("status")))


def _reviews_without(step: str) -> QuerySet[ReviewAssignment]:
    entered = _entered(OuterRef("application"), Application.Status.UNDER_REVIEW)
    waited_for = ReviewAssignment.objects.filter(
        status=WAITING, application__status=Application.Status.UNDER_REVIEW
    ).annotate(entered=Subquery(entered))
    return waited_for.exclude(_has(ReviewAssignment, step, WAITING))


def _entered(application: OuterRef, status: OuterRef | str) -> QuerySet[StepTaken, Any]:
    """Return when an application came into a status last."""
    taken = StepTaken.objects.filter(
        subject_type=ContentType.objects.get_for_model(Application), subject_id=application, target=status
    )
    return taken.exclude(source=F("target")).order_by("-id").values("at")[:1]


def _has(model: type[Model], step: str, status: OuterRef | str) -> Exists:
    """Whether the deadline of a step is open, or was done in the status that the row is in now."""
    set_for = Deadline.objects.filter(
        subject_type=ContentType.objects.get_for_model(model),
        subject_id=OuterRef("pk"),
        step=step,
        while_status=status,
    )
    return Exists(set_for.filter(Q(done_at=None) | Q(done_at__gte=OuterRef("entered"))))
