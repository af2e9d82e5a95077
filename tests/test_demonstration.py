"""Over the whole demonstration: no link leads nowhere, and every page of the workplace opens for those who may see it."""

from collections import Counter
from html.parser import HTMLParser
from http import HTTPStatus
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.contrib import admin
from django.core.management import call_command
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from django.utils import translation

from portal.demonstration import ACCOUNTS
from portal.models import User

OF_EACH_VIEW = 2


class Links(HTMLParser):
    """The addresses that a page leads to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the address of a link."""
        if tag == "a":
            self.found += [value for name, value in attrs if name == "href" and value]


@pytest.fixture
def demonstration(db: None, settings: Any) -> None:
    settings.DEMONSTRATION = True
    call_command("load_demonstration", verbosity=0)


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _walk(client: Client, *starts: str, within: str = "") -> tuple[dict[str, int], set[str]]:
    """Follow links from page to page, a few of each kind; return what failed and which views were seen."""
    queue, failed, seen = list(starts), {}, Counter[str]()
    known = {*queue, "/"}
    while queue:
        path = queue.pop(0)
        with translation.override("zh-hans" if path.startswith("/zh-hans/") else "en"):
            try:
                view = resolve(urlsplit(path).path).view_name
            except Resolver404:
                failed[path] = 404
                continue
        if seen[view] >= OF_EACH_VIEW:
            continue
        seen[view] += 1
        answer = client.get(path)
        if answer.status_code not in {200, 302}:
            failed[path] = answer.status_code
        if answer.streaming:
            answer.getvalue()  # closes the file
        if answer.status_code != HTTPStatus.OK or not answer["Content-Type"].startswith("text/html"):
            continue
        for link in Links(answer.text).found:
            address = urlsplit(urljoin(path, link))
            target = address.path + ("?" + address.query if address.query else "")
            if not address.netloc and address.scheme in {"", "http"} and within in target and target not in known:
                known.add(target)
                queue.append(target)
    return failed, set(seen)


def test_no_link_leads_nowhere(demonstration: None) -> None:
    failed, seen = _walk(Client(), "/en/", "/zh-hans/")
    for user in User.objects.filter(is_demonstration=True, email__in=[f"{name}@demo.example" for name in ACCOUNTS]):
        start = "/admin/" if user.is_staff else f"/{user.language}/desk/"
        wrong, views = _walk(_client(user), start, within="/admin/" if user.is_staff else "/desk/")
        seen |= views
        failed |= {f"{user}: {path}": status for path, status in wrong.items()}

    assert failed == {}, failed
    assert len(seen) > 60


def test_every_row_opens_in_the_workplace_for_those_who_may_see_it(demonstration: None, rf: Any) -> None:
    wrong = {}
    for user in User.objects.filter(is_demonstration=True, is_staff=True):
        client = _client(user)
        request = rf.get("/")
        request.user = user
        for model, page in admin.site._registry.items():
            row = page.get_queryset(request).order_by("pk").first()
            expected = {200} if row and page.has_view_permission(request, row) else {302, 403, 404}
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
            status = client.get(reverse(name, args=[row.pk if row else 10**9])).status_code
            if status not in expected:
                wrong[user.email, name] = status

    assert wrong == {}
