"""Every step, by everyone, in every situation, five ways: service, admin, bulk action, ``.update()`` and SQL."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from datetime import date
from decimal import Decimal
from http import HTTPStatus
from itertools import product
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat, Now
from django.http import Http404, HttpResponse
from django.test import RequestFactory, override_settings
from django.urls import resolve, reverse

from incentives import bulk, declarations, services
from incentives.admin.applications import ApplicationAdmin
from incentives.effects import CHECKLIST
from incentives.lifecycle import APPLICATION
from incentives.models import Application
from incentives.services.bulk import take_one
from portal.actor import acting
from portal.lifecycle import SYSTEM, StepClosed
from portal.models import StepTaken, User
from tests.incentives.by_hand import HANDS, Hand, settle
from tests.incentives.situations import MEMBERS, ROLES, cast, situations
from tests.incentives.verdicts import (
    BULK_STEPS,
    BY_HAND,
    GUARDED,
    OPEN,
    PAIRS,
    PEOPLE,
    REFUSED_BY_HAND,
    STAFF_STEPS,
    STATUSES,
    STEPS,
    WITH_STATUS_ALONE,
)

DATA: dict[str, dict[str, Any]] = {
    "submit": {},
    "return": {"sections": {"project": "Say more"}, "working_days": 5},
    "accept": {"checklist": list(CHECKLIST), "credit_checked_on": date(2026, 1, 5), "credit_source": "示例信用平台"},
    "recommend": {"amount": Decimal(500_000)},
    "first_approve": {"meeting": "Meeting 3", "minutes": "2026-3"},
}
FIELDS: dict[str, dict[str, Any]] = {
    "return": {"working_days": "5", "section_project": "Say more"},
    "accept": {"checklist": list(CHECKLIST), "credit_checked_on": "2026-01-05", "credit_source": "示例信用平台"},
    "recommend": {"amount": "500000", "reason": "Because"},
    "first_approve": {"meeting": "Meeting 3", "minutes": "2026-3"},
    "approve": {},
}


IN_BULK: dict[str, dict[str, Any]] = {
    **DATA,
    "accept": {**DATA["accept"], "credit_checked_on": "2026-01-05"},
    "recommend": {"amount": "500000"},
}


class Cell(NamedTuple):
    """One attempt."""

    situation: str
    step: str
    person: str


class Stage(NamedTuple):
    """Everybody, and an application in each situation."""

    people: dict[str, User | None]
    applications: dict[str, Application]


@contextmanager
def taken_back() -> Iterator[None]:
    """Take back what is written here."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Build every situation once; each test takes back what it does to them."""
    files = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("documents"))
    with django_db_blocker.unblock(), files, acting("test"), taken_back():
        people = cast()
        made = situations(people)
        assert {name: Application.objects.get(pk=one.pk).status for name, one in made.items()} == STATUSES
        settle()
        yield Stage({**people, "system": SYSTEM}, made)


@pytest.fixture
def stage(built: Stage) -> Iterator[Stage]:
    with taken_back():
        yield Stage(
            built.people, {name: Application.objects.get(pk=one.pk) for name, one in built.applications.items()}
        )


def expected(*steps: str) -> set[Cell]:
    """Return every cell that is open through the services."""
    return {
        Cell(situation, step, person)
        for situation, row in OPEN.items()
        for step, who in row.items()
        for person in who.split()
        if step in steps
    }


def differences(found: set[Cell], wanted: set[Cell]) -> list[str]:
    """Return the cells whose verdict is another than the product's."""
    opened = [f"open: {cell.situation}, {cell.step} by {cell.person}" for cell in sorted(found - wanted)]
    closed = [f"closed: {cell.situation}, {cell.step} by {cell.person}" for cell in sorted(wanted - found)]
    return opened + closed


NONE: list[str] = []


def test_verdicts_speak_of_every_step_status_and_person() -> None:
    assert set(STEPS) == set(APPLICATION.steps)
    assert set(PAIRS) == {str(status) for status in Application.Status}
    moves = {(source, s.target) for s in APPLICATION.steps.values() for source in s.sources if s.target}
    assert moves == {(source, target) for source, targets in PAIRS.items() for target in targets.split()}
    assert set(PEOPLE) == {*MEMBERS, *ROLES, "signatory_of_another", "system"}
    assert list(OPEN) == list(BY_HAND) == list(STATUSES)


def open_cells(stage: Stage, way: Callable[[Application, str, User | None], bool]) -> set[Cell]:
    """Try every cell; where a situation differs from another by a guard alone, the steps that it guards.

    What was taken is taken back. What is refused writes nothing, so that nothing is to be taken back.
    """
    found = set()
    for situation, application in stage.applications.items():
        as_it_was = transaction.savepoint_create()
        for step, (name, person) in product(GUARDED.get(situation, " ".join(STEPS)).split(), stage.people.items()):
            if way(application, step, person):
                found.add(Cell(situation, step, name))
                settle()
                transaction.savepoint_rollback(as_it_was)
    return found


def through_services(application: Application, step: str, by: User | None) -> bool:
    try:
        if step == "submit":
            services.submit_application(application=application, by=by, key=uuid4(), declared=declarations.KEYS)
        else:
            services.take_step(application=application, step=step, by=by, reason="Because", **DATA.get(step, {}))
    except StepClosed:
        return False
    return True


def test_every_step_for_everyone_through_the_services(stage: Stage) -> None:
    assert differences(open_cells(stage, through_services), expected(*STEPS)) == NONE


