"""The whole thread: a company claims its listing, applies and accepts an offer; staff decide; all are told."""

import re
from uuid import uuid4

import pytest

from tests.e2e import acting, applying
from tests.e2e.browsing import Enter, Visitor
from tests.e2e.people import PDF, sign_up, take_step
from tests.e2e.running import RunningPortal

LANGUAGES = pytest.mark.parametrize(("language", "width"), [("en", 1280), ("zh-hans", 375)])


def a_firm(portal: RunningPortal, language: str) -> tuple[str, str]:
    """Return slug and name of a listed firm that nobody acts for, another one for each language."""
    name = "name_en" if language == "en" else "name_zh"
    return portal.sql(
        f"SELECT o.slug, o.{name} FROM firms_organisation o "
        "JOIN firms_clustermembership c ON c.organisation_id = o.id AND NOT c.excluded "
        "JOIN firms_cluster k ON k.id = c.cluster_id AND k.slug LIKE 'ai%%' "
        "JOIN firms_certificate f ON f.organisation_id = o.id AND f.level = 'hnte' "
        "WHERE o.status = 'listed' AND o.name_en <> '' AND o.staff >= 20 AND o.founded BETWEEN '2019-01-01' AND '2024-01-01' "
        "AND NOT EXISTS (SELECT FROM firms_membership m WHERE m.organisation_id = o.id) "
        f"ORDER BY o.id {'DESC' if language == 'en' else 'ASC'} LIMIT 1"
    )[0]


def claim_firm(portal: RunningPortal, enter: Enter, visitor: Visitor, address: str) -> str:
    """Find a firm by its name, claim it with a letter, and be accepted; return its slug."""
    slug, name = a_firm(portal, visitor.language)
    page = visitor.go(f"firms/?q={name}")
    page.locator(f'main a[href="/{visitor.language}/firms/{slug}/"]').first.click()
    visitor.look()
    page.locator('main a[href$="/claim/"]').click()
    visitor.look()
    page.locator("[name=position]").fill("总经理" if visitor.language == "zh-hans" else "General manager")
    page.locator("[name=letter]").set_input_files({"name": "letter.pdf", "mimeType": "application/pdf", "buffer": PDF})
    page.locator("form:has([name=letter]) [type=submit]").click()
    page.wait_for_url("**/desk/organisation/")
    visitor.look()
    ((claim,),) = portal.sql(
        "SELECT c.id FROM firms_claim c JOIN portal_user u ON u.id = c.claimant_id WHERE u.email = %s", address
    )
    portal.crash_worker()
    assert portal.mail("registry@demo.example")
    take_step(enter("zh-hans", account="registry"), f"firms/claim/{claim}", "accept")
    portal.crash_worker()
    portal.mail(address, name)
    visitor.go("desk/notices/")
    visitor.go("desk/organisation/")
    return slug


@LANGUAGES
def test_company_claims_its_listing(portal: RunningPortal, enter: Enter, language: str, width: int) -> None:
    visitor = enter(language, width)
    address = sign_up(visitor, "Demonstration signatory of a firm")

    slug = claim_firm(portal, enter, visitor, address)

    assert portal.sql(
        "SELECT m.role FROM firms_membership m JOIN portal_user u ON u.id = m.user_id "
        "JOIN firms_organisation o ON o.id = m.organisation_id WHERE u.email = %s AND o.slug = %s",
        address,
        slug,
    ) == [("signatory",)]


def reserved(portal: RunningPortal, number: str) -> tuple[str, str]:
    """Return what the round's budget has reserved and committed for one application."""
    ((reserved, committed),) = portal.sql(
        "SELECT coalesce(sum(amount) FILTER (WHERE e.kind = 'reserve'), 0)::text, "
        "coalesce(sum(amount) FILTER (WHERE e.kind = 'commit'), 0)::text "
        "FROM incentives_ledgerentry e JOIN incentives_application a ON a.id = e.application_id WHERE a.number = %s",
        number,
    )
    return reserved, committed


