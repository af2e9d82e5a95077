"""A university's technology meets a manufacturer's need and is concluded; a prohibited one stays closed to everybody."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page

from portal.clock import SHANGHAI
from tests.e2e.browsing import Enter, Visitor
from tests.e2e.dealing import agree, confirm, express, fetch, is_checked, take
from tests.e2e.people import PDF, expect_refusal, told
from tests.e2e.running import RunningPortal

NEED = "wanted-monitoring-of-tool-wear-in-milling"
OFFER = "layout-design-for-a-low-power-sensor-chip"
CLOSED = "recycling-of-facade-glass-without-melting"


def test_offer_of_a_university_meets_the_need_of_a_manufacturer_and_is_concluded(
    portal: RunningPortal, enter: Enter
) -> None:
    organisation = _let_the_manufacturer_sign(portal)
    maker, university = enter("zh-hans", 375, "listings"), enter("en", 1280, "university")
    page = maker.go(f"desk/opportunities/{NEED}/matches/")
    match = page.locator(f'main .listing > li:has(h2 a[href$="/opportunities/{OFFER}/"])')
    match.locator("summary").click()
    maker.look()
    verdicts = [reason.splitlines()[-1].strip() for reason in match.locator(".task-list > li").all_inner_texts()]
    assert (len(verdicts) >= 4, set(verdicts) <= {"符合", "未知"}) == (True, True)

    reference = express(maker, OFFER, "铣床刀具监测需要低功耗传感器。", organisation=str(organisation))
    portal.wait_for(lambda: told(portal, "university@demo.example", reference), 60, "the owner was not told")
    agree(maker, university, reference)
    take(maker, reference, "negotiate")
    assert not university.go(f"desk/interests/{reference}/").locator('a[href$="/steps/conclude/"]').count()
    take(university, reference, "set_price", _notice(days_ago=20))
    take(university, reference, "conclude", _contract)
    shown = maker.go(f"desk/interests/{reference}/").inner_text("main")
    assert ["2026310110000001" in shown, "已达成" in shown] == [True, True]
    for side, language, word in ((maker, "en", "concluded"), (university, "zh-hans", "已达成")):
        page = side.go(f"/{language}/desk/interests/{reference}/")
        assert word in page.inner_text("main").lower()
        side.go(f"/{language}/opportunities/{OFFER}/")


def test_technology_that_leaves_the_mainland_is_concluded_with_its_export_certificate(
    portal: RunningPortal, enter: Enter
) -> None:
    ((reference,),) = portal.sql(
        "SELECT i.reference FROM investors_interest i JOIN investors_opportunity o ON o.id = i.opportunity_id "
        "WHERE i.status = 'negotiating' AND i.country <> 'CN' AND o.slug LIKE 'blood-test%%'"
    )
    university = enter("zh-hans", 375, "university")
    take(university, reference, "set_price", _notice(days_ago=15))
    page = university.go(f"desk/interests/{reference}/steps/conclude/")
    _contract(page)
    confirm(university, "conclude")
    expect_refusal(university)
    assert page.locator("[name=certificate][aria-invalid=true]").count() == 1
    page.locator("[name=certificate]").fill("JSCK-2026-0001")
    confirm(university, "conclude")
    page.wait_for_url(f"**/desk/interests/{reference}/")
    university.look()
    assert "JSCK-2026-0001" in page.inner_text("main")


def test_prohibited_technology_stays_closed_after_both_signatures(portal: RunningPortal, enter: Enter) -> None:
    reference, file = _open_to_the_company(portal)
    company, university = enter("zh-hans", 375, "signatory"), enter("en", 1280, "university")
    text = f"/zh-hans/desk/interests/{reference}/room/text/"
    assert [fetch(company, path)[0] for path in (text, file)] == [200, 200]

    page = university.go(f"desk/opportunities/{CLOSED}/")
    page.locator('form[action$="/revise/"] button').click()
    assert "1 expression of interest in it is under way." in page.inner_text("main")
    university.look()
    page.locator('form[action$="/revise/"] button').click()
    page.locator("[name=export_declaration][value=prohibited]").check()
    page.locator("button[name=submit]").click()
    expect_refusal(university)
    assert "never shown here" in page.locator(".error-summary").inner_text()
    assert portal.sql("SELECT status, export_declaration FROM investors_opportunity WHERE slug = %s", CLOSED) == [
        ("draft", "prohibited")
    ]

    shown = company.go(f"desk/interests/{reference}/room/").inner_text("main")
    assert shown.count("权利人声明该技术禁止出口") == 2
    assert [fetch(company, path)[0] for path in (text, file)] == [302, 404]
    _is_closed_to_everybody_else(enter, reference, file)
    page = university.go(f"desk/interests/{reference}/steps/restore/")
    assert "A technology whose export is prohibited is never offered here." in page.inner_text("main")
    portal.sql("UPDATE investors_opportunity SET status = 'withdrawn' WHERE slug = %s", CLOSED)
    assert [fetch(company, path)[0] for path in (text, file)] == [302, 404]


def _is_closed_to_everybody_else(enter: Enter, reference: str, file: str) -> None:
    for account in ("investor", "officer"):
        other: Visitor = enter("en", 1280, account)
        paths = (f"/en/desk/interests/{reference}/room/", f"/en/desk/interests/{reference}/room/text/", file)
        assert [fetch(other, path)[0] for path in paths] == [404, 404, 404]


def _notice(days_ago: int) -> Callable[[Page], None]:
    def fill(page: Page) -> None:
        page.locator("[name=set_by][value=negotiated]").check()
        first = timezone.localdate(timezone=SHANGHAI) - timedelta(days=days_ago)
        page.locator("[name=notice_from]").fill(first.isoformat())
        page.locator("[name=evidence]").set_input_files(
            {"name": "notice.pdf", "mimeType": "application/pdf", "buffer": PDF}
        )

    return fill


def _contract(page: Page) -> None:
    page.locator("[name=on]").fill(timezone.localdate(timezone=SHANGHAI).isoformat())
    page.locator("[name=registration]").fill("2026310110000001")


def _let_the_manufacturer_sign(portal: RunningPortal) -> int:
    """Let the account that writes for the demonstration's firms sign in, and sign for the manufacturer."""
    account = "(SELECT id FROM portal_user WHERE email = 'listings@demo.example')"
    portal.sql(
        "UPDATE portal_user SET password = (SELECT password FROM portal_user WHERE email = 'signatory@demo.example') "
        f"WHERE id = {account}"
    )
    portal.sql(
        f'INSERT INTO account_emailaddress (user_id, email, verified, "primary") '
        f"SELECT {account}, 'listings@demo.example', true, true WHERE NOT EXISTS "
        f"(SELECT FROM account_emailaddress WHERE user_id = {account})"
    )
    ((organisation,),) = portal.sql(
        "UPDATE firms_membership m SET role = 'signatory' FROM investors_opportunity o "
        f"WHERE o.slug = %s AND m.organisation_id = o.owner_id AND m.user_id = {account} RETURNING m.organisation_id",
        NEED,
    )
    return int(organisation)


