"""An administrator publishes the holidays of a year, a promised date moves, the investor hears of it; and what was kept is public."""

import csv
import io

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.browsing import Visitor
from tests.e2e.running import RunningPortal

YEAR = "/admin/portal/calendaryear/year/2027/"
NOTICES = {
    "en": "2027-01-01 New Year's Day\n2027-01-02..2027-01-03 work",
    "zh-hans": "一、元旦：1月1日（周五）放假，不调休。1月2日（周六）、1月3日（周日）上班。\n二、春节：2月5日（周五）至11日（周四）放假调休，共7天。",
}
MOVED = {"en": "7 January 2027 → 6 January 2027", "zh-hans": "2027年1月7日 → 2027年1月6日"}


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("zh-hans", 375)])
def test_published_holidays_move_a_promise_earlier_and_the_investor_hears(
    portal: RunningPortal, browser: Browser, visitors: list[Visitor], language: str, width: int
) -> None:
    administrator, investor, reader = (Visitor(portal, browser, language, width) for _ in range(3))
    visitors += [administrator, investor, reader]
    key, reference = _promised_next_year(portal, language)

    administrator.sign_in("admin")
    administrator.context.add_cookies([{"name": "language", "value": language, "url": portal.url}])
    page = administrator.go(YEAR)
    expect(page.locator(".calendar__months table")).to_have_count(12)
    page.locator("[name=source]").fill("国务院办公厅通知（演示）")
    page.locator(".calendar__form [name=text]").fill(NOTICES[language])
    page.locator(".calendar__form button[type=submit]").click()
    administrator.look()
    expect(page.locator("section[aria-labelledby=effects] table")).to_contain_text(MOVED[language])
    page.locator("button[name=publish]").click()
    page.wait_for_url("**/recount/**")
    administrator.look()
    _wait_until_counted(portal)
    page.reload()
    administrator.look()
    expect(page.locator("section[aria-labelledby=moved]")).to_contain_text(str(key))

    investor.sign_in("investor")
    shown = investor.go(f"desk/inquiries/{reference}/")
    expect(shown.locator("main")).to_contain_text(MOVED[language].rpartition(" → ")[2])
    investor.go("desk/notices/")
    expect(shown.locator("main")).to_contain_text(MOVED[language])
    portal.mail("investor@demo.example", reference)

    _read_the_service_standard(reader)


def _promised_next_year(portal: RunningPortal, language: str) -> tuple[int, str]:
    """Let an inquiry of the investor be promised for the first working days of a year that is not published."""
    key, reference = portal.sql(
        "SELECT i.id, i.reference FROM investors_inquiry i JOIN portal_user u ON u.id = i.sender_id"
        " WHERE u.email = 'investor@demo.example' AND i.status = 'acknowledged' ORDER BY i.id DESC LIMIT 1 OFFSET %s",
        0 if language == "en" else 1,
    )[0]
    due = "2027-01-07 23:59:59.999999+08"
    portal.sql("DELETE FROM portal_holiday WHERE day >= '2027-01-01'")
    portal.sql("UPDATE investors_inquiry SET answer_due = %s, due_estimated = true WHERE id = %s", due, key)
    portal.sql(
        "UPDATE portal_deadline SET due_at = %s, next_try_at = %s, estimated = true, working_days = 5,"
        " counted_from = '2026-12-31 10:00+08', parked_at = NULL, tries = 0"
        " WHERE subject_id = %s AND step = 'escalate_answer' AND done_at IS NULL",
        *(due, due, key),
    )
    return key, reference


def _wait_until_counted(portal: RunningPortal) -> None:
    portal.wait_for(
        lambda: not portal.sql("SELECT FROM portal_recountitem WHERE done_at IS NULL LIMIT 1"),
        60,
        "the dates were not counted anew",
    )


def _read_the_service_standard(reader: Visitor) -> None:
    page = reader.go("service-standard/")
    names = page.locator("section.standard h2").all_inner_texts()
    page.locator("section.standard details > summary").first.click()
    reader.look()
    answer = reader.context.request.get(f"{reader.running.url}/api/v1/service-standard/")
    side = "en" if reader.language == "en" else "zh"
    assert [one[f"name_{side}"] for one in answer.json()["results"]] == names
    path = page.locator("main a[download]").first.get_attribute("href")
    table = reader.context.request.get(f"{reader.running.url}{path}")
    rows = list(csv.reader(io.StringIO(table.body().decode("utf-8-sig"))))
    assert {row[0] for row in rows[1:]} == set(names)
    assert {len(row) for row in rows} == {11}
