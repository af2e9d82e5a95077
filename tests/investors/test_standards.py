"""The service standard: what each promise's figures are, case by case, and the page that shows them."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from ipaddress import IPv6Address
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from rest_framework.throttling import SimpleRateThrottle

from investors.lifecycle import INQUIRY
from investors.models import Inquiry
from investors.services.inquiries import write_message
from portal.clock import SHANGHAI
from portal.standards import Figures, Month, Period, Standing, all_promises, standings
from portal.standards.trend import Row
from portal.standards.wording import promised

type Make = Callable[..., Inquiry]


def on(month: int, day: int, hour: int = 10, minute: int = 0) -> time_machine.travel:
    """Travel to a moment of 2026 in Shanghai."""
    return time_machine.travel(datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI), tick=False)


def figures(key: str) -> Standing:
    (found,) = [standing for standing in standings() if standing.promise.key == key]
    return found


@pytest.fixture
def answer(people: SimpleNamespace) -> Callable[[Inquiry], None]:
    def write(inquiry: Inquiry) -> None:
        write_message(by=people.officer, inquiry=inquiry, step="answer", text="This one.", key=uuid4())

    return write


def test_five_cases_have_median_percentile_and_share_in_working_time(make_inquiry: Make, answer: Any) -> None:
    for days in (2, 3, 4, 5, 9):  # Monday 2 November 2026; the fifth working day ends on the 9th
        with on(11, 2):
            inquiry = make_inquiry()
        with on(11, days, 22):
            answer(inquiry)
    with on(11, 20):
        found = figures("inquiry_answered")

    # 0.5, 1.5, 2.5, 3.5 working days; Monday the 9th is five and a half, for the weekend does not count.
    year = found.figures.year
    assert (year.cases, year.median, round(year.ninetieth or 0, 2), year.judged, year.share) == (5, 2.5, 4.7, 5, 100)
    assert (found.figures.month.cases, found.figures.open, found.figures.overdue) == (5, 0, 0)
    assert found.months[-1] == Month(date(2026, 11, 1), 5, 5, 5, 2.5)
    assert len(found.months) == 12
    assert {part: of.year.cases for part, of in found.parts.items()} == {"setting_up": 5}


def test_time_over_national_day_and_make_up_day_is_left_out_and_counted(make_inquiry: Make, answer: Any) -> None:
    for _number in range(5):
        with on(9, 30):  # 1 to 7 October are holidays, Saturday the 10th is worked
            inquiry = make_inquiry()
        with on(10, 10):
            answer(inquiry)
    with on(10, 12):
        year = figures("inquiry_answered").figures.year

    assert (year.median, year.share) == (3.0, 100)


def test_few_cases_are_not_told(make_inquiry: Make, answer: Any) -> None:
    with on(11, 2):
        answer(make_inquiry())
        found = figures("inquiry_answered")
        shown = Client().get("/en/service-standard/").context["shown"]

    assert found.figures.year == Period(365, 1, None, None, 1, 1)
    assert (found.figures.year.share, found.months[-1].share, found.months[-1].median) == (None, None, None)
    (line,) = [one.year for one in shown if one.standing.promise.key == "inquiry_answered"]
    assert (line.cases, line.median, line.in_time) == ("fewer than 5 cases", "–", "too few cases")


def test_overdue_case_counts_as_not_in_time_while_it_is_open(make_inquiry: Make, answer: Any) -> None:
    with on(11, 2):
        for _number in range(4):
            answer(make_inquiry())
        make_inquiry()
    with on(11, 9, 23, 59):
        before = figures("inquiry_answered").figures
    with on(11, 10, 0, 1):
        after = figures("inquiry_answered").figures

    assert (before.open, before.overdue, before.year.judged) == (1, 0, 4)
    assert (after.open, after.overdue, after.year.judged, after.year.in_time, after.year.share) == (1, 1, 5, 4, 80)


def test_case_done_before_the_period_counts_in_the_longer_one_alone(make_inquiry: Make, answer: Any) -> None:
    with on(9, 1):
        answer(make_inquiry())
    with on(11, 2):
        found = figures("inquiry_answered")

    assert [(period.days, period.cases) for period in found.figures.periods] == [(30, 0), (365, 1)]
    assert [month.first for month in found.months if month.cases] == [date(2026, 9, 1)]


def test_reopened_inquiry_is_two_cases_each_with_its_own_promise(
    people: SimpleNamespace, make_inquiry: Make, answer: Any
) -> None:
    with on(11, 2):
        inquiry = make_inquiry()
    with on(11, 3):
        answer(inquiry)
    with on(11, 4):
        write_message(by=people.investor, inquiry=inquiry, step="reply", text="And this?", key=uuid4())
    with on(11, 12):  # the second promise ended on the 11th
        answer(inquiry)
        found = figures("inquiry_answered").figures.year

    assert (found.cases, found.judged, found.in_time) == (2, 2, 1)


def test_answer_without_confirmation_confirms(make_inquiry: Make, answer: Any) -> None:
    with on(11, 2):
        inquiry = make_inquiry()
    with on(11, 4):
        answer(inquiry)
        found = figures("inquiry_acknowledged").figures.year

    assert (found.cases, found.judged, found.in_time) == (1, 1, 0)


def test_confirmation_ends_one_case_and_leaves_the_other_open(people: SimpleNamespace, make_inquiry: Make) -> None:
    with on(11, 2):
        inquiry = make_inquiry()
    with on(11, 3):
        INQUIRY.apply(inquiry, "acknowledge", by=people.officer)
        found = {key: figures(key).figures for key in ("inquiry_acknowledged", "inquiry_answered")}

    assert {key: (of.year.in_time, of.open) for key, of in found.items()} == {
        "inquiry_acknowledged": (1, 0),
        "inquiry_answered": (0, 1),
    }


def test_nothing_happened_yet_is_told_as_nothing(db: None) -> None:
    nothing = Figures(Period(30), Period(365))

    assert {standing.figures for standing in standings()} == {nothing}


def test_each_promise_asks_once_however_many_cases(
    make_inquiry: Make, answer: Any, django_assert_num_queries: Any
) -> None:
    standings()  # content types are kept
    for _number in range(3):
        answer(make_inquiry())

    with django_assert_num_queries(len(all_promises()) + 2):  # what is promised of inquiries is read from its rows
        standings()


def test_figures_are_kept_for_some_minutes(
    make_inquiry: Make, answer: Any, settings: Any, django_assert_num_queries: Any
) -> None:
    cache.delete("portal.standards.counted")
    settings.STANDARDS_SECONDS = 300
    answer(make_inquiry())
    first = figures("inquiry_answered").figures

    with django_assert_num_queries(2):  # what is promised of inquiries is read from its rows
        second = figures("inquiry_answered").figures

    cache.delete("portal.standards.counted")
    assert (first.year.cases, second) == (1, first)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_page_shows_every_promise_with_its_method(db: None, language: str) -> None:
    page = Client().get(f"/{language}/service-standard/")

    shown = page.context["shown"]
    assert page.status_code == 200
    assert [one.standing.promise.key for one in shown] == [promise.key for promise in all_promises()]
    assert all(str(one.standing.promise.starts) in page.text for one in shown)
    assert all(f'id="{one.standing.promise.key}"' in page.text for one in shown)


def test_every_promise_leads_to_a_page_that_exists(db: None) -> None:
    assert [reverse(promise.page) for promise in all_promises() if promise.page]


# --- As data ------------------------------------------------------------------------------

API = "/api/v1/service-standard/"


@pytest.fixture
def api() -> Client:
    """A client from an address of its own: all tests of this machine share one cache."""
    return Client(REMOTE_ADDR=str(IPv6Address(random.getrandbits(128))))


def test_api_tells_every_promise_and_no_small_number(api: Client, make_inquiry: Make, answer: Any) -> None:
    with on(11, 2):
        for _number in range(5):
            answer(make_inquiry())
        answer(make_inquiry(topic="talent"))
        found = {one["key"]: one for one in api.get(API).json()["results"]}

    one = found["inquiry_answered"]
    shorter = one["periods"][0]
    topics = {part["part"]: part["periods"][1] for part in one["parts"]}
    assert list(found) == [promise.key for promise in all_promises()]
    assert one["name_zh"] != one["name_en"] == "Inquiry: answered"
    assert shorter == {"days": 30, "cases": 6, "median": 0.0, "judged": 6, "in_time": 6, "ninetieth": 0.0}
    assert topics["talent"] == {
        "days": 365,
        "cases": None,
        "median": None,
        "judged": None,
        "in_time": None,
        "ninetieth": None,
    }
    assert topics["setting_up"]["cases"] == 5
    assert one["months"][-1] == {"month": "2026-11", "cases": 6, "median": 0.0, "judged": 6, "in_time": 6}
    assert (found["claim_decided"]["promised_days"], found["registration_verified"]["promised_days"]) == ([3], [])


def test_api_is_not_sent_again_while_nothing_was_counted_anew(
    api: Client, make_inquiry: Make, answer: Any, settings: Any
) -> None:
    cache.delete("portal.standards.counted")
    settings.STANDARDS_SECONDS = 300
    answer(make_inquiry())
    first = api.get(API)
    again = api.get(API, headers={"If-None-Match": first["ETag"]})
    refused = api.get(f"{API}?page=1")
    cache.delete("portal.standards.counted")

    assert (first["Cache-Control"], again.status_code) == ("public, max-age=60", 304)
    assert (refused.status_code, refused["Content-Type"]) == (400, "application/problem+json")


def test_api_is_limited(api: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", {"anon": "2/minute"})

    assert [api.get(API).status_code for _number in range(3)] == [200, 200, 429]


@pytest.mark.parametrize(
    ("language", "heading"), [("en", "Service,Topic,Period"), ("zh-hans", "服务事项,咨询事项,统计期")]
)
def test_file_has_every_figure_and_no_formula(db: None, language: str, heading: str) -> None:
    answer = Client().get(f"/{language}/service-standard/figures.csv")
    again = Client().get(f"/{language}/service-standard/figures.csv", headers={"If-None-Match": answer["ETag"]})

    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith(heading)
    assert len(lines) == 1 + len(all_promises()) * (2 + 12)
    assert [line for line in lines if line.startswith(("=", "+", "-", "@"))] == []
    assert again.status_code == 304


def test_page_of_open_data_names_both(client: Client, db: None) -> None:
    page = client.get("/en/open-data/").text

    assert ("/en/service-standard/figures.csv" in page, API in page) == (True, True)


def test_trend_draws_what_is_told_and_nothing_else(make_inquiry: Make, answer: Any) -> None:
    with on(10, 20):
        answer(make_inquiry())
    with on(11, 2):
        for _number in range(5):
            answer(make_inquiry())
        (shown,) = [
            one
            for one in Client().get("/en/service-standard/").context["shown"]
            if one.standing.promise.key == "inquiry_answered"
        ]

    columns = [(column.title, column.height, column.is_hidden) for column in shown.trend.columns]
    assert columns == [("October 2026: too few cases", 6, True), ("November 2026: 5 of 5 (100%)", 88.0, False)]
    assert shown.trend.rows[-2:] == [
        Row("October 2026", "fewer than 5 cases", "–", "too few cases"),
        Row("November 2026", "5", "under an hour", "5 of 5 (100%)"),
    ]


@pytest.mark.parametrize(
    ("days", "by", "said"),
    [
        ([], "", "no promise yet"),
        ([], "the day named", "the day named"),
        ([1], "", "1 working day"),
        ([5, 3, 5], "", "3 to 5 working days"),
    ],
)
def test_what_is_promised_is_said_in_words(days: list[int], by: str, said: str) -> None:
    promise = replace(all_promises()[0], by=by)

    assert promised(Standing(promise, days, Figures(Period(30), Period(365)), [])) == said
