"""Interest is expressed, both accept the agreement, the tier opens and closes; a university's offer is concluded."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page

from tests.e2e.browsing import Visitor
from tests.e2e.people import PDF
from tests.e2e.running import RunningPortal

LANGUAGES = [("en", "zh-hans"), ("zh-hans", "en")]


@pytest.fixture
def enter(portal: RunningPortal, browser: Browser, visitors: list[Visitor]) -> Callable[..., Visitor]:
    """Return what lets somebody come in."""

    def come(account: str, language: str, width: int) -> Visitor:
        visitor = Visitor(portal, browser, language, width)
        visitors.append(visitor)
        visitor.sign_in(account)
        return visitor

    return come


def take(visitor: Visitor, reference: str, step: str, fill: Callable[[Page], None] | None = None) -> None:
    """Follow the button of a step on the page of an interest, and confirm it."""
    page = visitor.go(f"desk/interests/{reference}/")
    page.locator(f'main a[href$="/{reference}/{step}/"]').first.click()
    visitor.look()
    if fill:
        fill(page)
    page.locator(f'form[action$="/{reference}/{step}/"] button[type=submit]').click()
    page.wait_for_url(f"**/desk/interests/{reference}/")
    visitor.look()


def sign(page: Page) -> None:
    """Type a name and tick the box."""
    page.locator("[name=name]").fill("Demonstration Signatory 演示签署人")
    page.locator("[name=sure]").check()


def test_offer_of_a_university_meets_a_need_and_is_concluded(
    portal: RunningPortal, enter: Callable[..., Visitor]
) -> None:
    ((slug,),) = portal.sql(
        "SELECT o.slug FROM investors_opportunity o JOIN firms_membership m ON m.organisation_id = o.owner_id"
        " JOIN portal_user u ON u.id = m.user_id WHERE u.email = 'university@demo.example' AND o.status = 'published'"
        " AND o.kind = 'technology_offered' ORDER BY o.id LIMIT 1"
    )
    maker, university = enter("signatory", "zh-hans", 375), enter("university", "en", 1280)

    page = maker.go(f"opportunities/{slug}/")
    page.locator(f'a[href$="/opportunities/{slug}/interest/"]').click()
    maker.look()
    page.locator("[name=message]").fill("我们需要这项技术用于齿轮生产。")
    page.locator("form:has([name=message]) button[type=submit]").click()
    page.wait_for_url("**/desk/interests/INT-*/")
    maker.look()
    reference = page.url.rstrip("/").rsplit("/", 1)[-1]
    portal.mail("university@demo.example", "Somebody is interested")

    take(university, reference, "accept")
    take(maker, reference, "sign", sign)
    take(university, reference, "countersign", sign)
    portal.wait_for(
        lambda: portal.sql("SELECT 1 FROM portal_document WHERE name LIKE %s", f"{reference}%"), 90, "no agreement"
    )
    agreement = maker.go(f"desk/interests/{reference}/").locator('main a[href*="/documents/"]').first
    with maker.page.expect_download() as downloading:
        agreement.click()
    assert downloading.value.path().read_bytes().startswith(b"%PDF-")
    take(maker, reference, "negotiate")

    def price(page: Page) -> None:
        page.locator("[name=set_by][value=negotiated]").check()
        page.locator("[name=notice_from]").fill((timezone.localdate() - timedelta(days=20)).isoformat())
        page.locator("[name=evidence]").set_input_files(
            {"name": "notice.pdf", "mimeType": "application/pdf", "buffer": PDF}
        )

    def contract(page: Page) -> None:
        page.locator("[name=on]").fill(timezone.localdate().isoformat())
        page.locator("[name=registration]").fill("2026310110000001")

    take(university, reference, "set_price", price)
    take(university, reference, "conclude", contract)

    assert portal.sql("SELECT status FROM investors_interest WHERE reference = %s", reference) == [("concluded",)]
    assert "2026310110000001" in maker.go(f"desk/interests/{reference}/").inner_text("main")
    assert reference in maker.go("desk/interests/").inner_text("main")


@pytest.mark.parametrize(("language", "other"), LANGUAGES[:1])
def test_investor_reads_what_is_confidential_until_it_is_revoked(
    portal: RunningPortal, enter: Callable[..., Visitor], language: str, other: str
) -> None:
    secret = "齿面处理温度 420 °C"
    ((slug,),) = portal.sql(
        "UPDATE investors_opportunity SET confidential_zh = %s, confidential_en = %s WHERE id = ("
        " SELECT min(o.id) FROM investors_opportunity o JOIN firms_membership m ON m.organisation_id = o.owner_id"
        " JOIN portal_user u ON u.id = m.user_id WHERE u.email = 'signatory@demo.example' AND o.status = 'published'"
        " AND NOT EXISTS (SELECT FROM investors_interest i WHERE i.opportunity_id = o.id AND i.ended_at IS NULL))"
        " RETURNING slug",
        secret, secret,
    )  # fmt: skip
    investor, owner = enter("investor", language, 1280), enter("signatory", other, 375)
    page = investor.go(f"opportunities/{slug}/")
    before = page.content()
    page.locator(f'a[href$="/opportunities/{slug}/interest/"]').click()
    investor.look()
    page.locator("[name=message]").fill("We build robots.")
    page.locator("[name=country]").select_option("DE")
    page.locator("form:has([name=message]) button[type=submit]").click()
    page.wait_for_url("**/desk/interests/INT-*/")
    reference = page.url.rstrip("/").rsplit("/", 1)[-1]

    take(owner, reference, "accept")
    take(investor, reference, "sign", sign)
    take(owner, reference, "countersign", sign)
    opened = portal.sql("SELECT status, access_revoked_at FROM investors_interest WHERE reference = %s", reference)
    take(owner, reference, "revoke")

    after = investor.go(f"opportunities/{slug}/").content()
    assert opened == [("confidential", None)]
    assert [secret in text for text in (before, after)] == [False, False]
