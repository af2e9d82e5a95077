"""One application in each situation, with one cast of people who are something to all of them."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

from django.contrib.auth.models import Group
from django.utils import timezone

from incentives import services
from incentives.models import Application, ReviewAssignment, Round
from portal.models import User
from portal.roles import Role
from tests.incentives import make
from tests.incentives.stories import Story

ALL = (Role.SCREENING, Role.REVIEWER, Role.MANAGER, Role.APPROVER, Role.APPEAL, Role.FINANCE)
ROLES: dict[str, tuple[Role, ...]] = {
    "registry": (Role.REGISTRY,),
    "screener": (Role.SCREENING,),
    "reviewer": (Role.REVIEWER,),
    "manager": (Role.MANAGER,),
    "approver": (Role.APPROVER,),
    "first_approver": (Role.APPROVER,),
    "appeal": (Role.APPEAL,),
    "finance": (Role.FINANCE,),
    "investment": (Role.INVESTMENT,),
    "auditor": (Role.AUDITOR,),
    "head": (Role.HEAD,),
    "administrator": (Role.ADMINISTRATOR,),
    "without_role": (),
    "recommender": (Role.MANAGER, Role.APPROVER),
    "reviewing_approver": (Role.REVIEWER, Role.MANAGER, Role.APPROVER, Role.APPEAL),
    "conflicted": ALL,
    "staff_of_the_firm": ALL,
    "left_the_office": ALL,
}
MEMBERS = {
    "signatory": "signatory",
    "editor": "editor",
    "viewer": "viewer",
    "former_signatory": "signatory",
    "staff_of_the_firm": "viewer",
}


def cast() -> dict[str, User]:
    """Return everybody who tries."""
    people = {name: make.person(name) for name in (*MEMBERS, *ROLES)}
    for name, roles in ROLES.items():
        user = people[name]
        user.is_staff, user.is_superuser, user.is_active = True, name == "administrator", name != "left_the_office"
        user.save()
        user.groups.set(Group.objects.filter(name__in=roles))
    people["signatory_of_another"] = make.member(make.organisation())
    return people


class Case(Story):
    """An application whose people are the cast's."""

    def __init__(self, people: dict[str, User], opened: Round, amount: int = 500_000) -> None:
        """Begin the draft."""
        self.firm = make.eligible_organisation()
        for name, role in MEMBERS.items():
            people[name].memberships.create(organisation=self.firm, role=role, is_active=name != "former_signatory")
        self.round, self.amount = opened, Decimal(amount)
        self.signatory, self.editor = people["signatory"], people["editor"]
        self.screener, self.manager, self.approver = (
            people[name] for name in ("screener", "recommender", "first_approver")
        )
        self.decliner = people["manager"]
        self.application = services.start_application(round=opened, organisation=self.firm, by=self.editor)
        asked = ReviewAssignment.objects.create(application=self.application, reviewer=people["conflicted"])
        services.declare_conflict(assignment=asked, by=people["conflicted"], conflicted=True, reason="cousin")

    def accept(self) -> "Case":
        """Accept it, and resolve what was flagged: one signatory stands behind all these applicants."""
        super().accept()
        for flag in self.application.flags.filter(status="open"):
            services.resolve_flag(flag=flag, by=self.screener, resolution="Known")
        return self

    def review(self) -> "Case":
        """Let whoever was assigned review it."""
        for assignment in self.application.assignments.filter(conflict="undeclared"):
            self.judge(assignment)
        return self

    def object(self) -> "Case":
        """Let somebody object to the award."""
        services.object_to_award(
            application=self.application, name="Li", email="li@demo.example", reason="Unfair", key=uuid4()
        )
        return self

    def decline(self) -> "Case":
        """Decline it by a manager who did nothing else."""
        self.step("decline", self.decliner, reason="Not this time")
        return self

    def reopen(self, by: User) -> "Case":
        """Reopen it after the appeal."""
        self.step("reopen", by, reason="Heard")
        return self

    def close_round(self) -> "Case":
        """Let the round close over it."""
        past = timezone.now() - timedelta(days=1)
        Round.objects.filter(pk=self.round.pk).update(opens_at=past - timedelta(days=5), closes_at=past)
        return self

    def too_late(self, step: str) -> "Case":
        """Let a deadline pass."""
        self.bring_forward(step)
        return self


def situations(people: dict[str, User]) -> dict[str, Application]:
    """Return one application in each situation."""
    opened = make.round_of(make.programme())
    strict = make.round_of(make.programme(four_eyes_threshold=Decimal(100_000)))
    closing = make.round_of(make.programme())

    def case(upto: str = "", within: Round = opened) -> Case:
        made = Case(people, within)
        for part in upto.split():
            getattr(made, part)()
        return made

    reviewed = "fill submit accept review"
    notice = f"{reviewed} recommend approve"
    made = {
        "draft": case("fill"),
        "submitted": case("fill submit"),
        "returned": case("fill submit give_back"),
        "returned_too_late": case("fill submit give_back").too_late("lapse"),
        "under_review": case(reviewed),
        "under_review_without_reviews": case("fill submit accept"),
        "recommended": case(f"{reviewed} recommend"),
        "recommended_above_threshold": case(f"{reviewed} recommend", strict),
        "first_approved": case(f"{reviewed} recommend first_approve", strict),
        "notice_running": case(notice),
        "notice_objected": case(notice).object().too_late("confirm"),
        "notice_ended": case(notice).too_late("confirm"),
        "offered": case(f"{notice} confirm"),
        "offered_too_late": case(f"{notice} confirm").too_late("lapse"),
        "active": case(f"{notice} confirm accept_offer"),
        "declined": case(f"{reviewed} decline"),
        "declined_after_appeal": case(f"{reviewed} decline").reopen(people["appeal"]).decline(),
        "withdrawn": case("withdraw"),
        "draft_too_late": case("fill", closing).close_round(),
        "lapsed": case("lapse", make.round_of(closing.programme)),
    }
    return {name: one.application for name, one in made.items()}
