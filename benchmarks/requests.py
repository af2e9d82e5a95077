"""Whole requests through the WSGI handler, with every middleware: the directory's first page, uncached."""

from collections.abc import Callable, Iterator
from http import HTTPStatus
from io import BytesIO
from typing import Any, NamedTuple
from urllib.parse import quote

from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings

from benchmarks.measuring import Goal, Result, Work, by_turns, ratio

PAGES = {
    "the directory, first page": ("/en/firms/", ""),
    "the directory in Chinese, a search": ("/zh-hans/firms/", "q=" + quote("机器人")),
    "the API, first page": ("/api/v1/firms/", ""),
}


def measure(size: int) -> Iterator[Result]:
    """Compare requests per second of pages of twenty rows with those of an empty view."""
    with override_settings(ROOT_URLCONF="benchmarks.urls"):
        handler = WSGIHandler()
        for name, (path, query) in PAGES.items():
            rounds = by_turns(_asking(handler, path, query), _asking(handler, "/bench/empty/"))
            yield ratio(name, size, Goal.at_least(0.1), rounds, against="an empty view", counts="first page" in name)


def _asking(handler: WSGIHandler, path: str, query: str = "") -> Work:
    return lambda turn: ask(handler, path, query, turn)


class Answer(NamedTuple):
    """What a server answered."""

    status: int
    body: bytes


def ask(handler: WSGIHandler, path: str, query: str = "", turn: int = 0) -> bytes:
    """Answer a request as a server does, to the last byte.

    Raises:
        RuntimeError: the answer is not 200.
    """
    # Nobody asks so often that the API's limit is met.
    answer = send(handler, path, query=query, address=f"2001:db8:{turn:x}::1")
    if answer.status != HTTPStatus.OK:
        raise RuntimeError(f"{path}: {answer.status}")
    return answer.body


def send(
    handler: WSGIHandler,
    path: str,
    *,
    query: str = "",
    address: str = "2001:db8::1",
    cookie: str = "",
    body: bytes | None = None,
    key: str = "",
) -> Answer:
    """Answer a request as a server does, whatever the answer is.

    Args:
        handler: the portal.
        path: what is asked for.
        query: behind the question mark.
        address: who asks.
        cookie: the cookies that are sent.
        body: what a form sends; the request is a POST then.
        key: against forged requests, from a script: it sends and wants JSON.
    """
    status: list[str] = []
    parts: list[bytes] = []  # an old way to answer, which Django never takes
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET" if body is None else "POST",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": address,
        "HTTP_ACCEPT": "application/json" if key else "text/html",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(body or b""),
        "wsgi.errors": BytesIO(),
    }
    if cookie:
        environ["HTTP_COOKIE"] = cookie
    if body is not None:
        media_type = "application/json" if key else "application/x-www-form-urlencoded"
        environ |= {"CONTENT_TYPE": media_type, "CONTENT_LENGTH": str(len(body)), "HTTP_X_CSRFTOKEN": key}

    def begin(line: str, headers: list[tuple[str, str]], error: Any = None) -> Callable[[bytes], object]:
        status.append(line)
        return parts.append

    response = handler(environ, begin)
    try:
        content = b"".join(response)
    finally:
        response.close()
    return Answer(int(status[0].split()[0]), content)
