"""What an applicant sees of time: what is promised, what is usual, what is new, and what was changed."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.utils import timezone

from incentives import conditions, services
from incentives.durations import Usual, usual_durations
from incentives.expecting import expected
from incentives.models import Application, Programme, Visit
from portal import clock
from portal.clock import SHANGHAI
from portal.models import StepTaken, User
from tests.incentives import make
from tests.incentives.stories import Story, story_in

PATH = ["draft", "submitted", "under_review", "recommended", "public_notice", "offered", "active"]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def desk(story: Story, tail: str = "") -> str:
    return f"/en/desk/applications/{story.application.uid}/{tail}"


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=SHANGHAI)


def walked(programme: Programme, days: list[date], path: list[str] = PATH) -> None:
    """Write the steps of an application that left one status after another on these days."""
    application = make.draft(make.round_of(programme, budget=None))
    kind = ContentType.objects.get_for_model(Application)
    for (source, target), day in zip(pairwise(path), days, strict=False):
        StepTaken.objects.create(
            subject_type=kind, subject_id=application.pk, step="walk", source=source, target=target, at=noon(day)
        )


def test_medians_are_of_working_days_as_the_clock_counts_them(db: None) -> None:
    programme, random = make.programme(), Random(7)  # noqa: S311 -- dates, not secrets
    begins = [date(2026, 1, 1) + timedelta(days=random.randrange(330)) for _ in range(9)]
    ends = [begin + timedelta(days=random.randrange(40)) for begin in begins]
    for begin, end in zip(begins, ends, strict=True):
        walked(programme, [begin, end])

    counted = sorted(clock.working_days_between(noon(b), noon(e)) for b, e in zip(begins, ends, strict=True))

    assert usual_durations(programme) == {"submitted": Usual(counted[4], 9, of_programme=True)}


def test_few_cases_of_a_programme_give_way_to_all_and_too_few_say_nothing(db: None) -> None:
    own, other = make.programme(), make.programme()
    monday = date(2026, 3, 2)
    for _ in range(4):
        walked(own, [monday, monday + timedelta(days=1)])
    assert usual_durations(own) == {}

    walked(other, [monday, monday + timedelta(days=4)])
    assert usual_durations(own) == {"submitted": Usual(1, 5, of_programme=False)}

    walked(own, [monday, monday + timedelta(days=1)])
    assert usual_durations(own) == {"submitted": Usual(1, 5, of_programme=True)}


def test_what_was_broken_off_does_not_count_and_two_approvals_are_one_decision(db: None) -> None:
    programme, monday = make.programme(), date(2026, 3, 2)
    for _ in range(5):
        walked(programme, [monday, monday + timedelta(days=1)], ["draft", "submitted", "withdrawn"])
        application = make.draft(make.round_of(programme, budget=None))
        kind = ContentType.objects.get_for_model(Application)
        steps = [
            ("recommend", "under_review", "recommended", 0),
            ("first_approve", "recommended", "first_approved", 1),
            ("approve", "first_approved", "public_notice", 3),
        ]
        for step, source, target, days in steps:
            StepTaken.objects.create(
                subject_type=kind,
                subject_id=application.pk,
                step=step,
                source=source,
                target=target,
                at=noon(monday + timedelta(days=days)),
            )

    assert usual_durations(programme) == {"recommended": Usual(3, 5, of_programme=True)}


def test_durations_are_read_by_one_query(db: None, django_assert_num_queries: Any) -> None:
    programme = make.programme()
    usual_durations(programme)
    with django_assert_num_queries(1):
        usual_durations(programme)


def test_steps_ahead_are_promised_one_after_the_other(db: None) -> None:
    story = story_in("submitted", notice_days=7, offer_days=15)
    entered, due = noon(date(2026, 3, 2)), clock.end_of(date(2026, 3, 9))

    steps = expected(story.application, entered=entered, due=due)

    assert [(step.status, step.days, step.by and step.by.day) for step in steps] == [
        ("submitted", 5, date(2026, 3, 9)),
        ("under_review", 15, date(2026, 3, 30)),
        ("recommended", 5, date(2026, 4, 7)),  # Qingming: 6 April is a holiday
        ("public_notice", 7, date(2026, 4, 16)),
        ("offered", 15, date(2026, 5, 11)),  # Labour Day: 1 to 5 May, made up on 9 May
    ]
    assert expected(story_in("withdrawn").application, entered=entered, due=None) == []


def test_decision_on_much_money_is_promised_for_two_approvals(db: None) -> None:
    story = Story(four_eyes_threshold=100_000).fill().submit()

    assert [s.days for s in expected(story.application, entered=timezone.now(), due=None)][2] == 10


@pytest.mark.parametrize(
    ("language", "promised", "usual"),
    [
        ("en", "promised: 5 working days", "usually 4 working days (median of 5 applications to this programme)"),
        ("zh-hans", "承诺办理时限：5个工作日", "通常需要4个工作日（本政策5件申报的中位数）"),
    ],
)
def test_page_and_receipt_say_what_is_promised_and_usual(db: None, language: str, promised: str, usual: str) -> None:
    story = story_in("submitted")
    for _ in range(5):
        walked(story.round.programme, [date(2026, 3, 2), date(2026, 3, 6)])
    client = signed_in(story.signatory)

    for tail in ("", "receipt/"):
        page = client.get(desk(story, tail).replace("/en/", f"/{language}/")).text
        assert (promised in page, usual in page) == (True, True), tail


def test_what_others_did_since_the_last_visit_is_new(db: None) -> None:
    story = Story().fill()
    client = signed_in(story.signatory)
    assert "since your last visit" not in client.get(desk(story)).text
    assert "Nothing is new since your last visit" in client.get(desk(story)).text

    story.submit().give_back()
    Visit.objects.update(at=timezone.now() - timedelta(days=1), news_since=timezone.now() - timedelta(days=2))
    services.save_section(
        application=story.application,
        section="project",
        answers={"aim": "More"},
        complete=True,
        version=1,
        by=story.editor,
    )
    page = client.get(desk(story)).text
    news = page[page.index('id="news"') : page.index("What to fill in")]

    assert "Returned for changes" in news
    assert "A change is asked for in “Project”" in news
    assert f"“Project” was changed by {story.editor.name}" in news
    assert "Application submitted" not in news  # the reader's own deed
    assert "A change is asked for" not in signed_in(story.editor).get(desk(story)).text


def test_changes_stand_beside_what_was_asked_and_what_was_before(
    db: None, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = story_in("returned")
    # Each step comes in a transaction of its own, and so at a moment of its own, outside of a test.
    monkeypatch.setattr(conditions, "moment", timezone.now)
    settings.DEMONSTRATION = True  # a second factor is not the subject
    client, staff = signed_in(story.signatory), signed_in(story.screener)
    page = client.get(desk(story, "changes/")).text
    assert ("Say more" in page, "Nothing is changed here yet." in page) == (True, True)
    assert "To be changed" in client.get(desk(story)).text

    services.save_section(
        application=story.application,
        section="project",
        answers={"aim": "To build <b>bridges</b>"},
        complete=True,
        version=1,
        by=story.editor,
    )
    page = client.get(desk(story, "changes/")).text
    assert "<ins> &lt;b&gt;bridges&lt;/b&gt;</ins>" in page
    assert "To be changed" not in client.get(desk(story)).text
    story.submit()

    for shown in (
        client.get(desk(story, "changes/")).text,
        staff.get(f"/admin/incentives/application/{story.application.pk}/change/").text,
    ):
        assert "Say more" in shown
        assert "<ins> &lt;b&gt;bridges&lt;/b&gt;</ins>" in shown
        assert "What is the aim?" in shown
        assert "Eligible costs" not in shown[shown.index("Say more") : shown.index("</ins>")]
    assert signed_in(make.person()).get(desk(story, "changes/")).status_code == 404
