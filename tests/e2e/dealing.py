"""What two sides of an interest do in a browser."""

from collections.abc import Callable

from playwright.sync_api import Page

from tests.e2e.browsing import Visitor
from tests.e2e.running import RunningPortal


def express(visitor: Visitor, slug: str, message: str, *, country: str = "", organisation: str = "") -> str:
    """Express interest from the page of an opportunity; return the reference."""
    page = visitor.go(f"opportunities/{slug}/")
    page.locator(f'main .panel a[href$="/opportunities/{slug}/interest/"]').click()
    visitor.look()
    page.locator("[name=message]").fill(message)
    if country:
        page.locator("[name=country]").select_option(country)
    if organisation:
        page.locator("[name=organisation]").select_option(organisation)
    page.locator("form:has([name=message]) button[type=submit]").click()
    page.wait_for_url("**/desk/interests/INT-*/")
    visitor.look()
    return page.url.rstrip("/").rsplit("/", 1)[-1]


def take(visitor: Visitor, reference: str, step: str, fill: Callable[[Page], None] | None = None) -> None:
    """Follow the way to a step on the page of an interest, and confirm it."""
    page = visitor.page
    page.goto(f"{visitor.running.url}/{visitor.language}/desk/interests/{reference}/")
    page.locator(f'main a[href$="/{reference}/steps/{step}/"]').first.click()
    visitor.look()
    if fill:
        fill(page)
    confirm(visitor, step)
    page.wait_for_url(f"**/desk/interests/{reference}/")


def confirm(visitor: Visitor, step: str) -> None:
    """Press the button of the page of a step."""
    visitor.page.locator(f'main form[action$="/steps/{step}/"] button[type=submit]').click()


def sign(name: str) -> Callable[[Page], None]:
    """Return what types a name under the agreement and ticks the box."""

    def fill(page: Page) -> None:
        page.locator("[name=name]").fill(name)
        page.locator("[name=sure]").check()

    return fill


def agree(person: Visitor, owner: Visitor, reference: str) -> None:
    """Let the owner accept the interest and both sides the agreement; wait until it is there to print."""
    take(owner, reference, "accept")
    take(person, reference, "sign", sign("Ada Demonstration 演示投资人"))
    take(owner, reference, "countersign", sign("Bo Demonstration 演示签署人"))
    portal = person.running
    portal.wait_for(lambda: is_printed(portal, reference), 60, "the agreement was not printed")


def is_printed(portal: RunningPortal, reference: str) -> bool:
    """Say whether the agreement is there as a file that may be opened."""
    found = portal.sql("SELECT 1 FROM portal_document WHERE name LIKE %s AND status = 'clean'", f"%{reference}%")
    return bool(found)


def add_to_room(owner: Visitor, slug: str, tier: str, title: str, content: bytes) -> str:
    """Put a file into a tier, wait until it is checked, and return its address."""
    page, portal = owner.go(f"desk/opportunities/{slug}/room/"), owner.running
    page.locator(f"[name=tier][value={tier}]").check()
    page.locator("[name=title_en]").fill(title)
    page.locator("[name=title_zh]").fill(f"{title} 文件")
    page.locator("[name=upload]").set_input_files(
        {"name": f"{tier}.pdf", "mimeType": "application/pdf", "buffer": content}
    )
    page.locator("form:has([name=upload]) [type=submit]").click()
    page.wait_for_url(f"**/{slug}/room/")
    ((uid,),) = portal.sql(
        "SELECT d.uid FROM portal_document d JOIN investors_dataroomdocument r ON r.document_id = d.id "
        "WHERE r.title_en = %s",
        title,
    )
    portal.wait_for(lambda: is_checked(portal, uid), 60, "the file was not checked")
    owner.go(f"desk/opportunities/{slug}/room/")
    return f"/documents/{uid}/"


def is_checked(portal: RunningPortal, uid: object) -> bool:
    """Say whether a file may be opened."""
    return portal.sql("SELECT status FROM portal_document WHERE uid::text = %s", str(uid)) == [("clean",)]


def fetch(visitor: Visitor, path: str) -> tuple[int, bytes]:
    """Ask for an address with the person's session; return the status and the body."""
    answer = visitor.context.request.get(visitor.running.url + path, max_redirects=0)
    return answer.status, answer.body()
