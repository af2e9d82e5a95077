"""An investor writes what they look for, reads why each opportunity fits, and hears at once of a new one that does."""

from playwright.sync_api import Locator

from tests.e2e.browsing import Enter
from tests.e2e.people import take_step
from tests.e2e.running import RunningPortal

LISTING = "series-b-for-building-energy-software"
TICKED = {
    "kinds": ["capital_sought"],
    "stages": ["series_b"],
    "instruments": ["equity"],
    "roles": ["lead", "follow"],
    "languages": ["zh", "en"],
    "tell": ["immediate"],
}
TYPED = {"ticket_min": "5000000", "ticket_max": "40000000", "horizon_years": "8"}


def test_investor_writes_a_profile_and_is_told_of_a_new_listing_that_fits(portal: RunningPortal, enter: Enter) -> None:
    investor, officer = enter("zh-hans", 375, "investor"), enter("en", 1280, "officer")
    page = investor.go("desk/profile/")
    page.locator('form[action$="/profile/delete/"] button').click()
    investor.look()
    assert page.locator("[name=ticket_min]").input_value() == ""
    page.locator("[name=investor_type]").select_option("venture_capital")
    page.locator("[name=country]").select_option("SG")
    for name, values in TICKED.items():
        for value in values:
            page.locator(f"[name={name}][value={value}]").check()
    page.get_by_label("绿色低碳").first.check()
    for name, text in TYPED.items():
        page.locator(f"[name={name}]").fill(text)
    page.locator("form:has([name=ticket_min]) [type=submit]").click()
    page.wait_for_url("**/desk/matches/")
    investor.look()

    portal.wait_for(lambda: investor.go("desk/matches/").locator("main .listing > li").count(), 60, "nothing fits")
    first = page.locator("main .listing > li").first
    first.locator("summary").click()
    investor.look()
    chinese_verdicts = _verdicts(first)
    assert len(chinese_verdicts) >= 7
    for path in ("/en/desk/profile/", "/en/desk/matches/"):
        investor.go(path)
    first.locator("summary").click()
    investor.look()
    in_english = {"符合": "met", "不符合": "missed", "未知": "not known"}
    assert _verdicts(first) == [in_english[verdict] for verdict in chinese_verdicts]

    ((pk, english, chinese),) = portal.sql(
        "SELECT id, title_en, title_zh FROM investors_opportunity WHERE slug = %s", LISTING
    )
    told = len(portal.mails("investor@demo.example", "fits your profile"))
    take_step(officer, f"investors/opportunity/{pk}", "publish")
    portal.wait_for(
        lambda: len(portal.mails("investor@demo.example", "fits your profile")) > told, 60, "the match was not told"
    )
    body = portal.mail("investor@demo.example", "fits your profile").get_body(("plain",))
    assert body
    assert english in body.get_content()
    page = investor.go(f"opportunities/{LISTING}/")
    page.locator(".match__why summary").click()
    investor.look()
    assert chinese in page.inner_text("main h1")
    fits = _verdicts(page.locator("main"))
    assert (len(fits) >= 7, set(fits) <= {"符合", "未知"}) == (True, True)


def _verdicts(place: Locator) -> list[str]:
    """Return the verdict on each criterion, the last line of its reasons."""
    return [one.splitlines()[-1].strip() for one in place.locator(".match__why .task-list > li").all_inner_texts()]
