"""Bulk steps: which steps are taken of several applications at once, and what each of them would do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Max, Prefetch
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from incentives.facts import Text
from incentives.models import Application, ReviewAssignment
from portal.lifecycle import Step
from portal.models import StepTaken, User

MOST = 200
"""No more applications in one bulk step."""

AT_ONCE = 20
"""So many are done while one waits; more are done by the workers."""


@dataclass(frozen=True)
class Prospect:
    """One of several applications, and what taking the step of it would come to now."""

    application: Application
    seen: int
    reasons: tuple[Text, ...]

    @property
    def is_open(self) -> bool:
        """Whether the step can be taken of it."""
        return not self.reasons


def prospects(user: User, step: Step, applications: Iterable[Application]) -> list[Prospect]:
    """Return for each application why the step cannot be taken of it now, if it cannot."""
    found = list(applications)
    seen = latest_steps([application.pk for application in found])
    return [Prospect(a, seen.get(a.pk, 0), _reasons(user, step, a)) for a in found]


def _reasons(user: User, step: Step, application: Application) -> tuple[Text, ...]:
    if application.status not in step.sources:
        status = Application.Status(application.status).label
        return (format_lazy(_("Its status is “{status}”; this step does not lead on from there."), status=status),)
    if not step.may(user, application):
        return (_("You may not take this step."),)
    return step.reasons(application)


def chosen(user: User, pks: Iterable[int]) -> list[Application]:
    """Return those of the applications that the person handles, with what the guards read of them."""
    found = Application.objects.handled_by(user).filter(pk__in=list(pks)[:MOST]).order_by("number")
    return list(
        found.select_related("organisation", "programme_version", "round__programme", "round__budget").prefetch_related(
            "recommendations",
            Prefetch("assignments", ReviewAssignment.objects.select_related("review")),
        )
    )


def latest_steps(pks: Iterable[int]) -> dict[int, int]:
    """Return the latest step taken of each application; what keeps the status, a reminder, does not count."""
    kind = ContentType.objects.get_for_model(Application)
    found = StepTaken.objects.filter(subject_type=kind, subject_id__in=list(pks)).exclude(source=F("target")).order_by()
    return dict(found.values_list("subject_id").annotate(Max("pk")))


def read(data: dict[str, Any]) -> dict[str, Any]:
    """Return what was kept as JSON as the effects of the steps take it."""
    values = dict(data)
    if "amount" in values:
        values["amount"] = Decimal(values["amount"])
    if "credit_checked_on" in values:
        values["credit_checked_on"] = date.fromisoformat(values["credit_checked_on"])
    return values
