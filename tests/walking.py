"""Walking from page to page as a person does: the links and forms of each, a few pages of each kind."""

from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http import HTTPStatus
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import translation


@dataclass
class Form:
    """One form of a page: where it is sent, and what it would send untouched."""

    action: str
    method: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)

    def add(self, name: str, kind: str, value: str | None) -> None:
        """Keep a field, and its value where it would be sent."""
        self.kinds.setdefault(name, kind)
        values = self.fields.setdefault(name, [])
        if value is not None:
            values.append(value)


class Page(HTMLParser):
    """Links and forms of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._select = ""
        self._textarea = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Read a tag."""
        has = {name: value or "" for name, value in attrs}
        if tag == "a" and has.get("href"):
            self.links.append(has["href"])
        elif tag == "form":
            self.forms.append(Form(has.get("action", ""), has.get("method", "get").lower()))
        elif self.forms:
            self._field(tag, has)

    def _field(self, tag: str, has: dict[str, str]) -> None:
        form, name = self.forms[-1], has.get("name", "")
        if tag == "option" and self._select:
            form.choices.setdefault(self._select, []).append(has.get("value", ""))
            if "selected" in has:
                form.add(self._select, "select", has.get("value", ""))
        elif not name:
            return
        elif tag == "select":
            self._select = name
            form.add(name, "select", None)
        elif tag == "textarea":
            self._textarea = name
            form.add(name, "textarea", None)
        elif tag == "button":
            form.add(name, "submit", has.get("value", ""))
        elif tag == "input":
            kind = has.get("type", "text")
            if kind in {"radio", "checkbox"}:
                form.choices.setdefault(name, []).append(has.get("value", "on"))
                form.add(name, kind, has.get("value", "on") if "checked" in has else None)
            else:
                form.add(name, kind, has.get("value", "") if kind != "file" else None)

    def handle_endtag(self, tag: str) -> None:
        """Leave a field."""
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._textarea = ""

    def handle_data(self, data: str) -> None:
        """Read the text of a text area."""
        if self._textarea:
            self.forms[-1].add(self._textarea, "textarea", data)


@dataclass
class Seen:
    """One page of a walk: its view, how it answered, and what stands on it where it is a page of text."""

    view: str
    status: int
    page: Page | None = None


def view_of(path: str) -> str:
    """Return the name of the view behind an address, and nothing where there is none."""
    with translation.override("zh-hans" if path.startswith("/zh-hans/") else "en"):
        try:
            return resolve(urlsplit(path).path).view_name
        except Resolver404:
            return ""


def begin(answer: Any) -> None:
    """Read the beginning of a file as it is streamed, and close it; thousands of rows more would prove nothing."""
    if answer.streaming:
        next(iter(answer), b"")
        answer.close()


def walk(client: Client, *starts: str, within: tuple[str, ...] = ("",), of_each_view: int = 2) -> dict[str, Seen]:
    """Follow links from page to page; return what was seen, by address.

    Args:
        client: who walks.
        starts: where from.
        within: of what an address must contain something to be followed.
        of_each_view: how many pages of each view are opened.
    """
    queue, known, seen, views = list(starts), {*starts, "/"}, {}, Counter[str]()
    while queue:
        path = queue.pop(0)
        view = view_of(path)
        if views[view] >= of_each_view and view:
            continue
        views[view] += 1
        if not view:
            seen[path] = Seen("", HTTPStatus.NOT_FOUND)
            continue
        answer = client.get(path)
        seen[path] = found = Seen(view, answer.status_code)
        begin(answer)
        if answer.status_code != HTTPStatus.OK or not answer["Content-Type"].startswith("text/html"):
            continue
        found.page = Page(answer.text)
        for link in found.page.links:
            address = urlsplit(urljoin(path, link))
            target = address.path + ("?" + address.query if address.query else "")
            ours = not address.netloc and address.scheme in {"", "http"} and any(part in target for part in within)
            if ours and target not in known:
                known.add(target)
                queue.append(target)
    return seen
