"""What the incentives give to the core: permissions of roles, documents' door, the desk, the demonstration."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db.models import Exists, F, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from firms.models import Membership
from incentives import dates, hearing, merging, presenting, queue, rules, site_map, standards
from incentives.demonstration import load
from incentives.models import Appeal, Application, InvitationPiece, Publication, ReviewAssignment
from incentives.services import inviting, personal_data, release_reviews, set_missing_deadlines
from portal import deadlines, demonstration, desk, recounting, roles, work
from portal.desk import DeskItem, DeskLink
from portal.models import User
from portal.permissions import allow
from portal.roles import Role, has_role
from portal.standards import contribute

_READERS = (
    Role.SCREENING,
    Role.MANAGER,
    Role.APPROVER,
    Role.APPEAL,
    Role.FINANCE,
    Role.AUDITOR,
    Role.HEAD,
)
_WRITTEN = (
    "programme",
    "criterion",
    "section",
    "question",
    "option",
    "tablecolumn",
    "wanteddocument",
    "rubricitem",
    "plannedtranche",
    "round",
)

for role in _READERS:
    allow(role, "incentives.view_application", "incentives.view_award", "incentives.view_letter")
for role in (Role.MANAGER, Role.APPROVER, Role.APPEAL, Role.AUDITOR, Role.HEAD):
    allow(role, "incentives.view_objection", "incentives.view_appeal")
for role in (Role.MANAGER, Role.APPROVER, Role.FINANCE, Role.AUDITOR, Role.HEAD):
    allow(role, "incentives.view_budget", "incentives.view_ledgerentry")
for role in (Role.REVIEWER, Role.MANAGER, Role.APPROVER, Role.AUDITOR, Role.HEAD):
    allow(role, "incentives.view_reviewassignment")
for role in (Role.MANAGER, Role.ADMINISTRATOR):
    for model in ("reviewerprofile", "employment"):
        allow(role, *(f"incentives.{action}_{model}" for action in ("view", "add", "change")))
for role in (Role.AUDITOR, Role.HEAD):
    allow(role, "incentives.view_reviewerprofile", "incentives.view_employment")
for model in _WRITTEN:
    for role in (Role.SCREENING, Role.APPROVER, Role.FINANCE, Role.AUDITOR, Role.HEAD, Role.ADMINISTRATOR):
        allow(role, f"incentives.view_{model}")
    allow(Role.MANAGER, *(f"incentives.{action}_{model}" for action in ("view", "add", "change", "delete")))
allow(Role.FINANCE, "incentives.change_budget")
for role in (Role.SCREENING, Role.MANAGER, Role.APPROVER, Role.AUDITOR, Role.HEAD):
    allow(role, "incentives.view_bulkstep")
for role in (Role.MANAGER, Role.APPROVER, Role.AUDITOR, Role.HEAD):
    allow(role, "incentives.view_recommendation", "incentives.view_approval")
for role in (Role.MANAGER, Role.AUDITOR, Role.HEAD):
    allow(role, "incentives.view_invitation")
for role in (Role.MANAGER, Role.APPROVER, Role.AUDITOR, Role.HEAD):
    allow(role, "incentives.view_publication", "incentives.view_programmeversion")

Status = Application.Status
WAITS_FOR_APPLICANT = (Status.DRAFT, Status.RETURNED, Status.OFFERED)
MOST_ITEMS = 20
FIRST_OF_QUEUE = 10
MOST_APPEALS = 5


def for_applicant(user: User) -> Iterable[DeskItem]:
    """Return the live applications of the person's organisations, what waits for them first."""
    memberships = Membership.objects.filter(user=user, is_active=True)
    found = (
        Application.objects.live()
        .filter(organisation__in=memberships.values("organisation"))
        .select_related("round__programme", "organisation")
        .with_due_date()
        .order_by(F("due_at"), "id")[:MOST_ITEMS]
    )
    return sorted((_item(a, a.get_absolute_url()) for a in found), key=lambda item: item.tone != "amber")


def to_appeal(user: User) -> Iterable[DeskItem]:
    """Return the declined applications of the person's organisations that can still be appealed, and until when."""
    memberships = Membership.objects.filter(user=user, is_active=True)
    found = (
        Application.objects.filter(organisation__in=memberships.values("organisation"), status=Status.DECLINED)
        .exclude(pk__in=Appeal.objects.values("application"))
        .annotate(appeal_until=Subquery(rules.appeal_periods().order_by("-id").values("due_at")[:1]))
        .filter(~Exists(rules.steps_taken(step="reopen")), appeal_until__gte=timezone.now())
        .select_related("round__programme", "organisation")
        .with_due_date()
        .order_by("appeal_until", "id")[:MOST_APPEALS]
    )
    for application in found:
        yield replace(_item(application, application.get_absolute_url()), due_at=application.appeal_until)


