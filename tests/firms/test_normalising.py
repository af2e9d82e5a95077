"""What cells mean."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from firms.naming import grams, romanise, slug_base, wanted_grams
from firms.registry import normalising
from firms.registry.columns import column_of, unit_of
from firms.registry.normalising import Fault, Refused

TODAY = date(2026, 11, 1)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2019-03-05", date(2019, 3, 5)),
        ("2019/3/5", date(2019, 3, 5)),
        ("2019.03.05", date(2019, 3, 5)),
        ("2019年3月5日", date(2019, 3, 5)),
        ("２０１９年３月５日", date(2019, 3, 5)),
        ("20190305", date(2019, 3, 5)),
        (20190305.0, date(2019, 3, 5)),
        (43529.0, date(2019, 3, 5)),
        (datetime(2019, 3, 5, 8), date(2019, 3, 5)),  # noqa: DTZ001
        ("2019-03-05 00:00:00", date(2019, 3, 5)),
        ("", None),
        (None, None),
        ("2026-11-01", TODAY),
    ],
)
def test_founded(cell: normalising.Cell, day: date | None) -> None:
    assert normalising.founded(cell, TODAY) == day


@pytest.mark.parametrize(
    ("cell", "fault"),
    [
        ("2019-02-30", Fault.DATE),
        ("不详", Fault.DATE),
        ("0001-01-01", Fault.DATE),
        ("19-3-5", Fault.DATE),
        ("9999-12-31", Fault.FUTURE),
        ("2026-11-02", Fault.FUTURE),
        (-5.0, Fault.DATE),
        (1e300, Fault.DATE),
        ("2019年13月1日", Fault.DATE),
        (True, Fault.DATE),
    ],
)
def test_founded_refused(cell: normalising.Cell, fault: Fault) -> None:
    with pytest.raises(Refused) as refused:
        normalising.founded(cell, TODAY)
    assert refused.value.fault == fault


@pytest.mark.parametrize(
    ("cell", "yuan"),
    [
        (50.0, 500_000),
        ("50万", 500_000),
        ("1,200.50", 12_005_000),
        ("１２００．５", 12_005_000),
        ("1.2亿元", 120_000_000),
        ("12000万元", 120_000_000),
        ("0", 0),
        ("-0", 0),
        ("", None),
        ("人民币100万元", 1_000_000),
        ("5000元", 5000),
        ("100000000", 10**12),
        ("0.333333", "3333.33"),
    ],
)
def test_registered_capital(cell: normalising.Cell, yuan: int | str | None) -> None:
    assert normalising.registered_capital(cell) == (None if yuan is None else Decimal(yuan))


@pytest.mark.parametrize(
    "cell",
    ["NaN", "1e400", "-100", "面议", "100000001", "1_000", "100万美元", float("nan"), float("inf"), -5.0, "1,00"],
)
def test_registered_capital_refused(cell: normalising.Cell) -> None:
    with pytest.raises(Refused):
        normalising.registered_capital(cell)


@pytest.mark.parametrize(
    ("cell", "people"), [(12.0, 12), ("21人", 21), ("３５", 35), ("1,200", 1200), ("", None), ("0", 0)]
)
def test_staff(cell: normalising.Cell, people: int | None) -> None:
    assert normalising.staff(cell) == people


@pytest.mark.parametrize("cell", ["12.5", 12.5, "-3", -3.0, "约50人", "1_000", "1e3", "9" * 40, "NaN", "２０．５"])
def test_staff_refused(cell: normalising.Cell) -> None:
    with pytest.raises(Refused):
        normalising.staff(cell)


@pytest.mark.parametrize("cell", ["", "\u200b", "\u3000", "\u3164", "\u202e\u2066", "——", None])
def test_name_that_shows_nothing_is_missing(cell: normalising.Cell) -> None:
    with pytest.raises(Refused) as refused:
        normalising.name_zh(cell)
    assert refused.value.fault == Fault.MISSING_NAME


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("\u3000上海光海软件有限公司\n", "上海光海软件有限公司"),
        ("上海光海(集团)有限公司", "上海光海（集团）有限公司"),
        ("上海\u200b光海 软件有限公司", "上海光海软件有限公司"),
        ("𠀀𠀁科技有限公司", "𠀀𠀁科技有限公司"),
    ],
)
def test_name(cell: str, name: str) -> None:
    assert normalising.name_zh(cell) == name


def test_code_is_put_right_but_never_guessed() -> None:
    assert normalising.uscc(" ９１３１０１１０591673062r\t") == "91310110591673062R"
    with pytest.raises(Refused):
        normalising.uscc("9131O110591673062R")
    with pytest.raises(Refused):
        normalising.uscc("91310110591673062X")


@pytest.mark.parametrize(
    ("cell", "code"), [("6513", "6513"), (6513.0, "6513"), ("I6513 应用软件开发", "6513"), ("65", "65")]
)
def test_industry(cell: normalising.Cell, code: str) -> None:
    assert normalising.industry_code(cell) == code


@pytest.mark.parametrize("cell", ["98", "0099", "AB", "", "6", "软件", "65134"])
def test_industry_refused(cell: normalising.Cell) -> None:
    with pytest.raises(Refused):
        normalising.industry_code(cell)


@pytest.mark.parametrize(
    ("cell", "telephone"),
    [
        ("021-65981234", "021-65981234"),
        (65981234.0, "65981234"),
        ("（021）６５９８１２３４ 转801", "(021)65981234 转801"),
        ("+86 21 6598 1234 ext. 5", "+86 21 6598 1234 ext. 5"),
        ("65981234/65981235", "65981234/65981235"),
        ("", ""),
        (None, ""),
    ],
)
def test_telephone(cell: normalising.Cell, telephone: str) -> None:
    assert normalising.telephone(cell) == telephone


@pytest.mark.parametrize("cell", ["110", "无", "=1+1", "65981234 王", "6" * 41, "<b>65981234</b>"])
def test_telephone_refused(cell: str) -> None:
    with pytest.raises(Refused):
        normalising.telephone(cell)


@pytest.mark.parametrize(
    "cell", ["殷行", "殷行街道", "殷行街道办事处", "上海市杨浦区殷行街道", "Yinhang", "yinhang subdistrict"]
)
def test_subdistrict(cell: str) -> None:
    assert normalising.subdistrict(cell, {"殷行": "1", "yinhang": "1"}) == "1"


def test_header_is_known_whatever_its_form() -> None:
    assert [
        column_of(h) for h in ("注册资本（万元）", "REGISTERED CAPITAL", " 统一社会信用代码\n", "是否外资", "备注", 5)
    ] == [
        "registered_capital",
        "registered_capital",
        "uscc",
        "foreign_invested",
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("注册资本(万元)", 10_000),
        ("注册资本", 10_000),
        ("注册资本（元）", 1),
        ("注册资本(亿元)", 10**8),
        ("注册资本（人民币万元）", 10_000),
        ("注册资本【单位：万元】", 10_000),
        ("注册资本（千元）", 1000),
        ("Registered capital (CNY)", 1),
        ("注册资本（美元）", None),
        ("注册资本（万美元）", None),
    ],
)
def test_unit_of_capital_is_what_the_header_says_or_not_known(header: str, unit: int | None) -> None:
    assert (column_of(header), unit_of(header)) == ("registered_capital", unit)


def test_names_are_romanised_in_words() -> None:
    assert romanise("上海博凯宇生物科技（集团）有限公司") == "Shanghai Bokaiyu Shengwu Keji (Jituan) Youxian Gongsi"
    assert romanise("ABC（上海）科技有限公司") == "ABC (Shanghai) Keji Youxian Gongsi"
    assert romanise("Example Ltd") == ""
    assert slug_base("", "长海医院") == "changhai-yiyuan"
    assert slug_base("Shanghai Example Robotics Co., Ltd.", "") == "shanghai-example-robotics"
    assert slug_base("", "？？") == "organisation"


def test_names_are_cut_for_searching() -> None:
    assert grams("博凯宇") == {"博", "凯", "宇", "博凯", "凯宇"}
    assert wanted_grams("博凯 宇") == {"博凯", "宇"}
