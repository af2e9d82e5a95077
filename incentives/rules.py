"""Who may do what with an application: predicates over user and object."""

from collections.abc import Callable
from typing import Any

from django.contrib.contenttypes.models import ContentType

from firms.rules import is_editor, is_member, is_signatory
from incentives.models import Application, Objection
from portal.models import StepTaken, User
from portal.roles import Role, has_role

type Predicate = Callable[[User | None, Any], bool]


def signs(user: User | None, application: Application) -> bool:
    """Whether the user may bind the applicant."""
    return user is not None and is_signatory(user, application.organisation)


def writes(user: User | None, application: Application) -> bool:
    """Whether the user may change the draft: the applicant's editors and signatories."""
    return user is not None and application.is_open and is_editor(user, application.organisation)


def handles(*roles: Role) -> Predicate:
    """Return the predicate: staff of a role who do not belong to the applicant and declared no conflict."""

    def predicate(user: User | None, application: Application) -> bool:
        return (
            has_role(user, *roles)
            and not is_member(user, application.organisation)
            and not application.assignments.filter(reviewer=user, conflict="conflicted").exists()
        )

    predicate.__name__ = f"handles_as_{'_or_'.join(role.name.lower() for role in roles)}"
    return predicate


screens = handles(Role.SCREENING)
manages = handles(Role.MANAGER)


def recommends(user: User | None, application: Application) -> bool:
    """Whether the user may recommend: a programme manager who does not review it."""
    return manages(user, application) and not application.assignments.filter(reviewer=user).exists()


def approves(user: User | None, application: Application) -> bool:
    """Whether the user may approve: an approver who neither recommended, nor reviewed, nor approved it already."""
    if not handles(Role.APPROVER)(user, application):
        return False
    return not (
        application.recommendations.filter(recommended_by=user).exists()
        or application.assignments.filter(reviewer=user).exists()
        or application.approvals.filter(approver=user, voided_at=None).exists()
    )


def sends_back(user: User | None, application: Application) -> bool:
    """Whether the user may send it back: an approver who did not recommend it."""
    return (
        handles(Role.APPROVER)(user, application)
        and not application.recommendations.filter(recommended_by=user).exists()
    )


def declines(user: User | None, application: Application) -> bool:
    """Whether the user may decline it: a programme manager or an approver."""
    return handles(Role.MANAGER, Role.APPROVER)(user, application)


def took_part(user: User | None, application: Application) -> bool:
    """Whether the user took a step of the application, or was to review it."""
    steps = StepTaken.objects.filter(
        subject_type=ContentType.objects.get_for_model(Application), subject_id=application.pk, by=user
    )
    return steps.exists() or application.assignments.filter(reviewer=user).exists()


def reopens(user: User | None, application: Application) -> bool:
    """Whether the user may reopen it: an appeal officer who took no part."""
    return handles(Role.APPEAL)(user, application) and not took_part(user, application)


def hears_objections(user: User | None, application: Application) -> bool:
    """Whether the user may decide an objection: an approver or appeal officer who took no part."""
    return handles(Role.APPEAL, Role.APPROVER)(user, application) and not took_part(user, application)


def dismisses(user: User | None, objection: Objection) -> bool:
    """Whether the user may dismiss the objection."""
    return hears_objections(user, objection.application)
