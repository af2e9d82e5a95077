"""An investor without an account asks from a firm's page, confirms the mail's link, and comes back with a code."""

import re

import pytest
from playwright.sync_api import Browser

from tests.e2e.browsing import Visitor
from tests.e2e.running import RunningPortal


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("zh-hans", 320)])
def test_investor_without_an_account_asks(
    portal: RunningPortal, browser: Browser, visitors: list[Visitor], language: str, width: int
) -> None:
    chinese = language == "zh-hans"
    investor, email = Visitor(portal, browser, language, width), f"asks-{language}@visitor.example"
    visitors.append(investor)
    page = investor.go("firms/")
    page.locator('main .listing h2 a[href*="/firms/"]').first.click()
    investor.look()
    assert page.get_by_text("021-0000 0001").count() == 1
    firm = page.url.removeprefix(portal.url)

    page.locator('main a[href*="/inquiries/new/"]').first.click()
    investor.look()
    assert (
        page.locator("div:has(> .field [name=website])").evaluate("node => node.offsetWidth") == 1
    )  # for programs alone
    page.locator("[name=text]").fill("贵公司有哪些产品？" if chinese else "Which products do you have?")
    page.locator("[name=name]").fill("李示例" if chinese else "Ada Example")
    page.locator("[name=email]").fill(email)
    page.locator("[name=country]").select_option("SG")
    page.wait_for_timeout(2_100)  # nobody types faster
    page.locator("main form:has([name=text]) [type=submit]").click()
    page.locator(f"text={email}").first.wait_for()
    investor.look()

    body = portal.mail(email, "杨浦区" if chinese else "question", 150).get_body(("plain",))
    link = re.search(r"http://\S+/inquiries/confirm/\S+", body.get_content() if body else "")
    assert link
    for _scanner in range(2):
        page.goto(link.group())
        investor.look()
    assert portal.sql("SELECT count(*) FROM portal_user WHERE email = %s", email) == [(0,)]
    page.locator("main form [type=submit]").click()
    investor.look()
    ((reference, officer),) = portal.sql(
        "SELECT i.reference, o.name FROM investors_inquiry i JOIN portal_user u ON u.id = i.sender_id "
        "JOIN portal_user o ON o.id = i.officer_id WHERE u.email = %s",
        email,
    )
    shown = page.locator("main .summary-list").inner_text()
    assert [word for word in (reference, officer, "021-0000 0001") if word not in shown] == []
    assert len(re.findall(r"\d{4}年\d+月\d+日" if chinese else r"\d{1,2} \w+ \d{4}", shown)) == 2
    page.locator("main .actions a").click()
    investor.look()
    assert page.locator(f'main a[href="{firm}"]').count() == 1

    _come_back(Visitor(portal, browser, language, width), visitors, reference, email)


def _come_back(later: Visitor, visitors: list[Visitor], reference: str, email: str) -> None:
    """Open the inquiry on another machine, with a code that is sent by mail."""
    visitors.append(later)
    page = later.go(f"desk/inquiries/{reference}/")
    page.locator('main a[href*="/login/code/"]').click()
    later.look()
    page.locator("[name=email]").fill(email)
    page.locator("main form:has([name=email]) [type=submit]").click()
    page.locator("[name=code]").wait_for()
    later.look()
    sent = later.running.mail(email, "验证码" if later.language == "zh-hans" else "code", 150).get_body(("plain",))
    code = re.search(r"^\s*([0-9A-Z][0-9A-Z-]{3,11})\s*$", sent.get_content() if sent else "", re.MULTILINE)
    assert code
    page.locator("[name=code]").fill(code.group(1))
    page.locator("main form:has([name=code]) [type=submit]").first.click()
    page.wait_for_url(f"**/desk/inquiries/{reference}/")
    later.look()
