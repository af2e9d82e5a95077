"""The pages of clusters in a browser: nothing spills over, nothing is inaccessible, and the files come down."""

import pytest
from playwright.sync_api import Browser

from tests.e2e.browsing import Visitor
from tests.e2e.running import RunningPortal


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("zh-hans", 320)])
def test_clusters_are_seen_and_taken_away(
    portal: RunningPortal, browser: Browser, visitors: list[Visitor], language: str, width: int
) -> None:
    visitor = Visitor(portal, browser, language, width)
    visitors.append(visitor)
    visitor.go("clusters/")
    page = visitor.go("clusters/life-and-health/")

    page.locator("#staff-life-and-health summary").click()
    assert page.locator("#staff-life-and-health table").is_visible()
    with page.expect_download() as download:
        page.locator("#staff-life-and-health a[href$='.svg']").click()
    assert download.value.suggested_filename == "life-and-health-staff.svg"
    page.locator("select[name=subdistrict]").select_option("yinhang")
    page.locator("form:has([name=subdistrict]) [type=submit]").click()
    page.wait_for_url("**/?subdistrict=yinhang#formula")
    visitor.look()

    assert page.locator(".formula").count() == 1
