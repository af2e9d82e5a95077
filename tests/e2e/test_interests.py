"""Interest is expressed and accepted, both sign, what is confidential opens to the investor, and closes at once."""

import pytest

from tests.e2e.browsing import Enter
from tests.e2e.dealing import add_to_room, agree, express, fetch, take
from tests.e2e.people import PDF, told
from tests.e2e.running import RunningPortal

SECRET = "齿面处理温度 420 °C"
CONTENT = PDF + b"% what only the data room holds"


UNSIGNED = {
    "en": "Both sides have yet to accept the confidentiality agreement.",
    "zh-hans": "双方尚未签署保密协议。",
}
REVOKED = {"en": "The owner has revoked the access.", "zh-hans": "发布方已撤销查阅权限。"}
EN, ZH = ("en", 1280), ("zh-hans", 375)


@pytest.mark.parametrize(
    ("theirs", "owners"), [(EN, ZH), (ZH, EN)], ids=["investor reads English", "investor reads Chinese"]
)
def test_investor_reads_what_is_confidential_until_the_owner_revokes_it(
    portal: RunningPortal, enter: Enter, theirs: tuple[str, int], owners: tuple[str, int]
) -> None:
    slug = _opportunity_of_the_firm(portal)
    investor, owner, language = enter(*theirs, "investor"), enter(*owners, "signatory"), theirs[0]
    reference = express(investor, slug, "We would like to see your data. 希望查阅资料。", country="DE")
    portal.wait_for(lambda: told(portal, "signatory@demo.example", reference), 60, "the owner was not told")
    closed = investor.go(f"desk/interests/{reference}/room/").inner_text("main")
    assert UNSIGNED[language] in closed

    file = add_to_room(owner, slug, "room", f"Accounts for {reference}", CONTENT)
    agree(investor, owner, reference)
    agreement = investor.go(f"desk/interests/{reference}/").locator('main a[href*="/documents/"]').first
    with investor.page.expect_download() as downloading:
        agreement.click()
    assert downloading.value.path().read_bytes().startswith(b"%PDF-")
    page = investor.go(f"desk/interests/{reference}/room/")
    page.locator('main a[href$="/room/text/"]').click()
    investor.look()
    assert SECRET in page.inner_text("main")
    assert fetch(investor, file)[0] == 404  # the owner opens the data room apart

    take(owner, reference, "open_room")
    assert page.request.get(portal.url + file).body() == CONTENT
    log = owner.go(f"desk/opportunities/{slug}/room/log/").locator("main tbody").inner_text()
    assert [f"Accounts for {reference}" in log, log.count(reference)] == [True, 3]
    take(investor, reference, "negotiate")
    page.locator("[name=text]").fill("Could we meet next week?")
    page.locator("form:has([name=text]) [type=submit]").click()
    investor.look()
    assert "Could we meet next week?" in owner.go(f"desk/interests/{reference}/").inner_text("main")

    take(owner, reference, "revoke")
    assert fetch(investor, file) == (404, fetch(investor, "/documents/00000000-0000-4000-8000-000000000000/")[1])
    assert fetch(investor, f"/{language}/desk/interests/{reference}/room/text/")[0] == 302
    shown = investor.go(f"desk/interests/{reference}/room/")
    assert REVOKED[language] in shown.inner_text("main")
    assert [secret in shown.content() for secret in (SECRET, f"Accounts for {reference}", file)] == [False] * 3
    take(investor, reference, "withdraw")


def _opportunity_of_the_firm(portal: RunningPortal) -> str:
    """Return one in which nobody is interested now, with a confidential description."""
    ((slug,),) = portal.sql(
        "UPDATE investors_opportunity SET confidential_zh = %s, confidential_en = %s WHERE id = ("
        " SELECT min(o.id) FROM investors_opportunity o JOIN firms_membership m ON m.organisation_id = o.owner_id"
        " JOIN portal_user u ON u.id = m.user_id WHERE u.email = 'signatory@demo.example' AND o.status = 'published'"
        " AND NOT EXISTS (SELECT FROM investors_interest i WHERE i.opportunity_id = o.id AND i.ended_at IS NULL))"
        " RETURNING slug",
        SECRET, SECRET,
    )  # fmt: skip
    return str(slug)
