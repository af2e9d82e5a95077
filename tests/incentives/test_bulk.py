"""Bulk steps: each application by itself, through the lifecycle, once per click."""

from collections.abc import Iterable
from contextlib import suppress
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from incentives import bulk, services
from incentives.effects import CHECKLIST
from incentives.models import Application, BulkItem, BulkStep
from portal import work
from portal.lifecycle import StepClosed
from portal.models import HistoryEntry, Notice, StepTaken, User
from portal.roles import Role
from tests.incentives import make
from tests.incentives.stories import Story, story_in
from tests.incentives.verdicts import BULK_STEPS, STEPS

PAGE = "/admin/incentives/application/bulk/"


@pytest.fixture(autouse=True)
def _second_factor_is_not_the_subject(settings: Any) -> None:
    settings.DEMONSTRATION = True


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def three() -> list[Story]:
    """Two submitted and one under review, in one round."""
    opened = make.round_of()
    stories = [Story(opened=opened, amount=100_000).fill().submit() for _ in range(3)]
    stories[2].accept()
    return stories


def send(user: User, step: str, stories: Iterable[Story], **data: Any) -> Any:
    """Confirm what the page shows of them."""
    client, keys = signed_in(user), [s.application.pk for s in stories]
    shown = client.get(PAGE, {"step": step, "chosen": keys})
    if shown.status_code != 200:
        return shown
    seen = {f"seen-{p.application.pk}": p.seen for p, _terms in shown.context["possible"]}
    values = {"step": step, "key": str(shown.context["key"]), "chosen": keys, **seen, **data}
    return client.post(PAGE, values)


def outcomes() -> dict[int, str | None]:
    return dict(BulkItem.objects.values_list("application", "outcome"))


def accept_data() -> dict[str, Any]:
    return {
        "all-checklist": list(CHECKLIST),
        "all-credit_checked_on": "2026-01-05",
        "all-credit_source": "示例信用平台",
    }


def test_page_tells_of_each_what_will_happen_and_what_cannot(db: None) -> None:
    stories = three()
    keys = [s.application.pk for s in stories]

    page = signed_in(stories[0].screener).get(PAGE, {"step": "accept", "chosen": keys})

    assert [p.application.pk for p, _terms in page.context["possible"]] == keys[:2]
    assert [(p.application.pk, [str(r) for r in p.reasons]) for p in page.context["closed"]] == [
        (keys[2], ["Its status is “under review”; this step does not lead on from there."])
    ]


def asked_of_the_service(step: str, by: User) -> None:
    services.ask_for_steps(step=step, items=[], by=by, key=uuid4())


def asked_by_sql(step: str, by: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO incentives_bulkstep (key, step, by_id, reason, data) VALUES (%s, %s, %s, '', '{}')",
            [uuid4(), step, by.pk],
        )


@pytest.mark.parametrize(("ask", "refused"), [(asked_of_the_service, StepClosed), (asked_by_sql, IntegrityError)])
def test_what_is_heard_by_itself_is_asked_of_several_in_no_way(db: None, ask: Any, refused: Any) -> None:
    by, taken = make.person("manager", Role.MANAGER), set()
    for step in [*STEPS, "nothing", ""]:
        with suppress(refused), transaction.atomic():
            ask(step, by)
            taken.add(step)

    assert taken == set(BULK_STEPS.split())


def test_each_is_accepted_by_itself_and_what_cannot_be_is_refused_with_its_reason(db: None) -> None:
    stories = three()

    answer = send(stories[0].screener, "accept", stories, **accept_data())

    asked = BulkStep.objects.get()
    assert answer["Location"] == reverse("admin:incentives_bulkstep_change", args=[asked.pk])
    assert [outcomes()[s.application.pk] for s in stories] == ["done", "done", "changed"]
    assert set(Application.objects.values_list("status", flat=True)) == {"under_review"}
    assert [s.by_id for s in StepTaken.objects.filter(step="accept")][1:] == [stories[0].screener.pk] * 2
    written = HistoryEntry.objects.filter(request=f"bulk-{asked.pk}").values_list("actor", flat=True)
    assert set(written) == {f"user:{stories[0].screener.pk}"}
    assert signed_in(stories[0].screener).get(answer["Location"]).status_code == 200


