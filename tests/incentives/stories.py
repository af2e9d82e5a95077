"""Applications walked through the real services to any status."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from firms.models import Membership, Organisation
from incentives import conditions, declarations, services
from incentives.effects import CHECKLIST
from incentives.lifecycle import APPLICATION
from incentives.models import Application, ReviewAssignment, Round
from portal.lifecycle import SYSTEM
from portal.models import Deadline, User
from portal.roles import Role
from tests.incentives import make

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


class Story:
    """One application and the people around it."""

    def __init__(
        self, *, opened: Round | None = None, firm: Organisation | None = None, amount: int = 500_000, **fields: Any
    ) -> None:
        """Init  ."""
        self.firm: Organisation = firm or make.eligible_organisation()
        self.signatory = make.member(self.firm)
        self.editor = make.member(self.firm, "editor")
        self.round = opened or make.round_of(make.programme(**fields))
        self.amount = Decimal(amount)
        self.screener = make.person("screener", Role.SCREENING)
        self.reviewers = [make.person(f"reviewer{n}", Role.REVIEWER) for n in range(3)]
        self.manager = make.person("manager", Role.MANAGER)
        self.approver = make.person("approver", Role.APPROVER)
        self.approver2 = make.person("approver2", Role.APPROVER)
        self.appeal = make.person("appeal", Role.APPEAL)
        self.finance = make.person("finance", Role.FINANCE)
        self.application: Application = services.start_application(
            round=self.round, organisation=self.firm, by=self.editor
        )

    def step(self, name: str, by: User | None, **data: Any) -> None:
        """Step."""
        APPLICATION.apply(self.application, name, by=by, **data)
        self.application = Application.objects.get(pk=self.application.pk)

    def fill(self) -> "Story":
        """Fill."""
        services.save_section(
            application=self.application,
            section="project",
            answers={"aim": "To build"},
            complete=True,
            version=0,
            by=self.editor,
        )
        return self.fill_rest()

    def fill_rest(self) -> "Story":
        """Fill in what is not about the project, and add the plan."""
        services.save_section(
            application=self.application,
            section=conditions.FUNDING,
            answers={"requested_amount": str(self.amount), "project_cost": "9000000.00", "other_funding": "none"},
            complete=True,
            version=0,
            by=self.editor,
        )
        services.add_document(
            application=self.application, slug="plan", upload=SimpleUploadedFile("plan.pdf", PDF), by=self.editor
        )
        self.application = Application.objects.get(pk=self.application.pk)
        return self

    def submit(self) -> "Story":
        """Submit."""
        self.application = services.submit_application(
            application=self.application, by=self.signatory, key=uuid4(), declared=declarations.KEYS
        )
        return self

    def accept(self) -> "Story":
        """Accept."""
        self.step(
            "accept",
            self.screener,
            checklist=list(CHECKLIST),
            credit_checked_on=date(2026, 1, 5),
            credit_source="示例信用平台",
        )
        return self

    def review(self) -> "Story":
        """Review."""
        for assignment in self.application.assignments.all():
            self.judge(assignment)
        return self

    def judge(self, assignment: ReviewAssignment) -> None:
        """Declare no conflict, and score."""
        services.declare_conflict(assignment=assignment, by=assignment.reviewer, conflicted=False)
        services.write_review(
            assignment=assignment, by=assignment.reviewer, scores={"quality": 80, "effect": 70}, comment="good"
        )

    def recommend(self) -> "Story":
        """Recommend."""
        self.step("recommend", self.manager, reason="Worth it", amount=self.amount)
        return self

    def first_approve(self) -> "Story":
        """First approve."""
        self.step("first_approve", self.approver, meeting="Meeting 3", minutes="2026-3")
        return self

    def approve(self, by: User | None = None) -> "Story":
        """Approve."""
        self.step("approve", by or self.approver)
        return self

    def confirm(self) -> "Story":
        """Confirm."""
        self.bring_forward("confirm")
        self.step("confirm", SYSTEM)
        return self

    def accept_offer(self) -> "Story":
        """Accept offer."""
        self.step("accept_offer", self.signatory)
        return self

    def give_back(self) -> "Story":
        """Return it for changes."""
        self.step("return", self.screener, sections={"project": "Say more"}, working_days=5)
        return self

    def decline(self) -> "Story":
        """Decline."""
        self.step("decline", self.manager, reason="Not this time")
        return self

    def withdraw(self) -> "Story":
        """Withdraw."""
        self.step("withdraw", self.signatory)
        return self

    def lapse(self) -> "Story":
        """Let the round close over the draft."""
        past = timezone.now() - timedelta(days=1)
        Round.objects.filter(pk=self.round.pk).update(opens_at=past - timedelta(days=5), closes_at=past)
        self.application = Application.objects.get(pk=self.application.pk)
        self.step("lapse", SYSTEM)
        return self

    def bring_forward(self, step: str) -> None:
        """Bring forward."""
        past = timezone.now() - timedelta(days=1)
        Deadline.objects.about(self.application).filter(step=step, done_at=None).update(due_at=past, next_try_at=past)


PATHS = {
    "draft": "fill",
    "submitted": "fill submit",
    "returned": "fill submit give_back",
    "under_review": "fill submit accept review",
    "declined": "fill submit accept decline",
    "recommended": "fill submit accept review recommend",
    "first_approved": "fill submit accept review recommend first_approve",
    "public_notice": "fill submit accept review recommend approve",
    "offered": "fill submit accept review recommend approve confirm",
    "active": "fill submit accept review recommend approve confirm accept_offer",
    "withdrawn": "withdraw",
    "lapsed": "lapse",
}


def story_in(status: str, **fields: Any) -> Story:
    """Return a story whose application has come to a status."""
    if status == "first_approved":
        fields = {"four_eyes_threshold": Decimal(100_000), **fields}
    story = Story(**fields)
    for part in PATHS[status].split():
        getattr(story, part)()
    assert story.application.status == status
    return story


def join(firm: Organisation, user: User, role: str = "viewer") -> None:
    Membership.objects.create(user=user, organisation=firm, role=role)
