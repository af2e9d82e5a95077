"""A running portal and a browser that looks closely at every page."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from playwright.sync_api import Browser, sync_playwright

from deploy.bootstrap import CHROMIUM
from portal.environment import VAR
from tests.conftest import clone
from tests.e2e.browsing import Enter, Visitor
from tests.e2e.running import RunningPortal

CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the browser tests: ``-m 'not e2e'`` leaves them out."""
    for item in items:
        if "tests/e2e/" in str(item.path):
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def portal(
    demonstration_database: tuple[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningPortal]:
    """Start the whole portal with its demonstration; whatever was done to it, no invariant is broken at the end."""
    var: Path = tmp_path_factory.mktemp("e2e")
    loaded, files = demonstration_database
    shutil.copytree(files, var / "documents")
    shutil.copy(VAR / "demo_password", var)
    name = clone(loaded)
    server, _, number = settings.REDIS_URL.rpartition("/")
    redis = f"{server}/{7 + int(number)}"  # another than the tests' own
    running = RunningPortal(
        var, _named(settings.DATABASE_APPLICATION_URL, name), _named(settings.DATABASE_OWNER_URL, name), redis
    )
    running.manage("collectstatic", "--noinput", "-v", "0")
    try:
        running.start()
        yield running
        running.manage("check_invariants", "--show")
    finally:
        running.stop()


def _named(url: str, name: str) -> str:
    """Return the URL of another database on the same server."""
    return urlsplit(url)._replace(path=f"/{name}").geturl()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium; Debian's shell without windows takes a quarter of the time for a page."""
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    assert path, f"Chromium is missing: apt-get install {CHROMIUM[0]}"
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        # Playwright keeps a loop in this thread, where Django would refuse the tests that come after.
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        started = playwright.chromium.launch(executable_path=path, args=CHROMIUM_OPTIONS)
        yield started
        started.close()


@pytest.fixture
def visitors(portal: RunningPortal, browser: Browser) -> Iterator[list[Visitor]]:
    """Collect the people of a test; afterwards no page may have misbehaved for any of them."""
    everyone: list[Visitor] = []
    yield everyone
    for visitor in everyone:
        visitor.leave()
    assert [fault for visitor in everyone for fault in visitor.faults] == []


@pytest.fixture
def enter(portal: RunningPortal, browser: Browser, visitors: list[Visitor]) -> Enter:
    """Let a person come in: anonymous, or, once at each width, as an account of the demonstration."""
    known: dict[tuple[str, int], Visitor] = {}

    def come(language: str, width: int = 1280, account: str = "", *, closely: bool = True) -> Visitor:
        if (account, width) in known:
            return known[account, width]
        visitor = Visitor(portal, browser, language, width, closely=closely)
        visitors.append(visitor)
        if account:
            known[account, width] = visitor
            visitor.context.add_cookies([{"name": "language", "value": language, "url": portal.url}])
            visitor.come_back_as(account)
        return visitor

    return come
