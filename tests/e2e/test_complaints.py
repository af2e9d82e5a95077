"""A complaint about an officer goes around that officer: accepted, extended and closed by the head, heard by nobody else."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from portal.demonstration import ACCOUNTS, address
from tests.e2e.browsing import Visitor
from tests.e2e.people import take_step
from tests.e2e.running import RunningPortal

OFFICER = ACCOUNTS["officer"].name
REASONS, OUTCOME = "两个部门需要会商。Two departments have to agree.", "已改由他人答复。Somebody else answers you now."


def fill_in(page: Page, subject: str) -> None:
    """Fill in the form of a complaint and send it."""
    for name, value in (("standing", "investor"), ("kind", "conduct"), ("about_staff", "yes")):
        page.locator(f"[name={name}][value={value}]").check()
    words = {
        "on_behalf_of": "Demonstration Overseas",
        "authority": "An invented office",
        "persons": OFFICER,
        "subject": subject,
        "facts": "Three messages, no answer.",
        "request": "An answer.",
    }
    for name, text in words.items():
        page.locator(f"[name={name}]").fill(text)
    page.locator("main form:has([name=facts]) button[type=submit]").click()


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("zh-hans", 375)])
def test_complaint_about_an_officer_is_handled_around_them(
    portal: RunningPortal, browser: Browser, visitors: list[Visitor], language: str, width: int
) -> None:
    investor, head, officer = (Visitor(portal, browser, language, width) for _ in range(3))
    visitors += [investor, head, officer]
    subject = f"Zebra {language}"
    investor.sign_in("investor")
    page = investor.go("complaints/")
    page.locator("main a.btn-primary").click()
    investor.look()
    fill_in(page, subject)
    page.wait_for_url(re.compile(r"/desk/complaints/CPL-"))
    investor.look()
    reference = page.url.rstrip("/").rpartition("/")[2]
    ((number, handler),) = portal.sql("SELECT id, handler_id FROM investors_complaint WHERE reference = %s", reference)
    assert handler is None  # the only officer is complained of
    portal.mail(address("investor"), reference)
    portal.mail(address("head"), reference)

    head.sign_in("head")
    admin = f"investors/complaint/{number}"
    head.go("/admin/investors/complaint/")
    take_step(head, admin, "assign", lambda shown: shown.locator("[name=assign-officer]").select_option(index=1))
    take_step(head, admin, "accept")

    def extend(shown: Page) -> None:
        shown.locator("[name=extend-days]").fill("20")
        shown.locator("[name=extend-text]").fill(REASONS)

    take_step(head, admin, "extend", extend)
    investor.go(f"desk/complaints/{reference}/")
    expect(page.locator("main")).to_contain_text(REASONS)

    officer.sign_in("officer")
    for path in ("/admin/", "/admin/investors/complaint/", f"/{language}/desk/", f"/{language}/desk/notices/"):
        seen = officer.go(path).content()
        assert [word for word in (reference, subject) if word in seen] == []
    shut = [
        f"/admin/{admin}/change/",
        "/admin/investors/complaint/register/",
        f"/{language}/desk/complaints/{reference}/",
    ]
    assert [officer.context.request.get(portal.url + path).status for path in shut] == [404, 403, 404]

    def close(shown: Page) -> None:
        shown.locator("[name=close-choice]").select_option("settled")
        shown.locator("[name=close-text]").fill(OUTCOME)

    take_step(head, admin, "close", close)
    register = head.go("/admin/investors/complaint/register/")
    expect(register.locator("main")).to_contain_text(reference)
    investor.go(f"desk/complaints/{reference}/")
    expect(page.locator("main")).to_contain_text(OUTCOME)
    told = {mail["Subject"] for mail in portal.mails(address("investor"), reference)}
    portal.wait_for(lambda: len(portal.mails(address("investor"), reference)) >= 4, 60, f"too few mails: {told}")
    assert portal.mails(address("officer"), reference) == []
