"""An application from the public check to an award, with every detour on the way.

Asked for changes, a reviewer with a conflict and a late one, sent back, two approvals, one objection dismissed and
another upheld, decided anew, offered, accepted.
"""

import re
from typing import NamedTuple

from playwright.sync_api import expect

from tests.e2e import acting, applying
from tests.e2e.acting import reviewers
from tests.e2e.browsing import Enter, Visitor
from tests.e2e.people import take_step
from tests.e2e.running import RunningPortal

PROGRAMME = "ai-computing-grant"
AMOUNT = "1300000"
ANEW = "1150000"
OBJECTORS = ("chen@citizen.example", "smith@citizen.example")


class Story(NamedTuple):
    """What the chapters of the story share."""

    portal: RunningPortal
    enter: Enter
    signatory: Visitor
    address: str
    number: str
    pk: int

    def staff(self, account: str) -> Visitor:
        """Let staff come in: reviewers and the second approver read English, the others Chinese."""
        language = "en" if account in {"approver2", "officer"} or account.startswith("reviewer") else "zh-hans"
        return self.enter(language, account=account, closely=False)


def test_application_goes_from_the_public_check_to_an_award(portal: RunningPortal, enter: Enter) -> None:
    address = acting.sign_for_a_firm(portal, "zh-hans", place=5)
    with acting.reviewing_too(portal, "officer"):
        story = _apply_from_the_check(portal, enter, address)
        _answer_the_change_request(story)
        _reviewers_change(story)
        _decide_after_sending_back(story)
        _hear_objections(story)
        _decide_anew(story)
        _accept_the_offer(story)

    assert acting.ledger_of(portal, story.number) == [
        ("reserve", f"{AMOUNT}.00"),
        ("release_reservation", f"{AMOUNT}.00"),
        ("reserve", f"{ANEW}.00"),
        ("commit", f"{ANEW}.00"),
    ]
    told = acting.told_once(portal, story.number)
    assert {name.partition("@")[0] for name in told if name.endswith("@demo.example")} >= {
        "screener", "manager", "approver1", "approver2", "appeal", "finance",
    }  # fmt: skip
    assert {who: acting.subjects(portal, who, story.number) for who in (address, *OBJECTORS)} == {
        address: [
            "已收到申报…",
            "申报…：请补正材料",
            "已收到申报…",
            "申报…进入评审",
            "申报…：已审定，开始公示",
            "申报…：异议成立",
            "申报…：已审定，开始公示",
            "申报…：拟支持115万元",
            "申报…：已立项",
        ],
        OBJECTORS[0]: ["…: we received your objection", "…: your objection was dismissed"],
        OBJECTORS[1]: ["…: we received your objection", "…: your objection was upheld"],
    }


def _apply_from_the_check(portal: RunningPortal, enter: Enter, address: str) -> Story:
    """Check without an account, keep the answers, go on to the programme, sign in there, apply."""
    visitor = enter("zh-hans", 375, closely=False)
    page = visitor.go(f"incentives/{PROGRAMME}/check/")
    for name, value in (("age", "2021-05-06"), ("staff", "60"), ("costs", "3000000")):
        page.locator(f"[name={name}]").fill(value)
    for name in ("cluster", "certificate", "standing"):
        page.locator(f"[name={name}]").select_option(index=1)
    page.locator("#check .btn-primary").click()
    visitor.look(closely=True)
    for button in (
        "#check [formaction]",
        "main form .btn-primary",
        "#check .btn-primary",
    ):  # keep them, and check again
        page.locator(button).click()
        visitor.look(closely=True)
    page.locator('main section a[href$="#apply-heading"]').click()
    acting.sign_in_here(visitor, address)
    visitor.look()
    application = applying.begin_here(visitor, AMOUNT)
    number = applying.submit_application(visitor, application)
    portal.mail(address, number, seconds=180)  # the first test waits until the demonstration's letters are made
    return Story(portal, enter, visitor, address, number, applying.application_of(portal, number))


def _answer_the_change_request(story: Story) -> None:
    """Return it with reasons, change it in the other language, see before and after side by side, accept it."""
    screener, signatory = story.staff("screener"), story.signatory
    page = screener.go("/admin/incentives/application/queue/")
    page.locator("main").get_by_role("link", name=story.number).click()
    screener.look()
    asked = "请说明用户数量与上线时间。"
    take_step(
        screener,
        f"incentives/application/{story.pk}",
        "return",
        lambda page: page.locator("[name=return-section_project]").fill(asked),
    )
    story.portal.mail(story.address, story.number)
    page = signatory.go("desk/")
    page.locator("main").get_by_role("link", name=re.compile("智能算力")).first.click()
    signatory.look()
    assert asked in page.inner_text("main")
    page.locator("a.site-tools__language").first.click()
    page.wait_for_url("**/en/desk/applications/**")
    signatory.language = "en"
    signatory.look()
    page.locator('main a[href$="/sections/project/"]').click()
    page.locator("[name=aim]").fill("For 300 workshops; in use from June 2027.")
    page.locator("main form button[name=done]").click()
    page.wait_for_url(lambda url: "/sections/" not in url)
    applying.submit_application(signatory, page.url.removeprefix(story.portal.url))
    signatory.language = "zh-hans"
    page = screener.go(f"/admin/incentives/application/{story.pk}/change/")
    assert "For 300 workshops" in page.locator("section[aria-labelledby=changed]").inner_text()
    applying.accept_for_review(screener, story.pk)


