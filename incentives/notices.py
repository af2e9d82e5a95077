"""What is told to whom about applications."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone

from firms.models import Membership
from incentives.facts import pair_of
from incentives.models import Application, Letter, Objection, ReviewAssignment
from portal import deadlines
from portal.local_form import day, moment, money
from portal.models import StepTaken, User
from portal.notices import Message, both
from portal.roles import Role

Status = Application.Status


def named(application: Application) -> dict[str, Any]:
    """Return number, applicant and programme as every message names them."""
    organisation = application.organisation
    names = {"en": organisation.name_en or organisation.name_pinyin, "zh": organisation.name_zh}
    return {
        "number": application.number or "",
        "organisation": {"en": names["en"] or names["zh"], "zh": names["zh"] or names["en"]},
        "programme": both(application.round.programme, "title"),
    }


def _due(application: Application, step: str) -> dict[str, str]:
    deadline = deadlines.open_deadline(application, step)
    return pair_of(day, deadline.due_at) if deadline else {"en": "", "zh": ""}


class ToApplicant(Message):
    """A message to those who write or sign for the applicant."""

    def recipients(self, change: Any) -> Iterable[User]:
        """Return who is told."""
        memberships = Membership.objects.active().filter(
            organisation=change.obj.organisation_id, role__in=["signatory", "editor"]
        )
        return [membership.user for membership in memberships.select_related("user")]

    def context(self, change: Any) -> Mapping[str, Any]:
        """Return what the message says."""
        terms = change.obj.recommendations.filter(voided_at=None).first()
        return {
            **named(change.obj),
            "reason": change.reason,
            "amount": pair_of(money, terms.amount if terms else None),
            "due": _due(change.obj, self.due_step),
            "letter": Letter.objects.addresses(change.taken),
        }

    due_step = "lapse"

    def page(self, change: Any) -> tuple[str, dict[str, Any]]:
        """Return the page it opens."""
        return "incentives:application", {"uid": str(change.obj.uid)}


class Received(ToApplicant):
    """The receipt: number and the date to expect."""

    kind = "incentives.received"
    due_step = "remind"


class Returned(ToApplicant):
    """What to change, and until when."""

    kind = "incentives.returned"

    def context(self, change: Any) -> Mapping[str, Any]:
        """Return what the message says."""
        requests = change.obj.change_requests.filter(at__gte=change.obj.submitted_at).order_by("id")
        return {**super().context(change), "requests": [request.reason for request in requests]}


class InReview(ToApplicant):
    """The application was accepted for review."""

    kind = "incentives.in_review"
    due_step = "remind"


class NoticeBegins(ToApplicant):
    """The public notice has begun."""

    kind = "incentives.notice_begins"
    due_step = "confirm"


class ObjectionUpheld(ToApplicant):
    """An objection was upheld; the application is under review again."""

    kind = "incentives.objection_upheld"


class Offered(ToApplicant):
    """The offer, and until when it stands."""

    kind = "incentives.offered"


class Awarded(ToApplicant):
    """The award is made."""

    kind = "incentives.awarded"


class Declined(ToApplicant):
    """The reasons, and how to appeal or apply again."""

    kind = "incentives.declined"

    def context(self, change: Any) -> Mapping[str, Any]:
        """Return what the message says."""
        programme = change.obj.round.programme
        contact = ", ".join(part for part in (programme.contact, programme.telephone) if part)
        days = change.obj.programme_version.appeal_days
        return {**super().context(change), "appeal_days": days, "contact": contact}


class Reopened(ToApplicant):
    """The appeal was heard: under review again."""

    kind = "incentives.reopened"


class Withdrawn(ToApplicant):
    """The application was withdrawn."""

    kind = "incentives.withdrawn"


class LapsesSoon(ToApplicant):
    """A draft, a returned application or an offer is about to lapse."""

    kind = "incentives.lapses_soon"

    def context(self, change: Any) -> Mapping[str, Any]:
        """Return what the message says."""
        closes = pair_of(moment, change.obj.round.closes_at)
        return {**super().context(change), "status": change.source, "moment": closes}


class Lapsed(ToApplicant):
    """A deadline passed."""

    kind = "incentives.lapsed"


def _unbarred(users: Any, application: Application) -> Any:
    """Leave out reviewers whom a conflict, or a declaration that is missing, keeps from an application."""
    return users.exclude(pk__in=application.assignments.barring().values("reviewer"))


class ToStaff(Message):
    """A message to the staff whose step is next; never to a member of the applicant."""

    roles: tuple[Role, ...] = ()

    def recipients(self, change: Any) -> Iterable[User]:
        """Return who is told."""
        application = change.obj
        members = Membership.objects.active().filter(organisation=application.organisation_id)
        outsiders = User.objects.filter(is_active=True, is_staff=True).exclude(pk__in=members.values("user"))
        return self.among(outsiders, application).distinct()

    def among(self, users: Any, application: Application) -> Any:
        """Choose whom it concerns: nobody whom a conflict, or a declaration that is missing, keeps from it."""
        return _unbarred(users, application).filter(groups__name__in=self.roles)

    def context(self, change: Any) -> Mapping[str, Any]:
        """Return what the message says."""
        terms = change.obj.recommendations.filter(voided_at=None).first()
        return {
            **named(change.obj),
            "reason": change.reason,
            "amount": pair_of(money, terms.amount if terms else change.obj.requested_amount),
            "due": _due(change.obj, "remind"),
        }

    def page(self, change: Any) -> tuple[str, dict[str, Any]]:
        """Return the page it opens."""
        return "admin:incentives_application_change", {"object_id": change.obj.pk}


class ToScreen(ToStaff):
    """A submission waits for screening."""

    kind = "incentives.to_screen"
    roles = (Role.SCREENING,)


class ToReview(ToStaff):
    """An application waits for the reviewer's declaration and scores."""

    kind = "incentives.to_review"

    def among(self, users: Any, application: Application) -> Any:
        """Choose those whose review is not in."""
        return users.filter(pk__in=application.assignments.waiting().values("reviewer"))

    def page(self, change: Any) -> tuple[str, dict[str, Any]]:
        """Return the page it opens."""
        return "admin:incentives_reviewassignment_changelist", {}


