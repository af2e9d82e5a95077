"""The State Council's notice, read as it is pasted, and plain lines."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from portal import holiday_notice
from portal.calendar_year import as_text, months_of
from portal.holiday_notice import Day, known_to_package, read

NOTICE_OF_2026 = """
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
"""
NOTICE_OF_2025 = """
一、元旦：1月1日（周三）放假1天，不调休。
二、春节：1月28日（农历除夕、周二）至2月4日（农历正月初七、周二）放假调休，共8天。1月26日（周日）、2月8日（周六）上班。
三、清明节：4月4日（周五）至6日（周日）放假，共3天。
四、劳动节：5月1日（周四）至5日（周一）放假调休，共5天。4月27日（周日）上班。
五、端午节：5月31日（周六）至6月2日（周一）放假，共3天。
六、国庆节、中秋节：10月1日（周三）至8日（周三）放假调休，共8天。9月28日（周日）、10月11日（周六）上班。
"""


@pytest.mark.parametrize(("year", "text"), [(2025, NOTICE_OF_2025), (2026, NOTICE_OF_2026)])
def test_pasted_notice_says_what_the_package_knows(year: int, text: str) -> None:
    found, known = read(text, year), known_to_package(year)

    assert {day: row.is_working for day, row in found.items()} == {day: row.is_working for day, row in known.items()}
    assert len(known) > 25


def test_pasted_notice_of_2026_names_each_day_as_the_package_does() -> None:
    assert read(NOTICE_OF_2026, 2026) == known_to_package(2026)


def test_year_written_as_lines_is_read_as_it_was() -> None:
    days = known_to_package(2026)

    text = as_text(days)

    assert text.splitlines()[:2] == ["2026-01-01..2026-01-03 New Year's Day", "2026-01-04 work New Year's Day"]
    assert read(text, 2026) == days


def test_lines_may_say_names_in_chinese_or_none() -> None:
    found = read("2027-10-01 至 2027-10-02 国庆节\n２０２７-10-09 上班\n2027-10-10", 2027)

    assert found == {
        date(2027, 10, 1): Day(is_working=False, name="National Day"),
        date(2027, 10, 2): Day(is_working=False, name="National Day"),
        date(2027, 10, 9): Day(is_working=True, name="make-up working day"),
        date(2027, 10, 10): Day(is_working=False, name="public holiday"),
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("hello", "Line 1 cannot be understood: “hello”"),
        ("\n<b>x</b>", "Line 2 cannot be understood: “<b>x</b>”"),
        ("=1+1", "Line 1 cannot be understood: “=1+1”"),
        ("一、元旦：2月30日放假", "Line 1 names a day that does not exist: “一、元旦：2月30日放假”"),
        ("2027-02-30 x", "Line 1 names a day that does not exist: “2027-02-30 x”"),
        ("2027-01-05..2027-01-01 x", "Line 1 names a day that does not exist: “2027-01-05..2027-01-01 x”"),
        ("2027-01-01..2027-12-31 x", "Line 1 names a day that does not exist: “2027-01-01..2027-12-31 x”"),
        ("2028-01-01 x", "2028-01-01 is no day of 2027."),
        ("9999-12-31 x", "9999-12-31 is no day of 2027."),
        ("2027-01-02 work\n2027-01-02 x", "2027-01-02 stands twice, as a holiday and as a working day."),
        ("2027-01-04 work", "2027-01-04 is no weekend: only a Saturday or Sunday can be a make-up working day."),
    ],
)
def test_what_cannot_be_right_is_refused_with_its_line(text: str, message: str) -> None:
    with pytest.raises(ValidationError) as refused:
        read(text, 2027)

    assert refused.value.messages == [message]


def test_year_the_package_does_not_know_has_no_days() -> None:
    assert holiday_notice.known_to_package(2099) == {}


def test_months_show_each_day_and_count_the_working_days() -> None:
    months = months_of(2026, known_to_package(2026))

    october = months[9]
    kinds = {cell.number: cell.kind for week in october.weeks for cell in week if cell.number}
    assert (kinds[1], kinds[7], kinds[8], kinds[10], kinds[11]) == ("holiday", "holiday", "", "work", "weekend")
    assert [len(week) for week in october.weeks] == [7] * 5
    assert (october.working_days, sum(month.working_days for month in months)) == (18, 248)