AGREED = """
from uuid import uuid4
from django.core.files.uploadedfile import SimpleUploadedFile
from firms.models import Organisation
from investors.interest_lifecycle import INTEREST
from investors.models import Opportunity
from investors.services import dataroom, interests
from django.db import transaction
from portal.actor import acting
from portal.models import User

with acting("test"), transaction.atomic():
    company, university = (User.objects.get(email=f"{{name}}@demo.example") for name in ("signatory", "university"))
    offer = Opportunity.objects.get(slug="{slug}")
    Opportunity.objects.filter(pk=offer.pk).update(confidential_zh="配方比例 7:3", confidential_en="Mixed 7 to 3")
    said = interests.Expression("我们有意共建中试线。", "CN", Organisation.objects.with_member(company).first())
    made = interests.express_interest(by=company, opportunity=offer, expression=said, key=uuid4())
    interests.accept_interest(by=university, interest=made)
    interests.sign_agreement(by=company, interest=made, name="演示签署人")
    interests.countersign_agreement(by=university, interest=made, name="示例大学")
    INTEREST.apply(made, "open_room", by=university)
    values = dict(tier="room", title_en="Process", title_zh="工艺")
    upload = SimpleUploadedFile("process.pdf", {pdf!r}, "application/pdf")
    file = dataroom.add_room_document(by=university, opportunity=offer, values=values, upload=upload, key=uuid4())
    print(made.reference, file.document.uid)
"""


def _open_to_the_company(portal: RunningPortal) -> tuple[str, str]:
    """Let the company agree with the university, and open the data room to it; return the reference and a file."""
    reference, uid = portal.manage("shell", "-v", "0", "-c", AGREED.format(slug=CLOSED, pdf=PDF)).split()[-2:]
    portal.wait_for(lambda: is_checked(portal, uid), 60, "the file was not checked")
    return reference, f"/documents/{uid}/"
