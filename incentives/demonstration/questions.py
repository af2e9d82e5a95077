"""What the invented programmes ask, and what the invented applicants answer."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from incentives.models import Option, ProfileFact, Programme, Question, Section, TableColumn

AI_GRANT, RENT = "ai-computing-grant", "riverside-rent-subsidy"

type Asked = tuple[str, str, str, str, dict[str, Any]]
"""Key, kind, the question in English and Chinese, and the settings of its kind."""

OF_ALL: list[tuple[str, str, str, list[Asked]]] = [
    (
        "project",
        "The project",
        "项目情况",
        [
            ("aim", "long", "What will you make, and for whom?", "项目内容是什么，面向哪些用户？", {}),
            ("new", "long", "What is new about it?", "创新点是什么？", {}),
            ("begins", "date", "When does it begin?", "何时开始实施？", {}),
        ],
    ),
    (
        "effect",
        "What it brings",
        "预期成效",
        [
            (
                "staff",
                "number",
                "Staff employed now",
                "现有职工人数",
                {"filled_from": ProfileFact.STAFF, "required": False},
            ),
            ("jobs", "number", "Jobs created in Yangpu", "在杨浦新增就业岗位数", {}),
            ("partner", "yes_no", "Is a university of the district a partner?", "是否有区内高校参与？", {}),
            ("market", "text", "Main market", "主要市场", {}),
        ],
    ),
]
OF_SOME: dict[str, tuple[str, str, str, list[Asked]]] = {
    AI_GRANT: (
        "means",
        "Means and partners",
        "投入与合作",
        [
            (
                "stage",
                "choice",
                "How far is the product?",
                "产品处于哪个阶段？",
                {
                    "options": [
                        ("research", "Research", "研发阶段"),
                        ("trial", "On trial with customers", "客户试用阶段"),
                        ("market", "On the market", "已上市销售"),
                    ]
                },
            ),
            (
                "needs",
                "choice",
                "What will the money be spent on?",
                "资金主要用于哪些方面？",
                {
                    "several": True,
                    "options": [
                        ("computing", "Computing power", "算力"),
                        ("data", "Licensed data", "数据采购"),
                        ("people", "Engineers", "研发人员"),
                    ],
                },
            ),
            (
                "costs",
                "table",
                "Planned costs",
                "投入计划",
                {
                    "rows_most": 12,
                    "help": (
                        "One row for each kind of cost, without tax.",
                        "每类投入填写一行，金额不含税。",
                    ),
                    "columns": [
                        ("item", "text", "Kind of cost", "投入内容", True),
                        ("number", "number", "Number", "数量", False),
                        ("by", "date", "Spent by", "完成时间", False),
                        ("amount", "money", "Amount (CNY)", "金额（元）", True),
                    ],
                },
            ),
            ("revenue", "money", "Revenue expected in the first year (CNY)", "预计首年营业收入（元）", {}),
            (
                "agreement",
                "file",
                "Agreement with the university",
                "与高校的合作协议",
                {"only_if": ("effect", "partner", ["yes"])},
            ),
        ],
    ),
    RENT: (
        "place",
        "The workspace",
        "办公场所",
        [
            (
                "campus",
                "choice",
                "Where is it?",
                "位于哪个载体？",
                {
                    "options": [
                        ("riverside", "Yangpu Riverside", "杨浦滨江"),
                        ("changyang", "Changyang Campus", "长阳创谷"),
                        ("bay-valley", "Bay Valley", "湾谷科技园"),
                        ("other", "Elsewhere in the district", "区内其他载体"),
                    ]
                },
            ),
            ("address", "text", "Its address", "具体地址", {"only_if": ("place", "campus", ["other"])}),
            ("signed", "yes_no", "Is the lease signed?", "是否已签订租赁合同？", {}),
            (
                "rent",
                "money",
                "Rent of a month (CNY)",
                "月租金（元）",
                {"help": ("Without management fees.", "不含物业管理费。")},
            ),
            ("lease", "file", "The lease", "租赁合同", {"only_if": ("place", "signed", ["yes"])}),
            (
                "moves_in",
                "date",
                "When will you sign it?",
                "预计何时签订？",
                {"only_if": ("place", "signed", ["no"])},
            ),
        ],
    ),
}


def make_questions(programme: Programme) -> None:
    """Write the sections of a programme and their questions."""
    own = [OF_SOME[programme.slug]] if programme.slug in OF_SOME else []
    asked: dict[tuple[str, str], Question] = {}
    for position, (slug, title_en, title_zh, questions) in enumerate([*OF_ALL, *own]):
        section = Section.objects.create(
            programme=programme, slug=slug, title_en=title_en, title_zh=title_zh, position=position
        )
        for place, question in enumerate(questions):
            asked[slug, question[0]] = _make_question(section, place, question, asked)


def _make_question(section: Section, place: int, asked: Asked, before: dict[tuple[str, str], Question]) -> Question:
    key, kind, label_en, label_zh, given = asked
    settings = dict(given)
    options, columns = settings.pop("options", []), settings.pop("columns", [])
    settings["help_en"], settings["help_zh"] = settings.pop("help", ("", ""))
    if condition := settings.pop("only_if", None):
        settings |= {"condition_question": before[condition[:2]], "condition_answers": condition[2]}
    made = Question.objects.create(
        section=section, slug=key, kind=kind, label_en=label_en, label_zh=label_zh, position=place, **settings
    )
    for position, (slug, english, chinese) in enumerate(options):
        Option.objects.create(question=made, slug=slug, label_en=english, label_zh=chinese, position=position)
    for position, (slug, of_kind, english, chinese, required) in enumerate(columns):
        words = {"label_en": english, "label_zh": chinese, "required": required}
        TableColumn.objects.create(question=made, slug=slug, kind=of_kind, position=position, **words)
    return made


def answers_of(programme: Programme, number: int, today: date, *, staff: int | None) -> dict[str, dict[str, Any]]:
    """Return what an invented applicant answers, by section.

    Args:
        programme: which asks.
        number: of the applicant; every second one has a university as a partner, and a signed lease.
        today: the day on which it is written.
        staff: what the profile says, as the form is filled in.
    """
    chooses = "yes" if number % 2 else "no"
    answers: dict[str, dict[str, Any]] = {
        "project": {
            "aim": "示例项目：面向制造企业的智能质检平台。An inspection platform for manufacturers (invented).",
            "new": "示例：以小样本训练缩短上线时间。Small-sample training shortens the roll-out (invented).",
            "begins": (today + timedelta(days=30)).isoformat(),
        },
        "effect": {"staff": staff, "jobs": 8 + number, "partner": chooses, "market": "长三角"},
    }
    if programme.slug == AI_GRANT:
        answers["means"] = {
            "stage": ["research", "trial", "market"][number % 3],
            "needs": ["computing", "people"],
            "costs": [
                {"item": "租用算力 Rented computing power", "number": 12, "amount": str(Decimal(1_260_000 + number))},
                {"item": "研发人员 Engineers", "by": (today + timedelta(days=300)).isoformat(), "amount": "880000.50"},
            ],
            "revenue": "6400000",
        }
    if programme.slug == RENT:
        answers["place"] = {"campus": "riverside", "signed": chooses, "rent": "86500.00"}
        answers["place"] |= {} if number % 2 else {"moves_in": (today + timedelta(days=20)).isoformat()}
    return answers


def files_of(programme: Programme, number: int) -> list[str]:
    """Return under which keys an invented applicant hands in files that questions ask for."""
    wanted = {AI_GRANT: "means.agreement", RENT: "place.lease"}
    return [wanted[programme.slug]] if programme.slug in wanted and number % 2 else []
