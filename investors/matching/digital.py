"""A manufacturer that looks for somebody to digitalise it, and a digital firm of the directory."""

import re
from collections.abc import Iterable
from decimal import Decimal

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from investors.matching import wording
from investors.matching.sides import Firm, Listing
from investors.matching.verdicts import Criterion, Judged, Known, met, missed, unknown
from investors.models.facts import ProgrammeFacts

WORDS: dict[str, tuple[str, ...]] = {
    "production": (
        "工业互联网", "工业软件", "智能制造", "智能工厂", "数字工厂", "数字孪生", "生产管理", "制造执行", "机器视觉",
        "视觉检测", "工业自动化", "工业控制", "物联网", "设备联网", "数字化车间", "industrial", "manufactur", "factory",
        "production", "machine vision", "internet of things", "mes", "iot",
    ),
    "supply_chain": (
        "供应链", "物流", "仓储", "采购", "追溯", "运输管理", "仓库管理", "supply chain", "logistic", "warehous",
        "procurement", "traceab", "wms", "tms", "scm",
    ),
    "marketing": (
        "电子商务", "电商", "营销", "直播", "广告", "客户关系", "品牌推广", "跨境", "互联网销售", "e-commerce",
        "ecommerce", "marketing", "advertis", "customer", "crm",
    ),
    "management": (
        "企业管理软件", "管理系统", "财务软件", "办公", "数据分析", "云计算", "大数据", "信息系统集成", "人力资源",
        "enterprise resource", "management software", "analytic", "cloud", "system integration", "erp", "oa",
    ),
}  # fmt: skip
"""What the texts of firms call that which is to be digitalised."""

PER_PERSON = Decimal(500_000)
"""A project is taken to need one person for a year for so much (CNY) of its budget."""

SHARE = 2
"""It should keep at most one in so many of the staff busy."""

_ABBREVIATION = 3


def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Return what finds the words: English ones from their beginning on, abbreviations whole."""
    ways = []
    for word in words:
        begins, ends = "\\b" if word.isascii() else "", "\\b" if word.isascii() and len(word) <= _ABBREVIATION else ""
        ways.append(f"{begins}{re.escape(word)}{ends}")
    return re.compile("|".join(ways), re.IGNORECASE | re.ASCII)


_PATTERNS = {scope: _pattern(words) for scope, words in WORDS.items()}
_SYSTEMS = re.compile(r"\b[A-Z][A-Z0-9/+\-]*[A-Z0-9]\b", re.ASCII)
"""Names of systems are written in capitals: ERP, MES, SAP."""


DIGITAL = frozenset({"ai-internet-digital-content", "integrated-circuits-intelligent-manufacturing"})
"""The clusters whose firms digitalise others."""


def _is_digital(listing: Listing, firm: Firm, known: Known) -> Judged:
    if common := sorted(DIGITAL & firm.clusters):
        names = wording.listed(tuple(known.name(slug) for slug in common))
        return met(format_lazy(_("It belongs to: {clusters}."), clusters=names))
    return missed(_("The firm belongs to no cluster of digital firms."), _("no digital firm"))


def _scope(listing: Listing, firm: Firm, known: Known) -> Judged:
    if listing.scope not in _PATTERNS:
        return unknown(_("The listing does not say what is to be digitalised."))
    if not firm.text:
        return unknown(_("The directory has no description of the firm's business."), _("Ask the firm."))
    found = {match.group() for match in _PATTERNS[listing.scope].finditer(firm.text)}
    scope = wording.choice(ProgrammeFacts.Scope, listing.scope)
    if found:
        words = wording.listed(tuple(sorted(found, key=str.lower)[:4]))
        return met(format_lazy(_("{scope}: the firm's business names {words}."), scope=scope, words=words))
    return missed(format_lazy(_("{scope}: the firm's business names nothing of it."), scope=scope), _("another field"))


def _systems(listing: Listing, firm: Firm, known: Known) -> Judged | None:
    names = list(dict.fromkeys(_SYSTEMS.findall(listing.systems)))
    if not names:
        return None
    text = firm.text.lower()
    shared = [name for name in names if name.lower() in text]
    if shared:
        return met(format_lazy(_("The firm names systems in use: {names}."), names=wording.listed(tuple(shared))))
    return unknown(_("The firm does not say whether it knows the systems in use."), _("Ask the firm."))


BANDS: tuple[tuple[int, int | None, str], ...] = (
    (300, None, "300+"),
    (100, 299, "100–299"),
    (10, 99, "10–99"),
    (1, 9, "1–9"),
)
"""How many people a firm has is public as a band alone, so verdicts know no more."""


def _size(listing: Listing, firm: Firm, known: Known) -> Judged:
    budget = listing.budget_from or listing.budget or listing.budget_to
    if budget is None:
        return unknown(_("The listing names no budget."), _("State the budget in the listing."))
    band = next((band for band in BANDS if firm.staff and firm.staff >= band[0]), None)
    if band is None:
        return unknown(_("The directory does not say how many people the firm has."), _("Ask the firm."))
    least, most, words = band
    needed = max(1, round(budget / PER_PERSON)) * SHARE
    reason = format_lazy(
        _("{staff} staff; for {budget} about {needed} are needed, so that half of them can do other work."),
        staff=words,
        budget=wording.lazy_money(budget),
        needed=f"{needed:,}",
    )
    if least >= needed:
        return met(reason)
    if most is not None and most < needed:
        return missed(reason, _("firm too small"))
    return unknown(reason, _("Ask the firm."))


def _certificate(listing: Listing, firm: Firm, known: Known) -> Judged:
    if firm.certificates:
        return met(_("It holds a valid certificate of innovation."))
    return unknown(_("The directory records no valid certificate of innovation."), _("Ask the firm."))


def _trade(listing: Listing, firm: Firm, known: Known) -> Judged:
    if not listing.clusters:
        return unknown(_("The listing names no cluster."), _("Name the clusters in the listing."))
    if common := sorted(listing.clusters & firm.clusters):
        names = wording.listed(tuple(known.name(slug) for slug in common))
        return met(format_lazy(_("In common: {clusters}."), clusters=names))
    return unknown(_("Not known whether the firm has worked for this trade."), _("Ask the firm."))


CRITERIA = (
    Criterion(
        "digital", _("Digital firm"),
        _("The firm belongs to a cluster of digital firms: AI and internet, or intelligent manufacturing."),
        10, _is_digital, hard=True,
    ),
    Criterion(
        "scope", pgettext_lazy("digitalisation", "Field"),
        _("The firm's business names what is to be digitalised, in one of the usual words."),
        40, _scope,
    ),
    Criterion(
        "size", _("Size"),
        _("The firm has the people for the budget: one for a year for each CNY 500,000, and as many for other work."),
        20, _size,
    ),
    Criterion("clusters", _("Trade"), _("The firm belongs to a cluster of the manufacturer."), 10, _trade),
    Criterion("systems", _("Systems in use"), _("The firm names one of the systems in use."), 10, _systems),
    Criterion(
        "certificate", _("Certificate"), _("The firm holds a valid certificate of innovation."), 10, _certificate
    ),
)  # fmt: skip
