"""Load the demonstration: each application walks to its status through the real services."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from firms.demonstration.load import demonstration_firm
from firms.models import Membership, Organisation
from incentives import conditions, declarations, services
from incentives.demonstration.programmes import AI, make_programmes
from incentives.demonstration.questions import answers_of, files_of
from incentives.demonstration.reviewing import make_profiles, settle_flags, write_beside
from incentives.effects import CHECKLIST
from incentives.lifecycle import APPLICATION
from incentives.models import Application, Round
from portal import clock
from portal.lifecycle import SYSTEM
from portal.models import Deadline, User

NAMESPACE = UUID("6f1d2f8e-54f0-4c1f-9b51-3a5d0c1f2a77")
SKIPPED = 12
"""How many of the firms that fit are left to other parts of the demonstration."""

AI_GRANT, RENT, INTEREST = "ai-computing-grant", "riverside-rent-subsidy", "digitalisation-interest-subsidy"

STORIES: list[tuple[str, str, int, str]] = [
    (AI_GRANT, "draft", 2_000_000, ""),
    (AI_GRANT, "submitted", 3_600_000, ""),
    (AI_GRANT, "submitted", 900_000, "overdue"),
    (AI_GRANT, "returned", 1_500_000, ""),
    (AI_GRANT, "accepted", 4_000_000, ""),
    (AI_GRANT, "under_review", 2_400_000, "overdue"),
    (AI_GRANT, "recommended", 800_000, ""),
    (AI_GRANT, "recommended", 6_000_000, "overdue"),
    (AI_GRANT, "first_approved", 12_000_000, ""),
    (AI_GRANT, "public_notice", 950_000, ""),
    (RENT, "public_notice", 480_000, "objection"),
    (RENT, "submitted", 360_000, ""),
    (RENT, "declined", 700_000, "appeal"),
    (INTEREST, "offered", 640_000, ""),
    (INTEREST, "active", 1_000_000, ""),
    (INTEREST, "active", 420_000, ""),
    (RENT, "active", 300_000, ""),
    (INTEREST, "withdrawn", 500_000, ""),
    (INTEREST, "lapsed", 800_000, ""),
]
"""Programme, status, amount, and what is remarkable; ``accepted`` waits for its reviews."""

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F<</Type/Font"
    b"/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n4 0 obj<</Length 62>>stream\n"
    b"BT /F 20 Tf 72 720 Td (Demonstration project plan) Tj ET      \nendstream endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)


@transaction.atomic
def load(accounts: dict[str, User]) -> None:
    """Load programmes, budgets and applications; the ``signatory``'s firm is left free to try an open round.

    Args:
        accounts: the demonstration's users by name (``screener``, ``manager``, …).
    """
    make_profiles(accounts)
    rounds = make_programmes(manager=accounts["manager"], head=accounts["head"], finance=accounts["finance"])
    closed = rounds[INTEREST]
    planned = closed.closes_at
    _close(closed, timezone.now() + timedelta(days=1))  # open while its applications are written
    firms = _firms(len(STORIES))
    stories = [
        _Story(accounts, rounds[slug], firm, number, status, Decimal(amount), note)
        for number, (firm, (slug, status, amount, note)) in enumerate(zip(firms, STORIES, strict=True), start=1)
    ]
    for story in stories:
        story.walk()
    _of_the_visitor(accounts, closed)
    _close(closed, planned)
    for story in stories:
        if story.status == "lapsed":
            story.step("lapse", SYSTEM)


def _close(opened: Round, moment: Any) -> None:
    Round.objects.filter(pk=opened.pk).update(closes_at=moment)
    opened.refresh_from_db()
    services.reschedule_drafts(round=opened)


def _firms(number: int) -> list[Organisation]:
    """Return firms that meet every programme's required criteria."""
    found = (
        Organisation.objects.listed()
        .firms()
        .in_cluster(AI)
        .filter(founded__gte=date(2017, 6, 1), staff__range=(20, 200))
        .exclude(pk=demonstration_firm().pk)
        .exclude(members__isnull=False)
        .order_by("uscc")
    )
    return list(found[SKIPPED : SKIPPED + number])


def _of_the_visitor(accounts: dict[str, User], closed: Round) -> None:
    """Give the visitor's own firm an offer to accept, in a round that is closed."""
    firm = demonstration_firm()
    story = _Story(accounts, closed, firm, 0, "offered", Decimal(560_000), "", signatory=accounts["signatory"])
    story.walk()


