"""Publishing the holidays of a year: which dates move, which never do, who is told, and what meets in time."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from firms.models import ProposedEdit
from firms.services.edits import open_edit, propose_edit, shown_state, withdraw_edit
from incentives.models import Application
from portal import calendar_desk, deadlines, holidays, work
from portal.clock import SHANGHAI, Calendar, end_of
from portal.contributions import take_step
from portal.deadlines import Counted
from portal.holiday_notice import Day
from portal.lifecycle import NotAllowed, StepClosed
from portal.models import CalendarYear, Deadline, HistoryEntry, Holiday, Notice, Recount, RecountItem, StepTaken, User
from portal.notices import show
from portal.recounting import Counter, effects
from portal.roles import Role
from tests.incentives import make
from tests.racing import at_once

NEW_YEAR = {date(2027, 1, day): Day(is_working=False, name="New Year's Day") for day in (1, 2, 3)}
MAKE_UP = {date(2027, 1, 2): Day(is_working=True, name="New Year's Day")}


def on(year: int, month: int, day: int, hour: int = 10) -> time_machine.travel:
    return time_machine.travel(datetime(year, month, day, hour, tzinfo=SHANGHAI), tick=False)


@pytest.fixture
def administrator(db: None) -> User:
    return make.person("administrator", Role.ADMINISTRATOR)


@pytest.fixture
def _end_of_year(administrator: User) -> Iterator[None]:
    """Wednesday, 30 December 2026: the holidays of 2027 are not published."""
    with on(2026, 12, 30):
        yield


def publish(by: User, days: dict[date, Day], year: int = 2027) -> Recount | None:
    recount = holidays.publish_year(by=by, year=year, days=days, source="Notice", seen=holidays.digest_of(year))
    if recount:
        Recount.objects.update(next_try_at=datetime(2020, 1, 1, tzinfo=UTC))
        RecountItem.objects.open().update(next_try_at=datetime(2020, 1, 1, tzinfo=UTC))
        work.run(holidays.QUEUE)
    return recount


def _proposed() -> ProposedEdit:
    firm = make.organisation(website="https://old.example/")
    editor = make.member(firm, "editor", language="zh-hans")
    return propose_edit(
        by=editor,
        organisation=firm,
        values={"website": "https://new.example/"},
        seen=shown_state(firm, open_edit(firm)),
    )


def due(obj: Any, step: str) -> date:
    deadline = deadlines.open_deadline(obj, step)
    assert deadline
    return deadline.due_at.astimezone(SHANGHAI).date()


@pytest.fixture
def edit(_end_of_year: None) -> ProposedEdit:
    """Proposed on Wednesday, promised in three working days: by Monday 4 January, as long as nothing is announced."""
    return _proposed()


@pytest.fixture
def returned(_end_of_year: None) -> Application:
    """Returned to the applicant, who has three working days: also until Monday 4 January."""
    firm = make.organisation()
    make.member(firm, "signatory")
    application = make.draft(firm=firm)
    deadlines.set_deadline(application, "lapse", working_days=3, while_status="draft")
    return application


def test_promise_never_moves_later_and_is_no_longer_estimated(edit: ProposedEdit, administrator: User) -> None:
    before = Deadline.objects.about(edit).get(step="escalate")

    recount = publish(administrator, NEW_YEAR)

    edit.refresh_from_db()
    after = Deadline.objects.about(edit).get(step="escalate")
    assert (before.estimated, due(edit, "escalate")) == (True, date(2027, 1, 4))
    assert (after.due_at, after.estimated, edit.due_at, edit.due_estimated) == (
        before.due_at,
        False,
        before.due_at,
        False,
    )
    assert recount
    assert [(item.outcome, item.moved) for item in recount.items.all()] == [("settled", [])]
    assert not Notice.objects.filter(kind__startswith="portal.dates").exists()


def test_promise_moves_earlier_everywhere_it_stands_and_those_concerned_are_told_once(
    edit: ProposedEdit, administrator: User
) -> None:
    recount = publish(administrator, MAKE_UP)

    edit.refresh_from_db()
    assert (due(edit, "remind"), due(edit, "escalate")) == (date(2027, 1, 1), date(2027, 1, 2))
    assert (edit.due_at, edit.due_estimated) == (end_of(date(2027, 1, 2)), False)
    assert recount
    assert [item.outcome for item in recount.items.all()] == ["moved"]
    told = Notice.objects.filter(kind="portal.dates_moved").order_by("channel")
    assert [(notice.recipient, notice.channel) for notice in told] == [
        (edit.proposed_by, "email"),
        (edit.proposed_by, "in_app"),
    ]
    assert "2027年1月4日 → 2027年1月2日" in told[0].context["lines"]["zh"]
    assert "4 January 2027 → 2 January 2027" in told[0].context["lines"]["en"]
    assert show(told[1]).title == f"A date has moved: {edit.organisation.name_en}"


def test_old_date_stays_in_the_history_with_who_published(edit: ProposedEdit, administrator: User) -> None:
    deadline = Deadline.objects.about(edit).get(step="escalate")

    recount = publish(administrator, MAKE_UP)

    entry = HistoryEntry.objects.filter(subject_table="portal_deadline", subject_id=str(deadline.pk)).latest("id")
    assert recount
    assert (entry.actor, entry.request) == (f"user:{administrator.pk}", f"recount-{recount.pk}")
    assert (entry.was["due_at"][:10], entry.now["due_at"][:10]) == ("2027-01-04", "2027-01-02")


def test_time_of_the_applicant_moves_later(returned: Application, administrator: User) -> None:
    publish(administrator, NEW_YEAR)

    (told,) = Notice.objects.filter(kind="portal.dates_moved", channel="in_app")
    assert due(returned, "lapse") == date(2027, 1, 5)
    assert told.recipient_id in returned.organisation.members.values_list("user_id", flat=True)
    assert show(told).body.splitlines()[2] == "until when you can answer: 4 January 2027 → 5 January 2027"


def test_time_of_the_applicant_never_gets_shorter(returned: Application, administrator: User) -> None:
    publish(administrator, MAKE_UP)

    deadline = deadlines.open_deadline(returned, "lapse")
    assert deadline
    assert (due(returned, "lapse"), deadline.estimated) == (date(2027, 1, 4), False)


def test_publishing_twice_changes_nothing(edit: ProposedEdit, returned: Application, administrator: User) -> None:
    publish(administrator, MAKE_UP)
    before = (
        list(Deadline.objects.values_list("pk", "due_at", "estimated")),
        HistoryEntry.objects.count(),
        Notice.objects.count(),
    )

    again = publish(administrator, MAKE_UP)
    (item,) = RecountItem.objects.filter(outcome="moved")
    RecountItem.objects.filter(pk=item.pk).update(
        done_at=None, outcome="", next_try_at=datetime(2020, 1, 1, tzinfo=UTC)
    )
    work.run(holidays.QUEUE)

    after = (list(Deadline.objects.values_list("pk", "due_at", "estimated")), Notice.objects.count())
    item.refresh_from_db()
    assert again is None
    assert after == (before[0], before[2])
    assert item.outcome == "unchanged"


def test_changed_holiday_of_a_published_year_counts_anew_and_of_another_does_not(
    edit: ProposedEdit, returned: Application, administrator: User
) -> None:
    Holiday.objects.create(day=date(2027, 1, 1), name="New Year's Day")
    none = holidays.count_anew_from(by=administrator, day=date(2027, 1, 1))
    publish(administrator, {})
    publish(administrator, NEW_YEAR)

    assert none is None
    assert [recount.is_publication for recount in Recount.objects.order_by("pk")] == [True, False]
    assert (due(edit, "escalate"), due(returned, "lapse")) == (date(2027, 1, 4), date(2027, 1, 5))


def test_removed_holiday_shortens_no_time_that_others_have(returned: Application, administrator: User) -> None:
    publish(administrator, NEW_YEAR)
    publish(administrator, {})

    assert due(returned, "lapse") == date(2027, 1, 5)


def test_date_that_was_set_while_the_year_was_published_is_found_later(edit: ProposedEdit, administrator: User) -> None:
    recount = publish(administrator, NEW_YEAR)
    late = make.draft(firm=make.organisation())
    with_old_holidays = end_of(date(2027, 1, 4))
    deadlines.set_deadline_at(
        late,
        "lapse",
        due_at=with_old_holidays,
        while_status="draft",
        estimated=True,
        counted=Counted(timezone.now(), 3),
    )

    assert work.run(holidays.LATE_QUEUE) == 1
    RecountItem.objects.open().update(next_try_at=datetime(2020, 1, 1, tzinfo=UTC))
    work.run(holidays.QUEUE)

    assert due(late, "lapse") == date(2027, 1, 5)
    assert recount
    assert recount.items.filter(outcome="moved").count() == 1


def test_confirmation_of_a_profile_that_falls_on_a_holiday_moves_to_the_next_working_day(administrator: User) -> None:
    from firms import confirming

    firm = make.organisation()
    signatory = make.member(firm)
    with on(2026, 2, 5):
        confirming.take_up(firm.pk)
    firm.refresh_from_db()
    spring = {date(2027, 2, day): Day(is_working=False, name="Spring Festival") for day in range(5, 12)}
    with on(2026, 12, 30):
        before = firm.confirm_by
        publish(administrator, spring)

    firm.refresh_from_db()
    assert (before, firm.confirm_by, due(firm, "miss_confirmation")) == (
        date(2027, 2, 5),
        date(2027, 2, 12),
        date(2027, 2, 12),
    )
    assert {n.recipient for n in Notice.objects.filter(kind="portal.dates_moved")} == {signatory}


def test_no_promise_is_moved_into_the_past(edit: ProposedEdit, administrator: User) -> None:
    with on(2027, 1, 4, 12):
        publish(administrator, MAKE_UP)

    assert due(edit, "escalate") == date(2027, 1, 4)


def test_step_taken_meanwhile_wins(edit: ProposedEdit, administrator: User) -> None:
    holidays.publish_year(by=administrator, year=2027, days=MAKE_UP, source="Notice", seen=holidays.digest_of(2027))
    withdraw_edit(by=edit.proposed_by, edit=edit)
    closed = list(Deadline.objects.about(edit).values_list("due_at", "done_at"))
    RecountItem.objects.open().update(next_try_at=datetime(2020, 1, 1, tzinfo=UTC))

    work.run(holidays.QUEUE)

    edit.refresh_from_db()
    assert list(Deadline.objects.about(edit).values_list("due_at", "done_at")) == closed
    assert [item.outcome for item in RecountItem.objects.all()] == ["unchanged"]
    assert edit.due_at == end_of(date(2027, 1, 4))


def test_date_that_moved_later_is_not_taken_at_the_old_moment(returned: Application, administrator: User) -> None:
    claimed = deadlines.open_deadline(returned, "lapse")  # as a worker saw it before
    publish(administrator, NEW_YEAR)
    assert claimed
    claimed.refresh_from_db()

    with on(2027, 1, 5, 1), pytest.raises(work.NotNow):
        take_step(claimed)


def test_beats_that_are_missed_or_come_twice_take_a_kept_date_once(edit: ProposedEdit, administrator: User) -> None:
    publish(administrator, NEW_YEAR)
    Deadline.objects.update(next_try_at=datetime(2020, 1, 1, tzinfo=UTC))
    with on(2027, 1, 4, 23):  # nothing ran over the holidays
        first = [work.run("deadlines"), work.run("deadlines")]
    Deadline.objects.open().update(next_try_at=datetime(2020, 1, 1, tzinfo=UTC))
    with on(2027, 1, 5, 1):
        second = [work.run("deadlines"), work.run("deadlines")]

    taken = StepTaken.objects.about(edit).exclude(step="propose").values_list("step", flat=True)
    assert (first, second) == ([1, 0], [1, 0])
    assert list(taken) == ["remind", "escalate"]


def test_only_administrators_publish_and_only_what_they_saw(edit: ProposedEdit, administrator: User) -> None:
    seen = holidays.digest_of(2027)
    with pytest.raises(NotAllowed):
        holidays.publish_year(by=make.person("auditor", Role.AUDITOR), year=2027, days=NEW_YEAR, source="x", seen=seen)
    Holiday.objects.create(day=date(2027, 1, 1), name="New Year's Day")
    with pytest.raises(StepClosed):
        holidays.publish_year(by=administrator, year=2027, days=NEW_YEAR, source="x", seen=seen)

    assert not CalendarYear.objects.filter(year=2027).exists()


def test_preview_says_what_publishing_would_do_and_writes_nothing(
    edit: ProposedEdit, returned: Application, administrator: User
) -> None:
    before = HistoryEntry.objects.count()

    found = effects(Counter(holidays.calendar_with(2027, NEW_YEAR), timezone.now()), date(2027, 1, 1))

    by_step = {(effect.record, effect.step): effect for effect in found}
    assert {key: (e.earlier, e.later, e.kept, e.settled) for key, e in by_step.items()} == {
        ("application", "lapse"): (0, 1, 0, 0),
        ("proposed edit", "escalate"): (0, 0, 1, 0),
        ("proposed edit", "remind"): (0, 0, 1, 0),
    }
    (example,) = by_step["application", "lapse"].first
    assert example.judged.at.astimezone(SHANGHAI).date() == date(2027, 1, 5)
    assert HistoryEntry.objects.count() == before


def test_two_administrators_at_once_publish_one_after_the_other(committed_db: str) -> None:
    people = [make.person("administrator", Role.ADMINISTRATOR) for _number in range(2)]
    seen = holidays.digest_of(2027)

    ended = at_once(
        *(
            lambda by=by: holidays.publish_year(by=by, year=2027, days=NEW_YEAR, source="Notice", seen=seen)
            for by in people
        ),
        refusals={StepClosed: "look again"},
    )

    assert ended == ["done", "look again"]
    assert (CalendarYear.objects.filter(year=2027).count(), Recount.objects.count()) == (1, 1)


def test_clock_counts_over_the_end_of_a_year_published_later(db: None) -> None:
    start = datetime(2026, 12, 30, 10, tzinfo=SHANGHAI)

    before = Calendar.read().after_each(start, [3])[0]
    after = holidays.calendar_with(2027, NEW_YEAR).after_each(start, [3])[0]

    assert ((before.day, before.estimated), (after.day, after.estimated)) == (
        (date(2027, 1, 4), True),
        (date(2027, 1, 5), False),
    )


@pytest.mark.parametrize(
    ("today", "missing"),
    [
        (date(2026, 10, 31), None),
        (date(2026, 11, 1), 2027),
        (date(2026, 12, 31), 2027),
        (date(2027, 1, 1), 2027),
        (date(2023, 6, 1), 2023),
    ],
)
def test_year_is_missed_from_november_before(db: None, today: date, missing: int | None) -> None:
    assert calendar_desk.missing_year(today) == missing


def test_administrators_see_the_missing_year_on_their_desk_and_others_do_not(
    edit: ProposedEdit, administrator: User
) -> None:
    titles = [
        [str(item.title) for item in calendar_desk.years_to_publish(user)]
        for user in (administrator, make.person("head", Role.HEAD))
    ]
    publish(administrator, NEW_YEAR)

    assert titles == [["The holidays of 2027 are not published here"], []]
    assert list(calendar_desk.years_to_publish(administrator)) == []


# --- The pages ----------------------------------------------------------------------------


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


YEAR = "/admin/portal/calendaryear/year/2027/"


def test_page_of_a_year_shows_previews_and_publishes(
    edit: ProposedEdit,
    returned: Application,
    administrator: User,
    settings: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    settings.DEMONSTRATION = True
    client = client_of(administrator)
    text = "一、元旦：1月1日（周五）至3日（周日）放假，共3天。"

    page = client.get(YEAR)
    preview = client.post(YEAR, {"text": text, "source": "Notice of 2026"})
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(
            YEAR, {"text": text, "source": "Notice of 2026", "seen": preview.context["seen"], "publish": "1"}
        )
    recount = Recount.objects.get()
    shown = client.get(answer["Location"])

    assert "not published: dates are estimated" in page.text
    assert sum(effect.later for effect in preview.context["effects"]) == 1
    assert answer["Location"] == reverse("admin:portal_recount_change", args=[recount.pk])
    assert (shown.context["moved"], shown.context["settled"], shown.context["waiting"]) == (1, 1, 0)
    assert CalendarYear.objects.get(year=2027).source == "Notice of 2026"
    assert due(returned, "lapse") == date(2027, 1, 5)


@pytest.mark.parametrize(
    "values",
    [
        {"text": "hello", "source": "x"},
        {"text": "", "source": "x"},
        {"text": "2027-01-01 x", "source": ""},
        {"text": "2027-01-01 x\x00", "source": "x"},
        {"text": "x" * 20_001, "source": "x"},
        {"text": "2027-01-01 x", "source": "s" * 201},
        {},
    ],
)
def test_notice_that_makes_no_sense_is_refused_and_kept_in_the_form(
    administrator: User, settings: Any, values: dict[str, str]
) -> None:
    settings.DEMONSTRATION = True

    answer = client_of(administrator).post(YEAR, {**values, "publish": "1", "seen": "x"})

    assert answer.status_code == 422
    assert not CalendarYear.objects.filter(year=2027).exists()


def test_stale_preview_is_refused(administrator: User, settings: Any) -> None:
    settings.DEMONSTRATION = True

    answer = client_of(administrator).post(
        YEAR, {"text": "2027-01-01 元旦", "source": "x", "publish": "1", "seen": "old"}, follow=True
    )

    assert "Please look again" in answer.text
    assert not CalendarYear.objects.filter(year=2027).exists()


@pytest.mark.parametrize("role", list(Role))
def test_only_administrators_open_and_publish(db: None, settings: Any, role: Role) -> None:
    settings.DEMONSTRATION = True
    client = client_of(make.person("staff", role))
    recount = Recount.objects.create(year=2027, first_day=date(2027, 1, 1), by=make.person())

    answers = [
        client.get(YEAR).status_code,
        client.post(YEAR, {"text": "2027-01-01 x", "source": "x"}).status_code,
        client.get(reverse("admin:portal_recount_change", args=[recount.pk])).status_code,
    ]

    reads = 200 if role in {Role.ADMINISTRATOR, Role.AUDITOR, Role.HEAD} else 404
    expected = [200, 200, 200] if role == Role.ADMINISTRATOR else [403, 403, reads]
    assert answers == expected


@pytest.mark.parametrize("year", ["0", "1999", "2100", "99999999999999999999"])
def test_year_that_is_none_is_not_found(administrator: User, settings: Any, year: str) -> None:
    settings.DEMONSTRATION = True

    assert client_of(administrator).get(f"/admin/portal/calendaryear/year/{year}/").status_code == 404


def test_single_day_saved_in_a_published_year_counts_anew(
    returned: Application, administrator: User, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.DEMONSTRATION = True
    publish(administrator, {})
    with django_capture_on_commit_callbacks(execute=True):
        client_of(administrator).post("/admin/portal/holiday/add/", {"day": "2027-01-01", "name": "New Year's Day"})

    assert due(returned, "lapse") == date(2027, 1, 5)


def test_step_and_two_workers_at_the_same_moment_leave_one_truth(committed_db: str) -> None:
    with on(2026, 12, 30):
        with transaction.atomic():
            administrator = make.person("administrator", Role.ADMINISTRATOR)
            edits = [_proposed() for _number in range(4)]
        holidays.publish_year(by=administrator, year=2027, days=MAKE_UP, source="Notice", seen=holidays.digest_of(2027))
        with transaction.atomic():
            RecountItem.objects.update(next_try_at=datetime(2020, 1, 1, tzinfo=UTC))

        ended = at_once(
            lambda: withdraw_edit(by=edits[0].proposed_by, edit=edits[0]),
            lambda: work.run(holidays.QUEUE),
            lambda: work.run(holidays.QUEUE),
        )

    assert ended == ["done"] * 3
    assert not Deadline.objects.about(edits[0]).filter(done_at=None).exists()
    assert {due(edit, "escalate") for edit in edits[1:]} == {date(2027, 1, 2)}
    assert not RecountItem.objects.filter(done_at=None).exists()
    told = Notice.objects.filter(kind="portal.dates_moved", channel="in_app", recipient=edits[1].proposed_by)
    assert told.count() == 1
