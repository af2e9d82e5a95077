"""Bulk steps: one step of several applications, each in a transaction of its own."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from incentives import bulk
from incentives.facts import pair_of
from incentives.models import Application, BulkItem, BulkStep
from incentives.models.bulk import STEPS
from incentives.services.deciding import take_step
from portal import actor, work
from portal.lifecycle import StepClosed
from portal.models import User

QUEUE = "bulk_steps"
_ALONE = timedelta(minutes=1)
"""For so long the request that asked for few items has them for itself; what it does not finish, a worker does."""


class Asked(NamedTuple):
    """One application of a bulk step.

    Args:
        application: its key.
        seen: its latest step when the list was confirmed.
        reason: where each has its own.
        data: what the step takes, where each has its own.
    """

    application: int
    seen: int
    reason: str = ""
    data: dict[str, Any] | None = None


@transaction.atomic
def ask_for_steps(
    *, step: str, items: Iterable[Asked], by: User, key: UUID, reason: str = "", data: dict[str, Any] | None = None
) -> BulkStep:
    """Write down which step to take of which applications; the same key again is the same bulk step.

    Args:
        step: one that may be taken of several at once (``STEPS`` of the model).
        items: the applications, at most ``bulk.MOST``.
        by: who takes the steps; whether they may is asked when each is taken.
        key: made with the page that was confirmed.
        reason: for all that have none of their own.
        data: what the step takes, for all.

    Raises:
        StepClosed: the step is taken of one application at a time, or there is none of that name.
    """
    if step not in STEPS:
        raise StepClosed(_("This step is taken of one application at a time."))
    asked, is_new = BulkStep.objects.get_or_create(
        key=key, defaults={"step": step, "by": by, "reason": reason, "data": data or {}}
    )
    if not is_new:
        return asked
    wanted = list(items)[: bulk.MOST]
    few = len(wanted) <= bulk.AT_ONCE
    BulkItem.objects.bulk_create(
        BulkItem(
            bulk=asked,
            application_id=item.application,
            seen=item.seen,
            reason=item.reason,
            data=item.data or {},
            next_try_at=Now() + _ALONE if few else Now(),
        )
        for item in wanted
    )
    if not few:
        work.wake(QUEUE)
    return asked


def take_steps_now(*, asked: BulkStep) -> None:
    """Take the steps of a bulk step that are left, one transaction each; outside of any other transaction."""
    waiting = BulkItem.objects.open().filter(bulk=asked).order_by("pk")
    if waiting.count() <= bulk.AT_ONCE:
        work.run_these(QUEUE, waiting.values_list("pk", flat=True)[: bulk.AT_ONCE])


def take_one(item: BulkItem) -> None:
    """Take the step of one application, or write down why not; the row is locked."""
    application = Application.objects.select_for_update().get(pk=item.application_id)
    if bulk.latest_steps([application.pk]).get(application.pk, 0) != item.seen:
        _settle(item, BulkItem.Outcome.CHANGED)
        return
    asked = item.bulk
    try:
        with transaction.atomic(), actor.acting(f"user:{asked.by_id}", f"bulk-{asked.pk}"):
            take_step(
                application=application,
                step=asked.step,
                by=asked.by,
                reason=item.reason or asked.reason,
                **bulk.read({**asked.data, **item.data}),
            )
    except StepClosed as closed:
        _settle(item, BulkItem.Outcome.REFUSED, closed)
    else:
        _settle(item, BulkItem.Outcome.DONE)


def _settle(item: BulkItem, outcome: BulkItem.Outcome, closed: StepClosed | None = None) -> None:
    item.outcome, item.done_at = outcome, Now()
    if closed is not None:
        item.reasons = [pair_of(str, reason) for reason in closed.reasons]
    item.save(update_fields=["outcome", "done_at", "reasons"])


work.register(work.Queue(QUEUE, BulkItem.objects.all, take_one))