class ToManage(ToStaff):
    """An application waits for the programme manager."""

    kind = "incentives.to_manage"
    roles = (Role.MANAGER,)

    def among(self, users: Any, application: Application) -> Any:
        """Choose whom it concerns: who reviews does not recommend."""
        return super().among(users, application).exclude(pk__in=application.assignments.values("reviewer"))


def _who_may_approve(approvers: Any, application: Application) -> Any:
    """Leave out who approved it already, recommended or reviews it."""
    return (
        approvers.exclude(pk__in=application.approvals.filter(voided_at=None).values("approver"))
        .exclude(pk__in=application.recommendations.values("recommended_by"))
        .exclude(pk__in=application.assignments.values("reviewer"))
    )


class ToApprove(ToStaff):
    """A recommendation waits for an approver who took no part in it."""

    kind = "incentives.to_approve"
    roles = (Role.APPROVER,)

    def among(self, users: Any, application: Application) -> Any:
        """Choose whom it concerns."""
        return _who_may_approve(super().among(users, application), application)


class ToPay(ToStaff):
    """An award is active: finance prepares its payment."""

    kind = "incentives.to_pay"
    roles = (Role.FINANCE,)


class Overdue(ToStaff):
    """A promised date has passed."""

    kind = "incentives.overdue"

    def among(self, users: Any, application: Application) -> Any:
        """Choose whom it concerns."""
        role = {
            Status.SUBMITTED: Role.SCREENING,
            Status.UNDER_REVIEW: Role.MANAGER,
            Status.RECOMMENDED: Role.APPROVER,
            Status.FIRST_APPROVED: Role.APPROVER,
        }[Status(application.status)]
        found = _unbarred(users, application).filter(groups__name=role)
        if role == Role.APPROVER:
            return _who_may_approve(found, application)
        return found | users.filter(pk__in=application.assignments.waiting().values("reviewer"))

    def context(self, change: Any) -> Mapping[str, Any]:
        """Return what the message says: a person may remind before the date has passed."""
        deadline = deadlines.open_deadline(change.obj, "remind")
        early = change.by is not None and deadline is not None and deadline.due_at > timezone.now()
        return {**super().context(change), "early": early}


class ReviewsComplete(ToManage):
    """All reviews are in: the programme manager may recommend."""

    kind = "incentives.reviews_complete"

    def event(self, change: Any) -> str:
        """Return what makes it unique."""
        last = ReviewAssignment.objects.filter(application=change.obj).order_by("-id").first()
        return f"{self.kind}:{change.obj.pk}:{last.pk if last else 0}"


class ReviewReassigned(ToReview):
    """A reviewer takes the place of one with a conflict."""

    kind = "incentives.to_review_instead"

    def recipients(self, change: Any) -> Iterable[User]:
        """Return who is new: the others were asked before."""
        return [assignment.reviewer for assignment in change.assigned]

    def event(self, change: Any) -> str:
        """Return what makes it unique."""
        last = ReviewAssignment.objects.filter(application=change.obj).order_by("-id").first()
        return f"{self.kind}:{change.obj.pk}:{last.pk if last else 0}"


class ObjectionReceived(ToStaff):
    """An objection waits for someone who took no part."""

    kind = "incentives.objection_received"
    roles = (Role.APPEAL, Role.APPROVER)

    def among(self, users: Any, application: Application) -> Any:
        """Choose whom it concerns: who took a step or reviews does not hear objections."""
        acted = StepTaken.objects.about(application).exclude(by=None)
        return (
            super()
            .among(users, application)
            .exclude(pk__in=acted.values("by"))
            .exclude(pk__in=application.assignments.values("reviewer"))
        )

    def context(self, change: Any) -> Mapping[str, Any]:
        """Return what the message says."""
        return {**named(change.obj), "due": _due(change.obj, "confirm")}

    def event(self, change: Any) -> str:
        """Return what makes it unique."""
        last = Objection.objects.filter(application=change.obj).order_by("-id").first()
        return f"{self.kind}:{last.pk if last else 0}"


class About:
    """What a message speaks of that no step of the lifecycle caused."""

    def __init__(self, application: Application, assigned: Iterable[ReviewAssignment] = ()) -> None:
        self.obj = application
        self.taken: StepTaken | None = None
        self.reason = ""
        self.assigned = assigned
