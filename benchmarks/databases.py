"""The benchmarks' own databases beside the product's: migrated, and kept while what fills them is the same."""

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

from portal.actor import acting
from portal.database import as_owner
from portal.environment import BASE_DIR

PREFIX = "bench_"
FIRMS = (
    *("benchmarks/words.py", "benchmarks/inventing.py", "benchmarks/generate.py", "benchmarks/bulk.py"),
    *("firms/naming.py", "firms/services/names.py"),
)
"""The files that decide what firms are generated."""

SEARCH = (
    *("firms/search/lexemes.py", "firms/search/pinyin.py", "firms/search/texts.py", "firms/services/search_entries.py"),
    *("firms/models/search.py", "firms/models/facets.py"),
)
"""The files that decide by what firms are found."""


def owner() -> psycopg.Connection:
    """Connect to the server as the owner, who may make databases."""
    return psycopg.connect(settings.DATABASE_OWNER_URL, autocommit=True)


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    """Let Django work in another database of the same server."""
    before = connection.settings_dict["NAME"]
    _switch(name)
    try:
        yield
    finally:
        _switch(before)


def _switch(name: str) -> None:
    connection.close()
    if "pool" in connection.settings_dict["OPTIONS"]:
        connection.close_pool()  # type: ignore[attr-defined]
    connection.settings_dict["NAME"] = name


def digest(sources: tuple[str, ...]) -> str:
    """Return what tells whether files are still those that made a database."""
    found = hashlib.sha256()
    for source in sources:
        found.update((BASE_DIR / source).read_bytes())
    return found.hexdigest()[:16]


def known(name: str) -> tuple[str, str]:
    """Return the digests (of firms, of search) that a finished database was made with; empty where there is none."""
    with owner() as server:
        row = server.execute(
            "SELECT coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database WHERE datname = %s", [name]
        ).fetchone()
    firms, _space, search = row[0].partition(" ") if row else ("", "", "")
    return firms, search


def is_forerunner(name: str) -> bool:
    """Return whether every migration that a database has is still one of ours."""
    with connected_to(name):
        loader = MigrationLoader(connection)
        known = set(loader.disk_migrations or ())
        return all(key in known or key[0] not in loader.migrated_apps for key in loader.applied_migrations or ())


def finish(name: str, firms: str, search: str) -> None:
    """Note what made a database: the digests of firms and of search."""
    with owner() as server:
        server.execute(
            sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(f"{firms} {search}"))
        )


def make(name: str) -> None:
    """Make an empty database with the product's tables, in place of one of that name."""
    drop(name)
    with owner() as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    migrate(name)


def migrate(name: str) -> bool:
    """Bring a database's tables up to date; return whether they changed."""
    with connected_to(name), acting("command:migrate"):
        before = set(MigrationLoader(connection).applied_migrations or ())
        call_command("migrate", verbosity=0)
        return set(MigrationLoader(connection).applied_migrations or ()) != before


def analyze(name: str) -> None:
    """Let PostgreSQL learn what is in a database's tables and indexes."""
    with connected_to(name), as_owner(), connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def drop(name: str) -> None:
    """Drop one of the benchmarks' databases.

    Raises:
        ValueError: It is not the benchmarks'.
    """
    if not name.startswith(PREFIX):
        raise ValueError(name)
    with owner() as server:
        for _try in range(50):
            try:
                server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            except (psycopg.errors.InsufficientPrivilege, psycopg.errors.ObjectInUse):  # autovacuum is at work in it
                time.sleep(0.2)
            else:
                return


@contextmanager
def scratch() -> Iterator[str]:
    """Work in a new, empty database, and drop it afterwards."""
    name = f"{PREFIX}scratch_{uuid4().hex[:8]}"
    make(name)
    try:
        with connected_to(name):
            yield name
    finally:
        drop(name)
