"""Asking as everybody, by every verb and in every format, and reading all of each answer."""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from io import BytesIO
from itertools import product
from typing import Any
from zipfile import ZipFile

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.handlers.base import BaseHandler
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings
from django.utils import translation

from portal import urls
from portal.models import User
from tests.walking import view_of

VERBS = ("get", "head", "post", "options", "put", "patch", "delete")
FORMATS: dict[str, tuple[str, dict[str, Any]]] = {
    "page": ("{}/", {}),
    "json": ("{}/", {"HTTP_ACCEPT": "application/json"}),
    "part": ("{}/", {"HTTP_RANGE": "bytes=0-9", "HTTP_IF_NONE_MATCH": "*",
                     "HTTP_IF_MODIFIED_SINCE": "Wed, 01 Jan 2020 00:00:00 GMT"}),
    "fragment": ("{}/", {"HTTP_HX_REQUEST": "true"}),
    "query": ("{}/?format=json", {}),
    "suffix": ("{}.json", {}),
}  # fmt: skip
"""Ways to ask that could give more than a plain page: what becomes of an address that ends in a slash, and headers."""

OF_EACH_VIEW = 1  # address that is asked for in every format, the others in one: the view reads it, not the thing
REFUSED = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED})
LED_AWAY = tuple(f"'Location', '{place}" for place in ("/en/accounts/login/", "/admin/login/", "/admin/'"))
"""Where those are led who are to sign in, and in the workplace those for whom there is nothing."""

# Who asks is known, so that no session is read; what is refused is said in a line, without the page around it. The
# whole portal, with its sign-in and its pages of refusal, answers where Django's own client asks.
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]


@dataclass(frozen=True)
class Answer:
    """What was answered: the status, and everything that it says, headers too."""

    status: int
    said: str

    @property
    def is_refusal(self) -> bool:
        """Whether nothing was given: refused, or led to the sign-in or the start of the workplace."""
        is_led_away = self.status == HTTPStatus.FOUND and any(place in self.said for place in LED_AWAY)
        return self.status in REFUSED or is_led_away


class Portal:
    """The views of the portal, asked as anybody."""

    def __init__(self, handler: BaseHandler) -> None:
        self._handler, self._requests = handler, RequestFactory()

    def ask(self, user: User | None, path: str, verb: str = "get", headers: Mapping[str, Any] = {}) -> Answer:
        """Ask for an address as somebody, and read the answer to its end."""
        request: HttpRequest = self._requests.generic(verb.upper(), path, **headers)
        request.user = user or AnonymousUser()
        request._dont_enforce_csrf_checks = True  # else what a form lacks would hide whom a page refuses
        answer = self._handler.get_response(request)
        read = Answer(answer.status_code, said(answer))
        for close in answer._resource_closers:
            close()
        return read


def said(answer: Any) -> str:
    """Return everything that an answer says, headers too."""
    body = answer.getvalue() if answer.streaming else answer.content
    if body.startswith(b"PK"):
        with ZipFile(BytesIO(body)) as archive:
            body = b"".join(archive.read(name) for name in archive.namelist())
    return body.decode("utf-8", "replace") + str(sorted(answer.headers.items()))


def _refused(status: HTTPStatus, _request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(str(exception), status=status)


@contextmanager
def portal() -> Iterator[Portal]:
    """Open the views of the portal, in English, with nothing around them."""
    with (
        override_settings(MIDDLEWARE=MIDDLEWARE),
        pytest.MonkeyPatch.context() as patched,
        translation.override("en"),
    ):
        patched.setitem(connection.settings_dict, "ATOMIC_REQUESTS", value=False)  # a test's own transaction is enough
        for status in (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND):
            patched.setattr(urls, f"handler{status:d}", partial(_refused, status), raising=False)
        handler = BaseHandler()
        handler.load_middleware()
        logging.disable(logging.CRITICAL)  # each refusal is a line with its traceback: most of the time that it takes
        try:
            yield Portal(handler)
        finally:
            logging.disable(logging.NOTSET)


def ways(paths: Iterable[str]) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Yield each address with each format in which there is one: address, format, what is asked for, headers."""
    seen = Counter[str]()
    for path in paths:
        seen[view_of(path)] += 1
        for name, (pattern, headers) in FORMATS.items():
            asked = pattern.format(path.removesuffix("/")) if path.endswith("/") else path + pattern[3:]
            if view_of(asked) and (name == "page" or seen[view_of(path)] <= OF_EACH_VIEW):
                yield path, name, asked, headers


def reached(
    accounts: Mapping[str, User | None], paths: Sequence[str], *marks: str, theirs: Sequence[str] = ()
) -> dict[tuple[str, str, str, str], int]:
    """Ask as each account, by each verb, in each format, for each address; return what gave something, and its status.

    Args:
        accounts: whom nothing of it concerns, by name; nobody is ``None``.
        paths: the addresses.
        marks: what stands in what is private, and is to stand in no answer.
        theirs: addresses at which everybody finds what is their own: there the marks alone count, by GET.
    """
    found = {}
    with portal() as asked:
        for path, form, address, headers in ways(paths):
            for (name, user), verb in product(accounts.items(), VERBS):
                answer = asked.ask(user, address, verb, headers)
                if not answer.is_refusal or any(mark in answer.said for mark in marks):
                    found[name, verb, form, path] = answer.status
        for path, (name, user) in product(theirs, accounts.items()):
            answer = asked.ask(user, path)
            if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR or any(mark in answer.said for mark in marks):
                found[name, "get", "page", path] = answer.status
    return found


def given(user: User, paths: Iterable[str], *marks: str) -> list[str]:
    """Return those addresses at which somebody reads a mark, by a plain GET at the same views."""
    with portal() as asked:
        return [path for path in paths if any(mark in asked.ask(user, path).said for mark in marks)]
