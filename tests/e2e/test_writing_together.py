"""Two people write one application at once, through a lost connection and an ended session, with a script and without."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.e2e.browsing import Visitor
from tests.e2e.running import RunningPortal

PROGRAMME = "riverside-rent-subsidy"
EXPECTED = re.compile("status of 40[139]|ERR_INTERNET_DISCONNECTED")  # 403: the key of the session before


def said(page: Page, text: str) -> None:
    """Wait until the form says something of its saving."""
    expect(page.locator("[data-autosave-status]")).to_contain_text(text, timeout=20_000)


def kept(portal: RunningPortal, question: str) -> str:
    """Return the newest answer that is saved."""
    query = (
        "SELECT answers->>%s FROM incentives_sectionanswers WHERE section = 'project' ORDER BY saved_at DESC LIMIT 1"
    )
    return str(portal.sql(query, question)[0][0])


def change_the_same_and_others(portal: RunningPortal, editor: Visitor, signatory: Visitor) -> None:
    """Change different answers, which come together, and then the same, of which one is chosen."""
    mine, theirs = editor.page, signatory.page
    mine.locator("#id_aim").fill("A test bench for pumps")
    said(mine, "Saved at ")
    theirs.locator("#id_new").fill("小样本训练")
    said(theirs, "已于")
    expect(theirs.locator("#id_aim")).to_have_value("A test bench for pumps")
    signatory.context.set_offline(offline=True)
    theirs.locator("#id_aim").fill("水泵试验台")
    mine.locator("#id_aim").fill("A test bench for pumps and valves")
    portal.wait_for(lambda: kept(portal, "aim").endswith("valves"), 30, "the editor's text was not saved")
    signatory.context.set_offline(offline=False)
    conflict = theirs.locator(".conflict")
    expect(conflict).to_have_count(1, timeout=40_000)
    expect(conflict).to_contain_text("A test bench for pumps and valves")
    signatory.look()
    theirs.locator("[data-keep=mine]").click()
    said(theirs, "已于")
    assert kept(portal, "aim") == "水泵试验台"


def lose_the_connection_and_the_session(portal: RunningPortal, editor: Visitor) -> None:
    """Go on typing: the text stays in the page, and is saved afterwards."""
    page = editor.page
    editor.context.set_offline(offline=True)
    page.locator("#id_new").fill("Typed in a tunnel")
    said(page, "no connection")
    editor.context.set_offline(offline=False)
    said(page, "Saved at ")
    cookie = next(cookie for cookie in editor.context.cookies() if "session" in str(cookie.get("name")))
    editor.context.clear_cookies(name=str(cookie.get("name")))
    page.locator("#id_new").fill("Typed after the session had ended")
    door = page.locator("[data-autosave-sign-in] a")
    expect(door).to_be_visible(timeout=20_000)
    editor.look()
    with editor.context.expect_page() as opened:
        door.click()
    tab = opened.value
    tab.locator("[name=login]").fill("editor@demo.example")
    tab.locator("[name=password]").fill((portal.var / "demo_password").read_text())
    tab.locator("form:has([name=password]) [type=submit]").first.click()
    tab.wait_for_url("**/sections/project/")
    tab.close()
    page.bring_to_front()
    page.evaluate("() => { window.dispatchEvent(new Event('focus')) }")
    said(page, "Saved at ")
    assert kept(portal, "new") == "Typed after the session had ended"


def test_two_people_write_one_section_and_nothing_is_lost(
    portal: RunningPortal, browser: Browser, visitors: list[Visitor]
) -> None:
    editor, signatory = Visitor(portal, browser, "en"), Visitor(portal, browser, "zh-hans", 375)
    plain = Visitor(portal, browser, "en", 320, script=False)
    visitors += [editor, signatory, plain]
    for visitor, name in ((editor, "editor"), (signatory, "signatory"), (plain, "signatory")):
        visitor.sign_in(name)
    page = editor.go(f"incentives/{PROGRAMME}/")
    page.locator('main form[action$="/apply/"] [type=submit], main aside a[href*="/desk/applications/"]').first.click()
    page.wait_for_url("**/desk/applications/*/")
    application = page.url.removeprefix(f"{portal.url}/en/")
    section = f"{application}sections/project/"
    editor.go(section)
    signatory.go(section)
    expect(signatory.page.locator("[data-others]")).to_contain_text("也打开了本部分")

    change_the_same_and_others(portal, editor, signatory)
    lose_the_connection_and_the_session(portal, editor)

    # Without a script the button does the same: both texts, and a choice between them.
    written = plain.go(section)
    page.locator("#id_new").fill("The editor's newest text")
    portal.wait_for(lambda: kept(portal, "new").startswith("The editor"), 30, "the editor's text was not saved")
    written.locator("#id_new").fill("The signatory's text")
    written.locator("[name=draft]").click()
    expect(written.locator("fieldset.conflict")).to_have_count(1)
    plain.look()
    written.locator("[name=keep-new][value=theirs]").check()
    written.locator("[name=draft]").click()
    written.wait_for_url(lambda url: "/sections/" not in url)
    assert kept(portal, "new") == "The editor's newest text"

    # The checks before submission lead to the field.
    checks = signatory.go(f"{application}submit/")
    checks.locator(".error-summary a[href*='#id_begins']").click()
    expect(checks.locator("#id_begins_error")).to_be_visible()
    signatory.look()
    for visitor in visitors:
        visitor.faults = [fault for fault in visitor.faults if not EXPECTED.search(fault)]
