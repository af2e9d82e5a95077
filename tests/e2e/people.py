"""What people do in more than one test."""

import re
from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import Page

from tests.e2e.browsing import Visitor
from tests.e2e.running import RunningPortal

PASSWORD = "river-blue-77"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def sign_up(visitor: Visitor, name: str) -> str:
    """Sign up with a fresh address, follow the link in the mail and confirm; return the address."""
    address = f"{uuid4().hex[:12]}@visitor.example"
    page = visitor.go("accounts/signup/")
    fill_in_sign_up(page, address, name)
    visitor.look()
    confirm_address(visitor, address)
    return address


def fill_in_sign_up(page: Page, address: str, name: str) -> None:
    """Fill in the form and send it."""
    page.locator("[name=email]").fill(address)
    page.locator("[name=name]").fill(name)
    page.locator("[name=password1]").fill(PASSWORD)
    page.locator("[name=password2]").fill(PASSWORD)
    page.locator("form:has([name=password1]) [type=submit]").click()


def confirm_address(visitor: Visitor, address: str) -> None:
    """Open the link in the mail and press the button."""
    body = visitor.running.mail(address).get_body(("plain",))
    link = re.search(r"http://\S+", body.get_content() if body else "")
    assert link
    visitor.page.goto(link.group())
    visitor.look()
    visitor.page.locator("main form [type=submit]").first.click()
    visitor.page.wait_for_url(lambda url: "confirm-email" not in url)
    visitor.look()


def told(portal: RunningPortal, address: str, text: str) -> bool:
    """Say whether a mail to an address has a text."""
    bodies = (mail.get_body(("plain",)) for mail in portal.mails(address))
    return any(text in body.get_content() for body in bodies if body)


def expect_refusal(visitor: Visitor) -> None:
    """Look at a page that says what is wrong, and forget the browser's own word for its status."""
    visitor.page.locator(".error-summary").wait_for()
    visitor.look()
    visitor.faults = [fault for fault in visitor.faults if "status of 422" not in fault]


def take_step(staff: Visitor, admin_page: str, step: str, fill: Callable[[Page], None] | None = None) -> None:
    """Open an object in the staff workplace and press the button of a step."""
    page = staff.go(f"/admin/{admin_page}/change/")
    form = page.locator(f'form[action$="/step/{step}/"]')
    form.wait_for(state="attached")
    closed = page.locator(f'details:has(form[action$="/step/{step}/"]):not([open]) > summary')
    if closed.count():
        closed.click()
    if fill:
        fill(page)
    form.locator('button[type="submit"], input[type="submit"]').first.click()
    page.wait_for_load_state("load")
    staff.look()
