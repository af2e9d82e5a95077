"""An investor without an account searches, keeps, compares, prints, signs up and keeps the list; saves a search, gets its mail."""

import re
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.browsing import Visitor
from tests.e2e.people import sign_up
from tests.e2e.running import RunningPortal


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("zh-hans", 375)])
def test_investor_keeps_compares_prints_and_is_told_of_more(
    portal: RunningPortal, browser: Browser, visitors: list[Visitor], language: str, width: int
) -> None:
    investor = Visitor(portal, browser, language, width)
    visitors.append(investor)
    page = investor.go("opportunities/?kind=premises")
    paths = [link.get_attribute("href") or "" for link in page.locator('main h2 a[href*="/opportunities/"]').all()[:2]]
    titles = [_keep(investor, path) for path in paths]

    _compare(investor, titles)
    _print(investor, titles)
    address = sign_up(investor, "Demonstration visitor who keeps a list")
    page = investor.go("desk/shortlist/")
    assert page.locator("main .listing h2").all_inner_texts() == titles[::-1]
    _save_and_hear(investor, address)


def _keep(investor: Visitor, path: str) -> str:
    """Add an opportunity by the page with one button; return its title."""
    page = investor.page
    page.goto(investor.running.url + path)
    title = str(page.locator("main h1").evaluate("heading => heading.lastChild.textContent.trim()"))
    page.locator('main a[href*="/shortlist/add/"]').first.click()
    investor.look()
    page.locator("main form [type=submit]").click()
    investor.look()
    assert page.url.endswith("/shortlist/")
    return title


def _compare(investor: Visitor, titles: list[str]) -> None:
    page = investor.page
    for box in page.locator("input[form=compare]").all():
        box.check()
    page.locator("button[form=compare]").click()
    investor.look()
    shown = page.locator("main table").inner_text()
    assert [title for title in titles if title not in shown] == []
    assert "m²" in shown
    page.go_back()


def _print(investor: Visitor, titles: list[str]) -> None:
    """Have a brochure made in the language of the visitor, and read it."""
    page = investor.page
    page.locator('main a[href$="/shortlist/brochures/"]').click()
    investor.look()
    page.locator("main form [type=submit]").click()
    investor.look()
    with page.expect_download(timeout=90_000) as download:
        page.locator("main a[download]").click(timeout=90_000)
    read = pypdf.PdfReader(Path(download.value.path()))
    text = re.sub(r"\s+", "", "".join(part.extract_text() for part in read.pages))
    assert [title for title in titles if re.sub(r"\s+", "", title) not in text] == []
    cover = "上海市杨浦区投资机会" if investor.language == "zh-hans" else "OpportunitiesinYangpuDistrict,Shanghai"
    assert cover in text


def _save_and_hear(investor: Visitor, address: str) -> None:
    """Save a search; its digest is brought forward and reaches back; the mail's link pauses it."""
    portal, page = investor.running, investor.page
    investor.go("desk/saved-searches/new/?kind=premises")
    page.locator("[name=name]").fill("Laboratories 实验室")
    page.locator("[name=often][value=weekly]").check()
    page.locator("main form:has([name=name]) [type=submit]").click()
    investor.look()
    _reach_back(portal, address)
    body = portal.mail(address, "Laboratories", 90).get_body(("plain",))
    text = body.get_content() if body else ""
    link = re.search(r"http://\S+/saved-searches/stop/\S+", text)
    assert link
    assert f"/{investor.language}/opportunities/" in text
    page.goto(link.group())
    investor.look()
    page.locator("main form [type=submit]").click()
    investor.look()
    assert _paused(portal, address)
    _delete(investor, page)


def _reach_back(portal: RunningPortal, address: str) -> None:
    own = "(SELECT s.id FROM investors_savedsearch s JOIN portal_user u ON u.id = s.person_id WHERE u.email = %s)"
    portal.sql(f"UPDATE investors_savedsearch SET since = since - interval '1 year' WHERE id IN {own}", address)
    portal.sql(f"UPDATE investors_searchdigest SET next_try_at = now() WHERE search_id IN {own}", address)


def _paused(portal: RunningPortal, address: str) -> bool:
    found = portal.sql(
        "SELECT s.paused_at IS NOT NULL FROM investors_savedsearch s JOIN portal_user u ON u.id = s.person_id "
        "WHERE u.email = %s",
        address,
    )
    return found == [(True,)]


def _delete(investor: Visitor, page: Page) -> None:
    investor.go("desk/saved-searches/")
    page.locator("main .task-list a").first.click()
    page.locator('main a[href$="/delete/"]').click()
    investor.look()
    page.locator("main form [type=submit]").click()
    page.wait_for_url("**/desk/saved-searches/")
    investor.look()
