"""Signing up, confirming and signing in, in both languages."""

import pytest
from playwright.sync_api import Browser

from tests.e2e.browsing import Visitor
from tests.e2e.people import sign_up
from tests.e2e.running import RunningPortal


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("zh-hans", 375)])
def test_sign_up_confirms_address_by_mail(
    portal: RunningPortal, browser: Browser, visitors: list[Visitor], language: str, width: int
) -> None:
    visitor = Visitor(portal, browser, language, width)
    visitors.append(visitor)

    address = sign_up(visitor, "Demonstration visitor")

    assert f"/{language}/desk/" in visitor.page.url
    assert portal.sql("SELECT language, is_staff FROM portal_user WHERE email = %s", address) == [(language, False)]


def test_staff_sign_in_opens_workplace(portal: RunningPortal, browser: Browser, visitors: list[Visitor]) -> None:
    visitor = Visitor(portal, browser, "zh-hans")
    visitors.append(visitor)

    visitor.sign_in("registry")

    assert visitor.page.url == f"{portal.url}/admin/"
