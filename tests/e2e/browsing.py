"""A person with a browser, who notices what should not be there."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, Response

from portal import demonstration
from tests.e2e.running import RunningPortal

AXE_OPTIONS = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    "resultTypes": ["violations"],  # what is well is not described: half of the time
}


class Visitor:
    """One person in one browser context; every page visited is looked at closely.

    Args:
        running: the portal.
        browser: the browser; the person gets a fresh context.
        language: ``en`` or ``zh-hans``.
        width: of the window, in pixels.
        script: whether the browser runs scripts; axe is one, and looks only where it does.
        closely: whether axe looks at every page; in a long story it looks at those that the story names.
    """

    def __init__(
        self,
        running: RunningPortal,
        browser: Browser,
        language: str,
        width: int = 1280,
        *,
        script: bool = True,
        closely: bool = True,
    ) -> None:
        self.running = running
        self.language = language
        self.script, self.closely = script, closely
        self.faults: list[str] = []
        self.context = browser.new_context(
            viewport={"width": width, "height": 900},
            locale="zh-CN" if language == "zh-hans" else "en-GB",
            java_script_enabled=script,
        )
        self.page: Page = self.context.new_page()
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self._fault(f"script error: {error}"))
        self.page.on("request", self._request)
        self.page.on("response", self._response)
        self.context.set_default_timeout(20_000)

    def _fault(self, text: str) -> None:
        self.faults.append(f"{self.page.url}: {text}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self._fault(f"console {message.type}: {message.text}")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and parts.port != self.running.port:
            self._fault(f"request to another host: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self._fault(f"{response.status} for {response.url}")

    def go(self, path: str) -> Page:
        """Open a page: a path below the language, or one that begins with ``/``."""
        url = path if path.startswith("/") else f"/{self.language}/{path}"
        self.page.goto(self.running.url + url)
        self.look()
        return self.page

    def look(self, *, closely: bool = False) -> None:
        """Let axe inspect the page, and see that nothing is wider than the window."""
        self.page.wait_for_load_state("load")
        inspects = self.script and (closely or self.closely)
        results: dict[str, Any] = Axe().run(self.page, options=AXE_OPTIONS).response if inspects else {}
        for violation in results.get("violations", []):
            where = "; ".join(str(node["target"]) for node in violation["nodes"][:3])
            self._fault(f"axe {violation['id']}: {violation['help']} at {where}")
        over = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            self._fault(f"the page is {over} px wider than the window")

    def press(self, name: str | re.Pattern[str], *, within: Locator | None = None) -> None:
        """Press a button or follow a link, and look at what opens."""
        place = within or self.page
        button = place.get_by_role("button", name=name)
        target = button if button.count() else place.get_by_role("link", name=name)
        target.first.click()
        self.look()

    def sign_in(self, name: str) -> None:
        """Sign in as an account of the demonstration."""
        self.sign_in_as(demonstration.address(name), (self.running.var / "demo_password").read_text())

    def come_back_as(self, name: str) -> None:
        """Open the first page of an account in the session that it began in an earlier test; sign in where it ended."""
        if name in self.running.sessions:
            cookie, first = self.running.sessions[name]
            self.context.add_cookies([cookie])
            self.page.goto(self.running.url + first.format(language=self.language))
            if "/accounts/login" not in self.page.url:
                return
        self.sign_in(name)
        cookie = next(one for one in self.context.cookies() if one["name"] == "session")
        first = "/admin/" if urlsplit(self.page.url).path.startswith("/admin/") else "/{language}/desk/"
        self.running.sessions[name] = cookie, first

    def sign_in_as(self, address: str, password: str) -> None:
        """Sign in by address and password."""
        self.go("accounts/login/")
        self.page.locator("[name=login]").fill(address)
        self.page.locator("[name=password]").fill(password)
        self.page.locator("form:has([name=password]) [type=submit]").first.click()
        self.page.wait_for_url(lambda url: "/accounts/login" not in url)

    def leave(self) -> None:
        """Close the browser context."""
        self.context.close()


type Enter = Callable[..., Visitor]
"""Lets a person come in; see the fixture."""
