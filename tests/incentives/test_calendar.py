"""The calendar of rounds: what is open, ahead and closed, by month, on the page and as a file."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from incentives.models import Round
from incentives.schedule import schedule
from portal.icalendar import Event, calendar
from portal.local_form import SHANGHAI
from tests.incentives import make


def noon() -> datetime:
    """Return the noon of today: an hour more or less stays on the same day."""
    return timezone.localtime(timezone=SHANGHAI).replace(hour=12, minute=0, second=0, microsecond=0)


def rounds() -> dict[str, Round]:
    """One programme with a round of each state, and one that closed long ago."""
    made = make.programme(title_en="Grant; with, signs", title_zh="示例补助")
    days = {"open": (-5, 3), "ahead": (40, 80), "closed": (-60, -2), "old": (-400, -300)}
    return {
        name: make.round_of(
            made,
            slug=name,
            title_en=f"Round {name}",
            opens_at=noon() + timedelta(days=first),
            closes_at=noon() + timedelta(days=last),
        )
        for name, (first, last) in days.items()
    }


@pytest.mark.django_db
def test_rounds_stand_where_they_belong() -> None:
    made = rounds()
    make.round_of(make.programme(), opens_at=noon() - timedelta(days=1), closes_at=noon() + timedelta(days=2))

    found = schedule()

    assert [window.round.slug for window in found.open][1:] == ["open"]
    assert [window.round for window in found.ahead] == [made["ahead"]]
    assert [window.round for window in found.closed] == [made["closed"]]
    assert [window.days for window in (*found.open, *found.ahead)] == [2, 3, 40]
    assert [turn.opens for turn in found.turns] == [False, False, True, False]
    assert [month.day for month, _turns in found.months] == [1] * len(found.months)
    assert sum(len(turns) for _month, turns in found.months) == 4


@pytest.mark.django_db
def test_round_of_a_programme_that_is_not_published_is_not_shown() -> None:
    made = make.programme()
    Round.objects.create(
        programme=made, slug="r", title_en="R", title_zh="批", opens_at=noon(), closes_at=noon() + timedelta(days=9)
    )

    assert (list(schedule().open), list(schedule().ahead)) == ([], [])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ["Closes in 3 days", "Opens in 40 days", "Closed"]), ("zh-hans", ["3天后截止", "40天后开放", "已截止"])],
)
def test_page_speaks_the_language(client: Client, language: str, words: list[str]) -> None:
    rounds()

    page = client.get(f"/{language}/incentives/calendar/").text

    assert [word for word in words if word in page] == words
    assert page.count("<h1") == 1
    assert f'href="/{language}/incentives/calendar/"' in client.get(f"/{language}/incentives/").text


@pytest.mark.django_db
def test_page_without_rounds_says_so(client: Client) -> None:
    assert "No round is open now" in client.get("/en/incentives/calendar/").text
    assert client.get("/en/incentives/calendar/rounds.ics").text.count("BEGIN:VEVENT") == 0


@pytest.mark.django_db
@pytest.mark.parametrize("programmes", [1, 3])
def test_calendar_reads_as_little_for_many_programmes(
    client: Client, programmes: int, django_assert_max_num_queries: Any
) -> None:
    for _programme in range(programmes):
        make.round_of()

    with django_assert_max_num_queries(5):
        schedule()


@pytest.mark.django_db
def test_file_holds_the_dates_to_come(client: Client) -> None:
    made = rounds()

    answer = client.get("/en/incentives/calendar/rounds.ics")

    text = answer.content.decode().replace("\r\n ", "")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert re.findall(r"UID:(.+?)@", text) == [
        f"round-{made['open'].pk}-closes",
        f"round-{made['ahead'].pk}-opens",
        f"round-{made['ahead'].pk}-closes",
    ]
    assert f"DTSTART:{made['open'].closes_at.astimezone(UTC):%Y%m%dT%H%M%SZ}" in text
    assert "SUMMARY:Closes: Grant\\; with\\, signs\\, Round open\r\n" in text


def test_lines_are_folded_and_never_broken_by_what_they_hold() -> None:
    event = Event("1@x", datetime(2026, 1, 2, 3, tzinfo=UTC), "政" * 60 + "\r\nBEGIN:VALARM\x00", "https://x/")

    lines = calendar("n", [event], now=datetime(2026, 1, 1, tzinfo=UTC)).split("\r\n")

    assert max(len(line.encode()) for line in lines) <= 75
    assert [line for line in lines if line.startswith("BEGIN:")] == ["BEGIN:VCALENDAR", "BEGIN:VEVENT"]
    assert "".join(lines).replace(" ", "").count("政") == 60
    assert lines[-1] == ""
