"""A member gives the figures of a year, is asked about a likely mistake, and reads what follows; nothing hurts to read."""

import pytest
from playwright.sync_api import Browser

from firms import yearly
from tests.e2e.browsing import Visitor
from tests.e2e.running import RunningPortal

OLDEST = yearly.last_ended_year() - yearly.YEARS_ASKED + 1


@pytest.mark.parametrize(
    ("language", "width", "year", "words"),
    [("en", 1280, OLDEST, "CNY 250,000"), ("zh-hans", 320, OLDEST + 1, "25万元")],
)
def test_member_gives_the_figures_of_a_year(
    portal: RunningPortal,
    browser: Browser,
    visitors: list[Visitor],
    language: str,
    width: int,
    year: int,
    words: str,
) -> None:
    editor = Visitor(portal, browser, language, width)
    visitors.append(editor)
    editor.sign_in("editor")
    page = editor.go("desk/organisation/")
    page.locator("a[href$='/figures/']").first.click()
    editor.look()
    overview = page.url
    page.locator(f"a[href$='/figures/{year}/']").click()
    editor.look()
    page.locator("[name=revenue]").fill("２０万元")
    page.locator("[name=rd_spend]").fill("250,000")
    save = page.locator("main form button[type=submit]").first
    save.click()
    editor.look()
    editor.faults = [fault for fault in editor.faults if "status of 422" not in fault]  # the browser's word for it
    asked = page.locator("[name=is_sure]").count()
    page.locator("[name=is_sure]").check()
    save.click()
    editor.look()

    row = page.locator("tr", has=page.locator(f"a[href$='/figures/{year}/']"))
    assert (asked, page.url, words in row.inner_text()) == (1, overview, True)
