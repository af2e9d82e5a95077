"""Writing and submitting applications: the section that saves itself, and a round whose last minute everybody uses."""

import json
import logging
import multiprocessing
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from http import HTTPStatus
from statistics import quantiles
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, load_backend
from django.contrib.auth.models import Group
from django.contrib.sessions.backends.db import SessionStore
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone

from benchmarks import databases
from benchmarks.measuring import ROUNDS, Goal, Result, Rounds, ratio, share
from benchmarks.requests import send
from firms.models import Membership, Organisation
from incentives import conditions, declarations, services
from incentives.models import Application, PlannedTranche, Programme, Question, Round, Section, Snapshot
from portal import memory
from portal.models import User
from portal.roles import Role

QUESTIONS = 8
SUBMISSIONS = 500
"""So many in the full last minute of a round."""

_CSRF = "b" * 32
_SAVES = 60
_SECONDS, _AFTER = 60.0, 0.2
"""How long the last minute is, and which part of the submissions comes after it."""

_PROCESSES, _THREADS, _PATIENCE = 2, 8, 300
_WORDS = "用人工智能改造生产线，提高质量，减少能耗。To improve the line with machine learning. "


def autosave(_size: int) -> Iterator[Result]:
    """Compare the slowest twentieth of saves by a script with that of an empty view of the same person."""
    with databases.scratch(), override_settings(ROOT_URLCONF="benchmarks.urls", ALLOWED_HOSTS=["localhost"]):
        with transaction.atomic():
            opened = _round(timezone.now() + timedelta(days=1))
            application, signatory = _draft(opened, 1)
            cookie = _signed_in(signatory)
        handler, version = WSGIHandler(), 1
        path, rounds = f"/en/desk/applications/{application.uid}/sections/project/", Rounds([], [])
        memory.settle()  # as a process does that serves
        for number in range(ROUNDS + 1):
            saves, empties = [], []
            for turn in range(_SAVES):
                fields = _typed(1 + turn + number * _SAVES) | {"version": str(version)}
                version += 1
                saves.append(_timed(handler, path, cookie, fields))
                empties.append(_timed(handler, "/bench/signed-in/", cookie))
            rounds.subject.append(_p95(saves))
            rounds.floor.append(_p95(empties))
        del rounds.subject[0], rounds.floor[0]  # the first round warms up
        saved = application.answers.get(section="project")
        if saved.version != version:
            message = f"{version} saves were answered, {saved.version} are there"
            raise RuntimeError(message)
    name = f"autosave of {QUESTIONS} answers, p95"
    yield ratio(name, _SAVES, Goal.at_most(2), rounds, against="an empty view, signed in")


def _timed(handler: WSGIHandler, path: str, cookie: str, fields: dict[str, str] | None = None) -> float:
    body = json.dumps(list(fields.items()), ensure_ascii=False).encode() if fields else None  # the browser's work
    began = time.perf_counter()
    answer = send(handler, path, cookie=cookie, body=body, key=_CSRF)
    lasted = time.perf_counter() - began
    if answer.status != HTTPStatus.OK:
        message = f"{path}: {answer.status}"
        raise RuntimeError(message)
    return lasted


def _p95(values: list[float]) -> float:
    return quantiles(values, n=20)[-1]


# --- The last minute ------------------------------------------------------------------------


@dataclass(frozen=True)
class Attempt:
    """One submission: when it is sent, before (negative) or after the round closes."""

    uid: str
    cookie: str
    key: str
    sent: float


@dataclass(frozen=True)
class Outcome:
    """What came of it: when it was sent and answered, as seconds after the closing, and whether it was received."""

    uid: str
    sent: float
    answered: float
    statuses: tuple[int, ...]


def last_minute(attempts: int) -> Iterator[Result]:
    """Submit by many people at once until after a round has closed; each click comes twice."""
    number = SUBMISSIONS if attempts >= 100_000 else SUBMISSIONS // 10
    seconds = _SECONDS * number / SUBMISSIONS
    with databases.scratch() as name, override_settings(ALLOWED_HOSTS=["localhost"]):
        with transaction.atomic():
            opened = _round(timezone.now() + timedelta(days=1))
            drafts = [_draft(opened, place) for place in range(1, number + 1)]
            sent = [(place / number - 1 + _AFTER) * seconds for place in range(number)]
            tries = [
                Attempt(str(application.uid), _signed_in(signatory), str(uuid4()), moment)
                for (application, signatory), moment in zip(drafts, sent, strict=True)
            ]
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(_PROCESSES, context, initializer=_begin, initargs=(name,)) as processes:
            list(processes.map(time.sleep, [1] * _PROCESSES))  # all stand
            closes_at = timezone.now() + timedelta(seconds=seconds)
            with transaction.atomic():
                Round.objects.filter(pk=opened.pk).update(closes_at=closes_at)
            lots = [(closes_at, tries[place::_PROCESSES]) for place in range(_PROCESSES)]
            outcomes = [one for lot in processes.map(_submit_all, lots, timeout=_PATIENCE) for one in lot]
        yield from _judged(outcomes, closes_at)


