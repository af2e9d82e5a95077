"""Reviewers in the browser: one has a conflict, one is late; a flag stands in the way until somebody resolves it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e import applying
from tests.e2e.browsing import Visitor
from tests.e2e.people import take_step
from tests.e2e.running import RunningPortal

type Enter = Callable[[str, int, str], Visitor]

_REVIEWS = (
    "SELECT s.id, s.status, u.email FROM incentives_reviewassignment s JOIN portal_user u ON u.id = s.reviewer_id "
    "WHERE s.application_id = %s ORDER BY s.id"
)
_ROLE = "FROM portal_user u, auth_group g WHERE u.email = 'officer@demo.example' AND g.name = 'reviewer'"


@pytest.fixture
def enter(portal: RunningPortal, browser: Browser, visitors: list[Visitor]) -> Enter:
    """Let staff come in, each once."""
    known: dict[tuple[str, int], Visitor] = {}

    def come(language: str, width: int, account: str) -> Visitor:
        if (account, width) not in known:
            visitor = known[account, width] = Visitor(portal, browser, language, width)
            visitors.append(visitor)
            visitor.sign_in(account)
        return known[account, width]

    return come


def test_conflict_lateness_and_flag(portal: RunningPortal, enter: Enter) -> None:
    ((pk,),) = portal.sql(
        "SELECT a.id FROM incentives_application a JOIN incentives_flag f ON f.application_id = a.id "
        "WHERE a.status = 'under_review' AND f.kind = 'funding' AND f.status = 'open'"
    )
    portal.sql(f"INSERT INTO portal_user_groups (user_id, group_id) SELECT u.id, g.id {_ROLE}")  # a fourth reviewer
    try:
        _reviewers_change(portal, enter, pk)
        _flags_are_settled(portal, enter, pk)
    finally:
        portal.sql(f"DELETE FROM portal_user_groups WHERE (user_id, group_id) IN (SELECT u.id, g.id {_ROLE})")


def _reviewers_change(portal: RunningPortal, enter: Enter, pk: int) -> None:
    first, second = portal.sql(_REVIEWS, pk)
    reviewer = enter("zh-hans", 375, first[2].partition("@")[0])
    page = reviewer.go(f"/admin/incentives/reviewassignment/{first[0]}/change/")
    page.locator('[name="declare-conflicted"][value=yes]').check()
    page.locator('[name="declare-reason"]').fill("亲属在该企业任职")
    page.locator('form[action$="/declare/"] button[type=submit]').first.click()
    page.wait_for_load_state("load")
    reviewer.look()
    assert [row[1] for row in portal.sql(_REVIEWS, pk)] == ["conflicted", "waiting", "waiting"]

    portal.sql(
        "UPDATE portal_deadline d SET due_at = now() - interval '1 second', next_try_at = now() - interval '1 second' "
        "FROM django_content_type t WHERE t.id = d.subject_type_id AND t.model = 'reviewassignment' "
        "AND d.subject_id = %s AND d.step = 'replace' AND d.done_at IS NULL",
        second[0],
    )
    expected = ["conflicted", "replaced", "waiting", "waiting"]
    portal.wait_for(lambda: [row[1] for row in portal.sql(_REVIEWS, pk)] == expected, 60, "the late one stayed")
    portal.mail(second[2], "")
    manager = enter("en", 1280, "manager")
    text = manager.go(f"/admin/incentives/application/{pk}/reviewers/").locator("main").inner_text()
    assert [word in text for word in ("亲属在该企业任职", second[2].partition("@")[0][:8])] == [True, True]
    for assignment, status, email in portal.sql(_REVIEWS, pk):
        if status == "waiting":
            applying.review(enter("en", 1280, email.partition("@")[0]), assignment)


def _flags_are_settled(portal: RunningPortal, enter: Enter, pk: int) -> None:
    def fill(page: Page) -> None:
        page.locator("[name=recommend-amount]").fill("800000")
        page.locator("[name=recommend-reason]").fill("Worth it 值得支持")

    manager = enter("en", 1280, "manager")
    take_step(manager, f"incentives/application/{pk}", "recommend", fill)
    approver = enter("zh-hans", 375, "approver2")
    page = approver.go(f"/admin/incentives/application/{pk}/change/")
    assert page.locator('form[action$="/step/approve/"]').count() == 0

    applying.settle_flags(manager, pk)

    take_step(approver, f"incentives/application/{pk}", "approve", applying.fill_in_meeting)
    assert portal.sql("SELECT status FROM incentives_application WHERE id = %s", pk) == [("public_notice",)]
