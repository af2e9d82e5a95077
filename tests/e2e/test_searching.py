"""The directory of firms in a browser: with a script and without, on a desk and on a phone, in both languages."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browsing import Visitor
from tests.e2e.running import RunningPortal

LANGUAGES = pytest.mark.parametrize(("language", "width", "word"), [("en", 1280, "robots"), ("zh-hans", 375, "软件")])


def found(page: Page) -> int:
    """Return how many firms the page says that it found, when all of it has arrived."""
    page.wait_for_load_state("domcontentloaded")
    number = re.search(r"\d+", page.locator("#found").inner_text().replace(",", ""))
    assert number
    return int(number.group())


def expect_found(page: Page, number: int) -> None:
    """Wait until the page says that it found so many; a script may still be at it."""
    digits = f"{number:,}".replace(",", ",?")
    expect(page.locator("#found")).to_contain_text(re.compile(rf"(?<!\d){digits}(?!\d)"))


def open_filter(page: Page, name: str) -> None:
    """Open the filters, where they are folded, and one of them."""
    if not page.locator(f"#facet-{name}").is_visible():
        page.locator("#facets > summary").click()
    if not page.locator(f"#facet-{name} fieldset").is_visible():
        page.locator(f"#facet-{name} > summary").click()


def first_number(page: Page, option: str) -> int:
    """Return the number of firms that a choice says it leaves."""
    return int(page.locator(f'label[for="{option}"] [aria-hidden]').inner_text().replace(",", ""))


@LANGUAGES
def test_search_with_a_script(
    portal: RunningPortal, browser: Browser, visitors: list[Visitor], language: str, width: int, word: str
) -> None:
    visitor = Visitor(portal, browser, language, width)
    visitors.append(visitor)
    page = visitor.go("firms/")
    field, options = page.locator("#q"), page.locator("#suggestions [role=option]")

    field.press_sequentially(word[:3])
    expect(options.first).to_be_visible()
    field.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", "suggestion-1")
    visitor.look()
    field.press("Escape")
    expect(options.first).to_be_hidden()
    field.fill(word)
    field.press("Enter")
    page.wait_for_url("**/firms/?q=*")
    expect(page.locator(".listing mark").first).to_be_visible()
    with_word = found(page)

    open_filter(page, "subdistrict")
    wanted = first_number(page, "subdistrict-yinhang")
    page.locator("#subdistrict-yinhang").check()
    page.wait_for_url("**subdistrict=yinhang*")
    expect_found(page, wanted)
    expect(page.locator("#facet-subdistrict fieldset")).to_be_visible()  # what was opened stays open
    expect(page.locator("#subdistrict-yinhang")).to_be_focused()
    visitor.look()
    page.go_back()
    page.wait_for_url(lambda url: "subdistrict" not in url)
    expect_found(page, with_word)
    expect(field).to_have_value(word)
    page.go_forward()
    page.wait_for_url("**subdistrict=yinhang*")
    expect_found(page, wanted)

    page.locator(".chip[href='?q=" + page.evaluate("encodeURIComponent", word) + "']").click()
    page.wait_for_url(lambda url: "subdistrict" not in url)
    expect(page.locator("#found")).to_be_focused()
    expect_found(page, with_word)
    page.locator(".results-bar a[href*='view=map']").click()
    expect(page.locator(".chart svg")).to_be_visible()
    visitor.look()
    visitor.go("firms/?q=xqzv&subdistrict=yinhang")
    visitor.go("firms/")

    ((slug, name),) = portal.sql(
        f"SELECT slug, {'name_en' if language == 'en' else 'name_zh'} FROM firms_organisation "
        "WHERE status = 'listed' AND kind = 'firm' AND name_en <> '' ORDER BY id LIMIT 1"
    )
    field.press_sequentially(name)
    expect(options.filter(has_text=name).first).to_be_visible()
    field.press("ArrowDown")
    field.press("Enter")
    page.wait_for_url(f"**/firms/{slug}/")


@LANGUAGES
def test_search_without_a_script(
    portal: RunningPortal, browser: Browser, visitors: list[Visitor], language: str, width: int, word: str
) -> None:
    visitor = Visitor(portal, browser, language, width, script=False)
    visitors.append(visitor)
    page = visitor.go("firms/")

    page.locator("#q").fill(word)
    page.locator(".directory-search [type=submit]").click()
    with_word = found(page)
    assert page.locator(".listing mark").count() >= 20
    open_filter(page, "subdistrict")
    wanted = first_number(page, "subdistrict-yinhang")
    page.locator("#subdistrict-yinhang").check()
    page.locator("noscript [type=submit]").click()
    assert found(page) == wanted
    visitor.look()
    page.locator(".pager [rel=next]").click()
    page.locator(".pager [rel=prev]").click()
    page.locator(".chip").nth(1).click()
    assert (found(page), "subdistrict" in page.url) == (with_word, False)

    for ending, begin in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")):
        link = page.locator(f"a[href*='export.{ending}']").get_attribute("href")
        answer = visitor.context.request.get(portal.url + (link or ""))
        assert (answer.status, answer.body().startswith(begin)) == (200, True)
        if ending == "csv":
            assert answer.text().count("\r\n") == with_word + 8  # what the file is, an empty line, the headings
    visitor.go("firms/?q=xqzv&subdistrict=yinhang")
    page.locator(".empty a[href='?subdistrict=yinhang']").click()
    assert found(page) > wanted
