"""What waits for who hears it: appeals and objections, of which a person may decide those of the others' decisions."""

from django.db.models import F, QuerySet

from incentives import rules
from incentives.models import Appeal, Application, Objection
from incentives.models.applications import ApplicationQuerySet
from portal.models import User
from portal.roles import Role

APPEALS = (Role.APPEAL,)
OBJECTIONS = (Role.APPEAL, Role.APPROVER)


def appealed(user: User) -> ApplicationQuerySet:
    """Return the applications whose appeal the person may decide, as the rule of its steps says."""
    return _heard(user, Application.Status.DECLINED, rules.reopens)


def objected(user: User) -> ApplicationQuerySet:
    """Return the applications the objections to which the person may decide, as the rule of their steps says."""
    return _heard(user, Application.Status.PUBLIC_NOTICE, rules.hears_objections)


def _heard(user: User, status: str, predicate: rules.Predicate) -> ApplicationQuerySet:
    condition = rules.where(user, status, predicate)
    if condition is None:
        return Application.objects.none()
    return Application.objects.alias(**rules.standing_columns(user)).filter(condition)


def appeals_to_hear(user: User) -> QuerySet[Appeal]:
    """Return the appeals that wait for a decision of the person's, the most urgent first."""
    found = Appeal.objects.handled_by(user).waiting().filter(application__in=appealed(user).values("pk"))
    return found.with_due_date().order_by(F("due_at"), "pk")


def objections_to_hear(user: User) -> QuerySet[Objection]:
    """Return the objections that wait for a decision of the person's, the most urgent first."""
    found = Objection.objects.visible_to(user).waiting().filter(application__in=objected(user).values("pk"))
    return found.with_due_date().order_by(F("due_at"), "pk")
