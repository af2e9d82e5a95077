"""Steps of applications, as people take them."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from incentives import ledger
from incentives.lifecycle import APPLICATION, OBJECTION
from incentives.models import Application, Objection, Snapshot
from portal.lifecycle import Change, StepClosed
from portal.models import User


@transaction.atomic
def submit_application(*, application: Application, by: User, key: UUID, declared: Collection[str]) -> Application:
    """Submit an application; the same key again is the same submission.

    Args:
        application: a draft or returned application.
        by: the signatory.
        key: made with the page that was shown, so that one click is one submission.
        declared: what the signatory declared: every key of ``declarations``, or it is refused.

    Raises:
        NotAllowed: ``by`` is no signatory.
        StepClosed: the application is not complete, or not in time, or a declaration is missing.
    """
    locked = Application.objects.select_for_update().get(pk=application.pk)
    if Snapshot.objects.filter(application=locked, key=key).exists():
        return locked
    return APPLICATION.apply(locked, "submit", by=by, key=key, declared=declared).obj


@transaction.atomic
def take_step(*, application: Application, step: str, by: User, reason: str = "", **data: Any) -> Change:
    """Take a step of an application's lifecycle.

    Args:
        application: the application.
        step: the step's name.
        by: who takes it.
        reason: the written reason, where the step needs one.
        data: what the step's effect needs; see ``incentives.effects``.

    Raises:
        NotAllowed, StepClosed: see ``Lifecycle.apply``.
    """
    try:
        with ledger.moved_last():
            return APPLICATION.apply(application, step, by=by, reason=reason, **data)
    except ledger.OverBudgetError as error:
        raise StepClosed(_("The budget of the round does not have this amount any more.")) from error


@transaction.atomic
def dismiss_objection(*, objection: Objection, by: User, reason: str) -> Objection:
    """Dismiss an objection with written reasons; the public notice then ends by itself."""
    return OBJECTION.apply(objection, "dismiss", by=by, reason=reason).obj
