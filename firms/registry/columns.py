"""The columns that are understood, by the headers offices give them."""

import re
import unicodedata
from collections.abc import Iterable

SYNONYMS: dict[str, tuple[str, ...]] = {
    "uscc": (
        "统一社会信用代码",
        "社会信用代码",
        "信用代码",
        "统一代码",
        "统一信用代码",
        "机构代码",
        "uscc",
        "unified social credit code",
        "unified social credit identifier",
        "social credit code",
        "credit code",
    ),
    "name_zh": (
        "企业名称",
        "单位名称",
        "公司名称",
        "机构名称",
        "名称",
        "企业",
        "公司",
        "中文名称",
        "企业中文名称",
        "单位详细名称",
        "name",
        "company name",
        "company",
        "enterprise name",
        "firm",
        "firm name",
        "name in chinese",
        "chinese name",
        "name zh",
        "organisation name",
        "organization name",
    ),
    "name_en": (
        "英文名称",
        "企业英文名称",
        "公司英文名称",
        "外文名称",
        "英文名",
        "english name",
        "name in english",
        "name en",
        "company name in english",
        "english company name",
    ),
    "industry_code": (
        "行业代码",
        "国民经济行业代码",
        "行业小类代码",
        "行业分类代码",
        "行业",
        "行业小类",
        "国民经济行业",
        "所属行业",
        "行业类别",
        "industry",
        "industry code",
        "industry class",
        "gb/t 4754",
        "gbt 4754",
        "gb/t 4754-2017",
    ),
    "subdistrict": (
        "所属街道",
        "街道",
        "街镇",
        "所属街镇",
        "所在街道",
        "注册街道",
        "所在街镇",
        "街道名称",
        "属地街道",
        "subdistrict",
        "sub-district",
        "street",
        "subdistrict office",
        "street office",
    ),
    "address": (
        "注册地址",
        "地址",
        "住所",
        "企业住所",
        "经营地址",
        "详细地址",
        "企业地址",
        "注册地",
        "address",
        "registered address",
        "office address",
    ),
    "founded": (
        "成立日期",
        "成立时间",
        "注册日期",
        "注册时间",
        "设立日期",
        "成立年月日",
        "founded",
        "date founded",
        "established",
        "date of establishment",
        "establishment date",
        "founding date",
        "incorporated",
        "date of incorporation",
        "registration date",
        "founded on",
    ),
    "registered_capital": (
        "注册资本",
        "注册资金",
        "认缴注册资本",
        "注册资本金",
        "资本",
        "registered capital",
        "capital",
    ),
    "staff": (
        "从业人数",
        "从业人员",
        "员工人数",
        "职工人数",
        "人数",
        "从业人员数",
        "员工数",
        "从业人员期末人数",
        "职工总数",
        "staff",
        "employees",
        "number of employees",
        "headcount",
        "number of staff",
        "staff number",
        "employee count",
    ),
    "certificate": (
        "资质",
        "资质认定",
        "企业资质",
        "认定资质",
        "资格认定",
        "科技资质",
        "认定情况",
        "certificate",
        "certificates",
        "qualification",
        "qualifications",
        "certification",
    ),
    "foreign_invested": (
        "是否外资",
        "外资",
        "外商投资",
        "是否外商投资企业",
        "外资企业",
        "是否外资企业",
        "是否外商投资",
        "foreign invested",
        "foreign-invested",
        "foreign investment",
        "foreign",
        "is foreign invested",
        "foreign-invested enterprise",
        "fie",
    ),
    "business_scope": (
        "经营范围",
        "主营业务",
        "业务范围",
        "主要业务活动",
        "经营范围及方式",
        "business scope",
        "scope",
        "scope of business",
        "main business",
    ),
    "telephone": (
        "联系电话",
        "电话",
        "电话号码",
        "办公电话",
        "企业电话",
        "单位电话",
        "固定电话",
        "联系方式",
        "telephone",
        "telephone number",
        "phone",
        "phone number",
        "office telephone",
        "tel",
    ),
}

REQUIRED = ("uscc", "name_zh")
"""Without these two a row says nothing about anybody."""

SELDOM = ("telephone",)
"""Columns that most exports do not have: nobody needs to be told that they are missing."""

