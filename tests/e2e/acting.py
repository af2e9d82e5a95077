"""The people of a story: firms and those who sign for them, reviewers, and what each was told by mail."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit
from uuid import uuid4

from playwright.sync_api import Page

from tests.e2e import applying
from tests.e2e.browsing import Visitor
from tests.e2e.people import take_step
from tests.e2e.running import RunningPortal


def sign_for_a_firm(portal: RunningPortal, language: str, place: int) -> str:
    """Let a new person be the signatory of a listed firm that fits the open programmes; return the address.

    Args:
        portal: the portal; the account has the password of its demonstration.
        language: of the person's messages.
        place: of the firm among those that nobody acts for; each story takes another.
    """
    address = f"{uuid4().hex[:12]}@visitor.example"
    portal.sql(
        "WITH person AS (INSERT INTO portal_user "
        "(email, name, language, password, is_staff, is_superuser, is_active, is_demonstration, date_joined) "
        "SELECT %s, 'Demonstration signatory of a story', %s, password, false, false, true, true, now() "
        "FROM portal_user WHERE email = 'signatory@demo.example' RETURNING id, email), "
        'confirmed AS (INSERT INTO account_emailaddress (user_id, email, verified, "primary") '
        "SELECT id, email, true, true FROM person) "
        "INSERT INTO firms_membership (user_id, organisation_id, role, is_active) "
        "SELECT person.id, firm.id, 'signatory', true FROM person, (SELECT DISTINCT o.id FROM firms_organisation o "
        "JOIN firms_clustermembership c ON c.organisation_id = o.id AND NOT c.excluded "
        "JOIN firms_cluster k ON k.id = c.cluster_id AND k.slug LIKE 'ai%%' "
        "WHERE o.status = 'listed' AND o.staff BETWEEN 20 AND 200 AND o.founded BETWEEN '2019-01-01' AND '2024-01-01' "
        "AND NOT EXISTS (SELECT FROM firms_membership m WHERE m.organisation_id = o.id) "
        "ORDER BY o.id OFFSET %s LIMIT 1) firm",
        address,
        language,
        place,
    )
    return address


def sign_in_here(visitor: Visitor, address: str) -> None:
    """Follow the link to sign in on the page that is open, and come back to it."""
    page, back = visitor.page, urlsplit(visitor.page.url).path
    page.locator('main a[href*="/accounts/login/"]').click()
    page.locator("[name=login]").fill(address)
    page.locator("[name=password]").fill((visitor.running.var / "demo_password").read_text())
    page.locator("form:has([name=password]) [type=submit]").first.click()
    page.wait_for_url(f"**{back}")


@contextmanager
def reviewing_too(portal: RunningPortal, account: str) -> Iterator[None]:
    """Let a member of staff be a reviewer for a while."""
    role = f"FROM portal_user u, auth_group g WHERE u.email = '{account}@demo.example' AND g.name = 'reviewer'"
    portal.sql(f"INSERT INTO portal_user_groups (user_id, group_id) SELECT u.id, g.id {role}")
    try:
        yield
    finally:
        portal.sql(f"DELETE FROM portal_user_groups WHERE (user_id, group_id) IN (SELECT u.id, g.id {role})")


def reviewers(portal: RunningPortal, pk: int) -> list[tuple[int, str, str]]:
    """Return everybody who was asked to review an application: key, how it stands, account."""
    rows = portal.sql(
        "SELECT s.id, s.status, split_part(u.email, '@', 1) FROM incentives_reviewassignment s "
        "JOIN portal_user u ON u.id = s.reviewer_id WHERE s.application_id = %s ORDER BY s.id",
        pk,
    )
    return [(int(key), str(status), str(account)) for key, status, account in rows]


def decline_for_conflict(reviewer: Visitor, assignment: int, reason: str) -> None:
    """Declare a conflict of interest before anything of the application is shown."""
    page = reviewer.go(f"/admin/incentives/reviewassignment/{assignment}/change/")
    page.locator('[name="declare-conflicted"][value=yes]').check()
    page.locator('[name="declare-reason"]').fill(reason)
    page.locator('form[action$="/declare/"] button[type=submit]').first.click()
    page.wait_for_load_state("load")
    reviewer.look()


def step_with_reason(staff: Visitor, pk: int, step: str, reason: str, amount: str = "") -> None:
    """Take a step of an application that asks for reasons, and perhaps for an amount."""

    def fill(page: Page) -> None:
        if amount:
            page.locator(f"[name={step}-amount]").fill(amount)
        page.locator(f"[name={step}-reason]").fill(reason)

    take_step(staff, f"incentives/application/{pk}", step, fill)


def approve(approver: Visitor, pk: int, step: str = "approve") -> None:
    """Approve with the meeting that decided."""
    take_step(approver, f"incentives/application/{pk}", step, applying.fill_in_meeting)


def let_time_pass(portal: RunningPortal, step: str, model: str, pk: int) -> None:
    """Let a deadline of one object be due now, and the sweep look."""
    portal.sql(
        "UPDATE portal_deadline d SET due_at = now() - interval '1 second', next_try_at = now() - interval '1 second' "
        "FROM django_content_type t WHERE t.id = d.subject_type_id AND t.model = %s "
        "AND d.subject_id = %s AND d.step = %s AND d.done_at IS NULL",
        model,
        pk,
        step,
    )
    portal.send_task("portal.tasks.sweep")


def wait_for_status(portal: RunningPortal, number: str, status: str) -> None:
    """Wait until an application has a status."""
    portal.wait_for(lambda: applying.status_of(portal, number) == status, 60, f"{number} is not {status}")


def ledger_of(portal: RunningPortal, number: str) -> list[tuple[str, str]]:
    """Return what an application moved on its budget, oldest first."""
    return portal.sql(
        "SELECT e.kind, e.amount::text FROM incentives_ledgerentry e "
        "JOIN incentives_application a ON a.id = e.application_id WHERE a.number = %s ORDER BY e.id",
        number,
    )


def told_once(portal: RunningPortal, number: str, key: str = "number") -> set[str]:
    """Wait until all about one thing is mailed, each notice in exactly one message; return to whom."""
    about = (
        "FROM portal_notice n LEFT JOIN portal_user u ON u.id = n.recipient_id "
        "WHERE n.channel = 'email' AND n.context ->> %s = %s"
    )
    unsent = f"SELECT count(*) {about} AND n.done_at IS NULL"
    portal.wait_for(lambda: portal.sql(unsent, key, number) == [(0,)], 90, "not all was mailed")
    notices = portal.sql(f"SELECT n.id, coalesce(u.email, n.address) {about}", key, number)
    mails = [str(mail["Message-ID"]) for mail in portal.mails("")]
    times = {pk: sum(name.startswith(f"<notice-{pk}@") for name in mails) for pk, _address in notices}
    assert set(times.values()) == {1}
    return {address for _pk, address in notices}


def subjects(portal: RunningPortal, address: str, number: str) -> list[str]:
    """Return what a person was told of an application, oldest first, without its number."""
    found = portal.sql(
        "SELECT n.id FROM portal_notice n LEFT JOIN portal_user u ON u.id = n.recipient_id "
        "WHERE n.channel = 'email' AND n.context ->> 'number' = %s AND coalesce(u.email, n.address) = %s ORDER BY n.id",
        number,
        address,
    )
    by_id = {re.split(r"[-@]", str(m["Message-ID"]))[1]: str(m["Subject"]) for m in portal.mails(address)}
    return [by_id[str(pk)].replace(number, "…") for (pk,) in found if str(pk) in by_id]
