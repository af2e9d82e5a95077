"""From the queue to a recommendation: one step of several, the panel's budget line, the register; in both languages."""

import re

from playwright.sync_api import Browser

from incentives.effects import CHECKLIST
from tests.e2e.browsing import Visitor
from tests.e2e.running import RunningPortal


def test_staff_work_off_their_queues_and_draw_the_budget_line(
    portal: RunningPortal, browser: Browser, visitors: list[Visitor]
) -> None:
    screener, manager = Visitor(portal, browser, "en"), Visitor(portal, browser, "zh-hans", 375)
    auditor = Visitor(portal, browser, "en", 375)
    visitors += [screener, manager, auditor]
    for visitor, name in ((screener, "screener"), (manager, "manager"), (auditor, "auditor")):
        visitor.sign_in(name)
        visitor.context.add_cookies([{"name": "language", "value": visitor.language, "url": portal.url}])

    number = _accept_the_most_urgent(screener)
    amount, recommended = _recommend_on_the_panel(manager)
    register = auditor.go("/admin/incentives/application/register/").locator("main")

    assert portal.sql("SELECT status FROM incentives_application WHERE number = %s", number) == [("under_review",)]
    assert portal.sql("SELECT status FROM incentives_application WHERE number = %s", recommended) == [("recommended",)]
    assert re.search(rf"{recommended}.*CNY {amount}.*Sound", register.inner_text(), re.DOTALL)


def _accept_the_most_urgent(screener: Visitor) -> str:
    """Accept the first row of the queue, which the home of the workplace shows too; return its number."""
    page = screener.go("/admin/")
    page.locator('main a[href$="/application/queue/"], #main a[href$="/application/queue/"]').last.click()
    screener.look()
    row = page.locator(".queue__rows tbody tr").first
    number = row.locator("th a").inner_text()
    row.locator("[name=chosen]").check()
    page.locator("select[name=step]").last.select_option("accept")
    page.locator("form:has([name=chosen]) [type=submit]").click()
    screener.look()
    for value in CHECKLIST:
        page.locator(f'[name=all-checklist][value="{value}"]').check()
    page.locator("[name=all-credit_checked_on]").fill("2026-01-05")
    page.locator("[name=all-credit_source]").fill("示例信用平台")
    page.locator("main form [type=submit]").last.click()
    page.locator(".tag--green").wait_for()
    screener.look()
    return number


def _recommend_on_the_panel(manager: Visitor) -> tuple[str, str]:
    """Type an amount that crosses the line and one that does not, recommend it; return it and the number."""
    page = manager.go("/admin/incentives/application/panels/")
    page.locator('main a[href*="/panels/"]', has_text="智能算力").first.click()
    manager.look()
    row = page.locator("tr[data-row]:has(.panel__amount)").first
    number, field = row.locator("th a").inner_text(), row.locator(".panel__amount")
    mark = row.locator(".panel__mark")
    assert not mark.is_visible()
    field.fill("9999999999")
    page.locator("tr[data-line]").wait_for()
    assert mark.is_visible()
    manager.look()
    field.fill("1,250,000")
    page.locator("tr[data-line]").wait_for(state="detached")
    row.locator("[name=chosen]").check()
    page.locator("[name=then][value=recommend]").click()
    manager.look()
    assert page.locator("[name$=-amount]").input_value() == "1250000"
    page.locator("[name$=-reason]").fill("评审意见一致。Sound")
    page.locator("main form [type=submit]").last.click()
    page.locator(".tag--green").wait_for()
    manager.look()
    return "1.25 million", number
