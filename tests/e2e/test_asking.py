"""An investor without an account asks from a firm's page, confirms by mail, comes back by code, is answered and rates."""

import re

import pytest
from playwright.sync_api import Browser

from tests.e2e.browsing import Enter, Visitor
from tests.e2e.people import take_step
from tests.e2e.running import RunningPortal

SUBJECTS = {
    "en": {
        "acknowledge": "Your inquiry {} is being answered",
        "answer": "Your inquiry {} has been answered",
    },
    "zh-hans": {"acknowledge": "您的咨询{}正在办理", "answer": "您的咨询{}已答复"},
}
"""What the investor's mails are about."""


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("zh-hans", 320)])
def test_investor_without_an_account_asks(
    portal: RunningPortal, browser: Browser, visitors: list[Visitor], enter: Enter, language: str, width: int
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
    ((pk, reference, officer, account),) = portal.sql(
        "SELECT i.id, i.reference, o.name, split_part(o.email, '@', 1) FROM investors_inquiry i JOIN portal_user u ON u.id = i.sender_id "
        "JOIN portal_user o ON o.id = i.officer_id WHERE u.email = %s",
        email,
    )
    shown = page.locator("main .summary-list").inner_text()
    assert [word for word in (reference, officer, "021-0000 0001") if word not in shown] == []
    assert len(re.findall(r"\d{4}年\d+月\d+日" if chinese else r"\d{1,2} \w+ \d{4}", shown)) == 2
    page.locator("main .actions a").click()
    investor.look()
    assert page.locator(f'main a[href="{firm}"]').count() == 1

    later = Visitor(portal, browser, language, width)
    _come_back(later, visitors, reference, email)
    _is_answered(later, enter("en" if chinese else "zh-hans", account=account), pk, reference, email)


def _is_answered(investor: Visitor, officer: Visitor, pk: int, reference: str, email: str) -> None:
    """Let the officer, who works in the other language, confirm and answer; the investor replies, and rates the end."""
    portal, page = investor.running, investor.page
    inquiry, subjects = f"investors/inquiry/{pk}", SUBJECTS[investor.language]
    take_step(officer, inquiry, "acknowledge")
    portal.mail(email, subjects["acknowledge"].format(reference))
    take_step(officer, inquiry, "answer", lambda desk: desk.locator("[name=answer-text]").fill("Grippers. 夹爪。"))
    portal.mail(email, subjects["answer"].format(reference))
    investor.go(f"desk/inquiries/{reference}/")
    assert "Grippers. 夹爪。" in page.inner_text("main")
    page.locator("main form [name=text]").fill("For which loads? 负载多大？")
    page.locator("main form:has([name=text]) [type=submit]").click()
    investor.look()
    take_step(
        officer, inquiry, "answer", lambda desk: desk.locator("[name=answer-text]").fill("Up to 5 kg. 不超过5公斤。")
    )
    portal.wait_for(
        lambda: len(portal.mails(email, subjects["answer"].format(reference))) == 2, 60, "the answer was not mailed"
    )
    investor.go(f"desk/inquiries/{reference}/")
    page.locator("[name=rating][value='4']").check()
    page.locator("main form:has([name=rating]) [type=submit]").click()
    investor.look()
    assert portal.sql("SELECT status, rating FROM investors_inquiry WHERE id = %s", pk) == [("answered", 4)]


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
