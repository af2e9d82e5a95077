"""A member writes listings of two kinds, section by section; staff publish them, also beside what was published before."""

import re
from datetime import timedelta
from io import BytesIO

from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from portal.clock import SHANGHAI
from tests.e2e.browsing import Enter, Visitor
from tests.e2e.people import expect_refusal, take_step
from tests.e2e.running import RunningPortal


def test_member_writes_a_round_that_saves_itself_and_confirms_it_later(portal: RunningPortal, enter: Enter) -> None:
    member, officer = enter("zh-hans", 375, "editor"), enter("en", 1280, "officer")
    slug = _begin(member, "capital_sought", "Series C for speech services", "语音服务C轮融资")
    page = member.page
    page.locator("[name=summary_zh]").fill("面向客服中心的语音分析。")
    expect(page.locator("[data-autosave-status]")).to_contain_text(re.compile(r"\d\d:\d\d"))
    member.go(f"desk/opportunities/{slug}/")
    assert page.locator("[name=summary_zh]").input_value() == "面向客服中心的语音分析。"
    page.locator("button[name=submit]").click()
    expect_refusal(member)
    named = page.locator(".error-summary a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert "#id_amount_sought" in named
    page.locator("[name=text_zh]").fill("产品已在十家企业使用，本轮用于扩大团队。")
    page.locator("[name=stage]").select_option("growth")
    page.locator("[name=instrument]").select_option("equity")
    page.locator("[name=amount_sought]").fill("80000000")
    _submit(member)

    pk = _publish(portal, officer, slug)
    assert "8000万元" in member.go(f"opportunities/{slug}/").inner_text("main")
    portal.sql(
        "UPDATE portal_deadline SET due_at = now() - interval '1 second', next_try_at = now() - interval '1 second' "
        "WHERE step = 'remind' AND done_at IS NULL AND subject_id = %s AND subject_type_id = "
        "(SELECT id FROM django_content_type WHERE app_label = 'investors' AND model = 'opportunity')",
        pk,
    )
    portal.mail("editor@demo.example", "语音服务C轮融资", 90)
    page = member.go(f"desk/opportunities/{slug}/")
    page.locator('form[action$="/confirm/"] button').click()
    member.look()
    until = timezone.localdate(timezone=SHANGHAI) + timedelta(days=180)
    assert portal.sql("SELECT expires_on FROM investors_opportunity WHERE id = %s", pk) == [(until,)]


def test_member_shows_premises_with_photographs_and_staff_read_what_changed(
    portal: RunningPortal, enter: Enter
) -> None:
    member, officer = enter("en", 1280, "signatory"), enter("zh-hans", 1280, "officer")
    slug = _begin(member, "premises", "Quiet rooms for recordings", "录音室")
    page = member.page
    page.locator("[name=summary_en]").fill("Two rooms with little noise.")
    page.locator("[name=text_en]").fill("The rooms are free from spring on.")
    page.locator("[name=area]").fill("120")
    page.locator("[name=rent]").fill("5.5")
    page.locator("[name=available_from]").fill(_in_days(60))
    expect(page.locator("[data-autosave-status]")).to_contain_text(re.compile(r"\d\d:\d\d"))
    _add_photograph(portal, member, slug)
    member.go(f"desk/opportunities/{slug}/")
    _submit(member)
    _publish(portal, officer, slug)
    shown = member.go(f"opportunities/{slug}/").locator("main .photos img")
    shown.scroll_into_view_if_needed()
    expect(shown).to_have_js_property("complete", True)  # noqa: FBT003 -- the value of the property
    assert shown.evaluate("image => image.naturalWidth") > 0

    page = member.go(f"desk/opportunities/{slug}/")
    page.locator('form[action$="/revise/"] button').click()
    page.locator("[name=rent]").fill("4.25")
    _submit(member)
    staff = officer.go(f"/admin/investors/opportunity/{_pk(portal, slug)}/change/")
    beside = staff.locator("tr:has(del):has(ins)")
    assert [beside.locator("del").inner_text(), beside.locator("ins").inner_text()] == [
        "CNY 5.5 per m² and day\n5.5元/平方米/天",
        "CNY 4.25 per m² and day\n4.25元/平方米/天",
    ]
    _publish(portal, officer, slug)
    assert "CNY 4.25" in member.go(f"opportunities/{slug}/").inner_text("main")


def _begin(member: Visitor, kind: str, english: str, chinese: str) -> str:
    page = member.go("desk/opportunities/new/")
    page.locator(f"[name=kind][value={kind}]").check()
    page.locator("[name=title_en]").fill(english)
    page.locator("[name=title_zh]").fill(chinese)
    page.locator("form:has([name=kind]) [type=submit]").click()
    page.wait_for_url(lambda url: "/desk/opportunities/" in url and not url.endswith("/new/"))
    member.look()
    page.locator("[name=expires_on]").fill(_in_days(120))
    return page.url.rstrip("/").rsplit("/", 1)[-1]


def _submit(member: Visitor) -> None:
    page: Page = member.page
    page.locator("button[name=submit]").click()
    expect(page.locator("button[name=submit]")).to_have_count(0)
    member.look()


def _publish(portal: RunningPortal, officer: Visitor, slug: str) -> int:
    pk = _pk(portal, slug)
    take_step(officer, f"investors/opportunity/{pk}", "publish")
    assert portal.sql("SELECT status FROM investors_opportunity WHERE id = %s", pk) == [("published",)]
    return pk


def _pk(portal: RunningPortal, slug: str) -> int:
    return int(portal.sql("SELECT id FROM investors_opportunity WHERE slug = %s", slug)[0][0])


def _in_days(days: int) -> str:
    return (timezone.localdate(timezone=SHANGHAI) + timedelta(days=days)).isoformat()


def _add_photograph(portal: RunningPortal, member: Visitor, slug: str) -> None:
    drawn = BytesIO()
    Image.new("RGB", (800, 600), "#9dc3d9").save(drawn, "PNG")
    page = member.go(f"desk/opportunities/{slug}/photos/")
    page.locator("[name=upload]").set_input_files(
        {"name": "room.png", "mimeType": "image/png", "buffer": drawn.getvalue()}
    )
    page.locator("[name=caption_en]").fill("The larger room")
    page.locator("form:has([name=upload]) [type=submit]").click()
    found = (
        "SELECT d.status FROM investors_opportunityphoto p JOIN portal_document d ON d.id = p.document_id "
        "JOIN investors_opportunity o ON o.id = p.opportunity_id WHERE o.slug = %s"
    )
    portal.wait_for(lambda: portal.sql(found, slug) == [("clean",)], 60, "the photograph was not checked")
    member.go(f"desk/opportunities/{slug}/photos/")
