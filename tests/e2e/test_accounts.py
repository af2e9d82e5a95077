"""Signing up, confirming and signing in, in both languages."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Browser

from tests.e2e.browsing import Visitor
from tests.e2e.running import RunningPortal


def sign_up(visitor: Visitor, name: str) -> str:
    """Sign up with a fresh address, follow the link in the mail and confirm; return the address."""
    address = f"{uuid4().hex[:12]}@visitor.example"
    page = visitor.go("accounts/signup/")
    page.locator("[name=email]").fill(address)
    page.locator("[name=name]").fill(name)
    page.locator("[name=password1]").fill("river-blue-77")
    page.locator("[name=password2]").fill("river-blue-77")
    page.locator("form:has([name=password1]) [type=submit]").click()
    visitor.look()
    text = visitor.running.mail(address).get_body(("plain",)).get_content()
    link = re.search(r"http://\S+", text)
    assert link, text
    page.goto(link.group())
    visitor.look()
    page.locator("main form [type=submit]").first.click()
    page.wait_for_url(re.compile("/desk/"))
    visitor.look()
    return address


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_sign_up_confirms_address_by_mail(
    portal: RunningPortal, browser: Browser, visitors: list[Visitor], language: str
) -> None:
    visitor = Visitor(portal, browser, language)
    visitors.append(visitor)

    address = sign_up(visitor, "Demonstration visitor")

    assert f"/{language}/desk/" in visitor.page.url
    assert portal.sql("SELECT language, is_staff FROM portal_user WHERE email = %s", address) == [(language, False)]


def test_staff_sign_in_opens_workplace(portal: RunningPortal, browser: Browser, visitors: list[Visitor]) -> None:
    visitor = Visitor(portal, browser, "zh-hans")
    visitors.append(visitor)

    visitor.sign_in("registry")

    assert visitor.page.url == f"{portal.url}/admin/"
