"""Run the whole portal with its demonstration data."""

import os
import socket
import sys
import time
import urllib.error
import urllib.request
from argparse import ArgumentTypeError
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from portal import demonstration, embedded, interruption, static_files
from portal.environment import BASE_DIR, VAR
from portal.supervisor import Child, Supervisor, end_recorded, recorded

RECORD = VAR / "demo.json"


def port_number(text: str) -> int:
    """Read the number of a port."""
    if not text.isascii() or not text.isdecimal() or not 0 < int(text) < 2**16:
        raise ArgumentTypeError(f"no port: {text!r}; give a number from 1 to 65535")
    return int(text)


class Command(BaseCommand):
    """Prepares the database, loads the demonstration once, and runs web, worker and beat."""

    help = "Run web, worker and beat with the demonstration data until Ctrl-C."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--port", type=port_number, default=8000)

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        """Run until told to stop, and leave nothing running."""
        if not settings.DEMONSTRATION:
            raise CommandError("DEMONSTRATION is switched off in the environment or .env.")
        self._end_earlier_run()
        try:
            interruption.answer()
            addresses = _free_addresses(port)
            self._prepare()
            self._supervise(port, addresses)
        except KeyboardInterrupt:
            self.stdout.write("\nStopped before it was up.")
        finally:
            interruption.ignore()
            self._stop_services()

    def _end_earlier_run(self) -> None:
        earlier = recorded(RECORD)
        if earlier and "demo" in earlier[0].cmdline():
            raise CommandError(f"It runs here already (process {earlier[0].pid}). make stop ends it.")
        if earlier:
            self.stdout.write(f"Ending {len(earlier)} processes of an earlier run that was killed.")
            end_recorded(RECORD)

    def _prepare(self) -> None:
        (VAR / "demonstration").touch()
        self.stdout.write("Preparing the database …")
        call_command("migrate", verbosity=0)
        static_files.collect()
        call_command("load_demonstration", stdout=self.stdout)
        _close_database()

    def _supervise(self, port: int, addresses: list[str]) -> None:
        python = [sys.executable, "-m"]
        celery = [*python, "celery", "-A", "portal", "--quiet"]
        bind = [option for address in addresses for option in ("--bind", address)]
        children = [
            Child("web", [*python, "gunicorn", "--config", "deploy/gunicorn.conf.py", *bind, "portal.wsgi"]),
            Child(
                "worker", [*celery, "worker", "--concurrency", "2", "--hostname", "demo@%h", "--loglevel", "WARNING"]
            ),
            Child("beat", [*celery, "beat", "--loglevel", "WARNING"]),
        ]
        environment = {
            "LOG_LEVEL": "WARNING",
            "PYTHONWARNINGS": "ignore:::celery.platforms",  # that root runs the worker: it is this person's machine
            **os.environ,
            "SITE_URL": f"http://localhost:{port}",
            "PYTHONUNBUFFERED": "1",
        }
        supervisor = Supervisor(children, record=RECORD, environment=environment, folder=BASE_DIR)
        interruption.hand_over(supervisor.stopping.set)
        supervisor.run(lambda: self._announce(port))
        self.stdout.write("Web, worker and beat have ended.")

    def _announce(self, port: int) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                pass
        except (urllib.error.URLError, OSError):
            return False
        names = [demonstration.address(name) for name in demonstration.ACCOUNTS]
        rows = [
            "    " + "  ".join(f"{name:<26}" for name in names[i : i + 3]).rstrip() for i in range(0, len(names), 3)
        ]
        lines = [
            "",
            f"The portal runs on http://localhost:{port}",
            "",
            "Sign in as one of",
            *rows,
            f"with the password    {demonstration.password()}",
            f"Staff work at http://localhost:{port}/admin/. E-mails are written to var/mail/.",
            "Ctrl-C stops everything.",
            "",
        ]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()
        return True

    def _stop_services(self) -> None:
        _close_database()
        if os.environ.get("DATABASE_URL"):  # somebody else's server; a Valkey of ours may still run
            embedded.valkey.stop(VAR)
        elif _others_are_connected():
            self.stdout.write("PostgreSQL and Valkey go on: another command uses them. make stop ends them.")
        else:
            embedded.stop(VAR)


def _free_addresses(port: int) -> list[str]:
    """Return what the web server binds, or say that the port is taken."""
    found = []
    for family, host, shown in ((socket.AF_INET, "127.0.0.1", "127.0.0.1"), (socket.AF_INET6, "::1", "[::1]")):
        try:
            with socket.socket(family, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
        except PermissionError as error:
            raise CommandError(f"Port {port} needs more rights: choose another, make demo PORT=8001.") from error
        except OSError as error:
            if family == socket.AF_INET6 and not _listens(family, host, port):
                continue  # no IPv6 on this machine
            raise CommandError(f"Port {port} is taken by another program: make demo PORT={port + 1}.") from error
        found.append(f"{shown}:{port}")
    return found


def _listens(family: socket.AddressFamily, host: str, port: int) -> bool:
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, port)) == 0


def _others_are_connected() -> bool:
    """Say whether anybody else uses the database; our own children's connections take a moment to go."""
    for _ in range(20):
        try:
            with psycopg.connect(settings.DATABASE_OWNER_URL) as owner:
                found = owner.execute(
                    # What kind a backend is, the owner may not see of other roles; only clients have both of these.
                    "SELECT count(*) FROM pg_stat_activity WHERE datid IS NOT NULL AND usesysid IS NOT NULL"
                    " AND pid <> pg_backend_pid()"
                ).fetchone()
        except psycopg.Error:  # it is down or half-made: there is nobody to keep it for
            return False
        if not found or not found[0]:
            return False
        time.sleep(0.1)
    return True


def _close_database() -> None:
    connection.close()
    if "pool" in connection.settings_dict["OPTIONS"]:
        connection.close_pool()  # type: ignore[attr-defined]
