"""Databases cloned from one migrated template, and an actor for what tests write."""

import gc
import hashlib
import logging
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import environ
import fasteners
import psutil
import psycopg
import pytest
from django.conf import global_settings, settings
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from django.utils import timezone, translation
from psycopg import sql
from xdist.scheduler import LoadScopeScheduling

from portal.actor import acting
from portal.embedded import postgres
from portal.environment import BASE_DIR, VAR

TEMPLATE_PREFIX = "portal_template_"
DEMONSTRATION_PREFIX = "portal_demonstration_"
DEMONSTRATED = ("portal", "firms", "incentives", "investors", "templates")
"""The folders that decide what the demonstration is."""

LOTS = ("tests/e2e/", "tests/test_hostile_input.py", "tests/incentives/test_lifecycle_matrix.py")
"""Tests that share what is dear to make, or what was tried: one process does all of a lot."""
LONGEST = (
    "tests/e2e/",
    "tests/test_hostile_input.py",
    "tests/test_demonstration.py",
    "tests/incentives/test_lifecycle_matrix.py",
    "tests/investors/test_access.py",
    "tests/test_strangers.py",
    "tests/firms/test_registry_file.py",
    "tests/firms/test_search_grading.py",
)
"""What begins first, the longest before the others."""

# A test that waits for a lock in vain says so; and none waits for the disk: what a test commits need not outlive PostgreSQL.
os.environ["PGOPTIONS"] = "-c lock_timeout=120s -c synchronous_commit=off"


HURRIED = ("fsync", "full_page_writes", "autovacuum")
"""What the embedded PostgreSQL leaves out during the tests: what they write need not outlive the machine."""
EMBEDDED = "DATABASE_URL" not in os.environ

_clones: list[str] = []


