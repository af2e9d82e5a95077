"""An investor is answered with a draft and a template, replies and rates; what nobody answers is escalated and re-routed."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from portal.roles import Role
from tests.e2e.acting import let_time_pass
from tests.e2e.browsing import Visitor
from tests.e2e.people import take_step
from tests.e2e.running import RunningPortal

type Enter = Callable[..., Visitor]

OFFICER, DEPUTY, HEAD, INVESTOR = (f"{name}@demo.example" for name in ("officer", "registry", "head", "investor"))
WRITTEN_TO = [OFFICER, DEPUTY, HEAD, INVESTOR]

SUBJECTS = {
    "en": {
        "reminder": "Today: confirm inquiry {}",
        "escalate_acknowledge": "Overdue: inquiry {} was not confirmed",
        "escalate_acknowledge_head": "To the head of service: inquiry {} is still not confirmed",
        "changed": "Demonstration registry officer is in charge of your inquiry {} now",
        "given": "Inquiry {} is yours",
    },
    "zh-hans": {
        "reminder": "今日到期：确认咨询{}",
        "escalate_acknowledge": "已逾期：咨询{}尚未确认",
        "escalate_acknowledge_head": "报服务负责人：咨询 {} 仍未确认",
        "changed": "您的咨询 {} 现由Demonstration registry officer负责",
        "given": "咨询{}由您承办",
    },
}
"""What mails are about, by the language of who gets them."""


@pytest.fixture
def enter(portal: RunningPortal, browser: Browser, visitors: list[Visitor]) -> Enter:
    """Let somebody with an account of the demonstration come in."""

    def come(account: str, language: str, width: int = 1280) -> Visitor:
        visitor = Visitor(portal, browser, language, width)
        visitors.append(visitor)
        visitor.sign_in(account)
        return visitor

    return come


@pytest.fixture
def _a_deputy(portal: RunningPortal) -> Iterator[None]:
    """Let the registry officer answer for the investment officer, who has a deputy and a template for the time."""
    languages = portal.sql("SELECT email, language FROM portal_user WHERE email = ANY(%s)", WRITTEN_TO)
    portal.sql(
        "INSERT INTO portal_user_groups (user_id, group_id) SELECT u.id, g.id FROM portal_user u, auth_group g "
        "WHERE u.email = %s AND g.name = %s",
        DEPUTY,
        Role.INVESTMENT,
    )
    portal.sql(
        "INSERT INTO investors_officer (user_id, telephone, answers_en, answers_zh, deputy_id) "
        "SELECT o.id, '', true, true, d.id FROM portal_user o, portal_user d WHERE o.email = %s AND d.email = %s "
        "ON CONFLICT (user_id) DO UPDATE SET deputy_id = excluded.deputy_id",
        OFFICER,
        DEPUTY,
    )
    portal.sql(
        "INSERT INTO investors_answertemplate (name, topic, text_en, text_zh, is_offered) "
        "VALUES ('Browser', '', 'Dear {name}', '尊敬的{name}：', true)"
    )
    yield
    portal.sql(
        "DELETE FROM portal_user_groups g USING portal_user u, auth_group a WHERE u.id = g.user_id AND a.id = g.group_id "
        "AND u.email = %s AND a.name = %s",
        DEPUTY,
        Role.INVESTMENT,
    )
    for email, language in languages:
        portal.sql("UPDATE portal_user SET language = %s WHERE email = %s", language, email)
    portal.sql("DELETE FROM investors_absence WHERE reason = 'Browser'")
    portal.sql("DELETE FROM investors_answertemplate WHERE name = 'Browser'")


def ask(portal: RunningPortal, investor: Visitor, subject: str) -> tuple[int, str]:
    """Send an inquiry, and give it to the officer; return its key and reference."""
    page = investor.go("inquiries/new/")
    page.locator("[name=topic]").select_option("setting_up")
    page.locator("[name=subject]").fill(subject)
    page.locator("[name=text]").fill("需要哪些材料？")
    page.locator("main form:has([name=text]) [type=submit]").click()
    page.wait_for_url("**/desk/inquiries/*/")
    ((pk, reference),) = portal.sql("SELECT id, reference FROM investors_inquiry WHERE subject = %s", subject)
    portal.sql(
        "UPDATE investors_inquiry SET officer_id = (SELECT id FROM portal_user WHERE email = %s) WHERE id = %s",
        OFFICER,
        pk,
    )
    return pk, reference


@pytest.mark.usefixtures("_a_deputy")
def test_inquiry_is_answered_asked_back_and_rated(portal: RunningPortal, enter: Enter) -> None:
    investor, officer = enter("investor", "zh-hans", 375), enter("officer", "en")
    pk, reference = ask(portal, investor, "浏览器测试：设立公司")
    page = officer.go("/admin/investors/inquiry/queue/")
    assert reference in page.inner_text("main")
    take_step(officer, f"investors/inquiry/{pk}", "acknowledge")

    officer.go(f"/admin/investors/inquiry/{pk}/change/")
    page.locator("[name=answer-text]").fill("Typed first.")
    page.locator("[data-draft-status]").filter(has_text="Draft saved").wait_for()
    page.locator("[name=answer-template]").select_option(label="Browser")
    officer.press("Add its text to the draft")
    assert page.locator("[name=answer-text]").input_value().startswith("Typed first.\n\n尊敬的")
    officer.press("Send the answer")
    assert portal.sql("SELECT count(*) FROM investors_answerdraft WHERE inquiry_id = %s", pk) == [(0,)]

    desk = investor.go(f"desk/inquiries/{reference}/")
    assert "Typed first." in desk.inner_text("main")
    desk.locator("[name=rating][value='5']").check()
    desk.locator("main form:has([name=rating]) [type=submit]").click()
    investor.look()
    take_step(
        officer,
        f"investors/inquiry/{pk}",
        "write_again",
        lambda p: p.locator("[name=write_again-text]").fill("还好吗？"),
    )
    desk = investor.go(f"desk/inquiries/{reference}/")
    desk.locator("main form [name=text]").fill("谢谢！")
    desk.locator("main form:has([name=text]) [type=submit]").click()
    investor.look()
    take_step(
        officer, f"investors/inquiry/{pk}", "ask_back", lambda p: p.locator("[name=ask_back-text]").fill("哪一行业？")
    )
    assert "时限暂停计算" in investor.go(f"desk/inquiries/{reference}/").inner_text("main")
    assert portal.sql("SELECT status, rating FROM investors_inquiry WHERE id = %s", pk) == [("waiting", 5)]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.usefixtures("_a_deputy")
def test_inquiry_that_nobody_answers_is_escalated_and_given_to_the_deputy(
    portal: RunningPortal, enter: Enter, language: str
) -> None:
    portal.sql("UPDATE portal_user SET language = %s WHERE email = ANY(%s)", language, WRITTEN_TO)
    subjects = SUBJECTS[language]
    investor, officer = enter("investor", language, 375), enter("officer", language)
    pk, reference = ask(portal, investor, f"浏览器测试：无人答复 {language}")
    let_time_pass(portal, "remind_acknowledge", "inquiry", pk)
    portal.mail(OFFICER, subjects["reminder"].format(reference))
    portal.sql("UPDATE investors_inquiry SET acknowledge_due = now() - interval '1 day' WHERE id = %s", pk)
    for step, who in (("escalate_acknowledge", DEPUTY), ("escalate_acknowledge_head", HEAD)):
        let_time_pass(portal, step, "inquiry", pk)
        portal.mail(who, subjects[step].format(reference))
    page = officer.go("/admin/investors/inquiry/queue/?risk=overdue")
    assert reference in page.inner_text("main")

    page = officer.go("/admin/investors/absence/add/")
    ((first, last),) = portal.sql("SELECT current_date::text, (current_date + 20)::text")
    page.locator("[name=first_day]").fill(first)
    page.locator("[name=last_day]").fill(last)
    page.locator("[name=reason]").fill("Browser")
    page.locator("[name=_save]").click()
    page.wait_for_url("**/absence/")
    portal.sql("UPDATE investors_rerouting SET next_try_at = now() WHERE done_at IS NULL")
    portal.send_task("portal.tasks.sweep")
    portal.mail(INVESTOR, subjects["changed"].format(reference))
    portal.mail(DEPUTY, subjects["given"].format(reference))
    assert portal.sql(
        "SELECT u.email FROM investors_inquiry i JOIN portal_user u ON u.id = i.officer_id WHERE i.id = %s", pk
    ) == [(DEPUTY,)]
    assert "Demonstration registry officer" in investor.go(f"desk/inquiries/{reference}/").inner_text("main")