def once_for_each_person(one: Callable[..., Any]) -> Callable[..., Any]:
    """Read an application once for a person: no step that is tried changes for whom there is a page."""
    found: dict[tuple[int | None, str], Any] = {}

    def reading(admin: ApplicationAdmin, request: Any, pk: str) -> Any:
        key = request.user.pk, pk
        if key not in found:
            try:
                found[key] = one(admin, request, pk)
            except (Http404, PermissionDenied) as none:
                found[key] = none
        if isinstance(found[key], Exception):
            raise found[key]
        return copy(found[key])

    return reading


@pytest.fixture
def _without_the_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out reading and drawing the page that says why not: that takes most of the time, and is tested elsewhere."""
    monkeypatch.setattr(ApplicationAdmin, "load", lambda *_args: None)
    monkeypatch.setattr(ApplicationAdmin, "one", once_for_each_person(ApplicationAdmin.one))
    monkeypatch.setattr(ApplicationAdmin, "screen", lambda *_args, **_options: HttpResponse(status=409))


def in_the_admin(application: Application, step: str, by: User | None) -> bool:
    """Post the form of the step to its address; say whether the step was taken."""
    fields = {f"{step}-{field}": value for field, value in FIELDS.get(step, {"reason": "Because"}).items()}
    request = RequestFactory().post(reverse("admin:incentives_application_step", args=[application.pk, step]), fields)
    request.user = by or AnonymousUser()
    request.session = SessionBase()
    request._messages = FallbackStorage(request)
    request._dont_enforce_csrf_checks = True
    view, args, options = resolve(request.path)
    try:
        answer = view(request, *args, **options)
    except (Http404, PermissionDenied):
        return False
    if answer.status_code != HTTPStatus.FOUND or not answer.url.startswith("/admin/incentives/application/"):
        return False
    assert StepTaken.objects.about(application).latest("pk").step == step
    return True


@pytest.mark.usefixtures("_without_the_screen")
def test_every_step_for_everyone_in_the_admin(stage: Stage) -> None:
    assert differences(open_cells(stage, in_the_admin), expected(*STAFF_STEPS.split())) == NONE


def test_every_step_for_everyone_in_bulk(stage: Stage) -> None:
    found = set()
    for (name, person), step in product(stage.people.items(), BULK_STEPS.split()):
        if person is None or not (person.is_staff and person.is_active):
            continue  # no way into the workplace: the admin refuses each
        tried = {a.pk: s for s, a in stage.applications.items() if step in GUARDED.get(s, step).split()}
        seen, as_it_was = bulk.latest_steps(tried), transaction.savepoint_create()
        asked = services.ask_for_steps(
            step=step,
            items=[services.Asked(pk, seen.get(pk, 0)) for pk in tried],
            by=person,
            key=uuid4(),
            reason="Because",
            data=IN_BULK.get(step, {}),
        )
        for item in asked.items.order_by("pk"):
            take_one(item)
        settle()
        found |= {
            Cell(tried[pk], step, name)
            for pk in asked.items.filter(outcome="done").values_list("application", flat=True)
        }
        transaction.savepoint_rollback(as_it_was)

    by_people = {cell for cell in expected(*BULK_STEPS.split()) if cell.person != "system"}
    assert differences(found, by_people) == NONE


ANYONE = "anyone"
"""Who takes a step by hand that names nobody: there is no role to try."""


def who_by_hand(step: str, people: Iterable[str]) -> list[str]:
    return list(people) if step in {"recommend", "first_approve", "approve"} else [ANYONE]


def passes(hand: Hand, application: Application, step: str, by: User | None) -> bool:
    try:
        with transaction.atomic():
            hand(application, step, by)
            settle()
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    return True


def test_every_step_for_everyone_by_hand(stage: Stage) -> None:
    cells = [
        Cell(situation, step, name)
        for situation, step in product(STATUSES, STEPS)
        if STEPS[step] not in {"", STATUSES[situation]}  # there is no status to change
        for name in who_by_hand(step, PEOPLE)
    ]
    wanted = {
        Cell(situation, step, name)
        for situation, steps in BY_HAND.items()
        for step in steps.split()
        for name in who_by_hand(step, PEOPLE)
        if name not in REFUSED_BY_HAND.get((situation, step), "").split()
    }
    for hand in HANDS:
        found = {
            cell
            for cell in cells
            if passes(hand, stage.applications[cell.situation], cell.step, stage.people.get(cell.person))
        }

        assert (hand.__name__, differences(found, wanted)) == (hand.__name__, NONE)


def update_status(application: Application, status: str, by: User | None) -> None:
    Application.objects.filter(pk=application.pk).update(status=status)


def update_status_by_sql(application: Application, status: str, by: User | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE incentives_application SET status = %s WHERE id = %s", [status, application.pk])


def test_status_alone_leads_nowhere_but_along_the_table(stage: Stage) -> None:
    drafts = stage.applications["draft"].pk, stage.applications["draft_too_late"].pk
    numbered = Concat(Value("YP-"), Cast(F("id"), CharField()))
    Application.objects.filter(pk__in=drafts).update(number=numbered, submitted_at=Now())

    for way in (update_status, update_status_by_sql):
        found = {
            situation: {status for status in PAIRS if passes(way, application, status, None)} - {STATUSES[situation]}
            for situation, application in stage.applications.items()
        }

        assert found == {situation: set(statuses.split()) for situation, statuses in WITH_STATUS_ALONE.items()}
