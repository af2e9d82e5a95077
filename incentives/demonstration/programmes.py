"""Four invented programmes, as data."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from firms.models import Cluster
from incentives import ledger
from incentives.demonstration.questions import make_questions
from incentives.models import (
    Budget,
    Criterion,
    PlannedTranche,
    Programme,
    Round,
    RubricItem,
    WantedDocument,
)
from incentives.services import propose_publication, publish_programme
from portal import clock
from portal.models import User

AI = "ai-internet-digital-content"
HNTE_OR_MORE = ["hnte", "innovative", "specialised", "little_giant"]

COMMON = {
    "legal_basis": "示例〔2026〕1号《示例科技企业扶持办法》（虚构）\nDemonstration Measures No. 1 (2026), invented",
    "fair_competition_reference": "示例公平竞争审查〔2026〕1号（虚构）",
    "fair_competition_date": date(2026, 1, 15),
    "contact": "示例科室 Demonstration office",
    "telephone": "021-0000 0000",
}

PROGRAMMES: list[dict[str, Any]] = [
    {
        "slug": "ai-computing-grant",
        "instrument": Programme.Instrument.GRANT,
        "title_en": "AI computing and large-model grant",
        "title_zh": "智能算力与大模型应用补助",
        "summary_en": "Up to CNY 15 million towards computing power, data and engineers for AI made in Yangpu.",
        "summary_zh": "支持企业在杨浦研发人工智能产品，对算力、数据与研发人员投入给予补助，单个项目最高1500万元。",
        "text_en": (
            "Half of the eligible costs of a project of at most two years: rented or bought computing power, licensed "
            "data, salaries of engineers.\n\nThe project must be carried out in Yangpu. This programme is invented for "
            "the demonstration."
        ),
        "text_zh": (
            "对实施期不超过两年的项目，按符合条件投入的50%给予补助，包括租用或购置算力、采购数据、研发人员薪酬。"
            "\n\n项目须在杨浦实施。本政策为演示所用，内容虚构。"
        ),
        "cap_award": Decimal(15_000_000),
        "cap_firm": Decimal(15_000_000),
        "matching_rate": Decimal(50),
        "four_eyes_threshold": Decimal(1_000_000),
        "reviewers_needed": 2,
        "notice_days": 5,
        "cluster": AI,
        "budget": Decimal(80_000_000),
        "window": (-20, 24),
        "criteria": [
            ("age", {"maximum": 15}, True),
            ("cluster", {"any_of": [AI]}, True),
            ("staff", {"minimum": 10}, True),
            ("certificate", {"any_of": HNTE_OR_MORE}, False),
            ("rd_intensity", {"minimum": 5}, False),
        ],
    },
    {
        "slug": "riverside-rent-subsidy",
        "instrument": Programme.Instrument.RENT,
        "title_en": "Riverside workspace rent subsidy",
        "title_zh": "滨江科创载体租金补贴",
        "summary_en": "Part of the first two years' rent for technology firms that move to or grow on the waterfront.",
        "summary_zh": "对新落户或在滨江扩大办公的科技企业，补贴前两年部分租金。",
        "text_en": "Up to 50 % of the rent for at most two years. This programme is invented for the demonstration.",
        "text_zh": "按实际租金最高50%补贴，期限不超过两年。本政策为演示所用，内容虚构。",
        "cap_award": Decimal(1_200_000),
        "cap_firm": Decimal(2_000_000),
        "matching_rate": Decimal(50),
        "four_eyes_threshold": Decimal(800_000),
        "reviewers_needed": 1,
        "notice_days": 5,
        "open_to_incoming": True,
        "budget": Decimal(12_000_000),
        "window": (-35, 9),
        "criteria": [
            ("age", {"maximum": 10}, True),
            ("staff", {"minimum": 5, "maximum": 500}, True),
            ("capital", {"minimum": 500_000}, False),
        ],
    },
    {
        "slug": "digitalisation-interest-subsidy",
        "instrument": Programme.Instrument.INTEREST,
        "title_en": "Loan-interest subsidy for digitalisation",
        "title_zh": "数字化转型贷款贴息",
        "summary_en": "Interest on loans for software, sensors and machines that digitalise production or marketing.",
        "summary_zh": "对用于生产、营销数字化的软件、传感器与设备贷款给予贴息。",
        "text_en": "Up to half of the interest paid in one year. This programme is invented for the demonstration.",
        "text_zh": "按一年内实际支付利息最高50%给予贴息。本政策为演示所用，内容虚构。",
        "cap_award": Decimal(3_000_000),
        "cap_firm": Decimal(5_000_000),
        "matching_rate": Decimal(50),
        "four_eyes_threshold": Decimal(1_000_000),
        "reviewers_needed": 1,
        "notice_days": 7,
        "budget": Decimal(20_000_000),
        "window": (-90, -12),
        "criteria": [
            ("staff", {"minimum": 10}, True),
            ("certificate", {"any_of": HNTE_OR_MORE}, False),
        ],
    },
    {
        "slug": "graduate-talent-subsidy",
        "instrument": Programme.Instrument.TALENT,
        "title_en": "Graduate talent subsidy",
        "title_zh": "高校毕业生引才补贴",
        "summary_en": "For small firms that hire graduates of universities in the district for research work.",
        "summary_zh": "支持小型科技企业招用区内高校毕业生从事研发工作。",
        "text_en": "A yearly sum per graduate for two years. This programme is invented for the demonstration.",
        "text_zh": "按招用人数给予每年定额补贴，最长两年。本政策为演示所用，内容虚构。",
        "cap_award": Decimal(600_000),
        "cap_firm": Decimal(600_000),
        "matching_rate": Decimal(30),
        "four_eyes_threshold": Decimal(500_000),
        "reviewers_needed": 0,
        "notice_days": 5,
        "budget": Decimal(6_000_000),
        "window": (20, 60),
        "criteria": [("staff", {"maximum": 300}, True)],
    },
]

RUBRIC = [
    ("quality", "Quality of the project", "项目质量", 40),
    ("effect", "Effect for the district", "对区域的带动作用", 35),
    ("team", "Team and means", "团队与实施条件", 25),
]

TRANCHES = [
    (50, "Offer accepted, project begun", "接受拟支持通知并启动项目", "Contract or invoice", "合同或发票"),
    (30, "Half of the planned costs spent", "完成预算投入的一半", "Statement of costs", "费用明细"),
    (20, "Final acceptance", "通过验收", "Final report", "结题报告"),
]


def make_programmes(*, manager: User, head: User, finance: User) -> dict[str, Round]:
    """Make and publish the programmes; return the round of each by its slug."""
    return {data["slug"]: _make(dict(data), manager=manager, head=head, finance=finance) for data in PROGRAMMES}


EVIDENCE = {"rd_intensity": "Yearly figures; the auditor's report where they are not verified"}
EVIDENCE_ZH = {"rd_intensity": "以年度数据为准；未核实的，附审计报告"}


def _make(data: dict[str, Any], *, manager: User, head: User, finance: User) -> Round:
    criteria, window, money = data.pop("criteria"), data.pop("window"), data.pop("budget")
    cluster = data.pop("cluster", "")
    programme = Programme.objects.create(**COMMON, **data)
    programme.clusters.set(Cluster.objects.filter(slug=cluster))
    for position, (kind, parameters, hard) in enumerate(criteria):
        Criterion.objects.create(
            programme=programme,
            kind=kind,
            parameters=parameters,
            hard=hard,
            position=position,
            evidence_en=EVIDENCE.get(kind, "The registry; no papers needed"),
            evidence_zh=EVIDENCE_ZH.get(kind, "以企业名录为准，无需另附材料"),
        )
    make_questions(programme)
    WantedDocument.objects.create(programme=programme, slug="plan", title_en="Project plan", title_zh="项目计划书")
    for position, (share, milestone_en, milestone_zh, evidence_en, evidence_zh) in enumerate(TRANCHES):
        PlannedTranche.objects.create(
            programme=programme,
            share=share,
            milestone_en=milestone_en,
            milestone_zh=milestone_zh,
            evidence_en=evidence_en,
            evidence_zh=evidence_zh,
            position=position,
        )
    if programme.reviewers_needed:
        for position, (slug, title_en, title_zh, weight) in enumerate(RUBRIC):
            RubricItem.objects.create(
                programme=programme, slug=slug, title_en=title_en, title_zh=title_zh, weight=weight, position=position
            )
    publication = propose_publication(programme=programme, by=manager)
    publish_programme(publication=publication, by=head)
    return _round(programme, window=window, money=money, finance=finance)


def _round(programme: Programme, *, window: tuple[int, int], money: Decimal, finance: User) -> Round:
    today = timezone.localdate(timezone=clock.SHANGHAI)
    opened = Round.objects.create(
        programme=programme,
        slug="2026-1",
        title_en="First round",
        title_zh="第一批",
        opens_at=clock.end_of(today + timedelta(days=window[0] - 1)) + timedelta(microseconds=1),
        closes_at=clock.end_of(today + timedelta(days=window[1])),
    )
    budget = Budget.objects.create(round=opened)
    ledger.allocate(
        budget=budget, amount=money, by=finance, key=f"demonstration:{programme.slug}", note="示例预算（虚构） invented"
    )
    return opened
