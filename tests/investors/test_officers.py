"""Who answers: routed by topic, language and load; what is promised, by topic; who may change either."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from investors import promises
from investors.models import Inquiry, InquiryTopic, Officer, TopicOfficer
from portal.clock import end_of
from portal.models import Deadline, HistoryEntry, User
from portal.roles import Role
from tests.investors.conftest import make_user

type MakeInquiry = Callable[..., Inquiry]


@pytest.fixture(autouse=True)
def _staff_without_second_factor(settings: Any) -> None:
    settings.DEMONSTRATION = True


def put_in_charge(user: User, *topics: str, en: bool = True, zh: bool = True) -> Officer:
    """Let a person answer topics in languages."""
    officer = Officer.objects.create(user=user, answers_en=en, answers_zh=zh)
    for topic in InquiryTopic.objects.filter(code__in=topics):
        TopicOfficer.objects.create(topic=topic, officer=officer)
    return officer


@pytest.mark.django_db
def test_every_topic_has_its_promise() -> None:
    rows = InquiryTopic.objects.values_list("code", "acknowledge_days", "answer_days", "telephone")

    assert set(rows) == {(topic, 1, 5, "") for topic in Inquiry.Topic.values}


@pytest.mark.parametrize(
    ("topic", "language", "chosen"),
    [
        ("premises", "zh-hans", "chinese"),
        ("premises", "en", "english"),
        ("technology", "en", "officer"),  # nobody of the topic: whoever has the least to do
        ("talent", "en", "officer"),  # the one of the topic writes no English
        ("correction", "en", "registry"),  # the topic's officer has not the role that answers it
    ],
)
def test_inquiry_goes_to_the_topic_and_language(
    people: SimpleNamespace, make_inquiry: MakeInquiry, topic: str, language: str, chosen: str
) -> None:
    for name in ("chinese", "english"):
        setattr(people, name, make_user(name, Role.INVESTMENT))
    put_in_charge(people.chinese, "premises", "talent", "correction", en=False)
    put_in_charge(people.english, "premises", zh=False)

    assert make_inquiry(topic=topic, language=language).officer == getattr(people, chosen)


def test_the_least_busy_of_a_topic_is_next(people: SimpleNamespace, make_inquiry: MakeInquiry) -> None:
    pair = [make_user(name, Role.INVESTMENT) for name in ("first", "second")]
    for user in pair:
        put_in_charge(user, "premises", "talent")

    chosen = [make_inquiry(topic=topic).officer for topic in ("premises", "talent", "premises")]

    assert chosen == [pair[0], pair[1], pair[0]]


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}])
def test_who_left_is_not_chosen(people: SimpleNamespace, make_inquiry: MakeInquiry, change: dict[str, bool]) -> None:
    left = make_user("left", Role.INVESTMENT)
    put_in_charge(left, "premises")
    User.objects.filter(pk=left.pk).update(**change)

    assert make_inquiry(topic="premises").officer == people.officer


def test_choosing_takes_one_query_however_many(
    people: SimpleNamespace, make_inquiry: MakeInquiry, django_assert_num_queries: Callable[..., CaptureQueriesContext]
) -> None:
    inquiry = make_inquiry(topic="premises")
    for number in range(3):
        put_in_charge(make_user(f"of{number}", Role.INVESTMENT), "premises")
        with django_assert_num_queries(1):
            promises.least_busy_officer(inquiry)


def test_days_of_the_topic_set_dates_and_reminders(people: SimpleNamespace, make_inquiry: MakeInquiry) -> None:
    InquiryTopic.objects.filter(code="premises").update(acknowledge_days=2, answer_days=3)
    inquiry, other = make_inquiry(topic="premises"), make_inquiry(topic="talent")

    def days(inquiry: Inquiry) -> dict[str, int | None]:
        open_rows = Deadline.objects.filter(subject_id=inquiry.pk, subject_type__model="inquiry", done_at=None)
        return dict(open_rows.values_list("step", "working_days"))

    assert days(inquiry) == {
        "remind_acknowledge": 2, "escalate_acknowledge": 2, "escalate_acknowledge_head": 3,
        "remind_answer": 2, "escalate_answer": 3, "escalate_answer_head": 4,
    }  # fmt: skip
    assert days(other) == {
        "remind_acknowledge": 1, "escalate_acknowledge": 1, "escalate_acknowledge_head": 2,
        "remind_answer": 4, "escalate_answer": 5, "escalate_answer_head": 6,
    }  # fmt: skip
    assert inquiry.answer_due < other.answer_due
    assert (promises.acknowledge_days(), promises.answer_days()) == ([1, 2], [3, 5])


@pytest.mark.django_db
def test_promised_days_pass_over_the_spring_festival() -> None:
    topic = InquiryTopic(acknowledge_days=2, answer_days=3)
    friday_before = datetime(2026, 2, 13, 2, tzinfo=UTC)  # 14 February is worked, 15 to 23 February is free

    dues = promises.acknowledge_due(friday_before, topic), promises.answer_due(friday_before, topic)

    assert [due.at for due in dues] == [end_of(date(2026, 2, day)) for day in (24, 25)]


@pytest.mark.parametrize("days", [{"acknowledge_days": 0}, {"answer_days": 0}, {"answer_days": 61}])
@pytest.mark.django_db
def test_database_refuses_days_out_of_order(days: dict[str, int]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        InquiryTopic.objects.filter(code="premises").update(**days)


def test_database_refuses_an_officer_of_no_language_or_as_own_deputy(people: SimpleNamespace) -> None:
    for values in ({"answers_en": False, "answers_zh": False}, {"deputy": people.officer}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Officer.objects.create(user=people.officer, **values)


def admin(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def rows_of(page: Any, **changes: str) -> dict[str, str]:
    """Return what a browser sends of a topic's page."""
    form, formset = page.context["adminform"].form, page.context["inline_admin_formsets"][0].formset
    data = {name: form[name].value() for name in form.fields}
    data |= {f"{formset.prefix}-{name}": field.value() for name, field in zip(
        ("TOTAL_FORMS", "INITIAL_FORMS"), list(formset.management_form)[:2], strict=True
    )}  # fmt: skip
    return {**data, "seen_history": page.context["seen_history"], **changes}


