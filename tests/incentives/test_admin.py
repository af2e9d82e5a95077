"""The staff workplace: each role sees its own, steps are taken by forms, the screen stays lean."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from incentives.effects import CHECKLIST
from incentives.models import LedgerEntry, Review, Round
from incentives.services import object_to_award
from portal.models import Deadline, User
from portal.roles import Role
from tests.editing import save
from tests.incentives import make
from tests.incentives.stories import PATHS, Story, join, story_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _second_factor_is_not_the_subject(settings: Any) -> None:
    settings.DEMONSTRATION = True


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def screen(story: Story) -> str:
    return reverse("admin:incentives_application_change", args=[story.application.pk])


def step(story: Story, user: User, name: str, **data: Any) -> Any:
    url = reverse("admin:incentives_application_step", args=[story.application.pk, name])
    response = signed_in(user).post(url, {f"{name}-{key}": value for key, value in data.items()})
    story.application.refresh_from_db()
    return response


def accept_data() -> dict[str, Any]:
    return {"checklist": list(CHECKLIST), "credit_checked_on": "2026-01-05", "credit_source": "示例信用平台"}


def test_whole_thread_in_the_admin() -> None:
    story = Story().fill().submit()

    step(story, story.screener, "accept", **accept_data())
    assert story.application.status == "under_review"
    for assignment in story.application.assignments.all():
        client = signed_in(assignment.reviewer)
        page = reverse("admin:incentives_reviewassignment_change", args=[assignment.pk])
        assert "To build" not in client.get(page).content.decode()
        client.post(f"{page.removesuffix('change/')}declare/", {"declare-conflicted": "no"})
        assert "To build" in client.get(page).content.decode()
        scores = {"score-score_quality": "80", "score-score_effect": "70", "score-comment": "good"}
        client.post(f"{page.removesuffix('change/')}score/", scores)
    assert Review.objects.count() == 2
    step(story, story.manager, "recommend", amount="500,000", reason="Worth it")
    assert story.application.status == "recommended"
    assert step(story, story.manager, "approve").status_code in {422, 404, 200}
    assert story.application.status == "recommended"
    step(story, story.approver, "approve")
    assert story.application.status == "public_notice"


@pytest.mark.parametrize("status", [s for s in PATHS if s not in {"draft", "withdrawn", "lapsed"}])
def test_review_screen_reads_at_most_fifteen_times(status: str) -> None:
    story = story_in(status)
    for user in (story.screener, story.manager, story.approver2, story.finance):
        client = signed_in(user)
        client.get(screen(story))
        with CaptureQueriesContext(connection) as read:
            response = client.get(screen(story))
        queries = [q["sql"] for q in read if "SAVEPOINT" not in q["sql"]]  # the tests' own transaction adds those
        assert len(queries) <= 15, queries
        assert response.status_code == 200


def test_each_role_sees_its_own() -> None:
    story = story_in("under_review")
    stranger, plain = make.person("s"), User.objects.create_user("p@demo.example", name="p", is_staff=True)
    member = make.person("m", Role.SCREENING)
    expected = {
        story.screener: 200,
        story.manager: 200,
        story.approver: 200,
        story.appeal: 200,
        story.finance: 200,
        make.person("auditor", Role.AUDITOR): 200,
        make.person("head", Role.HEAD): 200,
        story.reviewers[0]: 403,
        make.person("registry", Role.REGISTRY): 403,
        make.person("officer", Role.INVESTMENT): 403,
        plain: 403,
        stranger: 302,
        story.signatory: 302,
        member: 200,
    }

    for user, status in expected.items():
        response = signed_in(user).get(screen(story))
        got = 403 if response.status_code in {403, 404} else response.status_code
        assert got == status, user.name


def test_auditor_has_no_step_and_changes_nothing() -> None:
    story = story_in("submitted")
    auditor = make.person("auditor", Role.AUDITOR)

    assert "Nothing: the next step is somebody else" in signed_in(auditor).get(screen(story)).content.decode()
    step(story, auditor, "accept", **accept_data())
    step(story, auditor, "decline", reason="x")
    assert story.application.status == "submitted"


def test_staff_who_belong_to_the_firm_take_no_step() -> None:
    story = story_in("submitted")
    join(story.firm, story.screener)

    step(story, story.screener, "accept", **accept_data())

    assert story.application.status == "submitted"


def test_staff_who_belong_to_the_firm_read_no_review_nor_objection_of_its_application() -> None:
    story = story_in("public_notice")
    objection = object_to_award(
        application=story.application, name="A", email="a@demo.example", reason="Not so", key=uuid4()
    )
    assignment = story.application.assignments.all()[0]
    pages = [
        screen(story),
        reverse("admin:incentives_objection_change", args=[objection.pk]),
        reverse("admin:incentives_reviewassignment_change", args=[assignment.pk]),
    ]
    assert [signed_in(story.manager).get(page).status_code for page in pages] == [200, 200, 200]

    join(story.firm, story.manager)

    assert [signed_in(story.manager).get(page).status_code for page in pages] == [404, 404, 404]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("accept", {}),
        ("accept", {"checklist": ["identity"], "credit_checked_on": "2026-01-05", "credit_source": "x"}),
        ("accept", {**accept_data(), "credit_checked_on": "9999-12-31"}),
        ("accept", {**accept_data(), "credit_checked_on": "0001-01-01x"}),
        ("accept", {**accept_data(), "credit_source": "\u200b"}),
        ("return", {"working_days": "5"}),
        ("return", {"working_days": "0", "section_project": "more"}),
        ("return", {"working_days": "１", "section_project": "more"}),
        ("decline", {"reason": ""}),
    ],
)
def test_wrong_input_of_a_step_changes_nothing(name: str, data: dict[str, Any]) -> None:
    story = story_in("submitted")
    user = story.manager if name == "decline" else story.screener

    assert step(story, user, name, **data).status_code in {200, 422}
    assert story.application.status == "submitted"


@pytest.mark.parametrize("amount", ["", "0", "-1", "1_000", "１２", "1e9", "NaN", "15,000,000.01", "500000.01"])
def test_wrong_amounts_are_not_recommended(amount: str) -> None:
    story = story_in("under_review")

    step(story, story.manager, "recommend", amount=amount, reason="x")

    assert story.application.status == "under_review"


def test_unknown_steps_and_rows_are_not_found() -> None:
    story = story_in("submitted")
    client = signed_in(story.screener)
    for address in (
        f"/admin/incentives/application/{story.application.pk}/step/confirm/",
        f"/admin/incentives/application/{story.application.pk}/step/nothing/",
        "/admin/incentives/application/999999999/step/accept/",
        f"/admin/incentives/application/{'9' * 40}/step/accept/",
        "/admin/incentives/application/x/step/accept/",
    ):
        assert client.post(address).status_code == 404, address
    for pk in ("999999999", "9" * 40, "x", "１"):
        assert client.get(f"/admin/incentives/application/{pk}/change/").status_code == 404


def test_conflicted_reviewer_reads_nothing_of_it() -> None:
    story = Story().fill().submit().accept()
    assignment = story.application.assignments.all()[0]
    client = signed_in(assignment.reviewer)
    page = reverse("admin:incentives_reviewassignment_change", args=[assignment.pk])
    client.post(f"{page.removesuffix('change/')}declare/", {"declare-conflicted": "yes", "declare-reason": "cousin"})

    assert "To build" not in client.get(page).content.decode()
    client.post(f"{page.removesuffix('change/')}declare/", {"declare-conflicted": "no"})
    assignment.refresh_from_db()
    assert assignment.conflict == "conflicted"


def test_review_of_another_is_not_found_for_a_reviewer() -> None:
    story = Story().fill().submit().accept()
    first, second = story.application.assignments.all()
    page = reverse("admin:incentives_reviewassignment_change", args=[first.pk])

    assert signed_in(second.reviewer).get(page).status_code == 404
    declare = f"{page.removesuffix('change/')}declare/"
    assert signed_in(story.manager).post(declare, {"declare-conflicted": "no"}).status_code == 404


def test_reviews_are_blind_until_ones_own_is_in() -> None:
    story = Story().fill().submit().accept()
    first, second = story.application.assignments.all()
    for assignment in (first, second):
        page = reverse("admin:incentives_reviewassignment_change", args=[assignment.pk]).removesuffix("change/")
        client = signed_in(assignment.reviewer)
        client.post(f"{page}declare/", {"declare-conflicted": "no"})
        shown = client.get(f"{page}change/").content.decode()
        assert "First comment" not in shown
        comment = "First comment" if assignment == first else "Second comment"
        client.post(
            f"{page}score/", {"score-score_quality": "80", "score-score_effect": "70", "score-comment": comment}
        )
    shown = signed_in(second.reviewer).get(f"{page}change/").content.decode()
    assert "First comment" in shown


def test_objection_is_dismissed_by_an_outsider_only() -> None:
    story = story_in("public_notice")
    objection = object_to_award(
        application=story.application, name="Li", email="li@demo.example", reason="Unfair", key=uuid4()
    )
    page = reverse("admin:incentives_objection_dismiss", args=[objection.pk])

    signed_in(story.approver).post(page, {"reason": "no"})
    objection.refresh_from_db()
    assert objection.status == "open"
    signed_in(story.approver2).post(page, {"reason": "No ground"})
    objection.refresh_from_db()
    assert objection.status == "dismissed"


def test_budget_is_filled_by_finance_once_per_click() -> None:
    budget = make.round_of(budget=0).budget
    finance, manager = make.person("f", Role.FINANCE), make.person("m", Role.MANAGER)
    page = reverse("admin:incentives_budget_allocate", args=[budget.pk])
    data = {"key": str(uuid4()), "amount": "5,000,000.00", "note": "示例〔2026〕2号"}

    for _ in range(3):
        signed_in(finance).post(page, data)
    assert signed_in(manager).post(page, {**data, "key": str(uuid4())}).status_code == 403
    budget.refresh_from_db()
    assert budget.allocated == Decimal(5_000_000)
    assert LedgerEntry.objects.count() == 1
    for amount in ("NaN", "1_0", "-0", "1e9", ""):
        assert signed_in(finance).post(page, {**data, "key": str(uuid4()), "amount": amount}).status_code == 422
    for user in (finance, manager):
        shown = signed_in(user).get(reverse("admin:incentives_budget_change", args=[budget.pk]))
        assert shown.status_code == 200


def test_lists_and_pages_open_for_those_who_may(django_assert_max_num_queries: Any) -> None:
    story = story_in("public_notice")
    head = make.person("head", Role.HEAD)
    client = signed_in(head)
    for model in (
        "application",
        "reviewassignment",
        "budget",
        "ledgerentry",
        "award",
        "objection",
        "programme",
        "round",
        "section",
    ):
        assert client.get(f"/admin/incentives/{model}/").status_code == 200, model
    story_in("under_review")
    with django_assert_max_num_queries(14):
        client.get("/admin/incentives/reviewassignment/")
    with django_assert_max_num_queries(14):
        client.get("/admin/incentives/application/")
    for address in ("?status__exact=x", "?e=1", "?p=99999999999999999999", "?q=%27%22", "?organisation__uscc__regex=("):
        assert client.get(f"/admin/incentives/application/{address}").status_code in {200, 302, 400, 422}, address
    assert client.get(f"/admin/incentives/programme/{story.round.programme_id}/change/").status_code == 200


def test_round_made_in_the_admin_has_an_empty_budget() -> None:
    made = make.programme()
    now = timezone.localtime()
    data = {
        "programme": made.pk,
        "slug": "r1",
        "title_en": "R",
        "title_zh": "批",
        "opens_at_0": f"{now:%Y-%m-%d}",
        "opens_at_1": "00:00",
        "closes_at_0": f"{now + timedelta(days=9):%Y-%m-%d}",
        "closes_at_1": "17:00",
    }

    signed_in(make.person("m", Role.MANAGER)).post("/admin/incentives/round/add/", data)

    assert made.rounds.get().budget.allocated == 0


@pytest.mark.parametrize(
    ("opens", "closes", "message"),
    [
        ("0001-01-02", "2030-01-01", "Give years between 2000 and 2099."),
        ("2026-01-02", "9999-12-30", "Give years between 2000 and 2099."),
        ("2026-01-02", "2026-01-01", "A round closes after it opens."),
    ],
)
def test_round_outside_our_time_is_refused(opens: str, closes: str, message: str) -> None:
    opened = make.round_of()
    window = {"opens_at_0": opens, "opens_at_1": "00:00", "closes_at_0": closes, "closes_at_1": "00:00"}
    titles = {"slug": opened.slug, "title_en": "R", "title_zh": "批", "programme": str(opened.programme_id)}

    answer = save(
        signed_in(make.person("m", Role.MANAGER)), f"/admin/incentives/round/{opened.pk}/change/", titles | window
    )

    assert message in answer.text
    assert Round.objects.get(pk=opened.pk).opens_at == opened.opens_at


@pytest.mark.parametrize("days", [3, 40])
def test_round_whose_end_is_moved_takes_its_drafts_along(days: int) -> None:
    draft = Story().application
    window = {"opens_at_0": "2026-01-02", "opens_at_1": "00:00", "closes_at_1": "17:00"}
    titles = {"slug": draft.round.slug, "title_en": "R", "title_zh": "批", "programme": str(draft.round.programme_id)}
    closes = {"closes_at_0": f"{timezone.localtime() + timedelta(days=days):%Y-%m-%d}"}

    save(
        signed_in(make.person("m", Role.MANAGER)),
        f"/admin/incentives/round/{draft.round_id}/change/",
        titles | window | closes,
    )

    draft.round.refresh_from_db()
    deadline = Deadline.objects.about(draft).get(step="lapse", done_at=None)
    assert (deadline.due_at, deadline.next_try_at) == (draft.round.closes_at, draft.round.closes_at)
    assert f"{timezone.localtime(deadline.due_at):%Y-%m-%d}" == closes["closes_at_0"]
