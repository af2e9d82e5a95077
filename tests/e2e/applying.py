"""A company fills in and submits an application; staff decide it."""

import re

from playwright.sync_api import Page

from tests.e2e.browsing import Visitor
from tests.e2e.people import PDF, take_step
from tests.e2e.running import RunningPortal

AMOUNT = "1200000"


def fill_in(page: Page, amount: str = AMOUNT) -> None:
    """Answer every question of a section's form with something that fits."""
    form = page.locator("main form:has(button[name=done])")
    fields, place = form.locator("input:visible, textarea:visible"), 0
    while place < fields.count():  # an answer may show other questions
        field = fields.nth(place)
        place += 1
        name, kind = field.get_attribute("name") or "", field.get_attribute("type") or "text"
        if name == "requested_amount":
            field.fill(amount)
        elif name == "project_cost":
            field.fill("6000000.00")
        elif kind in {"radio", "checkbox"}:
            form.locator(f'input[name="{name}"]').first.check()
        elif kind == "date":
            field.fill("2027-06-30")
        elif field.get_attribute("inputmode") == "decimal":
            field.fill("88000.50")
        elif field.get_attribute("inputmode") == "numeric":
            field.fill("12")
        elif kind in {"text", "textarea"}:
            field.fill("Demonstration answer 示例内容")
    if form.locator("button[name=file]:visible").count():
        form.locator("button[name=file]:visible").first.click()
        page.wait_for_url("**/files/*/")
        add_file(page)
        page.wait_for_url(lambda url: "/files/" not in url)
    page.locator("main form button[name=done]").click()


def add_file(page: Page) -> None:
    """Add a PDF on the page that asks for it."""
    page.locator("[name=upload]").set_input_files({"name": "计划书.pdf", "mimeType": "application/pdf", "buffer": PDF})
    page.locator("main form:has([name=upload]) [type=submit]").click()


def write_application(visitor: Visitor, programme: str) -> str:
    """Check the eligibility, fill in every section, add the documents; return the application's address."""
    visitor.go(f"incentives/{programme}/check/")
    visitor.go(f"incentives/{programme}/")
    return begin_here(visitor)


def begin_here(visitor: Visitor, amount: str = AMOUNT) -> str:
    """Begin on the programme's page that is open; fill in every section, add the documents; return the address."""
    page = visitor.page
    page.locator('main form[action$="/apply/"] [type=submit]').click()
    page.wait_for_url("**/desk/applications/*/")
    visitor.look()
    address = page.url.removeprefix(visitor.running.url)
    sections = [link.get_attribute("href") for link in page.locator('main a[href*="/sections/"]').all()]
    documents = [link.get_attribute("href") for link in page.locator('main a[href*="/documents/"]').all()]
    for path in sections:
        visitor.go(path or "")
        fill_in(page, amount)
        page.wait_for_url(lambda url: "/sections/" not in url)
    for path in documents:
        visitor.go(path or "")
        add_file(page)
        page.wait_for_url(lambda url: "/documents/" not in url)
    visitor.look()
    return address


def submit_application(visitor: Visitor, address: str) -> str:
    """Submit with the declarations; return the number."""
    page = visitor.go(f"{address}submit/")
    for box in page.locator("[name=declared]").all():
        box.check()
    page.locator("main form:has([name=declared]) [type=submit]").click()
    page.wait_for_url("**/receipt/")
    visitor.look()
    number = re.search(r"YP-\d{4}-\d+", page.inner_text("main"))
    assert number
    return number.group()


def application_of(portal: RunningPortal, number: str) -> int:
    """Return the key of an application in the staff workplace."""
    return int(portal.sql("SELECT id FROM incentives_application WHERE number = %s", number)[0][0])


def status_of(portal: RunningPortal, number: str) -> str:
    """Return an application's status."""
    return str(portal.sql("SELECT status FROM incentives_application WHERE number = %s", number)[0][0])


def accept_for_review(screener: Visitor, pk: int) -> None:
    """Tick the checklist and note the credit check."""

    def fill(page: Page) -> None:
        for box in page.locator("[name=accept-checklist]").all():
            box.check()
        page.locator("[name=accept-credit_checked_on]").fill("2026-11-20")
        page.locator("[name=accept-credit_source]").fill("示例信用查询")

    take_step(screener, f"incentives/application/{pk}", "accept", fill)


def review(reviewer: Visitor, assignment: int) -> None:
    """Declare that there is no conflict, and score."""
    page = reviewer.go(f"/admin/incentives/reviewassignment/{assignment}/change/")
    page.locator('[name="declare-conflicted"][value=no]').check()
    page.locator('form[action$="/declare/"] button[type=submit]').first.click()
    page.locator('form[action$="/score/"]').wait_for()
    for field in page.locator('form[action$="/score/"] input[name^="score-score_"]').all():
        field.fill("82")
    page.locator('[name="score-comment"]').fill("Sound plan 方案可行")
    page.locator('form[action$="/score/"] button[type=submit]').first.click()
    page.wait_for_load_state("load")
    reviewer.look()


def recommend(manager: Visitor, pk: int) -> None:
    """Recommend the amount asked for."""

    def fill(page: Page) -> None:
        page.locator("[name=recommend-amount]").fill(AMOUNT)
        page.locator("[name=recommend-reason]").fill("Scores and plan 评分与方案均符合")

    take_step(manager, f"incentives/application/{pk}", "recommend", fill)
    settle_flags(manager, pk)


def settle_flags(manager: Visitor, pk: int) -> None:
    """Resolve what the portal found about an application, one flag after the other."""
    while True:
        page = manager.go(f"/admin/incentives/application/{pk}/change/")
        flag = page.locator('details:has(form[action$="/resolve/"])').first
        if not flag.count():
            return
        flag.locator("summary").click()
        flag.locator("textarea").fill("Checked 已核实")
        flag.locator("button[type=submit]").click()
        page.wait_for_load_state("load")


def fill_in_meeting(page: Page) -> None:
    """Name the meeting that decided."""
    for name in ("meeting", "minutes"):
        for field in page.locator(f'input[name$="-{name}"]').all():
            if field.is_visible():
                field.fill("示例会议〔2026〕9号")
