"""Reviewers in the browser: one has a conflict, one is late; a flag stands in the way until somebody resolves it."""

from tests.e2e import acting, applying
from tests.e2e.acting import reviewers
from tests.e2e.browsing import Enter
from tests.e2e.running import RunningPortal


def test_conflict_lateness_and_flag(portal: RunningPortal, enter: Enter) -> None:
    ((pk,),) = portal.sql(
        "SELECT a.id FROM incentives_application a JOIN incentives_flag f ON f.application_id = a.id "
        "WHERE a.status = 'under_review' AND f.kind = 'funding' AND f.status = 'open'"
    )
    with acting.reviewing_too(portal, "officer"):
        _reviewers_change(portal, enter, pk)
        _flags_are_settled(portal, enter, pk)


def _reviewers_change(portal: RunningPortal, enter: Enter, pk: int) -> None:
    first, second = reviewers(portal, pk)
    acting.decline_for_conflict(enter("zh-hans", 375, first[2]), first[0], "亲属在该企业任职")
    assert [status for _key, status, _account in reviewers(portal, pk)] == ["conflicted", "waiting", "waiting"]

    acting.let_time_pass(portal, "replace", "reviewassignment", second[0])
    expected = ["conflicted", "replaced", "waiting", "waiting"]
    portal.wait_for(lambda: [row[1] for row in reviewers(portal, pk)] == expected, 60, "the late one stayed")
    portal.mail(f"{second[2]}@demo.example", "")
    manager = enter("en", 1280, "manager")
    text = manager.go(f"/admin/incentives/application/{pk}/reviewers/").locator("main").inner_text()
    assert [word in text for word in ("亲属在该企业任职", second[2][:8])] == [True, True]
    for assignment, status, account in reviewers(portal, pk):
        if status == "waiting":
            applying.review(enter("en", 1280, account), assignment)


def _flags_are_settled(portal: RunningPortal, enter: Enter, pk: int) -> None:
    manager = enter("en", 1280, "manager")
    acting.step_with_reason(manager, pk, "recommend", "Worth it 值得支持", amount="800000")
    approver = enter("zh-hans", 375, "approver2")
    page = approver.go(f"/admin/incentives/application/{pk}/change/")
    assert page.locator('form[action$="/step/approve/"]').count() == 0

    applying.settle_flags(manager, pk)

    acting.approve(approver, pk)
    assert portal.sql("SELECT status FROM incentives_application WHERE id = %s", pk) == [("public_notice",)]