def for_staff(user: User) -> Iterable[DeskItem]:
    """Return the first of the person's queue."""
    # Objections stand in a group of their own.
    others = queue.waiting_for(user).exclude(next_step="uphold_objection")  # type: ignore[misc]
    found = others.select_related("round__programme", "organisation")[:FIRST_OF_QUEUE]
    return [_item(a, reverse("admin:incentives_application_change", args=[a.pk])) for a in found]


def for_reviewer(user: User) -> Iterable[DeskItem]:
    """Return the reviews that a reviewer has to write, the most urgent first."""
    if not has_role(user, Role.REVIEWER):
        return []
    found = ReviewAssignment.objects.waiting().filter(reviewer=user).with_due_date().order_by(F("due_at"), "id")
    return [
        DeskItem(
            title=f"{assignment.application.number} · {assignment.application.organisation.title}",
            url=reverse("admin:incentives_reviewassignment_change", args=[assignment.pk]),
            detail=str(assignment.application.round.programme),
            due_at=assignment.due_at,
            status=assignment.get_conflict_display(),
            tone="amber",
        )
        for assignment in found.select_related("application__organisation", "application__round__programme")
    ]


def appeals_to_hear(user: User) -> Iterable[DeskItem]:
    """Return the appeals that an officer who took no part can decide, the most urgent first."""
    return _heard(hearing.appeals_to_hear(user), "admin:incentives_appeal_change")


def objections_to_hear(user: User) -> Iterable[DeskItem]:
    """Return the objections that somebody who took no part can decide, the most urgent first."""
    return _heard(hearing.objections_to_hear(user), "admin:incentives_objection_change")


def _heard(found: QuerySet[Any], page: str) -> Iterable[DeskItem]:
    for row in found.select_related("application__organisation", "application__round__programme")[:MOST_ITEMS]:
        yield DeskItem(
            title=f"{row.application.number} · {row.application.organisation.title}",
            url=reverse(page, args=[row.pk]),
            detail=str(row.application.round.programme),
            due_at=row.due_at,
            status=row.get_status_display(),
            tone="amber",
        )


def to_publish(user: User) -> Iterable[DeskItem]:
    """Return the programmes that somebody else proposed to publish."""
    if not has_role(user, Role.MANAGER, Role.APPROVER, Role.HEAD):
        return []
    found = Publication.objects.waiting().exclude(proposed_by=user).select_related("programme", "proposed_by")
    return [
        DeskItem(
            title=str(publication.programme),
            url=reverse("admin:incentives_publication_change", args=[publication.pk]),
            detail=format_lazy(_("Proposed by {person}"), person=publication.proposed_by),
            tone="amber",
        )
        for publication in found[:MOST_ITEMS]
    ]


def _item(application: Application, url: str) -> DeskItem:
    status = Status(application.status)
    return DeskItem(
        title=str(application.round.programme),
        url=url,
        detail=" · ".join(filter(None, [application.number, application.organisation.title])),
        due_at=application.due_at,
        status=application.get_status_display(),
        tone=presenting.TONES[status],  # type: ignore[arg-type]
    )


def links(user: User) -> Iterable[DeskLink]:
    """Return where members of organisations go."""
    if Membership.objects.filter(user=user, is_active=True).exists():
        yield DeskLink(_("Applications"), reverse("incentives:applications"))
        yield DeskLink(_("Check what you can get"), reverse("incentives:check"))


desk.contribute(for_applicant, heading=_("Applications"), order=20)
desk.contribute(to_appeal, heading=_("Declined: you can appeal"), order=19)
desk.contribute(
    for_staff, heading=_("Applications that wait for you"), order=10, page="admin:incentives_application_queue"
)
desk.contribute(for_reviewer, heading=_("Reviews to write"), order=11)
desk.contribute(
    objections_to_hear, heading=_("Objections to decide"), order=11, page="admin:incentives_objection_changelist"
)
desk.contribute(appeals_to_hear, heading=_("Appeals to decide"), order=11, page="admin:incentives_appeal_changelist")
desk.contribute(to_publish, heading=_("Programmes to publish"), order=12)
desk.contribute_links(links, order=20)

deadlines.contribute(set_missing_deadlines)
roles.follow(release_reviews)
merging.contribute()
site_map.contribute()

personal_data.contribute_all()

demonstration.contribute(load)
contribute(*standards.PROMISES)
recounting.contribute(*dates.DATES)

work.register(work.Queue(inviting.QUEUE, InvitationPiece.objects.all, inviting.invite_piece))
