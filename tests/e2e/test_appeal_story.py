"""An application that is declined, appealed and won; and a firm that is moving in, which registers itself and applies."""

from uuid import uuid4

from playwright.sync_api import expect

from tests.e2e import acting, applying
from tests.e2e.browsing import Enter
from tests.e2e.people import sign_up, take_step
from tests.e2e.running import RunningPortal

PROGRAMME = "riverside-rent-subsidy"
AMOUNT = "450000"


def test_declined_application_is_appealed_and_wins(portal: RunningPortal, enter: Enter) -> None:
    address = acting.sign_for_a_firm(portal, "en", place=7)
    signatory = enter("en", closely=False)
    page = signatory.go(f"incentives/{PROGRAMME}/")
    acting.sign_in_here(signatory, address)
    application = applying.begin_here(signatory, AMOUNT)
    number = applying.submit_application(signatory, application)
    pk = applying.application_of(portal, number)
    manager = enter("zh-hans", account="manager", closely=False)
    applying.accept_for_review(enter("zh-hans", account="screener", closely=False), pk)
    acting.step_with_reason(manager, pk, "decline", "租赁合同未覆盖申报期")
    portal.mail(address, number)

    signatory.go("desk/")
    expect(page.locator("main")).to_contain_text("Declined: you can appeal")
    page.locator(f'main a[href="{application}"]').first.click()
    signatory.look()
    expect(page.locator("#declined + p")).to_have_text("租赁合同未覆盖申报期")
    page.locator('main a[href$="/appeal/"]').click()
    signatory.look(closely=True)
    page.locator("[name=reasons]").fill("The lease was renewed in May; the new one is attached.")
    page.locator("[name=upload]").set_input_files(
        {"name": "lease.pdf", "mimeType": "application/pdf", "buffer": applying.PDF}
    )
    page.locator("main form:has([name=reasons]) [type=submit]").click()
    signatory.look()
    expect(page.get_by_text("Your appeal was received")).to_be_visible()

    officer = enter("zh-hans", 375, account="appeal", closely=False)
    page = officer.go("/admin/incentives/appeal/")
    page.locator("#result_list").get_by_role("link", name=number).first.click()
    officer.look(closely=True)
    form = page.locator("section[aria-labelledby=step-reopen] form")
    form.locator("textarea").fill("新租约覆盖申报期，原决定所依据的事实不再成立")
    form.locator("[type=submit]").click()
    officer.look()
    expect(page.get_by_text("该申报重新进入评审。")).to_be_visible()
    expect(page.get_by_text("Demonstration appeal officer").first).to_be_attached()
    assert applying.status_of(portal, number) == "under_review"

    for assignment, status, account in acting.reviewers(portal, pk):
        if status == "waiting":
            applying.review(enter("en", account=account, closely=False), assignment)
    acting.step_with_reason(manager, pk, "recommend", "新租约有效", amount=AMOUNT)
    applying.settle_flags(manager, pk)
    acting.approve(enter("en", account="approver2", closely=False), pk)
    acting.let_time_pass(portal, "confirm", "application", pk)
    acting.wait_for_status(portal, number, "offered")
    page = signatory.go(application.removeprefix("/en/"))
    page.locator('main a[href$="/accept/"]').click()
    signatory.look()
    page.locator("main form [type=submit]").click()
    signatory.look()

    assert applying.status_of(portal, number) == "active"
    told = acting.told_once(portal, number)
    assert {f"{name}@demo.example" for name in ("screener", "manager", "appeal", "finance")} <= told
    assert acting.subjects(portal, address, number) == [
        "We received application …",
        "Application … is under review",
        "Application … was declined",
        "Your appeal in application … was received",
        "Application … is under review again",
        "Application …: approved, public notice has begun",
        "Application …: your offer of CNY 450,000",
        "Application …: the award is made",
    ]


def test_incoming_firm_registers_itself_and_applies(portal: RunningPortal, enter: Enter) -> None:
    visitor = enter("en", 375, closely=False)
    address = sign_up(visitor, "Demonstration founder from abroad")
    page = visitor.go(f"incentives/{PROGRAMME}/")
    page.locator('main aside a[href$="/desk/organisation/register/"]').click()
    visitor.look(closely=True)
    for name, value in (
        ("name_en", f"Demonstration Tidewater Robotics {uuid4().hex[:6]}"),
        ("founded", "2022-03-01"),
        ("staff", "25"),
    ):
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=country]").select_option("DE")
    page.locator("[name=foreign_number]").fill(f"HRB {uuid4().int % 10**6}")
    page.locator("main form:has([name=name_en]) [type=submit]").click()
    page.wait_for_url("**/desk/organisation/")
    visitor.look()

    visitor.go(f"incentives/{PROGRAMME}/")
    expect(page.locator("main")).to_contain_text("moving in")
    application = applying.begin_here(visitor, AMOUNT)
    number = applying.submit_application(visitor, application)

    pk = applying.application_of(portal, number)
    screener = enter("zh-hans", account="screener", closely=False)
    doubts = screener.go(f"/admin/incentives/application/{pk}/change/").locator("main ul.plain").first
    assert doubts.locator("li").first.inner_text() == "拟迁入企业：尚未列入名录"
    assert "self-registered" not in screener.page.inner_text("main")
    take_step(
        screener,
        f"incentives/application/{pk}",
        "return",
        lambda desk: desk.locator("[name=return-section_project]").fill("Please say when you register here."),
    )
    portal.wait_for(lambda: len(acting.subjects(portal, address, number)) == 2, 60, "the request was not mailed")
    assert acting.subjects(portal, address, number) == [
        "We received application …",
        "Application …: please make changes",
    ]
