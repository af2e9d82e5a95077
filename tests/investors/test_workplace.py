"""The workplace of those who answer inquiries: queue, bulk steps, drafts, templates, links, absences."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from firms.models import Organisation
from investors.models import Absence, AnswerDraft, AnswerTemplate, Inquiry, InquiryLink, Officer
from investors.services.absences import Rerouting, look, record_absence
from investors.services.drafts import DraftChanged, filled, save_draft
from portal import work
from portal.lifecycle import NotAllowed
from portal.models import HistoryEntry, Notice, User
from portal.roles import Role
from tests.investors.conftest import make_user

type Make = Callable[..., Inquiry]
QUEUE = "/admin/investors/inquiry/queue/"
BULK = "/admin/investors/inquiry/bulk/"


@pytest.fixture(autouse=True)
def _staff_without_second_factor(settings: Any) -> None:
    settings.DEMONSTRATION = True


def browser(user: User) -> Client:
    """Return a browser in which the person is signed in."""
    client = Client()
    client.force_login(user)
    return client


def page(inquiry: Inquiry, name: str = "change") -> str:
    """Return the address of a page of an inquiry in the workplace."""
    return reverse(f"admin:investors_inquiry_{name}", args=[inquiry.pk])


def listed(client: Client, **query: str) -> list[Inquiry]:
    """Return what the queue shows."""
    return [row.inquiry for row in client.get(QUEUE, query).context["rows"]]


# --- The queue -------------------------------------------------------------------------


def test_queue_sorts_by_what_is_due_first_and_divides_by_risk(people: SimpleNamespace, make_inquiry: Make) -> None:
    later, soon, today, late = make_inquiry(), make_inquiry(), make_inquiry(), make_inquiry()
    waiting, answered = make_inquiry("waiting"), make_inquiry("answered")
    make_inquiry("closed")
    now = timezone.now()
    for inquiry, due in ((later, 40), (soon, 1.1), (today, 0), (late, -9)):
        moment = now + timedelta(days=due) if due else timezone.localtime().replace(hour=23, minute=59, second=59)
        Inquiry.objects.filter(pk=inquiry.pk).update(acknowledge_due=moment, answer_due=now + timedelta(days=50))
    client = browser(people.officer)

    assert listed(client) == [late, today, soon, later]
    assert {risk: listed(client, risk=risk) for risk in ("overdue", "today", "later", "sender", "answered")} == {
        "overdue": [late],
        "today": [today],
        "later": [later],
        "sender": [waiting],
        "answered": [answered],
    }
    numbers = {line["label"]: line["number"] for line in client.get(QUEUE).context["counts"]}
    assert [numbers["To answer"], numbers["Overdue"], numbers["Due today"], numbers["Answered"]] == [4, 1, 1, None]


def test_queue_is_filtered_and_shows_nobody_what_they_may_not_see(people: SimpleNamespace, make_inquiry: Make) -> None:
    mine = make_inquiry(topic="premises", language="zh-hans")
    correction = make_inquiry(topic="correction")
    nobodys = make_inquiry()
    Inquiry.objects.filter(pk=nobodys.pk).update(officer=None)
    client = browser(people.officer)

    assert listed(client, whose="mine") == [mine]
    assert listed(client, whose="nobody") == [nobodys]
    assert listed(client, topic="premises", language="zh-hans", status="received") == [mine]
    assert listed(browser(people.registry)) == [correction]
    assert browser(people.norole).get(QUEUE).status_code == 403
    assert browser(people.investor).get(QUEUE).status_code == 302


@pytest.mark.parametrize(
    ("query", "status"),
    [("after=x", 400), ("before=9" + "9" * 30, 400), ("risk=<b>", 200), ("topic=%00", 400), ("after=999999", 404)],
)
def test_queue_bears_bad_addresses(people: SimpleNamespace, make_inquiry: Make, query: str, status: int) -> None:
    make_inquiry()

    assert browser(people.officer).get(f"{QUEUE}?{query}").status_code == status


def test_queue_needs_as_many_queries_for_three_as_for_one(people: SimpleNamespace, make_inquiry: Make) -> None:
    client, numbers = browser(people.officer), []
    for _round in range(2):
        make_inquiry()
        client.get(QUEUE)
        with CaptureQueriesContext(connection) as captured:
            client.get(QUEUE)
        numbers.append(len(captured))
        make_inquiry()

    assert numbers[0] == numbers[1] <= 14


def test_several_are_confirmed_each_by_itself(people: SimpleNamespace, make_inquiry: Make) -> None:
    first, second, done = make_inquiry(), make_inquiry(), make_inquiry("acknowledged")
    chosen = {"step": "acknowledge", "chosen": [first.pk, second.pk, done.pk]}
    client = browser(people.officer)

    asked = client.get(BULK, chosen)
    told = client.post(BULK, chosen, follow=True)

    statuses = Inquiry.objects.order_by("pk").values_list("status", flat=True)
    assert ([one.pk for one in asked.context["possible"]], asked.context["closed"]) == ([first.pk, second.pk], [done])
    assert list(statuses) == ["acknowledged"] * 3
    assert [(reference, bool(reasons)) for _pk, reference, reasons in told.context["results"]] == [
        (first.reference, False),
        (second.reference, False),
        (done.reference, True),
    ]
    assert Notice.objects.filter(kind="investors.inquiry_acknowledged", channel="email").count() == 3


def test_several_are_handed_over(people: SimpleNamespace, make_inquiry: Make) -> None:
    first, second, other = make_inquiry(), make_inquiry(), make_user("second", Role.INVESTMENT)

    browser(people.head).post(BULK, {"step": "hand_over", "chosen": [first.pk, second.pk], "officer": other.pk})

    assert set(Inquiry.objects.values_list("officer", flat=True)) == {other.pk}
    assert browser(people.auditor).post(BULK, {"step": "hand_over", "chosen": [first.pk]}).status_code == 302


# --- Drafts and templates --------------------------------------------------------------


def test_draft_is_kept_and_newer_text_is_never_overwritten_unseen(people: SimpleNamespace, make_inquiry: Make) -> None:
    inquiry, client = make_inquiry(), browser(people.officer)
    as_json = {"headers": {"Accept": "application/json"}}

    first = client.post(page(inquiry, "draft"), {"answer-text": "One", "answer-version": 0}, **as_json)
    stale = client.post(page(inquiry, "draft"), {"answer-text": "Two", "answer-version": 0}, **as_json)
    client.post(page(inquiry, "draft"), {"answer-text": "Two", "answer-version": 0})
    shown, again = client.get(page(inquiry)).text, client.get(page(inquiry)).text

    assert (first.status_code, first.json()["version"], stale.status_code) == (200, 1, 409)
    assert AnswerDraft.objects.get().text == "One"
    assert "Your saved draft says something else" in shown
    assert (shown.count("Two"), again.count("Two")) == (1, 0)  # what was typed stays in no session
    assert "step_typed" not in client.session


def test_answer_that_comes_second_keeps_its_text_as_a_draft(people: SimpleNamespace, make_inquiry: Make) -> None:
    inquiry, second = make_inquiry(), make_user("second", Role.INVESTMENT)
    answer = {"answer-key": "5b7a1ac5-5d4a-4b0c-8d77-0c8bd1a35a4b"}
    browser(second).get(page(inquiry))
    browser(people.officer).post(page(inquiry, "change") + "../step/answer/", {})

    step = reverse("admin:investors_inquiry_step", args=[inquiry.pk, "answer"])
    browser(people.officer).post(step, {**answer, "answer-text": "The first."})
    late = browser(second)
    late.post(step, {**answer, "answer-text": "The second, long and careful."})

    assert [message.body for message in inquiry.messages.all()] == ["The first."]
    assert list(AnswerDraft.objects.values_list("author__name", "text")) == [
        ("Second", "The second, long and careful.")
    ]
    assert "The second, long and careful." in late.get(page(inquiry)).text


def test_draft_of_another_and_of_strangers_is_refused(people: SimpleNamespace, make_inquiry: Make) -> None:
    inquiry = make_inquiry()

    for who in (people.head, people.auditor, people.stranger, people.investor):
        with pytest.raises(NotAllowed):
            save_draft(by=who, inquiry=inquiry, text="Mine", version=0)
    save_draft(by=people.officer, inquiry=inquiry, text="Mine", version=0)
    with pytest.raises(DraftChanged):
        save_draft(by=people.officer, inquiry=inquiry, text="Other", version=0)


def test_template_is_filled_in_once_and_in_the_language_of_the_answer(
    people: SimpleNamespace, make_inquiry: Make
) -> None:
    template = AnswerTemplate.objects.create(
        name="Greeting", text_en="Dear {name}, on {subject}: {reference}", text_zh="{name}：关于“{subject}”"
    )
    english = make_inquiry(subject="{officer} & <b>")
    chinese = make_inquiry(language="zh-hans", subject="执照")

    assert filled(template, english, people.officer) == f"Dear Investor, on {{officer}} & <b>: {english.reference}"
    assert filled(template, chinese, people.officer) == "Investor：关于“执照”"
    with pytest.raises(ValidationError, match="is not filled in"):
        AnswerTemplate(name="Bad", text_en="{password.hash}", text_zh="{name}").full_clean()


def test_template_is_added_to_what_was_typed(people: SimpleNamespace, make_inquiry: Make) -> None:
    inquiry, client = make_inquiry(), browser(people.officer)
    template = AnswerTemplate.objects.create(name="End", topic="setting_up", text_en="Yours, {officer}", text_zh="此复")
    AnswerTemplate.objects.create(name="Other", topic="talent", text_en="No", text_zh="否")

    data = {"answer-text": "Typed.", "answer-version": 0, "answer-template": template.pk, "insert": 1}
    shown = client.post(page(inquiry, "draft"), data, follow=True)

    assert [one.name for one in shown.context["templates"]] == ["End"]
    assert AnswerDraft.objects.get().text == "Typed.\n\nYours, Investment"


# --- Links -----------------------------------------------------------------------------


def test_records_are_linked_shown_and_removed(people: SimpleNamespace, make_inquiry: Make, firm: Organisation) -> None:
    inquiry, other, client = make_inquiry(), make_inquiry(), browser(people.officer)

    for what in (other.reference.lower(), f"https://example.org/en/firms/{firm.slug}/", firm.slug):
        client.post(page(inquiry, "link"), {"what": what})
    refused = client.post(page(inquiry, "link"), {"what": inquiry.reference}, follow=True)
    shown = client.get(page(inquiry)).text

    assert list(InquiryLink.objects.values_list("other", "organisation")) == [(other.pk, None), (None, firm.pk)]
    assert "No record that you may see is named so." in refused.text
    assert other.reference in shown
    assert firm.title in shown
    client.post(page(inquiry, "unlink"), {"link": InquiryLink.objects.get(other=other).pk})
    assert InquiryLink.objects.count() == 1


@pytest.mark.parametrize("what", ["", "x" * 1000, "nul \x00", "../../etc", "=1+1", "INQ-2026-999999"])
def test_bad_link_is_an_error_on_the_page(people: SimpleNamespace, make_inquiry: Make, what: str) -> None:
    inquiry = make_inquiry()

    answer = browser(people.officer).post(page(inquiry, "link"), {"what": what}, follow=True)

    assert (answer.status_code, InquiryLink.objects.count()) == (200, 0)


# --- Absences --------------------------------------------------------------------------


def absent(officer: User, by: User, days: int = 20) -> Absence:
    """Return an absence from today."""
    today = timezone.localdate()
    return Absence(officer=officer, entered_by=by, first_day=today, last_day=today + timedelta(days))


def test_what_falls_due_in_an_absence_goes_to_the_deputy_and_the_sender_is_told(
    people: SimpleNamespace, make_inquiry: Make
) -> None:
    due, answered = make_inquiry(), make_inquiry("answered")
    busy, deputy = make_user("busy", Role.INVESTMENT), make_user("deputy", Role.INVESTMENT)
    Officer.objects.create(user=people.officer, deputy=deputy)

    given = record_absence(by=people.officer, absence=absent(people.officer, people.officer))

    due.refresh_from_db()
    answered.refresh_from_db()
    assert [(one.inquiry, one.officer, one.reasons) for one in given] == [(due, deputy, ())]
    assert (due.officer, answered.officer) == (deputy, people.officer)
    told = Notice.objects.filter(kind="investors.officer_changed", channel="email")
    assert [(notice.recipient, notice.context["officer"]) for notice in told] == [(people.investor, "Deputy")]
    assert busy.assigned_inquiries.count() == 0


def test_without_anybody_else_it_stays_and_says_so(people: SimpleNamespace, make_inquiry: Make) -> None:
    inquiry = make_inquiry()

    given = record_absence(by=people.head, absence=absent(people.officer, people.head))

    inquiry.refresh_from_db()
    assert ([one.officer for one in given], inquiry.officer) == ([None], people.officer)


@pytest.mark.parametrize("case", ["left", "lost the role", "away", "there"])
def test_sweep_finds_inquiries_whose_officer_cannot_answer(
    people: SimpleNamespace, make_inquiry: Make, case: str
) -> None:
    inquiry, second = make_inquiry(), make_user("second", Role.INVESTMENT)
    if case == "left":
        User.objects.filter(pk=people.officer.pk).update(is_active=False)
    if case == "lost the role":
        people.officer.groups.clear()
    if case == "away":
        absent(people.officer, people.head).save()

    look(Rerouting())

    inquiry.refresh_from_db()
    assert inquiry.officer == (people.officer if case == "there" else second)


def test_what_came_while_all_were_away_goes_to_who_is_back_first(people: SimpleNamespace, make_inquiry: Make) -> None:
    second = make_user("second", Role.INVESTMENT)
    gone = [absent(people.officer, people.head), absent(second, people.head)]
    for absence in gone:
        absence.save()
    inquiry = make_inquiry()
    look(Rerouting())
    before = Notice.objects.latest("pk").pk
    assert Inquiry.objects.get().officer is None

    gone[1].delete()
    look(Rerouting())

    inquiry.refresh_from_db()
    told = Notice.objects.filter(pk__gt=before, channel="email")
    assert inquiry.officer == second
    assert {(notice.kind, notice.recipient) for notice in told} == {
        ("investors.officer_changed", people.investor), ("investors.inquiry_assigned", second),
    }  # fmt: skip


def test_search_for_stranded_inquiries_is_a_row_that_always_waits(people: SimpleNamespace) -> None:
    assert work.run("rerouting") == 1
    assert work.run("rerouting") == 0
    assert Rerouting.objects.open().count() == 1


def test_officer_enters_their_own_absence_and_the_head_anybodys(people: SimpleNamespace) -> None:
    day = timezone.localdate().isoformat()
    add = reverse("admin:investors_absence_add")
    for who, more in (
        (people.officer, {"officer": people.registry.pk}),
        (people.head, {"officer": people.registry.pk}),
    ):
        client = browser(who)
        seen = client.get(add).context["adminform"].form
        hidden = {name: value for name, value in seen.initial.items() if name.startswith("seen")}
        client.post(add, {"first_day": day, "last_day": day, "reason": "Leave", **hidden, **more})

    assert list(Absence.objects.order_by("pk").values_list("officer__name", "entered_by__name")) == [
        ("Investment", "Investment"),
        ("Registry", "Head"),
    ]
    entry = HistoryEntry.objects.of(Absence.objects.earliest("pk")).get()
    assert entry.now["reason"] == "…"
    assert browser(people.auditor).get(add).status_code == 403
    assert Absence.objects.visible_to(people.officer).count() == 1