@LANGUAGES
def test_company_applies_and_staff_decide(portal: RunningPortal, enter: Enter, language: str, width: int) -> None:
    visitor = enter(language, width)
    address = sign_up(visitor, "Demonstration applicant")
    claim_firm(portal, enter, visitor, address)
    visitor.go("incentives/")
    programme = open_programme(portal)

    application = applying.write_application(visitor, programme)
    number = applying.submit_application(visitor, application)
    portal.crash_worker()  # here and after each step: nothing is lost, nothing is doubled
    pk = applying.application_of(portal, number)
    applying.accept_for_review(enter("zh-hans", account="screener"), pk)
    portal.crash_worker()
    for assignment, email in portal.sql(
        "SELECT r.id, u.email FROM incentives_reviewassignment r JOIN portal_user u ON u.id = r.reviewer_id "
        "WHERE r.application_id = %s",
        pk,
    ):
        applying.review(enter("en", account=email.partition("@")[0]), assignment)
        portal.crash_worker()
        portal.mail(email, number)
    applying.recommend(enter("zh-hans", account="manager"), pk)
    portal.crash_worker()
    first = enter("zh-hans", account="approver1")
    take_step(first, f"incentives/application/{pk}", "first_approve", applying.fill_in_meeting)
    portal.crash_worker()
    first.go(f"/admin/incentives/application/{pk}/change/")
    assert first.page.locator('form[action$="/step/approve/"]').count() == 0  # the second approver is another person
    take_step(enter("en", account="approver2"), f"incentives/application/{pk}", "approve", applying.fill_in_meeting)
    portal.crash_worker()
    assert applying.status_of(portal, number) == "public_notice"
    assert reserved(portal, number) == ("1200000.00", "0")

    anyone = enter(language)
    anyone.go("public-notices/")
    anyone.go(f"public-notices/{number}/")
    portal.bring_forward("confirm")
    portal.wait_for(lambda: applying.status_of(portal, number) == "offered", 60, "the notice did not end")
    portal.crash_worker()
    page = visitor.go(f"{application}accept/")
    page.locator("main form [type=submit]").click()
    visitor.look()
    portal.crash_worker()

    assert applying.status_of(portal, number) == "active"
    assert reserved(portal, number) == ("1200000.00", "1200000.00")
    assert acting.told_once(portal, number) >= {address, "screener@demo.example", "manager@demo.example"}
    visitor.go("desk/notices/")
    anyone.go("awards/")


def open_programme(portal: RunningPortal) -> str:
    """Return the slug of a programme with an open round for firms in the AI cluster."""
    return str(
        portal.sql(
            "SELECT p.slug FROM incentives_programme p JOIN incentives_round r ON r.programme_id = p.id "
            "WHERE r.opens_at <= now() AND r.closes_at > now() ORDER BY p.id LIMIT 1"
        )[0][0]
    )


@LANGUAGES
def test_investor_asks_and_is_answered(portal: RunningPortal, enter: Enter, language: str, width: int) -> None:
    visitor = enter(language, width)
    page = visitor.go("opportunities/")
    visitor.go("opportunities/?kind=capital_sought")
    page.locator("main .listing a[href*='/opportunities/']").first.click()
    visitor.look()
    page.locator('main a[href*="/inquiries/new/"]').first.click()
    visitor.look()
    question = "我们想了解该项目的合作方式。" if language == "zh-hans" else "We would like to know how to take part."
    address = f"{uuid4().hex[:12]}@visitor.example"
    page.locator("[name=text]").fill(question)
    page.locator("[name=name]").fill("Demonstration investor from abroad")
    page.locator("[name=email]").fill(address)
    page.wait_for_timeout(2_100)  # nobody types faster
    page.locator("main form:has([name=text]) [type=submit]").click()
    page.locator(f"text={address}").first.wait_for()
    body = portal.mail(address, seconds=150).get_body(("plain",))
    link = re.search(r"http://\S+/inquiries/confirm/\S+", body.get_content() if body else "")
    assert link
    page.goto(link.group())
    page.locator("main form [type=submit]").click()
    page.locator("main .actions a").click()
    page.wait_for_url("**/desk/inquiries/*/")
    visitor.look()
    ((pk, reference, officer),) = portal.sql(
        "SELECT i.id, i.reference, o.email FROM investors_inquiry i JOIN portal_user u ON u.id = i.sender_id "
        "JOIN portal_user o ON o.id = i.officer_id WHERE u.email = %s",
        address,
    )
    portal.crash_worker()
    assert reference in page.inner_text("main")
    portal.mail(address, reference)
    portal.mail(officer, reference)

    staff = enter("en", account=officer.partition("@")[0])
    staff.go("/admin/investors/inquiry/")
    take_step(staff, f"investors/inquiry/{pk}", "acknowledge")
    portal.crash_worker()
    take_step(
        staff, f"investors/inquiry/{pk}", "answer", lambda desk: desk.locator("[name=answer-text]").fill("Answer 答复")
    )
    portal.crash_worker()

    portal.wait_for(lambda: len(portal.mails(address, reference)) >= 3, 60, "the answer was not mailed")
    visitor.go(f"desk/inquiries/{reference}/")
    assert "Answer 答复" in page.inner_text("main")
    page.locator("[name=text]").fill("谢谢！" if language == "zh-hans" else "Thank you!")
    page.locator("main form:has([name=text]) [type=submit]").click()
    visitor.look()
    portal.crash_worker()
    assert portal.sql("SELECT status FROM investors_inquiry WHERE id = %s", pk) == [("acknowledged",)]
    assert acting.told_once(portal, reference, key="reference") == {address, officer}
