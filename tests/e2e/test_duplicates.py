"""An officer compares two entries of one organisation side by side, merges them, and the old address leads on."""

from playwright.sync_api import Browser, expect

from tests.e2e.browsing import Visitor
from tests.e2e.running import RunningPortal

REASON = "One company, registered twice 同一企业重复登记"


def test_officer_merges_two_entries_of_one_firm(
    portal: RunningPortal, browser: Browser, visitors: list[Visitor]
) -> None:
    officer, auditor, reader = (
        Visitor(portal, browser, language, width) for language, width in (("en", 1280), ("zh-hans", 375), ("en", 375))
    )
    visitors += [officer, auditor, reader]
    ((pair, first, second),) = portal.sql(
        "SELECT d.id, a.slug, b.slug FROM firms_duplicate d JOIN firms_organisation a ON a.id = d.first_id"
        " JOIN firms_organisation b ON b.id = d.second_id WHERE d.status = 'open' ORDER BY d.score DESC, d.id LIMIT 1"
    )
    auditor.sign_in("auditor")
    read = auditor.go(f"/admin/firms/duplicate/{pair}/change/")
    expect(read.locator("button[value=merge]")).to_have_count(0)

    officer.sign_in("registry")
    page = officer.go("/admin/firms/duplicate/")
    page.locator(f"#result_list a[href*='/duplicate/{pair}/']").first.click()
    officer.look()
    page.locator("textarea[name=reason]").fill(REASON)
    page.locator("[name=is_sure]").check()
    page.locator("button[value=merge]").click()
    officer.look()
    assert "/admin/firms/organisation/" in page.url

    ((survivor, gone),) = portal.sql(
        "SELECT s.slug, o.slug FROM firms_organisation o JOIN firms_organisation s ON s.id = o.merged_into_id"
        " WHERE o.slug IN (%s, %s)",
        first,
        second,
    )
    reader.go(f"firms/{gone}/")
    assert reader.page.url.endswith(f"/firms/{survivor}/")
    answer = reader.context.request.get(f"{portal.url}/api/v1/firms/{gone}/")
    assert (answer.status, answer.json()["slug"]) == (200, survivor)
    auditor.go(f"/admin/firms/duplicate/{pair}/change/")
    expect(read.locator(".moderation__note").first).to_contain_text(REASON)
    officer.go("/admin/firms/organisation/?q=" + survivor)
    portal.sql(  # who registered it a second time is no member to the tests after this one
        "UPDATE firms_membership m SET is_active = false FROM portal_user u, firms_organisation o"
        " WHERE u.id = m.user_id AND u.email = 'investor@demo.example' AND o.id = m.organisation_id AND o.slug = %s",
        survivor,
    )
