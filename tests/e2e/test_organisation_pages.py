"""The pages of a firm, a university, an institute and a park; and a question asked about each of two."""

import pytest
from playwright.sync_api import Browser

from tests.e2e.browsing import Visitor
from tests.e2e.running import RunningPortal

LISTS = ("firms", "universities", "institutes", "parks")


@pytest.mark.parametrize(("language", "width", "kind"), [("en", 1280, "firms"), ("zh-hans", 320, "institutes")])
def test_investor_asks_about_an_organisation(
    portal: RunningPortal, browser: Browser, visitors: list[Visitor], language: str, width: int, kind: str
) -> None:
    investor, officer = Visitor(portal, browser, language, width), Visitor(portal, browser, "en")
    visitors += [investor, officer]
    investor.sign_in("investor")
    pages = {}
    for name in LISTS:
        page = investor.go(f"{name}/")
        page.locator(f'main .listing h2 a[href*="/{name}/"]').first.click()
        investor.look()
        pages[name] = page.url.removeprefix(f"{portal.url}/{language}/")
    investor.page.emulate_media(media="print")
    assert investor.page.locator(".only-print").is_visible()
    assert not investor.page.locator('main a[href*="/inquiries/new/"]').first.is_visible()
    investor.page.emulate_media(media="screen")

    page = investor.go(pages[kind])
    page.locator('main a[href*="/inquiries/new/"]').first.click()
    investor.look()
    page.locator("[name=text]").fill("请介绍合作方式。" if language == "zh-hans" else "How do you work with partners?")
    page.locator("main form:has([name=text]) [type=submit]").click()
    page.wait_for_url("**/desk/inquiries/*/")
    investor.look()

    assert page.locator(f'main a[href="/{language}/{pages[kind]}"]').count() == 1
    reference = page.url.rstrip("/").rpartition("/")[2]
    ((pk, slug, email),) = portal.sql(
        "SELECT i.id, o.slug, u.email FROM investors_inquiry i JOIN portal_user u ON u.id = i.officer_id "
        "JOIN firms_organisation o ON o.id = i.about_organisation_id WHERE i.reference = %s",
        reference,
    )
    assert slug == pages[kind].split("/")[1]
    officer.sign_in(email.partition("@")[0])
    workplace = officer.go(f"/admin/investors/inquiry/{pk}/change/")
    assert workplace.locator(f'a[href$="/{pages[kind]}"]').count() == 1
    portal.mail(email, reference)
