"""The opportunities of the demonstration: those on the site, and those that are not there yet."""

from investors.demonstration.capital import CAPITAL
from investors.demonstration.listing import AI, COMPANY, GREEN, UNIVERSITY, Listing, capital, offer, right, shown_by
from investors.demonstration.places import PLACES
from investors.demonstration.technology import TECHNOLOGY

PUBLISHED = [*CAPITAL, *TECHNOLOGY, *PLACES]

UNFINISHED = [
    ("submitted", Listing(
        "capital_sought", GREEN, COMPANY, "wujiaochang", "Series B for building-energy software", "建筑能耗软件B轮融资",
        "The software finds where a building wastes energy.", "软件可定位建筑能耗浪费环节。",
        "Sixty buildings use it.", "已有六十栋建筑使用。",
        capital("series_b", "equity", 50_000_000, 10_000_000, "Expansion to the delta", "拓展长三角市场"),
    )),
    ("submitted", Listing(
        "technology_offered", AI, UNIVERSITY, "wujiaochang", "Patent: camera that sees gas leaks",
            "专利：可视化气体泄漏相机",
        "A camera shows leaks that the eye cannot see.", "相机可显示肉眼不可见的泄漏。",
        "Tested in two plants.", "已在两家工厂试用。",
        offer("patent", 7, "licence_exclusive", "not_assessed", ("negotiable",), **right("filed", "2025 1 0000003.8"),
              **shown_by("Tested in two plants.", "已在两家工厂试用。")),
    )),
    ("returned", Listing(
        "technology_needed", AI, COMPANY, "wujiaochang", "Wanted: anonymisation of speech recordings",
            "需求：语音录音匿名化",
        "Recordings are to be used without revealing the speaker.", "在不泄露说话人身份的前提下使用录音。",
        "Details on request.", "详情面议。", {"object_kind": "know_how", "budget_to": 300_000},
    )),
    ("draft", Listing(
        "digitalisation_partner", AI, COMPANY, "wujiaochang", "Partner sought: accounting that talks to the tax portal",
        "寻求合作：与电子税务对接的财务系统", "", "", "", "", {"scope": "management"},
    )),
]  # fmt: skip
"""What is not on the site yet, with its status; it belongs to the accounts' own organisations."""
