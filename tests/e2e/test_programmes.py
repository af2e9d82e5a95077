"""Staff write a new programme in the workplace, somebody else publishes it, and a firm applies to it."""

from datetime import date, timedelta

from playwright.sync_api import Browser, Page

from tests.e2e import applying
from tests.e2e.browsing import Visitor
from tests.e2e.people import take_step
from tests.e2e.running import RunningPortal

SLUG = "browser-test-grant"
TEXTS = {
    "slug": SLUG,
    "title_en": "Grant for pilot lines",
    "title_zh": "中试线补助",
    "summary_en": "Half of the costs of a pilot line.",
    "summary_zh": "对中试线投入给予补助。",
    "text_en": "At most two years.",
    "text_zh": "期限不超过两年。",
    "cap_award": "2000000",
    "cap_firm": "3000000",
    "reviewers_needed": "1",
    "contact": "示例科室",
    "legal_basis": "示例〔2026〕9号（虚构）",
    "fair_competition_reference": "示例公平竞争审查〔2026〕9号（虚构）",
    "fair_competition_date": "2026-01-15",
}
QUESTIONS = [
    ("aim", "long", "What will you build?", "拟建设内容是什么？"),
    ("plant", "choice", "Where is it built?", "建在何处？"),
    ("jobs", "number", "How many new jobs?", "新增多少岗位？"),
    ("costs", "table", "What does it cost?", "投入明细"),
]
OPTIONS = [("new", "A new building", "新建厂房"), ("old", "An existing building", "现有厂房")]
COLUMNS = [("item", "text", "Item", "项目"), ("amount", "money", "Amount", "金额")]


def fill(page: Page, values: dict[str, str]) -> None:
    """Type values into the fields of these names."""
    for name, value in values.items():
        field = page.locator(f'[name="{name}"]')
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def add_rows(page: Page, prefix: str, rows: list[dict[str, str]]) -> None:
    """Add rows to an inline and fill them in."""
    for number, values in enumerate(rows):
        page.locator(f"#{prefix}-group .add-row").click()
        fill(page, {f"{prefix}-{number}-{name}": value for name, value in values.items()})


def press(page: Page, ending: str) -> None:
    """Save by the button whose name ends so."""
    with page.expect_navigation():
        page.locator(f'button[form][name$="{ending}"]').first.click()


def write_programme(staff: Visitor) -> int:
    """Write texts, form, documents, rubric, tranche plan and a round; return the programme's key."""
    page = staff.go("/admin/incentives/programme/add/")
    fill(page, TEXTS)
    page.locator("[name=instrument]").select_option("grant")
    today = date.today()  # noqa: DTZ011 -- the browser types a day, a month's margin is left
    inlines: dict[str, list[dict[str, str]]] = {
        "sections": [{"title_en": "The line", "title_zh": "中试线", "slug": "line"}],
        "wanted_documents": [{"title_en": "Plan", "title_zh": "方案", "slug": "plan"}],
        "rubric": [
            {"title_en": "Quality", "title_zh": "质量", "slug": "quality", "weight": "60"},
            {"title_en": "Effect", "title_zh": "成效", "slug": "effect", "weight": "30"},
        ],
        "tranches": [
            {"share": "70", "milestone_en": "Line ordered", "milestone_zh": "签订设备合同"},
            {"share": "30", "milestone_en": "Line runs", "milestone_zh": "中试线投运"},
        ],
        "rounds": [
            {
                "title_en": "First round",
                "title_zh": "第一批",
                "slug": "one",
                "opens_at_0": str(today - timedelta(days=2)),
                "opens_at_1": "09:00:00",
                "closes_at_0": str(today + timedelta(days=30)),
                "closes_at_1": "17:00:00",
            }
        ],
    }
    for prefix, rows in inlines.items():
        page.locator(f'a[href="#{prefix}"]').first.click()
        add_rows(page, prefix, rows)
    press(page, "_continue")
    staff.look()
    ((key,),) = staff.running.sql("SELECT id FROM incentives_programme WHERE slug = %s", SLUG)
    return int(key)


def write_questions(staff: Visitor, programme: int) -> None:
    """Write four questions on the page of the section; then the choices, the columns and the condition on their own."""
    ((section,),) = staff.running.sql("SELECT id FROM incentives_section WHERE programme_id = %s", programme)
    page = staff.go(f"/admin/incentives/section/{section}/change/")
    names = ("slug", "kind", "label_en", "label_zh")
    add_rows(page, "questions", [dict(zip(names, question, strict=True)) for question in QUESTIONS])
    press(page, "_continue")
    keys = dict(staff.running.sql("SELECT slug, id FROM incentives_question WHERE section_id = %s", section))

    def open_question(slug: str) -> Page:
        return staff.go(f"/admin/incentives/question/{keys[slug]}/change/")

    plain = ("slug", "label_en", "label_zh")
    add_rows(open_question("plant"), "options", [dict(zip(plain, option, strict=True)) for option in OPTIONS])
    press(page, "_continue")
    add_rows(open_question("costs"), "columns", [dict(zip(names, column, strict=True)) for column in COLUMNS])
    press(page, "_continue")
    open_question("jobs").locator(f'[name=only_if][value="{keys["plant"]}:new"]').check()
    press(page, "_continue")


def allocate(finance: Visitor, programme: int) -> None:
    """Give the round its budget."""
    ((budget,),) = finance.running.sql(
        "SELECT b.id FROM incentives_budget b JOIN incentives_round r ON r.id = b.round_id WHERE r.programme_id = %s",
        programme,
    )
    page = finance.go(f"/admin/incentives/budget/{budget}/change/")
    fill(page, {"amount": "9,000,000", "note": "示例〔2026〕9号（虚构）"})
    with page.expect_navigation():
        page.locator('form[action$="/allocate/"] [type=submit]').click()
    assert finance.running.sql("SELECT allocated FROM incentives_budget WHERE id = %s", budget) == [(9_000_000,)]