def _judged(outcomes: list[Outcome], closes_at: datetime) -> Iterator[Result]:
    """Tell whether each was accepted or refused rightly, with one receipt for each accepted."""
    receipts = Counter(str(uid) for uid in Snapshot.objects.values_list("application__uid", flat=True))
    numbers = dict(Application.objects.exclude(number=None).values_list("uid", "number"))
    numbered = {str(uid): number for uid, number in numbers.items()}
    rightly = [
        receipts[one.uid] == 1
        if one.answered < 0
        else receipts[one.uid] == 0
        if one.sent > 0
        else receipts[one.uid] < 2
        for one in outcomes
    ]
    in_time = not Snapshot.objects.filter(at__gt=closes_at).exists()
    yield share(
        "submissions until after closing: rightly judged",
        len(outcomes),
        Goal.at_least(1),
        [*rightly, in_time],
        against="-",
    )
    single = [receipts[uid] == 1 for uid in numbered] + [len(set(numbered.values())) == len(numbered)]
    single += [max(one.statuses) < 500 for one in outcomes]
    yield share("accepted: one receipt each", len(numbered), Goal.at_least(1), single, against="-")


def _begin(name: str) -> None:
    logging.disable(logging.WARNING)
    connection.close()
    if "pool" in connection.settings_dict["OPTIONS"]:
        connection.close_pool()  # type: ignore[attr-defined]
    connection.settings_dict["NAME"] = name
    settings.ALLOWED_HOSTS = ["localhost"]


def _submit_all(lot: tuple[datetime, list[Attempt]]) -> list[Outcome]:
    closes_at, tries = lot
    handler, outcomes = WSGIHandler(), list[Outcome]()

    def client(place: int) -> None:
        for one in tries[place::_THREADS]:
            time.sleep(max(0.0, closes_at.timestamp() + one.sent - time.time()))
            path = f"/en/desk/applications/{one.uid}/submit/"
            body = _form({"key": one.key, "declared": declarations.KEYS})
            began = time.time()
            statuses = tuple(send(handler, path, cookie=one.cookie, body=body).status for _twice in range(2))
            closing = closes_at.timestamp()
            outcomes.append(Outcome(one.uid, began - closing, time.time() - closing, statuses))
        connection.close()

    threads = [threading.Thread(target=client, args=(place,), daemon=True) for place in range(_THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(_PATIENCE)
    return outcomes


# --- What they find -------------------------------------------------------------------------


def _round(closes_at: datetime) -> Round:
    """Publish an invented programme that asks eight questions and wants no document."""
    programme = Programme.objects.create(
        slug="bench", instrument="grant", cap_award=1_000_000, cap_firm=1_000_000, title_en="Invented", title_zh="示例",
        summary_en="Invented", summary_zh="示例", legal_basis="示例文件", fair_competition_reference="示例〔2026〕1号",
        fair_competition_date=date(2026, 1, 5), reviewers_needed=0, contact="Invented office",
    )  # fmt: skip
    section = Section.objects.create(programme=programme, slug="project", title_en="Project", title_zh="项目")
    for number in range(QUESTIONS):
        label = {"label_en": f"Question {number}", "label_zh": f"问题{number}"}
        Question.objects.create(section=section, slug=f"q{number}", kind="long", position=number, **label)
    PlannedTranche.objects.create(
        programme=programme, share=100, milestone_en="Project accepted", milestone_zh="项目验收"
    )
    now = timezone.now()
    titles = {"title_en": "Round", "title_zh": "批次"}
    window = {"opens_at": now - timedelta(days=9), "closes_at": closes_at}
    opened = Round.objects.create(programme=programme, slug="r", **titles, **window)
    manager, head = (_person(role.value, role) for role in (Role.MANAGER, Role.HEAD))
    services.publish_programme(publication=services.propose_publication(programme=programme, by=manager), by=head)
    return opened


def _person(name: str, *roles: Role) -> User:
    made = User.objects.create_user(f"{name.replace(' ', '-')}@bench.example", name=name, is_staff=bool(roles))
    made.groups.set(Group.objects.filter(name__in=roles))
    return made


def _draft(opened: Round, number: int) -> tuple[Application, User]:
    """Write a draft that can be submitted, by the services."""
    firm = Organisation.objects.create(
        slug=f"bench-{number}", status="listed", name_zh=f"示例企业{number}", source="bench", founded=date(2020, 1, 1)
    )
    signatory = _person(f"signatory {number}")
    Membership.objects.create(user=signatory, organisation=firm, role="signatory")
    application = services.start_application(round=opened, organisation=firm, by=signatory)
    funding = {"requested_amount": "500000.00", "project_cost": "2000000.00", "other_funding": "none"}
    for section, answers in (("project", _typed(0)), (conditions.FUNDING, funding)):
        services.save_section(
            application=application, section=section, answers=answers, complete=True, version=0, by=signatory
        )
    return application, signatory


def _typed(turn: int) -> dict[str, str]:
    return {f"q{number}": f"{_WORDS * 3}{turn}" for number in range(QUESTIONS)}


def _signed_in(user: User) -> str:
    """Return the cookies of somebody signed in."""
    session = SessionStore()
    backend = next(name for name in settings.AUTHENTICATION_BACKENDS if hasattr(load_backend(name), "get_user"))
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), backend
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={_CSRF}"


def _form(fields: Mapping[str, str | tuple[str, ...]]) -> bytes:
    return urlencode({**fields, "csrfmiddlewaretoken": _CSRF}, doseq=True).encode()