class _Story:
    """One application on its way to a status."""

    def __init__(
        self,
        accounts: dict[str, User],
        opened: Round,
        firm: Organisation,
        number: int,
        status: str,
        amount: Decimal,
        note: str,
        signatory: User | None = None,
    ) -> None:
        self.accounts, self.round, self.firm, self.number = accounts, opened, firm, number
        self.status, self.amount, self.note = status, amount, note
        self.signatory = signatory or self._applicant()
        self.application = services.start_application(round=opened, organisation=firm, by=self.signatory)

    def _applicant(self) -> User:
        user = User.objects.create_user(
            f"applicant{self.number}@demo.example",
            name=f"Demonstration applicant {self.number}",
            language=User.Language.CHINESE,
            is_demonstration=True,
        )
        Membership.objects.create(user=user, organisation=self.firm, role=Membership.Role.SIGNATORY)
        return user

    def step(self, name: str, by: User | None, **data: Any) -> None:
        """Take a step."""
        APPLICATION.apply(self.application, name, by=by, **data)
        self.application = Application.objects.get(pk=self.application.pk)

    def walk(self) -> None:
        """Walk to the status."""
        self._write()
        for part in _PATHS[self.status]:
            getattr(self, f"_{part}")()
        if self.note == "overdue":
            self._bring_forward("remind", days=4)
        if self.status == "accepted":
            write_beside(self.application, self.accounts, namespace=NAMESPACE)
        if self.note == "appeal":
            services.appeal_decision(
                application=self.application,
                by=self.signatory,
                reasons="示例复核理由：租赁合同已续签，覆盖申报期。The lease has been renewed (invented).",
                key=uuid5(NAMESPACE, "appeal"),
                upload=SimpleUploadedFile("demonstration-lease.pdf", PDF, "application/pdf"),
            )
        if self.note == "objection":
            services.object_to_award(
                application=self.application,
                name="示例市民 Demonstration citizen",
                email="citizen@demo.example",
                reason="示例异议：认为租赁合同与申报面积不一致。The rented area seems to differ.",
                key=uuid5(NAMESPACE, "objection"),
            )

    def _write(self) -> None:
        today = timezone.localdate(timezone=clock.SHANGHAI)
        answers = answers_of(self.round.programme, self.number, today, staff=self.firm.staff)
        answers[conditions.FUNDING] = {
            "project_cost": str(self.amount * 2 + 200_000),
            "requested_amount": str(self.amount),
            "other_funding": "无 None",
        }
        if self.status in {"draft", "lapsed"}:
            del answers["effect"]
        for section, values in answers.items():
            services.save_section(
                application=self.application,
                section=section,
                answers=values,
                complete=True,
                version=0,
                by=self.signatory,
            )
        if self.status != "draft":
            for slug in ("plan", *files_of(self.round.programme, self.number)):
                upload = SimpleUploadedFile(f"demonstration-{slug.rpartition('.')[2]}.pdf", PDF, "application/pdf")
                services.add_document(application=self.application, slug=slug, upload=upload, by=self.signatory)
        self.application = Application.objects.get(pk=self.application.pk)

    def _submit(self) -> None:
        key = uuid5(NAMESPACE, f"{self.number}")
        self.application = services.submit_application(
            application=self.application, by=self.signatory, key=key, declared=declarations.KEYS
        )

    def _give_back(self) -> None:
        self.step(
            "return",
            self.accounts["screener"],
            working_days=8,
            sections={"project": "请补充实施进度安排。Please add the schedule of the project."},
        )

    def _accept(self) -> None:
        self.step(
            "accept",
            self.accounts["screener"],
            checklist=list(CHECKLIST),
            credit_checked_on=timezone.localdate(timezone=clock.SHANGHAI),
            credit_source="示例信用平台 Demonstration credit office",
        )

    def _review(self) -> None:
        for place, assignment in enumerate(self.application.assignments.all()):
            reviewer = assignment.reviewer
            services.declare_conflict(assignment=assignment, by=reviewer, conflicted=False)
            scores = {"quality": 82 - self.number % 7, "effect": 76 + place * 5, "team": 80}
            services.write_review(
                assignment=assignment,
                by=reviewer,
                scores=scores,
                comment="示例评语：方案可行，成效指标可核查。Sound plan, effects can be checked.",
            )

    def _recommend(self) -> None:
        self.step(
            "recommend",
            self.accounts["manager"],
            amount=self.amount,
            reason="评审意见一致，拟予支持。The reviewers agree; support is recommended.",
        )
        settle_flags(self.application, by=self.accounts["manager"])

    def _first_approve(self) -> None:
        self.step(
            "first_approve",
            self.accounts["approver1"],
            meeting="示例专题会议 Demonstration meeting",
            minutes="示例纪要〔2026〕3号",
        )

    def _approve(self) -> None:
        self.step(
            "approve",
            self.accounts["approver1"],
            meeting="示例专题会议 Demonstration meeting",
            minutes="示例纪要〔2026〕4号",
        )

    def _confirm(self) -> None:
        self._bring_forward("confirm", days=1)
        self.step("confirm", SYSTEM)

    def _accept_offer(self) -> None:
        self.step("accept_offer", self.signatory)

    def _decline(self) -> None:
        self.step(
            "decline",
            self.accounts["manager"],
            reason="租赁合同未覆盖申报期，不符合条件。The lease does not cover the period applied for.",
        )

    def _withdraw(self) -> None:
        self.step("withdraw", self.signatory)

    def _bring_forward(self, step: str, *, days: int) -> None:
        past = timezone.now() - timedelta(days=days)
        Deadline.objects.about(self.application).filter(step=step, done_at=None).update(due_at=past, next_try_at=past)


_PATHS: dict[str, list[str]] = {
    "draft": [],
    "lapsed": [],
    "submitted": ["submit"],
    "returned": ["submit", "give_back"],
    "accepted": ["submit", "accept"],
    "declined": ["submit", "accept", "decline"],
    "under_review": ["submit", "accept", "review"],
    "recommended": ["submit", "accept", "review", "recommend"],
    "first_approved": ["submit", "accept", "review", "recommend", "first_approve"],
    "public_notice": ["submit", "accept", "review", "recommend", "approve"],
    "offered": ["submit", "accept", "review", "recommend", "approve", "confirm"],
    "active": ["submit", "accept", "review", "recommend", "approve", "confirm", "accept_offer"],
    "withdrawn": ["submit", "withdraw"],
}
