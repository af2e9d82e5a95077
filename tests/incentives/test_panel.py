"""The panel of a round: scores, ranks, the budget line; amounts are considered, and decide nothing."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from incentives import panel, services
from incentives.models import Application, PanelDraft, Recommendation, Round
from portal.models import User
from portal.roles import Role
from tests.incentives import make
from tests.incentives.stories import Story

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _second_factor_is_not_the_subject(settings: Any) -> None:
    settings.DEMONSTRATION = True


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(opened: Round) -> str:
    return f"/admin/incentives/application/panels/{opened.pk}/"


def reviewed(opened: Round, *scores: int, amount: int = 500_000) -> Story:
    """Return an application under review with a review for each score."""
    story = Story(opened=opened, amount=amount).fill().submit().accept()
    for assignment, score in zip(story.application.assignments.order_by("pk"), scores, strict=False):
        services.declare_conflict(assignment=assignment, by=assignment.reviewer, conflicted=False)
        services.write_review(
            assignment=assignment,
            by=assignment.reviewer,
            scores={"quality": score, "effect": score},
            comment="as scored",
        )
    return story


def send(user: User, opened: Round, then: str, version: int = 0, **amounts: str) -> Any:
    return signed_in(user).post(
        page(opened), {"then": then, "version": str(version), **{k.replace("_", "-"): v for k, v in amounts.items()}}
    )


def test_rows_stand_by_their_mean_with_spread_and_shared_ranks() -> None:
    opened = make.round_of()
    stories = [reviewed(opened, 60, 80), reviewed(opened, 90, 95), reviewed(opened, 70, 70), reviewed(opened)]

    rows = panel.panel_of(opened, stories[0].manager).rows

    assert [(r.application.pk, r.rank, r.mean, r.spread) for r in rows] == [
        (stories[1].application.pk, 1, Decimal("92.50"), Decimal(5)),
        (stories[0].application.pk, 2, Decimal("70.00"), Decimal(20)),
        (stories[2].application.pk, 2, Decimal("70.00"), Decimal(0)),
        (stories[3].application.pk, None, None, None),
    ]


def test_line_moves_with_the_amounts_and_counts_what_is_recommended() -> None:
    opened = make.round_of(budget=1_000_000)
    stories = [reviewed(opened, 90, 90), reviewed(opened, 80, 80), reviewed(opened, 70, 70)]
    stories[0].recommend()
    keys = [s.application.pk for s in stories]

    def below(**amounts: str) -> list[bool]:
        answer = send(stories[0].manager, opened, "recalculate", **amounts)
        return [row.is_below for row in answer.context["panel"].rows]

    second, third = f"amount_{keys[1]}", f"amount_{keys[2]}"
    assert [
        below(),
        below(**{second: "500,000", third: "1"}),
        below(**{second: "500,000.01", third: "1"}),
        below(**{second: "400000", third: "100000"}),
    ] == [[False] * 3, [False, False, True], [False, True, True], [False] * 3]
    assert (Recommendation.objects.count(), PanelDraft.objects.count()) == (1, 0)


def test_amounts_are_kept_for_oneself_and_an_older_window_does_not_overwrite_them() -> None:
    opened = make.round_of()
    story = reviewed(opened, 90, 90)
    name = f"amount_{story.application.pk}"

    answers = [
        send(story.manager, opened, "save", 0, **{name: "100,000"}).status_code,
        send(story.manager, opened, "save", 1, **{name: "200000"}).status_code,
        send(story.manager, opened, "save", 1, **{name: "300000"}).status_code,
        send(make.person("other", Role.MANAGER), opened, "save", 0, **{name: "400000"}).status_code,
    ]

    assert answers == [302, 302, 409, 302]
    drafts = {d.by_id: (d.version, d.amounts) for d in PanelDraft.objects.all()}
    assert drafts[story.manager.pk] == (2, {str(story.application.pk): "200000"})
    assert len(drafts) == 2
    assert Application.objects.get(pk=story.application.pk).status == "under_review"


def test_rows_become_recommendations_only_with_their_reasons() -> None:
    opened = make.round_of()
    story = reviewed(opened, 90, 90)
    key = story.application.pk

    lead = signed_in(story.manager).post(
        page(opened), {"then": "recommend", "version": "0", f"amount-{key}": "250,000.50", "chosen": [key]}
    )
    confirm = signed_in(story.manager).get(lead["Location"])
    ((prospect, terms),) = confirm.context["possible"]
    data = {"step": "recommend", "key": str(confirm.context["key"]), "chosen": [key], f"seen-{key}": prospect.seen}
    without = signed_in(story.manager).post(
        "/admin/incentives/application/bulk/", {**data, f"item-{key}-amount": terms.initial["amount"]}
    )
    signed_in(story.manager).post(
        "/admin/incentives/application/bulk/",
        {**data, f"item-{key}-amount": terms.initial["amount"], f"item-{key}-reason": "Sound"},
    )

    assert (terms.initial["amount"], without.status_code) == ("250000.50", 422)
    assert [(r.amount, r.reasons) for r in Recommendation.objects.all()] == [(Decimal("250000.50"), "Sound")]


def test_who_has_a_review_to_write_sees_no_score_of_it() -> None:
    opened = make.round_of()
    story = reviewed(opened, 90)
    waiting = story.application.assignments.order_by("pk")[1].reviewer
    waiting.groups.add(*story.manager.groups.all())
    user = User.objects.get(pk=waiting.pk)
    services.declare_conflict(assignment=user.review_assignments.get(), by=user, conflicted=False)

    (own,) = panel.panel_of(opened, user).rows
    (others,) = panel.panel_of(opened, story.manager).rows

    assert [(row.scores, row.is_blind) for row in (own, others)] == [([], True), (others.scores, False)]
    assert [score for _name, score in others.scores] == [Decimal(90)]


def test_panel_reads_the_same_for_one_row_and_for_three_and_each_role_what_it_may() -> None:
    opened = make.round_of()
    story = reviewed(opened, 90, 90)
    client = signed_in(story.manager)
    reads = []
    for _more in range(2):
        client.get(page(opened))
        with CaptureQueriesContext(connection) as found:
            answer = client.get(page(opened))
        reads.append(len([q for q in found if "SAVEPOINT" not in q["sql"]]))
        if not _more:
            reviewed(opened, 80, 60)
            reviewed(opened, 70, 70)

    assert (answer.status_code, reads[0] == reads[1], reads[1] <= 17) == (200, True, True), reads
    people = {
        "manager": story.manager,
        "approver": story.approver,
        "head": make.person("h", Role.HEAD),
        "auditor": make.person("a", Role.AUDITOR),
        "screener": story.screener,
        "finance": story.finance,
        "reviewer": story.reviewers[0],
    }
    status = {name: signed_in(user).get(page(opened)).status_code for name, user in people.items()}
    saves = {name: send(user, opened, "save").status_code for name, user in people.items()}
    assert status == dict.fromkeys(people, 403) | {"manager": 200, "approver": 200, "head": 200, "auditor": 200}
    assert saves == dict.fromkeys(people, 403) | {"manager": 302}
    assert signed_in(story.manager).get("/admin/incentives/application/panels/").status_code == 200


@pytest.mark.parametrize("amount", ["NaN", "1_000", "１２", "-1", "1e9", "15,000,000.01", "=1+1", "\u202e1"])
def test_wrong_amounts_are_shown_again_and_kept_nowhere(amount: str) -> None:
    opened = make.round_of()
    story = reviewed(opened, 90, 90)

    answer = send(story.manager, opened, "save", **{f"amount_{story.application.pk}": amount})

    (row,) = answer.context["panel"].rows
    assert (answer.status_code, row.typed, bool(row.error), PanelDraft.objects.count()) == (422, amount, True, 0)
    assert signed_in(story.manager).post(page(opened), {"version": "9" * 30}).status_code == 422