def criteria_that_fit(portal: RunningPortal, firm: str) -> dict[str, dict[str, str]]:
    """Return eight criteria that a firm meets, or that are preferred, each as its form is filled in."""
    ((code, place),) = portal.sql(
        "SELECT o.industry_code, s.slug FROM firms_organisation o "
        "JOIN firms_subdistrict s ON s.code = o.subdistrict_id WHERE o.slug = %s",
        firm,
    )
    ((cluster,),) = portal.sql(
        "SELECT c.slug FROM firms_cluster c JOIN firms_clustermembership m ON m.cluster_id = c.id AND NOT m.excluded "
        "JOIN firms_organisation o ON o.id = m.organisation_id WHERE o.slug = %s LIMIT 1",
        firm,
    )
    return {
        "age": {"minimum": "0", "maximum": "60"},
        "staff": {"minimum": "1"},
        "cluster": {"any_of": cluster},
        "industry": {"prefixes": f"{code[:2]}, 01"},
        "certificate": {"any_of": "hnte"},
        "awarded": {"years": "3"},
        "live_awards": {"maximum": "15000000"},
        "subdistrict": {"any_of": place},
    }


def write_criteria(staff: Visitor, programme: int, criteria: dict[str, dict[str, str]]) -> None:
    """Choose each kind on the programme's page, fill in its form, read the preview, and save."""
    page = staff.page
    for kind, values in criteria.items():
        page.goto(f"{staff.running.url}/admin/incentives/programme/{programme}/change/#criteria")
        page.locator(f'#add-criterion a[href$="&kind={kind}"]').click()
        page.locator("[name=_preview]").wait_for()
        for name, value in values.items():
            box = page.locator(f'[name="{name}"][value="{value}"]')
            if box.count():
                box.check()
            else:
                page.locator(f'[name="{name}"]').fill(value)
        if kind == "certificate":
            page.locator("[name=hard]").uncheck()
        if kind in {"age", "subdistrict"}:
            with page.expect_navigation():
                page.locator("[name=_preview]").click()
            staff.look()
            sentence = "企业成立满0年且不超过60年" if kind == "age" else "街道"
            assert sentence in page.locator('#content-main [lang="zh-Hans"]').first.inner_text()
        press(page, "_save")
        page.wait_for_url(f"**/programme/{programme}/change/#criteria")


def fill_in_what_is_missing(staff: Visitor, programme: int) -> None:
    """Read what is missing, correct it, and propose the publication."""
    page = staff.go(f"/admin/incentives/programme/{programme}/change/")
    missing = page.locator('section[aria-labelledby="publishing-title"] li').all_inner_texts()
    assert [text for text in missing if "90" in text] != []
    assert len([text for text in missing if "subdistrict" in text or "街道" in text]) == 2  # warned of, and missing
    page.locator("[name=exception_basis]").fill("《公平竞争审查条例》第十二条（示例）")
    page.locator('a[href="#rubric"]').first.click()
    page.locator('[name="rubric-1-weight"]').fill("40")
    press(page, "propose")
    staff.look()


def test_programme_written_in_the_workplace_is_published_and_applied_to(
    portal: RunningPortal, browser: Browser, visitors: list[Visitor]
) -> None:
    staff, head, finance = (Visitor(portal, browser, language) for language in ("zh-hans", "en", "en"))
    firm = Visitor(portal, browser, "zh-hans", 320)
    visitors += [staff, head, finance, firm]
    ((slug,),) = portal.sql(
        "SELECT o.slug FROM firms_organisation o JOIN firms_membership m ON m.organisation_id = o.id "
        "JOIN portal_user u ON u.id = m.user_id WHERE u.email = 'signatory@demo.example' ORDER BY o.id LIMIT 1"
    )
    staff.sign_in("manager")
    programme = write_programme(staff)
    write_questions(staff, programme)
    write_criteria(staff, programme, criteria_that_fit(portal, slug))
    fill_in_what_is_missing(staff, programme)
    staff.go(f"incentives/{SLUG}/preview/")

    finance.come_back_as("finance")
    allocate(finance, programme)
    head.sign_in("head")
    ((publication,),) = portal.sql("SELECT id FROM incentives_publication WHERE programme_id = %s", programme)
    take_step(head, f"incentives/publication/{publication}", "publish")

    page = head.go(f"incentives/{SLUG}/")
    assert page.locator("section[aria-labelledby=who] li").count() == 8
    assert page.locator("section[aria-labelledby=paid] tbody tr").count() == 2
    page = firm.go("incentives/calendar/")
    assert page.locator(f'main a[href$="/incentives/{SLUG}/"]').count() == 2
    with page.expect_download() as download:
        page.locator('main a[href$="rounds.ics"]').click()
    assert download.value.suggested_filename == "rounds.ics"
    firm.sign_in("signatory")
    address = applying.write_application(firm, SLUG)
    number = applying.submit_application(firm, address)
    assert applying.status_of(portal, number) == "submitted"
    ((answers,),) = portal.sql(
        "SELECT s.answers FROM incentives_sectionanswers s JOIN incentives_application a ON a.id = s.application_id "
        "WHERE a.number = %s AND s.section = 'line'",
        number,
    )
    assert sorted(answers) == ["aim", "costs", "jobs", "plant"]