def _reviewers_change(story: Story) -> None:
    """One reviewer declares a conflict, the other is late; two others review it."""
    first, second = reviewers(story.portal, story.pk)
    acting.decline_for_conflict(story.staff(first[2]), first[0], "A cousin of mine works there")
    acting.let_time_pass(story.portal, "replace", "reviewassignment", second[0])
    after = ["conflicted", "replaced", "waiting", "waiting"]
    story.portal.wait_for(
        lambda: [status for _key, status, _who in reviewers(story.portal, story.pk)] == after, 60, "the late one stayed"
    )
    for key, status, account in reviewers(story.portal, story.pk):
        story.portal.mail(f"{account}@demo.example", story.number)
        if status == "waiting":
            applying.review(story.staff(account), key)


def _decide_after_sending_back(story: Story) -> None:
    """Recommend, send back, recommend again, and let two people approve."""
    manager, first, second = story.staff("manager"), story.staff("approver1"), story.staff("approver2")
    acting.step_with_reason(manager, story.pk, "recommend", "评分一致", amount=AMOUNT)
    acting.step_with_reason(first, story.pk, "send_back", "请说明金额依据")
    _decide(story, manager, first, second, AMOUNT)
    assert applying.status_of(story.portal, story.number) == "public_notice"


def _decide(story: Story, manager: Visitor, first: Visitor, second: Visitor, amount: str) -> None:
    acting.step_with_reason(manager, story.pk, "recommend", "按合同金额的一半 Half of the contracts", amount=amount)
    applying.settle_flags(manager, story.pk)
    acting.approve(first, story.pk, "first_approve")
    page = first.go(f"/admin/incentives/application/{story.pk}/change/")
    assert page.locator('form[action$="/step/approve/"]').count() == 0  # the second approver is another person
    acting.approve(second, story.pk)


def _object(story: Story, address: str, reason: str) -> None:
    anyone = story.enter("en", closely=False)
    page = anyone.go("public-notices/")
    page.locator(f'main a[href$="/{story.number}/"]').click()
    anyone.look(closely=address == OBJECTORS[0])
    for field, value in (("name", "Demonstration citizen"), ("email", address), ("reason", reason)):
        page.locator(f"main [name={field}]").fill(value)
    page.locator("main form [type=submit]").click()
    anyone.look()
    expect(page.get_by_text("We received your objection")).to_be_visible()


def _hear_objections(story: Story) -> None:
    """Dismiss one objection and uphold another: the money is free again."""
    for address, reason in zip(OBJECTORS, ("I do not like it.", "Half of the contracts are older."), strict=True):
        _object(story, address, reason)
    hearing = story.staff("appeal")
    page = hearing.go("/admin/incentives/objection/")
    page.locator("#result_list").get_by_role("link").filter(has_text=story.number).last.click()
    hearing.look()
    page.locator("[name=reason]").fill("未提供可核实的事实")
    page.locator('form[action$="/dismiss/"] button[type=submit]').click()
    expect(page.get_by_text("已认定异议不成立。")).to_be_visible()
    hearing.look()
    page.locator("main").get_by_role("link", name=re.compile("异议")).last.click()
    hearing.look()
    acting.step_with_reason(hearing, story.pk, "uphold_objection", "部分合同签订于项目开始之前，金额须重新核定")
    assert applying.status_of(story.portal, story.number) == "under_review"
    assert acting.ledger_of(story.portal, story.number)[-1][0] == "release_reservation"


def _decide_anew(story: Story) -> None:
    """Recommend less, approve twice, and let the notice end."""
    _decide(story, story.staff("manager"), story.staff("approver1"), story.staff("approver2"), ANEW)
    finance = story.staff("finance")
    ((budget,),) = story.portal.sql(
        "SELECT b.id FROM incentives_budget b JOIN incentives_round r ON r.id = b.round_id "
        "JOIN incentives_application a ON a.round_id = r.id WHERE a.id = %s",
        story.pk,
    )
    page = finance.go(f"/admin/incentives/budget/{budget}/change/")
    finance.look(closely=True)
    rows = page.locator("section[aria-labelledby=ledger] tbody tr").filter(has_text=story.number).all_inner_texts()
    assert [re.findall(r"[\d.]+万元", row)[0] for row in rows] == ["115万元", "130万元", "130万元"]
    acting.let_time_pass(story.portal, "confirm", "application", story.pk)
    acting.wait_for_status(story.portal, story.number, "offered")


def _accept_the_offer(story: Story) -> None:
    """Read the letter of the offer, accept it, and find the award in the list."""
    signatory, page = story.signatory, story.signatory.page
    story.portal.mail(story.address, story.number)
    signatory.go("desk/")
    page.locator("main").get_by_role("link", name=re.compile("智能算力")).first.click()
    signatory.look(closely=True)
    ((letter,),) = story.portal.sql(
        "SELECT l.uid FROM incentives_letter l WHERE l.application_id = %s AND l.kind = 'offer' AND l.language = 'zh-hans'",
        story.pk,
    )
    made = f"SELECT document_id IS NOT NULL FROM incentives_letter WHERE uid = '{letter}'"
    story.portal.wait_for(lambda: story.portal.sql(made) == [(True,)], 180, "the letter was not made")
    answer = signatory.context.request.get(f"{story.portal.url}/zh-hans/desk/letters/{letter}/")
    assert (answer.headers["content-type"], answer.body()[:5]) == ("application/pdf", b"%PDF-")
    page.locator('main a[href$="/accept/"]').click()
    signatory.look()
    page.locator("main form [type=submit]").click()
    signatory.look()
    assert applying.status_of(story.portal, story.number) == "active"
    anyone = story.enter("en", 375, closely=False)
    assert story.number in anyone.go("awards/").inner_text("main")
