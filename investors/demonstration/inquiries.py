"""Invented inquiries in every status, some overdue."""

from typing import NamedTuple


class Asked(NamedTuple):
    """An inquiry and its course: each step with the working days since and, for messages, the text.

    ``about`` names the account whose organisation it is about, ``file`` what is attached to the answer.
    """

    sender: str
    topic: str
    language: str
    subject: str
    text: str
    working_days_ago: int
    course: list[tuple[str, int, str]]
    opportunity: int | None = None
    about: str = ""
    file: str = ""


REGISTRATION = (
    "The certificate of registration of the parent company and the authorisation of its representative. Please ask the "
    "window of the one-window registration whether a translation is needed too."
)

INQUIRIES = [
    Asked(
        "investor", "setting_up", "en", "Documents for a subsidiary",
        "We plan a subsidiary of our company in Yangpu. Which documents must be apostilled before we begin?", 28,
        [
            ("acknowledge", 27, ""),
            ("answer", 25, REGISTRATION),
            ("rate5", 24, "Clear, and a day early."),
            ("close", 24, ""),
        ],
    ),
    Asked(
        "editor", "incentives", "zh-hans", "研发投入如何计算",
        "申报时研发投入按上一会计年度还是最近十二个月计算？", 20,
        [
            ("acknowledge", 19, ""),
            ("answer", 17, "按上一会计年度经审计的数据填写。如有最新审计报告，可作为附件一并提交。"),
            ("rate4", 16, ""),
        ],
    ),
    Asked(
        "investor", "opportunity", "en", "Certification of the speech product",
        "Which certificates does the firm aim at, and in which markets?", 15,
        [
            ("acknowledge", 14, ""),
            ("answer", 12, "The firm aims at certification in China first. We have asked it about other markets."),
            ("reply", 9, "Thank you. Has the firm answered about other markets?"),
        ],
        0,
    ),
    Asked(
        "university", "talent", "zh-hans", "企业实践年课题对接",
        "我校实践年项目希望对接区内人工智能企业，如何发布课题征集？", 12,
        [("acknowledge", 11, "")],
    ),
    Asked(
        "investor", "premises", "en", "Visit to the Changyang Campus",
        "Could we see the workshop in the second week of next month?", 7,
        [
            ("acknowledge", 6, ""),
            ("note", 6, "Asked the operator for two dates."),
            ("answer", 4, "The operator offers Tuesday or Thursday morning. Reply with the day that suits you."),
        ],
        22, file="demonstration-way-there.pdf",
    ),
    Asked(
        "signatory", "financing", "zh-hans", "融资担保政策咨询",
        "请问区内对小微科技企业贷款担保有哪些支持？", 4,
        [],
    ),
    Asked(
        "investor", "technology", "en", "Licence for a counterparty in Germany",
        "We are interested in the layout design. What does the owner need from us, given the export declaration?", 3,
        [("acknowledge", 2, "")],
        7,
    ),
    Asked(
        "editor", "other", "zh-hans", "企业名录信息更正",
        "我司英文名称有误，应向哪个部门申请更正？", 2,
        [("answer", 1, "可在“我的工作台”提交修改，由登记人员核对后更新。")],
    ),
    Asked(
        "investor", "incentives", "en", "Are firms that move in eligible?",
        "Which programmes are open to a company that is about to move to Yangpu?", 0,
        [],
    ),
    Asked(
        "investor", "organisation", "en", "Demonstration University",
        "Which of your laboratories work with firms from abroad?", 1,
        [("acknowledge", 1, "")], None, "university",
    ),
    Asked(
        "investor", "premises", "en", "Parking at the workshop",
        "Are there parking spaces for visitors?", 6,
        [("acknowledge", 6, ""), ("withdraw", 5, "")],
    ),
    Asked(
        "investor", "correction", "zh-hans", "信息更正：示例大学",
        "网站链接打不开，请核对。", 0,
        [], None, "university",
    ),
    Asked(
        "investor", "premises", "en", "Laboratory space for a pilot line",
        "We look for about 800 square metres with a clean room. What is free next spring?", 3,
        [("ask_back", 2, "Which class of clean room do you need, and which floor load?")],
    ),
    Asked(
        "investor", "premises", "en", "Laboratory space, once more",
        "Did you receive my question about laboratory space?", 2,
        [("merge", 1, "Laboratory space for a pilot line")],
    ),
]  # fmt: skip