def pytest_sessionstart(session: pytest.Session) -> None:
    """Let PostgreSQL wait for no disk; drop what sessions left that were killed."""
    if EMBEDDED and not hasattr(session.config, "workerinput"):
        _configure("ALTER SYSTEM SET {} = off")
        with _owner_connection() as owner:
            names = [row[0] for row in owner.execute("SELECT datname FROM pg_database").fetchall()]
        left = {name: re.match(r"test_(\d+)_", name) for name in names}
        _drop(name for name, found in left.items() if found and not psutil.pid_exists(int(found[1])))


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Drop what this process copied, and let PostgreSQL wait for the disk again."""
    _drop(_clones)
    if EMBEDDED and not hasattr(session.config, "workerinput"):
        _configure("ALTER SYSTEM RESET {}")


def _configure(statement: str) -> None:
    """Change settings of the embedded PostgreSQL."""
    with psycopg.connect(postgres.url(VAR, "postgres", "postgres"), autocommit=True) as superuser:
        for setting in HURRIED:
            superuser.execute(sql.SQL(statement).format(sql.Identifier(setting)))
        superuser.execute("SELECT pg_reload_conf()")


def _drop(names: Iterable[str]) -> None:
    for name in names:
        with _owner_connection() as owner:
            owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


class Scheduling(LoadScopeScheduling):
    """Deal out one test at a time, but all tests of the browser, which share one running portal, to one process.

    ``--dist loadgroup`` would do the same, but groups nothing on pytest 9.2. The longest begin first, so that all
    processes end at about the same time.
    """

    def _split_scope(self, nodeid: str) -> str:
        return next((lot for lot in LOTS if nodeid.startswith(lot)), nodeid)

    def _assign_work_unit(self, node: Any) -> None:
        """Give a process what begins first of what is left."""
        first = min(self.workqueue, key=_turn)
        self.workqueue.move_to_end(first, last=False)
        super()._assign_work_unit(node)


def _turn(scope: str) -> int:
    return next((turn for turn, start in enumerate(LONGEST) if scope.startswith(start)), len(LONGEST))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Take one process more than there are processors: who drives the browser waits for it most of the time."""
    return 1 + (os.cpu_count() or 1)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    """Tell xdist how to deal out the tests."""
    return Scheduling(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Keep all that was imported and collected out of each later search for garbage."""
    gc.collect()
    gc.freeze()


def _owner_connection() -> psycopg.Connection:
    return psycopg.connect(settings.DATABASE_OWNER_URL, autocommit=True)


def _template_name() -> str:
    """Name the template after what makes it, so that it is made anew when that changes."""
    digest = hashlib.sha256()
    sources = [*BASE_DIR.glob("*/migrations/*.py"), *BASE_DIR.glob("*/contributions.py")]
    sources += [BASE_DIR / "portal" / name for name in ("database.py", "permissions.py", "roles.py")]
    sources += [BASE_DIR / "requirements.txt"]
    for source in sorted(sources):
        digest.update(source.relative_to(BASE_DIR).as_posix().encode() + source.read_bytes())
    return TEMPLATE_PREFIX + digest.hexdigest()[:16]


def _demonstration_name() -> str:
    """Name the database of the demonstration after all that may decide what is in it, the day among it."""
    digest = hashlib.sha256(timezone.localdate().isoformat().encode())
    for source in sorted(path for part in DEMONSTRATED for path in (BASE_DIR / part).rglob("*") if path.is_file()):
        if source.suffix in {".py", ".json", ".csv", ".html", ".css"}:
            digest.update(source.relative_to(BASE_DIR).as_posix().encode() + source.read_bytes())
    return DEMONSTRATION_PREFIX + digest.hexdigest()[:16]


def _ensure(name: str, prefix: str, make: Callable[[], object], template: str = "template1") -> str:
    """Return the name of a database that is made once for all processes, in place of older ones of its kind."""
    with fasteners.InterProcessLock(VAR / f".{prefix}.lock"), _owner_connection() as owner:
        names = {row[0] for row in owner.execute("SELECT datname FROM pg_database").fetchall()}
        if name not in names:
            for old in names:
                if old.startswith(prefix):
                    owner.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(old)))
            unfinished = f"unfinished_{uuid4().hex[:12]}"
            _copy(owner, template, unfinished)
            with _connected_to(unfinished):
                make()
            owner.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(unfinished), sql.Identifier(name))
            )
    return name


def _copy(owner: psycopg.Connection, template: str, name: str) -> None:
    with fasteners.InterProcessLock(VAR / ".copying.lock"):
        owner.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))


def _migrate() -> None:
    with acting("command:migrate"):
        call_command("migrate", verbosity=0)


@contextmanager
def _connected_to(name: str) -> Iterator[None]:
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def clone(template: str) -> str:
    """Make a fresh copy of the template, which is dropped when the session ends, and return its name.

    Until five minutes after a thousand files were removed, ext4 takes twenty times as long to make others in their place.
    """
    name = f"test_{os.getpid()}_{uuid4().hex[:12]}"
    with _owner_connection() as owner:
        _copy(owner, template, name)
    _clones.append(name)
    return name


@contextmanager
def cloned_database(template: str) -> Iterator[str]:
    """Connect to a fresh copy of the template."""
    name = clone(template)
    with _connected_to(name):
        yield name


@pytest.fixture(scope="session")
def template_database(django_db_blocker: pytest.FixtureRequest) -> str:
    """Return the name of the migrated, empty database that tests copy."""
    with django_db_blocker.unblock():
        return _ensure(_template_name(), TEMPLATE_PREFIX, _migrate)


@pytest.fixture(scope="session")
def demonstration_database(template_database: str, django_db_blocker: pytest.FixtureRequest) -> tuple[str, Path]:
    """Return the name of the database in which the demonstration was loaded once, and the folder of its files."""
    name = _demonstration_name()
    files = VAR / "demonstrations" / name

    def load() -> None:
        shutil.rmtree(files.parent, ignore_errors=True)
        as_served = {"DEMONSTRATION": True, "MEDIA_ROOT": files, "PASSWORD_HASHERS": global_settings.PASSWORD_HASHERS}
        with override_settings(**as_served), acting("command:load_demonstration"):
            call_command("load_demonstration", verbosity=0)

    with django_db_blocker.unblock():
        return _ensure(name, DEMONSTRATION_PREFIX, load, template_database), files


@pytest.fixture
def demonstration(
    demonstration_database: tuple[str, Path], django_db_blocker: pytest.FixtureRequest, settings: environ.Env
) -> Iterator[str]:
    """Give a test that may commit the whole demonstration, in a database of its own."""
    name, files = demonstration_database
    settings.DEMONSTRATION = True
    shutil.copytree(files, settings.MEDIA_ROOT)
    with django_db_blocker.unblock(), cloned_database(name) as clone:
        yield clone


@pytest.fixture(scope="session")
def django_db_setup(template_database: str, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Give this process a database of its own; tests roll back what they write."""
    with ExitStack() as database:
        with django_db_blocker.unblock():
            database.enter_context(cloned_database(template_database))
        yield  # blocked: a test that did not ask for the database shows that none is needed
        with django_db_blocker.unblock():
            database.close()


@pytest.fixture
def committed_db(template_database: str, django_db_blocker: pytest.FixtureRequest) -> Iterator[str]:
    """Give a test that commits a database of its own; append-only tables refuse a flush."""
    with django_db_blocker.unblock(), cloned_database(template_database) as name:
        yield name


@pytest.fixture(autouse=True)
def _an_actor() -> Iterator[None]:
    with acting("test"):
        yield


@pytest.fixture(autouse=True)
def _language_of_the_test(settings: environ.Env) -> Iterator[None]:
    """Keep the language of a page that a test asked for from the tests after it."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(autouse=True)
def _files_of_the_test(tmp_path_factory: pytest.TempPathFactory, settings: environ.Env) -> None:
    """Give each test a folder for documents, which the first one makes: most tests keep none."""
    settings.MEDIA_ROOT = tmp_path_factory.getbasetemp() / "documents" / uuid4().hex


@pytest.fixture
def without_logs() -> Iterator[None]:
    """Leave out thousands of lines that say what was refused, each with its traceback."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)
