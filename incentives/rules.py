"""Who may do what with applications, objections and publications: predicates over user and object."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, QuerySet

from firms.models import Membership
from incentives.models import (
    Appeal,
    Application,
    Approval,
    Flag,
    Objection,
    Publication,
    Recommendation,
    ReviewAssignment,
)
from portal.models import StepTaken, User
from portal.roles import Role, has_role

type Predicate = Callable[[User | None, Any], bool]


class Standing(NamedTuple):
    """What a person is to an application."""

    is_member: bool = False
    writes: bool = False
    signs: bool = False
    assigned: bool = False
    conflicted: bool = False
    recommended: bool = False
    approved: bool = False
    took_a_step: bool = False


def standing(user: User | None, application: Application) -> Standing:
    """Return what a person is to an application: one query, remembered by this very object.

    A lifecycle's step reads the row anew and with it a new object, so it never decides from memory.
    """
    if user is None or not user.is_authenticated or not user.is_active:
        return Standing()
    known: dict[int, Standing] = application.__dict__.setdefault("_standings", {})
    if user.pk not in known:
        known[user.pk] = _read_standing(user, application)
    return known[user.pk]


def _read_standing(user: User, application: Application) -> Standing:
    member = Membership.objects.filter(organisation=OuterRef("organisation"), user=user, is_active=True)
    assigned = ReviewAssignment.objects.filter(application=OuterRef("pk"), reviewer=user)
    approvals = Approval.objects.filter(application=OuterRef("pk"), approver=user, voided_at=None)
    steps = StepTaken.objects.filter(
        subject_type=ContentType.objects.get_for_model(Application), subject_id=OuterRef("pk"), by=user
    )
    found = Application.objects.filter(pk=application.pk).values_list(
        Exists(member),
        Exists(member.filter(role__in=[Membership.Role.EDITOR, Membership.Role.SIGNATORY])),
        Exists(member.filter(role=Membership.Role.SIGNATORY)),
        Exists(assigned),
        Exists(assigned.filter(status__in=["conflicted", "recused"])),
        Exists(Recommendation.objects.filter(application=OuterRef("pk"), recommended_by=user)),
        Exists(approvals),
        Exists(steps),
    )
    return Standing(*found.get())


def signs(user: User | None, application: Application) -> bool:
    """Whether the user may bind the applicant."""
    return standing(user, application).signs


def writes(user: User | None, application: Application) -> bool:
    """Whether the user may change the draft: the applicant's editors and signatories."""
    return application.is_open and standing(user, application).writes


def handles(*roles: Role) -> Predicate:
    """Return the predicate: staff of a role, not of the applicant, without a declared conflict, and not recused."""

    def predicate(user: User | None, application: Application) -> bool:
        if not has_role(user, *roles):
            return False
        stands = standing(user, application)
        return not stands.is_member and not stands.conflicted

    return predicate


screens = handles(Role.SCREENING)
manages = handles(Role.MANAGER)
_approver = handles(Role.APPROVER)


def recommends(user: User | None, application: Application) -> bool:
    """Whether the user may recommend: a programme manager who does not review it."""
    return manages(user, application) and not standing(user, application).assigned


def reviews(user: User | None, assignment: ReviewAssignment) -> bool:
    """Whether the review is the user's own."""
    return user is not None and assignment.reviewer_id == user.pk


def recuses(user: User | None, assignment: ReviewAssignment) -> bool:
    """Whether the user may take the review from the reviewer: a programme manager, of another."""
    return manages(user, assignment.application) and user is not None and assignment.reviewer_id != user.pk


raises_flags = handles(Role.SCREENING, Role.MANAGER, Role.APPROVER, Role.APPEAL, Role.FINANCE, Role.HEAD)
"""Whether the user may write notes and open flags: staff of the application, who do not review it."""

SETTLERS = (Role.SCREENING, Role.MANAGER)
may_settle = handles(*SETTLERS)
"""Whether the user may look into flags and resolve them: those who prepare the decision, not those who take it."""


def settles(user: User | None, flag: Flag) -> bool:
    """Whether the user may resolve a flag, or give it to somebody."""
    return may_settle(user, flag.application)


def settlers(application: Application) -> QuerySet[User]:
    """Return who may resolve flags of an application."""
    members = Membership.objects.filter(organisation=application.organisation_id, is_active=True)
    barred = application.assignments.filter(status__in=["conflicted", "recused"])
    people = User.objects.filter(is_active=True, is_staff=True, groups__name__in=SETTLERS).distinct()
    return people.exclude(pk__in=members.values("user")).exclude(pk__in=barred.values("reviewer"))


def approves(user: User | None, application: Application) -> bool:
    """Whether the user may approve: an approver who neither recommended, nor reviewed, nor approved it already."""
    if not _approver(user, application):
        return False
    stands = standing(user, application)
    return not (stands.recommended or stands.assigned or stands.approved)


def sends_back(user: User | None, application: Application) -> bool:
    """Whether the user may send it back: an approver who did not recommend it."""
    return _approver(user, application) and not standing(user, application).recommended


def declines(user: User | None, application: Application) -> bool:
    """Whether the user may decline it: a programme manager or an approver."""
    return handles(Role.MANAGER, Role.APPROVER)(user, application)


def took_part(user: User | None, application: Application) -> bool:
    """Whether the user took a step of the application, or was to review it."""
    stands = standing(user, application)
    return stands.took_a_step or stands.assigned


def reopens(user: User | None, application: Application) -> bool:
    """Whether the user may reopen it: an appeal officer who took no part."""
    return handles(Role.APPEAL)(user, application) and not took_part(user, application)


def appealed(user: User | None, appeal: Appeal) -> bool:
    """Whether the user made the appeal."""
    return user is not None and appeal.by_id == user.pk


def hears_appeals(user: User | None, appeal: Appeal) -> bool:
    """Whether the user may decide the appeal: an appeal officer who took no part in the decision."""
    return reopens(user, appeal.application)


def hears_objections(user: User | None, application: Application) -> bool:
    """Whether the user may decide an objection: an approver or appeal officer who took no part."""
    return handles(Role.APPEAL, Role.APPROVER)(user, application) and not took_part(user, application)


def dismisses(user: User | None, objection: Objection) -> bool:
    """Whether the user may dismiss the objection."""
    return hears_objections(user, objection.application)


def publishes(user: User | None, publication: Publication) -> bool:
    """Whether the user may publish or refuse: a manager, approver or head who did not propose it."""
    return has_role(user, Role.MANAGER, Role.APPROVER, Role.HEAD) and not proposed(user, publication)


def proposed(user: User | None, publication: Publication) -> bool:
    """Whether the user proposed it."""
    return user is not None and publication.proposed_by_id == user.pk
