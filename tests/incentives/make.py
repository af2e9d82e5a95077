"""Rows for the tests: people, organisations, programmes, applications in any status."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from firms.models import Certificate, Cluster, ClusterMembership, Membership, Organisation
from incentives import ledger
from incentives.models import (
    Application,
    Approval,
    Budget,
    Criterion,
    PlannedTranche,
    Programme,
    Question,
    Recommendation,
    Round,
    RubricItem,
    Section,
    WantedDocument,
)
from incentives.publishing import as_it_stands, latest_version
from incentives.services import propose_publication, publish_programme
from portal.models import StepTaken, User
from portal.roles import Role

_numbers = count(1)


def person(name: str = "", role: Role | None = None, **fields: Any) -> User:
    name = name or f"person{next(_numbers)}"
    user = User.objects.create_user(f"{name}-{next(_numbers)}@demo.example", name=name, is_staff=bool(role), **fields)
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user


def organisation(**fields: Any) -> Organisation:
    number = next(_numbers)
    values = {
        "slug": f"firm-{number}",
        "status": Organisation.Status.LISTED,
        "name_zh": f"示例企业{number}",
        "name_en": f"Demonstration Firm {number}",
        "founded": date(2020, 5, 1),
        "staff": 60,
        "source": "registry",
        "source_date": date(2026, 1, 31),
    }
    return Organisation.objects.create(**values | fields)


def member(of: Organisation, role: str = "signatory", **fields: Any) -> User:
    user = person(role, **fields)
    Membership.objects.create(user=user, organisation=of, role=role)
    return user


def cluster(slug: str = "ai") -> Cluster:
    return Cluster.objects.get_or_create(slug=slug, defaults={"title_en": "AI", "title_zh": "人工智能"})[0]


def eligible_organisation(**fields: Any) -> Organisation:
    firm = organisation(**fields)
    ClusterMembership.objects.create(organisation=firm, cluster=cluster())
    Certificate.objects.create(organisation=firm, level="hnte", authority="示例机构", issued=date(2025, 1, 1))
    return firm


def programme(**fields: Any) -> Programme:
    number = next(_numbers)
    values = {
        "slug": f"programme-{number}",
        "instrument": Programme.Instrument.GRANT,
        "title_en": f"Programme {number}",
        "title_zh": f"示例政策{number}",
        "summary_en": "What it gives",
        "summary_zh": "支持内容",
        "legal_basis": "示例文件",
        "fair_competition_reference": "示例〔2026〕1号",
        "fair_competition_date": date(2026, 1, 5),
        "cap_award": Decimal(15_000_000),
        "cap_firm": Decimal(15_000_000),
        "four_eyes_threshold": Decimal(1_000_000),
        "reviewers_needed": 2,
        "contact": "示例科室",
    }
    made = Programme.objects.create(**values | fields)
    rules = [
        ("age", {"maximum": 10}, True),
        ("cluster", {"any_of": ["ai"]}, True),
        ("staff", {"minimum": 10}, True),
        ("certificate", {"any_of": ["hnte"]}, False),
    ]
    for position, (kind, parameters, hard) in enumerate(rules):
        Criterion.objects.create(
            programme=made, kind=kind, parameters=parameters, hard=hard, title_en=kind, title_zh=kind, position=position
        )
    section = Section.objects.create(programme=made, slug="project", title_en="Project", title_zh="项目")
    Question.objects.create(section=section, slug="aim", label_en="What is the aim?", label_zh="项目目标是什么？")
    WantedDocument.objects.create(programme=made, slug="plan", title_en="Project plan", title_zh="项目计划书")
    RubricItem.objects.create(programme=made, slug="quality", title_en="Quality", title_zh="质量", weight=60)
    RubricItem.objects.create(programme=made, slug="effect", title_en="Effect", title_zh="成效", weight=40)
    halves = [("Contract signed", "签订合同"), ("Project accepted", "项目验收")]
    for position, (milestone_en, milestone_zh) in enumerate(halves):
        PlannedTranche.objects.create(
            programme=made, share=50, milestone_en=milestone_en, milestone_zh=milestone_zh, position=position
        )
    return made


def publish(made: Programme) -> None:
    """Let one person propose it and another publish it, where it is not published as it stands."""
    latest = latest_version(made)
    if latest and latest.sha256 == as_it_stands(made).sha256:
        return
    manager, head = person(role=Role.MANAGER), person(role=Role.HEAD)
    publish_programme(publication=propose_publication(programme=made, by=manager), by=head)
    for user in (manager, head):  # they leave the stage: nobody else's test is told about them, or tells them
        user.groups.clear()
        user.notices.all().delete()


def round_of(made: Programme | None = None, *, budget: int | None = 10_000_000, **fields: Any) -> Round:
    made = made or programme()
    now = timezone.now()
    values = {
        "slug": f"r{next(_numbers)}",
        "title_en": "First round",
        "title_zh": "第一批",
        "opens_at": now - timedelta(days=10),
        "closes_at": now + timedelta(days=20),
    }
    opened = Round.objects.create(programme=made, **values | fields)
    publish(made)
    if budget is not None:
        counters = Budget.objects.create(round=opened)
        if budget:
            ledger.allocate(budget=counters, amount=Decimal(budget), by=person(), key=f"allocate-{opened.pk}")
    return opened


def draft(opened: Round | None = None, firm: Organisation | None = None, **fields: Any) -> Application:
    """An empty draft made without the services, for tests of the database."""
    opened = opened or round_of()
    firm = firm or organisation()
    return Application.objects.create(
        round=opened,
        organisation=firm,
        programme_version=opened.programme.versions.all()[0],
        started_by=person(),
        requested_amount=Decimal(500_000),
        **fields,
    )


def recommendation(application: Application, amount: int = 500_000, by: User | None = None) -> Recommendation:
    made = Recommendation.objects.create(
        application=application, amount=Decimal(amount), reasons="good", recommended_by=by or person()
    )
    made.refresh_from_db()
    return made


def approval(made: Recommendation, stage: str = "final", by: User | None = None) -> Approval:
    return Approval.objects.create(
        application=made.application,
        recommendation=made,
        stage=stage,
        approver=by or person(),
        terms_hash=made.terms_hash,
    )


def step_taken(application: Application, step: str, source: str, target: str) -> StepTaken:
    """Write down a step without taking it."""
    return StepTaken.objects.create(
        subject_type=ContentType.objects.get_for_model(Application),
        subject_id=application.pk,
        step=step,
        source=source,
        target=target,
        at=timezone.now(),
    )
