"""A member proposes changes of the profile, an officer decides each beside what is published, and everyone reads it."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.browsing import Visitor
from tests.e2e.people import told
from tests.e2e.running import RunningPortal

REASON = "请附房屋租赁合同 Please add the lease"


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("zh-hans", 375)])
def test_officer_decides_changes_field_by_field(
    portal: RunningPortal, browser: Browser, visitors: list[Visitor], language: str, width: int
) -> None:
    editor, officer, reader = (Visitor(portal, browser, language, width) for _ in range(3))
    visitors += [editor, officer, reader]
    reason = f"{REASON} ({width})"
    website, address = f"https://www.example.com/{language}", f"杨浦区示例路{width}号"
    editor.sign_in("editor")
    page = editor.go("desk/organisation/")
    slug = re.findall(r"/desk/organisation/([\w-]+)/figures/", page.content())[0]
    editor.go(f"desk/organisation/{slug}/edit/")
    page.locator("[name=website]").fill(website)
    page.locator("[name=address]").fill(address)
    page.locator("main form:has([name=website]) button[type=submit]").click()
    editor.look()

    officer.sign_in("registry")
    desk = officer.go("/admin/firms/proposededit/")
    desk.locator("#result_list tbody a").first.wait_for()
    (number,) = portal.sql(
        "SELECT e.id FROM firms_proposededit e JOIN firms_organisation o ON o.id = e.organisation_id"
        " WHERE o.slug = %s AND e.status = 'submitted'",
        slug,
    )[0]
    officer.go(f"/admin/firms/proposededit/{number}/change/")
    for section in desk.locator("main form section").all():
        proposed = section.locator(".moderation__pair > div").nth(1).inner_text()
        verdict = "refuse" if address in proposed else "accept"
        section.locator(f"input[type=radio][value={verdict}]").check()
        if verdict == "refuse":
            section.locator("textarea").fill(reason)
    desk.locator("main form button[type=submit]").first.click()
    officer.look()

    editor.go(f"desk/organisation/{slug}/")
    expect(page.locator("main")).to_contain_text(reason)
    public = reader.go(f"firms/{slug}/")
    expect(public.locator(f"main a[href='{website}']")).to_have_count(1)
    assert address not in public.locator("main").inner_text()
    portal.wait_for(lambda: told(portal, "editor@demo.example", reason), 60, "the editor was not told why")