def test_guards_refuse_in_the_readers_language(db: None) -> None:
    opened = make.round_of(make.programme(reviewers_needed=0))
    story = Story(opened=opened).fill().submit().accept()
    page = signed_in(story.manager).get(PAGE, {"step": "recommend", "chosen": [story.application.pk]})
    item = f"item-{story.application.pk}"
    terms = {f"{item}-amount": "500,000.01", f"{item}-reason": "Worth it"}

    answer = send(story.manager, "recommend", [story], **terms)
    item_row = BulkItem.objects.get()
    shown = signed_in(story.manager).get(answer["Location"])

    assert len(page.context["possible"]) == 1
    assert (item_row.outcome, [r["en"] for r in item_row.reasons or []]) == (
        "refused",
        ["No more than CNY 500,000 can be given now."],
    )
    assert "No more than CNY 500,000 can be given now." in shown.text
    assert {r["zh"] for r in item_row.reasons or []} != {r["en"] for r in item_row.reasons or []}


def test_recommending_keeps_terms_and_reasons_of_each(db: None) -> None:
    opened = make.round_of(make.programme(reviewers_needed=0))
    stories = [Story(opened=opened, amount=400_000).fill().submit().accept() for _ in range(2)]
    data: dict[str, str] = {}
    for place, story in enumerate(stories):
        item = f"item-{story.application.pk}"
        data |= {f"{item}-amount": str(100_000 * (place + 1)), f"{item}-reason": f"Reason {place}"}

    send(stories[0].manager, "recommend", stories, **data)

    found = [(r.amount, r.reasons) for s in stories for r in s.application.recommendations.all()]
    assert found == [(100_000, "Reason 0"), (200_000, "Reason 1")]


def test_double_click_takes_each_step_once(db: None) -> None:
    stories = three()[:2]
    client, keys = signed_in(stories[0].manager), [s.application.pk for s in stories]
    shown = client.get(PAGE, {"step": "decline", "chosen": keys})
    seen = {f"seen-{p.application.pk}": p.seen for p, _terms in shown.context["possible"]}
    data = {"step": "decline", "key": str(shown.context["key"]), "chosen": keys, "all-reason": "No money", **seen}

    answers = [client.post(PAGE, data)["Location"] for _ in range(3)]

    assert len(set(answers)) == 1
    assert StepTaken.objects.filter(step="decline").count() == 2
    other = signed_in(make.person("other", Role.MANAGER)).post(PAGE, data)
    assert other.status_code == 403


def test_what_changed_after_the_look_is_left_alone(db: None) -> None:
    stories = [story_in("recommended") for _ in range(2)]
    manager, approver = stories[0].manager, stories[0].approver
    client, keys = signed_in(approver), [s.application.pk for s in stories]
    shown = client.get(PAGE, {"step": "approve", "chosen": keys})
    seen = {f"seen-{p.application.pk}": p.seen for p, _terms in shown.context["possible"]}
    stories[1].step("send_back", stories[1].approver2, reason="less")
    stories[1].step("recommend", manager, reason="again", amount=Decimal(400_000))
    data = {"step": "approve", "key": str(shown.context["key"]), "chosen": keys, "all-meeting": "M", **seen}

    client.post(PAGE, {**data, "all-minutes": "2026-9"})

    assert [outcomes()[key] for key in keys] == ["done", "changed"]
    assert [s.application.__class__.objects.get(pk=s.application.pk).status for s in stories] == [
        "public_notice",
        "recommended",
    ]


@pytest.mark.parametrize(
    ("step", "data"),
    [
        ("accept", {}),
        ("accept", {**accept_data(), "all-credit_checked_on": "9999-12-31"}),
        ("decline", {"all-reason": "\u200b"}),
        ("return", {"all-working_days": "0", "all-section": "funding", "all-changes": "x"}),
        ("return", {"all-working_days": "5", "all-section": "nothing", "all-changes": "x"}),
    ],
)
def test_wrong_input_takes_no_step_and_loses_nothing(db: None, step: str, data: dict[str, Any]) -> None:
    stories = three()[:1]
    user = stories[0].manager if step == "decline" else stories[0].screener

    answer = send(user, step, stories, **data)

    assert (answer.status_code, BulkStep.objects.count()) == (422, 0)


