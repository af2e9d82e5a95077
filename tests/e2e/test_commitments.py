"""A commitment is made from an answer with one action, seen, not kept, explained, and promised anew."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page

from tests.e2e.browsing import Visitor
from tests.e2e.people import take_step
from tests.e2e.running import RunningPortal

WORDS = {
    "en": ("We are sorry: two operators did not answer.", "We call both of them tomorrow."),
    "zh-hans": ("抱歉：两家运营方未答复。", "明日再次联系两家运营方。"),
}


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("zh-hans", 375)])
def test_commitment_is_made_seen_broken_and_explained(
    portal: RunningPortal, browser: Browser, visitors: list[Visitor], language: str, width: int
) -> None:
    def enter(account: str, width: int) -> Visitor:
        visitor = Visitor(portal, browser, language, width)
        visitors.append(visitor)
        visitor.sign_in(account)
        return visitor

    ((inquiry, answer),) = portal.sql(
        "SELECT i.id, m.id FROM investors_inquiry i JOIN investors_inquirymessage m ON m.inquiry_id = i.id "
        "JOIN portal_user u ON u.id = i.sender_id WHERE u.email = 'investor@demo.example' "
        "AND i.status IN ('answered', 'closed') AND NOT m.is_internal AND m.author_id <> i.sender_id "
        "AND i.organisation_id IS NULL "
        "ORDER BY m.id DESC LIMIT 1"
    )
    officer, due_on = enter("officer", 1280), timezone.localdate() + timedelta(days=9)

    page = officer.go(f"/admin/investors/inquiry/{inquiry}/change/")
    page.locator(f'a[href$="?message={answer}"]').click()
    officer.look()
    page.locator("[name=due_on]").fill(due_on.isoformat())
    page.locator("form:has([name=due_on]) button[type=submit]").click()
    page.wait_for_url("**/admin/investors/commitment/*/change/")
    officer.look()
    ((pk, reference),) = portal.sql(
        "SELECT id, reference FROM investors_commitment WHERE message_id = %s ORDER BY id DESC LIMIT 1", answer
    )
    portal.mail("investor@demo.example", reference)
    officer.go("/admin/investors/commitment/")

    investor = enter("investor", width)
    investor.go("desk/")
    seen = investor.go("desk/commitments/")
    seen.locator(f'a[href$="/desk/commitments/{reference}/"]').first.click()
    investor.look()
    assert reference in seen.inner_text("main")

    take_step(officer, f"investors/commitment/{pk}", "break", break_with(*WORDS[language], due_on + timedelta(days=9)))

    ((anew,),) = portal.sql("SELECT reference FROM investors_commitment WHERE follows_id = %s", pk)
    portal.wait_for(
        lambda: len(portal.mails("investor@demo.example", reference)) >= 2, 120, "the reasons were not mailed"
    )
    told = investor.go(f"desk/commitments/{reference}/").inner_text("main")
    assert [words in told for words in (*WORDS[language], anew)] == [True] * 3
    investor.go(f"desk/commitments/{anew}/")
    investor.go("desk/commitments/print/")
    assert portal.sql("SELECT status FROM investors_commitment WHERE id = %s", pk) == [("broken",)]


def break_with(reasons: str, next_step: str, due_on: date) -> Callable[[Page], None]:
    """Return what fills in the form."""

    def fill(page: Page) -> None:
        page.locator("[name=break-text]").fill(reasons)
        page.locator("[name=break-next_step]").fill(next_step)
        page.locator("[name=break-due_on]").fill(due_on.isoformat())

    return fill
