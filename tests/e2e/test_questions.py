"""Questions that depend on others, and tables that grow: at once where a script runs, and just as well without one."""

from playwright.sync_api import Browser, Locator, Page

from tests.e2e.browsing import Visitor
from tests.e2e.running import RunningPortal

PLACE = ("campus", "address", "signed", "rent", "lease", "moves_in")


def start(visitor: Visitor, programme: str, section: str) -> str:
    """Begin an application, or find the one begun before; open a section and return its address below the language."""
    page = visitor.go(f"incentives/{programme}/")
    page.locator('main form[action$="/apply/"] [type=submit]').click()
    page.wait_for_url("**/desk/applications/*/")
    address = f"{page.url.partition(f'/{visitor.language}/')[2]}sections/{section}/"
    visitor.go(address)
    return address


def shown(page: Page) -> list[str]:
    return [name for name in PLACE if page.locator(f"#div_id_{name}").is_visible()]


def cell(page: Page, row: int, column: str) -> Locator:
    return page.locator(f'[name="costs.{row}.{column}"]')


def test_questions_are_shown_where_they_apply(portal: RunningPortal, browser: Browser, visitors: list[Visitor]) -> None:
    scripted, plain = (
        Visitor(portal, browser, "zh-hans", 320),
        Visitor(portal, browser, "en", script=False),
    )
    visitors += [scripted, plain]
    scripted.sign_in("signatory")
    place, page = start(scripted, "riverside-rent-subsidy", "place"), scripted.page

    assert shown(page) == ["campus", "signed", "rent"]
    page.locator("[name=campus][value=other]").check()
    page.locator("[name=signed][value=yes]").check()
    page.locator("[name=address]").fill("示例路1号")
    assert shown(page) == ["campus", "address", "signed", "rent", "lease"]
    scripted.look()
    page.locator("[name=signed][value=no]").check()
    assert shown(page) == ["campus", "address", "signed", "rent", "moves_in"]
    page.locator("[name=draft]").click()
    page.wait_for_url("**/desk/applications/*/")

    means = start(scripted, "ai-computing-grant", "means")
    cell(page, 0, "item").fill("算力")
    before = page.locator("tbody tr").count()
    page.locator("[data-add-row]").click()
    assert page.evaluate("document.activeElement.name") == f"costs.{before}.item"
    page.keyboard.type("数据")
    cell(page, before, "amount").fill("88,000.50")
    scripted.look()
    page.locator("[name=draft]").click()
    page.wait_for_url("**/desk/applications/*/")

    plain.sign_in("signatory")
    page = plain.go(place)
    assert shown(page) == list(PLACE)
    assert "Answer only if you chose “Yes” for “Is the lease signed?”." in page.inner_text("main")
    page = plain.go(means)
    assert [cell(page, row, "item").input_value() for row in (0, 1)] == ["算力", "数据"]
    cell(page, 2, "amount").fill("not yet")
    rows = page.locator("tbody tr").count()
    page.locator("[name=add_row]").click()
    plain.look()
    assert page.locator("tbody tr").count() == rows + 1
    assert (cell(page, 1, "amount").input_value(), cell(page, 2, "amount").input_value()) == ("88000.50", "not yet")
