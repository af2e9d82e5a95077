"""Who may do what with applications, objections and publications: predicates over user and object."""

from collections.abc import Callable
from functools import reduce
from itertools import product
from operator import or_
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

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
from portal.models import Deadline, StepTaken, User
from portal.roles import Role, has_role
from portal.statements import Once

type Predicate = Callable[[User | None, Any], bool]


class Standing(NamedTuple):
    """What a person is to an application."""

    is_member: bool = False
    writes: bool = False
    signs: bool = False
    assigned: bool = False
    barred: bool = False
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


def steps_taken(**conditions: Any) -> QuerySet[StepTaken]:
    """Return the steps of the application that an outer query is at."""
    kind = ContentType.objects.get_for_model(Application)
    return StepTaken.objects.filter(subject_type=kind, subject_id=OuterRef("pk"), **conditions)


def appeal_periods() -> QuerySet[Deadline]:
    """Return the appeal periods of the application that an outer query is at."""
    kind = ContentType.objects.get_for_model(Application)
    return Deadline.objects.filter(subject_type=kind, subject_id=OuterRef("pk"), step=Application.APPEAL_PERIOD)


def standing_columns(user: User) -> dict[str, Exists]:
    """Return how SQL tells each part of a person's standing to an application, in the order of ``Standing``."""
    member = Membership.objects.filter(organisation=OuterRef("organisation"), user=user, is_active=True)
    assigned = ReviewAssignment.objects.filter(application=OuterRef("pk"), reviewer=user)
    approvals = Approval.objects.filter(application=OuterRef("pk"), approver=user, voided_at=None)
    return {
        "is_member": Exists(member),
        "writes": Exists(member.filter(role__in=[Membership.Role.EDITOR, Membership.Role.SIGNATORY])),
        "signs": Exists(member.filter(role=Membership.Role.SIGNATORY)),
        "assigned": Exists(assigned),
        "barred": Exists(assigned.barring()),
        "recommended": Exists(Recommendation.objects.filter(application=OuterRef("pk"), recommended_by=user)),
        "approved": Exists(approvals),
        "took_a_step": Exists(steps_taken(by=user)),
    }


_standing = Once(
    lambda user, application: Application.objects.filter(pk=application).values_list(
        *standing_columns(User(pk=user)).values()
    ),
    user=-1,
    application=-2,
)


def _read_standing(user: User, application: Application) -> Standing:
    with connection.cursor() as cursor:
        cursor.execute(*_standing.filled({"user": user.pk, "application": application.pk}))
        row = cursor.fetchone()
    if row is None:
        raise Application.DoesNotExist
    return Standing(*row)


def where(user: User, status: str, predicate: Predicate) -> Q | None:
    """Return a predicate over applications of a status as SQL, by asking it about every standing there can be.

    So that a list and a button never follow two rules. The query needs ``standing_columns`` under their names.

    Args:
        user: whose roles count.
        status: that all the applications have.
        predicate: reads nothing of a person but roles, and of an application but its status and the person's standing.

    Returns:
        The condition on the standing; None where the predicate is never true.
    """
    has_role(user)  # reads the roles
    key = (frozenset(getattr(user, "_role_names", ())), user.is_active, user.is_staff, status, predicate)
    if key not in _asked:
        _asked[key] = _ask(user, status, predicate)
    return _asked[key]


_asked: dict[Any, Q | None] = {}
"""What was asked before: there are few sets of roles, and what they may do changes with the code alone."""


def _ask(user: User, status: str, predicate: Predicate) -> Q | None:
    application = Application(status=status)
    known: dict[int, Standing] = application.__dict__.setdefault("_standings", {})

    def answer(flags: tuple[bool, ...]) -> bool:
        known[user.pk] = Standing(*flags)
        return predicate(user, application)

    truth = {flags: answer(flags) for flags in product((False, True), repeat=len(Standing._fields))}
    counting = [
        place
        for place in range(len(Standing._fields))
        if any(truth[flags] != truth[(*flags[:place], not flags[place], *flags[place + 1 :])] for flags in truth)
    ]
    rows = {tuple(flags[place] for place in counting) for flags, is_true in truth.items() if is_true}
    if not rows:
        return None
    names = [Standing._fields[place] for place in counting]
    return reduce(or_, (Q(**dict(zip(names, row, strict=True))) for row in sorted(rows)))


def signs(user: User | None, application: Application) -> bool:
    """Whether the user may bind the applicant."""
    return standing(user, application).signs


def writes(user: User | None, application: Application) -> bool:
    """Whether the user may change the draft: the applicant's editors and signatories."""
    if not application.is_open or user is None:
        return False
    known = application.__dict__.get("_standings", {}).get(user.pk)
    return known.writes if known else _writes_for_applicant(user, application)


def _writes_for_applicant(user: User, application: Application) -> bool:
    """Ask for this alone, once for this very object: sections save themselves every few seconds."""
    known: dict[int, bool] = application.__dict__.setdefault("_writers", {})
    if user.pk not in known:
        written = writing(user.pk).filter(organisation=application.organisation_id)
        known[user.pk] = user.is_active and written.exists()
    return known[user.pk]


def writing(user: int) -> QuerySet[Membership]:
    """Return the memberships by which a person writes applications."""
    roles = [Membership.Role.EDITOR, Membership.Role.SIGNATORY]
    return Membership.objects.filter(user=user, is_active=True, role__in=roles)


def handles(*roles: Role) -> Predicate:
    """Return the predicate: staff of a role, not of the applicant, and not barred by a review of their own.

    What bars is a conflict, a recusal, or a declaration that is still to come.
    """

    def predicate(user: User | None, application: Application) -> bool:
        if not has_role(user, *roles):
            return False
        stands = standing(user, application)
        return not stands.is_member and not stands.barred

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
    barred = application.assignments.barring()
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


def reminds(user: User | None, application: Application) -> bool:
    """Whether those on whom it waits may be reminded: by the system in time, by a programme manager at any time."""
    return user is None or manages(user, application)


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


def invites(user: User | None) -> bool:
    """Whether the user may invite firms to a round."""
    return has_role(user, Role.MANAGER)


def publishes(user: User | None, publication: Publication) -> bool:
    """Whether the user may publish or refuse: a manager, approver or head who did not propose it."""
    return has_role(user, Role.MANAGER, Role.APPROVER, Role.HEAD) and not proposed(user, publication)


def proposed(user: User | None, publication: Publication) -> bool:
    """Whether the user proposed it."""
    return user is not None and publication.proposed_by_id == user.pk
