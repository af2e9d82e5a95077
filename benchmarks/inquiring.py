"""Questions of a thousand people without an account within a minute, and of one who sends as many from one place."""

import logging
import multiprocessing
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import override_settings

from benchmarks import databases
from benchmarks.measuring import Goal, Result, share
from benchmarks.requests import send
from investors.forms import strangers
from investors.models import Inquiry, UnconfirmedInquiry
from investors.services.unconfirmed import link_of
from portal import memory
from portal.models import Notice

INQUIRIES = 1_000
"""So many in the full minute."""

_SECONDS = 60.0
_PROCESSES, _THREADS, _PATIENCE = 2, 4, 300
_CSRF = "b" * 32
_PATH = "/en/inquiries/new/"
_TEXT = "Which documents does a subsidiary need, and in which order? 设立子公司需要哪些材料？\n" * 5


@dataclass(frozen=True)
class Outcome:
    """What came of a question: from whom, how it was answered, whether its text is there, and its time."""

    email: str
    status: int
    keeps_text: bool
    lasted: float


def measure(attempts: int) -> Iterator[Result]:
    """Send them evenly over the time, then confirm each; then send as many again from one place.

    Args:
        attempts: 100,000 and more for the full minute; otherwise a tenth of it.
    """
    number = INQUIRIES if attempts >= 100_000 else INQUIRIES // 10
    seconds = _SECONDS * number / INQUIRIES
    with databases.scratch() as name, override_settings(ALLOWED_HOSTS=["localhost"]):
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(_PROCESSES, context, initializer=_begin, initargs=(name,)) as processes:
            list(processes.map(time.sleep, [4] * _PROCESSES))  # all stand, and forms are older than two seconds
            begins = time.time() + 1
            people = [(f"{place}@bench.example", f"10.{place // 200}.{place % 200}.7") for place in range(number)]
            moments = [begins + place / number * seconds for place in range(number)]
            asked = _in_lots(processes, [(*who, moment) for who, moment in zip(people, moments, strict=True)])
            last = time.time() - begins
            yield from _judged(asked, number, seconds, last)
            flood = [(f"flood{place}@bench.example", "10.99.99.7", 0.0) for place in range(number)]
            yield from _judged_flood(_in_lots(processes, flood))
            yield from _confirmed(processes, [email for email, _address in people])


def _judged(asked: list[Outcome], number: int, seconds: float, lasted: float) -> Iterator[Result]:
    kept = set(UnconfirmedInquiry.objects.values_list("email", flat=True))
    mails = Counter(Notice.objects.filter(kind="investors.confirm_inquiry").values_list("address", flat=True))
    stored = [one.status == HTTPStatus.OK and one.email in kept and mails[one.email] == 1 for one in asked]
    stored.append(len(asked) == number)
    yield share("inquiries in a minute: all kept, one link each", number, Goal.at_least(1), stored, against="-")
    in_time = lasted <= seconds * 1.05 + max((one.lasted for one in asked), default=0)
    slow = [in_time, *(one.lasted < 2 for one in asked)]
    yield share("answered in two seconds, at their pace", number, Goal.at_least(1), slow, against="-")


def _judged_flood(flood: list[Outcome]) -> Iterator[Result]:
    statuses = Counter(one.status for one in flood)
    refused = [one for one in flood if one.status != HTTPStatus.OK]
    politely = [one.status == HTTPStatus.TOO_MANY_REQUESTS and one.keeps_text for one in refused]
    politely.append(statuses[HTTPStatus.OK] == settings.INQUIRIES_PER_PLACE)
    politely.append(
        UnconfirmedInquiry.objects.filter(email__startswith="flood").count() == settings.INQUIRIES_PER_PLACE
    )
    yield share("as many from one place: limited politely", len(flood), Goal.at_least(1), politely, against="-")


def _confirmed(processes: ProcessPoolExecutor, emails: list[str]) -> Iterator[Result]:
    links = [link_of(row) for row in UnconfirmedInquiry.objects.filter(email__in=emails).order_by("pk")]
    lots = [links[place::_PROCESSES] for place in range(_PROCESSES)]
    statuses = [one for lot in processes.map(_confirm_all, lots, timeout=_PATIENCE) for one in lot]
    received = Counter(Inquiry.objects.values_list("sender__email", flat=True))
    once = [received[email] == 1 for email in emails] + [status == HTTPStatus.OK for status in statuses]
    once.append(Inquiry.objects.values("reference").distinct().count() == len(emails))
    yield share("all confirmed: one reference each", len(emails), Goal.at_least(1), once, against="-")


def _in_lots(processes: ProcessPoolExecutor, people: list[tuple[str, str, float]]) -> list[Outcome]:
    lots = [people[place::_PROCESSES] for place in range(_PROCESSES)]
    return [one for lot in processes.map(_ask_all, lots, timeout=_PATIENCE) for one in lot]


def _begin(name: str) -> None:
    logging.disable(logging.WARNING)
    connection.close()
    if "pool" in connection.settings_dict["OPTIONS"]:
        connection.close_pool()  # type: ignore[attr-defined]
    connection.settings_dict["NAME"] = name
    settings.ALLOWED_HOSTS = ["localhost"]
    global _opened  # noqa: PLW0603 -- one page for all of a process
    _opened = strangers._opened()
    memory.settle()  # as a process does that serves


_opened = ""


def _ask_all(lot: list[tuple[str, str, float]]) -> list[Outcome]:
    handler, outcomes = WSGIHandler(), list[Outcome]()

    def client(place: int) -> None:
        for email, address, moment in lot[place::_THREADS]:
            time.sleep(max(0.0, moment - time.time()))
            began = time.perf_counter()
            answer = send(handler, _PATH, address=address, cookie=_cookie(), body=_typed(email))
            lasted = time.perf_counter() - began
            kept = "设立子公司" in answer.body.decode()
            outcomes.append(Outcome(email, answer.status, kept, lasted))
        connection.close()

    _by_threads(client)
    return outcomes


def _confirm_all(links: list[str]) -> list[int]:
    handler, statuses = WSGIHandler(), list[int]()

    def client(place: int) -> None:
        for link in links[place::_THREADS]:
            body = urlencode({"csrfmiddlewaretoken": _CSRF}).encode()
            statuses.append(send(handler, link, cookie=_cookie(), body=body).status)
        connection.close()

    _by_threads(client)
    return statuses


def _by_threads(client: Callable[[int], None]) -> None:
    threads = [threading.Thread(target=client, args=(place,), daemon=True) for place in range(_THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(_PATIENCE)


def _cookie() -> str:
    return f"{settings.CSRF_COOKIE_NAME}={_CSRF}"


def _typed(email: str) -> bytes:
    typed = {
        "topic": "setting_up", "subject": "Documents", "text": _TEXT, "language": "en", "name": "Invented Person",
        "email": email, "country": "SG", "key": str(uuid4()), "opened": _opened, "csrfmiddlewaretoken": _CSRF,
    }  # fmt: skip
    return urlencode(typed).encode()
