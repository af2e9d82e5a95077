"""An investor replies with a file, rates, takes along; somebody else asks, reads what is held, and is erased."""

import json
from pathlib import Path
from zipfile import ZipFile

from playwright.sync_api import Browser

from tests.e2e.browsing import Visitor
from tests.e2e.people import PASSWORD, PDF, sign_up
from tests.e2e.running import RunningPortal


def test_investor_rates_replies_with_a_file_and_takes_it_along(
    portal: RunningPortal, browser: Browser, visitors: list[Visitor]
) -> None:
    investor = Visitor(portal, browser, "en")
    visitors.append(investor)
    investor.sign_in("investor")
    page = investor.go("desk/inquiries/")

    investor.press("Visit to the Changyang Campus")
    page.get_by_label("4", exact=True).check()
    page.locator("[name=comment]").fill("Two dates at once: good.")
    investor.press("Rate the answer")
    assert "Two dates at once: good." in page.locator("main aside").inner_text()
    page.locator("[name=text]").fill("Thursday suits us. Our passports are attached.")
    page.locator("[name=attachments]").set_input_files(
        [{"name": f"passport-{n}.pdf", "mimeType": "application/pdf", "buffer": PDF} for n in (1, 2)]
    )
    investor.press("Send")

    assert page.get_by_role("link", name="passport-2.pdf").is_visible()
    assert page.locator("main .tag").first.inner_text() == "being answered"
    with page.expect_download() as download:
        page.get_by_role("link", name="(ZIP)").click()
    with ZipFile(Path(download.value.path())) as archive:
        files = ["1-demonstration-way-there.pdf", "2-passport-1.pdf", "3-passport-2.pdf"]  # the first was the officer's
        assert archive.namelist() == ["inquiry.json", *(f"files/{name}" for name in files)]


def test_visitor_is_erased_on_a_phone_in_chinese(
    portal: RunningPortal, browser: Browser, visitors: list[Visitor]
) -> None:
    visitor = Visitor(portal, browser, "zh-hans", 375)
    visitors.append(visitor)
    address = sign_up(visitor, "Demonstration visitor who leaves")
    page = visitor.go("inquiries/new/")
    page.locator("[name=topic]").select_option("talent")
    page.locator("[name=subject]").fill("人才公寓")
    page.locator("[name=text]").fill("请问如何申请人才公寓？")
    visitor.press("发送")
    page.wait_for_url("**/desk/inquiries/INQ-*/")

    visitor.go("accounts/personal-data/")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载全部信息").click()
    told = json.loads(Path(download.value.path()).read_text())
    visitor.press("注销账号并删除信息")
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form:has([name=password]) [type=submit]").click()
    page.wait_for_url("**/withdraw/account/")
    visitor.look()
    page.locator("[name=sure]").check()
    visitor.press("注销我的账号")

    assert (told["account"]["email"], told["inquiries"][0]["subject"]) == (address, "人才公寓")
    assert page.get_by_text("您的账号已注销").is_visible()
    gone = (
        "SELECT NOT EXISTS (SELECT FROM portal_user WHERE email = %s) AND NOT EXISTS ("
        "SELECT FROM investors_inquiry WHERE subject = '人才公寓' OR text LIKE '%%人才公寓%%')"
    )
    portal.wait_for(lambda: portal.sql(gone, address) == [(True,)], 60, "nobody was erased")
    assert [log.name for log in portal.var.glob("*.log") if address in log.read_text()] == []