FIGURES: dict[str, tuple[str, ...]] = {
    "uscc": SYNONYMS["uscc"],
    "year": (
        "年度",
        "年份",
        "年",
        "会计年度",
        "统计年度",
        "所属年度",
        "报告年度",
        "year",
        "fiscal year",
        "financial year",
        "reporting year",
    ),
    "revenue": (
        "营业收入",
        "年营业收入",
        "营业总收入",
        "主营业务收入",
        "销售收入",
        "年销售收入",
        "销售额",
        "营收",
        "收入",
        "营业额",
        "revenue",
        "operating revenue",
        "annual revenue",
        "turnover",
        "sales",
        "sales revenue",
    ),
    "rd_spend": (
        "研发费用",
        "研发投入",
        "研发经费",
        "研究开发费用",
        "研究开发经费",
        "研发支出",
        "研究与试验发展经费",
        "R&D经费",
        "R&D费用",
        "r&d",
        "r&d spend",
        "r&d spending",
        "r&d expenditure",
        "r&d expenses",
        "r&d cost",
        "research and development",
    ),
    "tax_paid": (
        "纳税额",
        "纳税总额",
        "实缴税金",
        "实缴税额",
        "上缴税金",
        "上交税金",
        "缴纳税金",
        "实际缴纳税款",
        "税收",
        "税金",
        "年纳税额",
        "tax",
        "tax paid",
        "taxes paid",
        "taxes",
    ),
    "total_assets": ("资产总额", "资产总计", "总资产", "年末资产总额", "期末资产总额", "total assets", "assets"),
    "staff": (
        *SYNONYMS["staff"],
        "年末从业人员",
        "年末从业人员数",
        "年末从业人数",
        "期末从业人员",
        "期末从业人数",
        "年末职工人数",
    ),
}
"""The columns of a file of yearly figures."""

FIGURES_REQUIRED = ("uscc", "year")
"""Without these two a row says nothing about anybody's year."""

ADDED = ("行号 Line", "问题列 Column at fault", "原因", "Reason", "可能应为 Probably meant")
"""What the file of errors adds to a file's own columns; when it comes back, they say nothing."""

_BRACKETS = re.compile(r"[(\[【].*?[)\]】]")


def _plain(header: str) -> str:
    text = unicodedata.normalize("NFKC", header).casefold()
    return re.sub(r"[\W_]+", "", _BRACKETS.sub("", text))


_BY_HEADER = {_plain(word): column for column, words in SYNONYMS.items() for word in words}


_BY_FIGURES_HEADER = {_plain(word): column for column, words in FIGURES.items() for word in words}


def figure_of(header: object) -> str | None:
    """Return which column of a file of yearly figures a header names."""
    return _BY_FIGURES_HEADER.get(_plain(header)) if isinstance(header, str) else None


def is_header(row: Iterable[object]) -> bool:
    """Whether a row names the columns of a registry file, or of a file of yearly figures."""
    cells = list(row)
    names, figures = {column_of(cell) for cell in cells}, {figure_of(cell) for cell in cells}
    return set(REQUIRED) <= names or set(FIGURES_REQUIRED) <= figures


def column_of(header: object) -> str | None:
    """Return which column a header names, whatever its language, width, case and unit."""
    return _BY_HEADER.get(_plain(header)) if isinstance(header, str) else None


_UNITS = {
    **dict.fromkeys(("元", "cny", "rmb", "yuan"), 1),
    **dict.fromkeys(("千元", "cny thousand", "cny 1,000", "rmb thousand", "thousand cny", "thousand yuan"), 1000),
    **dict.fromkeys(("万元", "cny 10,000", "rmb 10,000", "10,000 cny", "10,000 yuan", "10k cny"), 10_000),
    **dict.fromkeys(("百万元", "cny million", "rmb million", "million cny", "million yuan"), 1_000_000),
    **dict.fromkeys(("亿元", "cny 100 million", "100 million cny", "100 million yuan"), 100_000_000),
}
_NAMES_MONEY = re.compile(
    r"元|币|cny|rmb|yuan|usd|dollar|eur|thousand|million|billion|\d,?0{3}(?!\s*年)|[$¥€]", re.IGNORECASE
)


def unit_of(header: object) -> int | None:
    """Return what one unit of a column of amounts is in CNY: 10,000 where the header says nothing.

    Returns:
        None where the header names a unit that is not understood: a guess would be wrong by powers of ten.
    """
    text = unicodedata.normalize("NFKC", str(header)).casefold().replace("人民币", "")
    found = re.findall(r"[(\[【](.*?)[)\]】]", text)
    for part in found:
        word = re.sub(r"^\s*(单位|unit)\s*[::]?\s*", "", part).strip()
        if unit := _UNITS.get(word):
            return unit
        if _NAMES_MONEY.search(word):
            return None
    return 10_000
