"""From the list of laboratories to a technology, its chain and a question; and what talent finds."""

from playwright.sync_api import Browser

from tests.e2e.browsing import Visitor
from tests.e2e.running import RunningPortal


def test_stranger_goes_from_a_laboratory_to_a_question(
    portal: RunningPortal, browser: Browser, visitors: list[Visitor]
) -> None:
    for language, width in (("en", 1280), ("zh-hans", 320)):
        visitor = Visitor(portal, browser, language, width)
        visitors.append(visitor)
        page = visitor.go("laboratories/")
        page.locator('main .listing h2 a[href*="sensing-and-vision"]').click()
        visitor.look()
        page.locator('main .listing h4 a[href*="layout-design"]').click()
        visitor.look()
        assert page.locator(".chain > li").count() == 5
        assert page.locator(
            '.chain > li:last-child a[href$="/layout-design-for-a-low-power-sensor-chip/interest/"]'
        ).count()
        page.locator('.chain a[href*="/laboratories/"]').click()
        page.locator('main a[href*="?laboratory="]').first.click()
        visitor.look()
        name = "Demonstration Laboratory of Sensing and Vision" if language == "en" else "示例感知与视觉实验室"
        assert page.locator("[name=subject]").input_value() == name
        visitor.go("talent/")