@pytest.mark.parametrize("role", ["head", "administrator"])
def test_head_changes_promise_and_officers(people: SimpleNamespace, role: str) -> None:
    client = admin(getattr(people, role))
    added = client.post(
        reverse("admin:investors_officer_add"),
        {"user": people.officer.pk, "telephone": "021-0000 0001", "answers_zh": "on", "deputy": people.head.pk},
    )
    assert added.status_code == 200  # the head answers nothing, and is no deputy
    client.post(
        reverse("admin:investors_officer_add"),
        {"user": people.officer.pk, "telephone": "021-0000 0001", "answers_zh": "on"},
    )
    officer = Officer.objects.get()
    address = reverse("admin:investors_inquirytopic_change", args=[InquiryTopic.objects.get(code="premises").pk])
    page = client.get(address)
    prefix = page.context["inline_admin_formsets"][0].formset.prefix

    saved = client.post(
        address,
        rows_of(page, answer_days="3", **{f"{prefix}-TOTAL_FORMS": "1", f"{prefix}-0-officer": str(officer.pk)}),
    )

    assert saved.status_code == 302
    topic = InquiryTopic.objects.get(code="premises")
    assert (topic.answer_days, list(topic.officers.all())) == (3, [officer])
    assert (str(officer), officer.telephone, officer.answers_en) == ("Investment", "021-0000 0001", False)
    written = HistoryEntry.objects.filter(actor=f"user:{getattr(people, role).pk}", subject_table__contains="topic")
    assert written.count() == 2


@pytest.mark.parametrize(
    ("deputy", "refused"),
    [("officer", "Nobody is their own deputy."), ("registry", "Choose somebody of the same role"), ("second", "")],
)
def test_deputy_is_another_of_the_same_role(people: SimpleNamespace, deputy: str, refused: str) -> None:
    people.second = make_user("second", Role.INVESTMENT)
    client, officer = admin(people.head), put_in_charge(people.officer, "premises")
    address = reverse("admin:investors_officer_change", args=[officer.pk])
    typed = {
        "answers_zh": "on",
        "deputy": getattr(people, deputy).pk,
        "seen_history": client.get(address).context["seen_history"],
    }

    answered = client.post(address, typed)

    if refused:
        assert (answered.status_code, refused in answered.text) == (200, True)
    assert Officer.objects.get().deputy == (None if refused else people.second)


@pytest.mark.parametrize("changes", [{"answer_days": "0"}, {"answer_days": "99"}, {"telephone": "call\nme"}])
def test_page_of_a_topic_refuses_kindly(people: SimpleNamespace, changes: dict[str, str]) -> None:
    client = admin(people.head)
    address = reverse("admin:investors_inquirytopic_change", args=[InquiryTopic.objects.get(code="premises").pk])

    answered = client.post(address, rows_of(client.get(address), **changes))

    assert answered.status_code == 200
    assert answered.context["errors"]
    assert InquiryTopic.objects.get(code="premises").answer_days == 5


def test_only_head_and_administrator_change_them(people: SimpleNamespace) -> None:
    topic = InquiryTopic.objects.get(code="premises")
    officer = put_in_charge(people.officer, "premises")
    pages = {
        reverse("admin:investors_inquirytopic_change", args=[topic.pk]): {"answer_days": "1", "acknowledge_days": "1"},
        reverse("admin:investors_officer_change", args=[officer.pk]): {"answers_zh": "on"},
        reverse("admin:investors_officer_add"): {"user": people.registry.pk, "answers_zh": "on"},
    }
    readers = {"investment", "registry", "auditor"}
    for role in Role:
        if role in {Role.HEAD, Role.ADMINISTRATOR}:
            continue
        name = role.name.lower()
        client = admin(getattr(people, name))
        got = [client.get(page).status_code for page in pages]
        assert got == ([200, 200, 403] if name in readers else [403] * 3), name
        assert [client.post(page, data).status_code for page, data in pages.items()] == [403] * 3, name
    assert (InquiryTopic.objects.get(pk=topic.pk).answer_days, Officer.objects.count()) == (5, 1)