def test_returning_asks_each_for_the_same_change(db: None) -> None:
    stories = three()[:2]
    send(
        stories[0].screener,
        "return",
        stories,
        **{"all-working_days": "5", "all-section": "funding", "all-changes": "Say more"},
    )

    assert [outcomes()[s.application.pk] for s in stories] == ["done", "done"]
    requests = [(r.section, r.reason) for s in stories for r in s.application.change_requests.all()]
    assert requests == [("funding", "Say more")] * 2


def test_steps_of_others_are_not_offered(db: None) -> None:
    stories = three()
    keys = [s.application.pk for s in stories]
    offered = {
        name: [s.name for s in signed_in(user).get("/admin/incentives/application/queue/").context["steps"]]
        for name, user in {
            "screener": stories[0].screener,
            "manager": stories[0].manager,
            "approver": stories[0].approver,
            "auditor": make.person("auditor", Role.AUDITOR),
        }.items()
    }

    assert offered == {
        "screener": ["accept", "return"],
        "manager": ["recommend", "decline", "remind"],
        "approver": ["send_back", "first_approve", "approve", "decline"],
        "auditor": [],
    }
    for step, chosen in (("approve", keys), ("uphold_objection", keys), ("", keys), ("accept", ["x", "9" * 30])):
        answer = signed_in(stories[0].screener).get(PAGE, {"step": step, "chosen": chosen})
        assert (answer.status_code, answer["Location"]) == (302, "/admin/incentives/application/queue/")


def test_manager_reminds_before_the_date_in_other_words_than_after_it(db: None) -> None:
    story = Story().fill().submit().accept()

    send(story.manager, "remind", [story])

    notice = Notice.objects.filter(kind="incentives.overdue", recipient=story.reviewers[0]).first()
    assert notice is not None
    assert (notice.context["early"], outcomes()) == (True, {story.application.pk: "done"})


def test_own_bulk_steps_are_seen_by_oneself_auditor_and_head_alone(db: None) -> None:
    stories = three()
    page = send(stories[0].screener, "accept", stories[:1], **accept_data())["Location"]
    people = [
        stories[0].screener,
        make.person("auditor", Role.AUDITOR),
        make.person("head", Role.HEAD),
        stories[1].screener,
        stories[0].finance,
    ]

    assert [signed_in(user).get(page).status_code for user in people] == [200, 200, 200, 404, 404]


def test_many_are_left_to_the_workers(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 1)
    stories = three()[:2]

    answer = send(stories[0].screener, "accept", stories, **accept_data())
    before = signed_in(stories[0].screener).get(answer["Location"])
    work.run("bulk_steps")
    after = signed_in(stories[0].screener).get(answer["Location"])

    assert [(page.context["waiting"], page.context["settled"]) for page in (before, after)] == [(2, 0), (0, 2)]
    assert set(outcomes().values()) == {"done"}
    progress = answer["Location"].replace("change", "progress")
    assert "HX-Refresh" in signed_in(stories[0].screener).get(progress, headers={"HX-Request": "true"})


def test_each_commits_by_itself_so_that_a_failure_keeps_none_back(
    committed_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction.atomic():
        stories = three()[:2]
        asked = services.ask_for_steps(
            step="decline",
            items=[
                services.Asked(s.application.pk, bulk.latest_steps([s.application.pk])[s.application.pk])
                for s in stories
            ],
            by=stories[0].manager,
            key=uuid4(),
            reason="No money",
        )
    true_step = services.bulk.take_step

    def failing(*, application: Application, **data: Any) -> Any:
        if application.pk == stories[0].application.pk:
            raise RuntimeError
        return true_step(application=application, **data)

    monkeypatch.setattr(services.bulk, "take_step", failing)
    services.take_steps_now(asked=asked)
    after_failure = [outcomes()[s.application.pk] for s in stories]
    monkeypatch.setattr(services.bulk, "take_step", true_step)
    services.take_steps_now(asked=asked)

    assert (connection.in_atomic_block, after_failure) == (False, [None, "done"])
    assert [outcomes()[s.application.pk] for s in stories] == ["done", "done"]


def test_list_of_applications_leads_to_a_step_of_those_ticked(db: None) -> None:
    stories = three()
    keys = [s.application.pk for s in stories]

    answer = signed_in(stories[0].manager).post(
        "/admin/incentives/application/", {"action": "decline", "_selected_action": keys[:2]}
    )

    chosen = sorted(keys[:2], reverse=True)
    assert answer["Location"] == f"{PAGE}?step=decline&chosen={chosen[0]}&chosen={chosen[1]}"
