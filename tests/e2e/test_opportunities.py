"""The directory of opportunities in a browser: with a script and without, on a desk and on a phone."""

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.browsing import Visitor
from tests.e2e.running import RunningPortal
from tests.e2e.test_searching import expect_found, first_number, found, open_filter


def test_opportunities_with_a_script(portal: RunningPortal, browser: Browser, visitors: list[Visitor]) -> None:
    visitor = Visitor(portal, browser, "en")
    visitors.append(visitor)
    page = visitor.go("opportunities/")

    wanted = first_number(page, "kind-premises")
    page.locator("#kind-premises").check()
    page.wait_for_url("**kind=premises*")
    expect_found(page, wanted)
    expect(page.locator("#facet-area")).to_be_visible()  # what only premises have
    expect(page.locator("#kind-premises")).to_be_focused()
    visitor.look()
    page.locator(".results-bar a[href*='sort=rent']").click()
    page.wait_for_url("**sort=rent*")
    page.locator(".results-bar a[href*='view=map']").click()
    expect(page.locator(".chart svg")).to_be_visible()
    visitor.look()
    page.locator(".chip").first.click()
    page.wait_for_url(lambda url: "kind" not in url)

    page = visitor.go("opportunities/?q=xqzv&kind=premises")
    assert page.locator(".empty a[href='?kind=premises']").count() == 1


@pytest.mark.parametrize("page_of", ["opportunities", "technology"])
def test_opportunities_without_a_script(
    portal: RunningPortal, browser: Browser, visitors: list[Visitor], page_of: str
) -> None:
    visitor = Visitor(portal, browser, "zh-hans", 375, script=False)
    visitors.append(visitor)
    page = visitor.go(f"{page_of}/")
    everything = found(page)

    page.locator("#q").fill("技术")
    page.locator(".directory-search [type=submit]").click()
    with_word = found(page)
    assert page.locator(".listing mark").count() > 0
    open_filter(page, "kind")
    wanted = first_number(page, "kind-technology_offered")
    page.locator("#kind-technology_offered").check()
    page.locator("noscript [type=submit]").click()
    assert found(page) == wanted <= with_word
    visitor.look()
    chips = page.locator(".chip:not(.chip--all)")
    for left in reversed(range(chips.count())):
        chips.first.click()
        expect(chips).to_have_count(left)
    assert found(page) == everything
    ((slug,),) = portal.sql(
        "SELECT slug FROM investors_opportunity WHERE status = 'published' ORDER BY id DESC LIMIT 1"
    )
    visitor.go(f"opportunities/?after={slug}")
    page.locator(".pager [rel=prev]").click()
    expect(page.locator(f".listing a[href*='{slug}']").first).to_be_attached()
