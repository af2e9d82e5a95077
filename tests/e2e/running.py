"""The portal under test: its own database, mail folder and processes."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import psycopg
from celery import Celery

from portal.environment import BASE_DIR


def free_port() -> int:
    """Return a port that nobody uses now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class RunningPortal:
    """Web, worker and beat on a database of their own.

    Args:
        var: folder for mail, documents and logs.
        application_url, owner_url, redis_url: the services.
    """

    def __init__(self, var: Path, application_url: str, owner_url: str, redis_url: str) -> None:
        self.var = var
        self.application_url = application_url
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.sessions: dict[str, tuple[Any, str]] = {}
        self.environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith(("DJANGO_", "PG", "PYTEST_"))},
            "DATABASE_URL": application_url,
            "DATABASE_OWNER_URL": owner_url,
            "REDIS_URL": redis_url,
            "WORKER_PATIENCE": "16",
            "VAR_DIR": str(var),
            "SITE_URL": self.url,
            "DEMONSTRATION": "1",
            "DEBUG": "0",
            "LC_ALL": "C.UTF-8",
        }

    def manage(self, *words: str) -> str:
        """Run a management command and return what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=BASE_DIR,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if done.returncode:
            message = f"manage.py {' '.join(words)}: {done.stderr[-3000:]}"
            raise AssertionError(message)
        return done.stdout

    def start(self) -> None:
        """Start web, worker and beat, and wait until the portal says it is ready."""
        self.start_web()
        self.start_worker()
        self._start("beat", "celery", "-A", "portal", "beat", "-l", "INFO", "-s", str(self.var / "beat"))
        self.wait_until_ready()

    def start_web(self) -> None:
        """Start gunicorn."""
        self._start(
            "web", "gunicorn", "portal.wsgi:application", "--bind", f"127.0.0.1:{self.port}",
            "--worker-class", "gthread", "--workers", "1", "--threads", "8",
        )  # fmt: skip

    def start_worker(self) -> None:
        """Start a Celery worker."""
        self._start("worker", "celery", "-A", "portal", "worker", "-l", "INFO", "-c", "2", "-n", f"e2e{self.port}@%h")

    def _start(self, name: str, *command: str) -> None:
        with (self.var / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=BASE_DIR, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def kill_worker(self) -> None:
        """Kill the worker and its children at once, as a crash would."""
        worker = self.processes.pop("worker")
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()

    def crash_worker(self) -> None:
        """Kill the worker in whatever it does, and start another."""
        self.kill_worker()
        self.start_worker()

    def stop(self) -> None:
        """End every process that was started here."""
        for process in self.processes.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
        self.processes.clear()

    def wait_until_ready(self, seconds: float = 90) -> None:
        """Wait for ``/readyz``."""
        self.wait_for(lambda: self._ready()["status"] == 200, seconds, "the portal is not ready")

    def _ready(self) -> dict[str, Any]:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:  # noqa: S310
                return {"status": answer.status, **json.load(answer)}
        except urllib.error.HTTPError as error:
            return {"status": error.code}
        except OSError:
            return {"status": 0}

    @staticmethod
    def wait_for(true: Any, seconds: float, otherwise: str) -> None:
        """Wait until a condition holds."""
        end = time.monotonic() + seconds
        while not true():
            if time.monotonic() > end:
                raise AssertionError(otherwise)
            time.sleep(0.25)

    def mails(self, to: str, subject: str = "") -> list[EmailMessage]:
        """Return the messages to one address, oldest first."""
        found = []
        for path in sorted((self.var / "mail").glob("*.eml")):
            mail = message_from_bytes(path.read_bytes(), policy=default)
            if to in str(mail["To"]) and subject in str(mail["Subject"]):
                found.append(mail)
        return found

    def mail(self, to: str, subject: str = "", seconds: float = 60) -> EmailMessage:
        """Wait for a message and return the newest that fits."""
        self.wait_for(lambda: self.mails(to, subject), seconds, f"no mail to {to} about {subject!r}")
        return self.mails(to, subject)[-1]

    def sql(self, statement: str, *params: Any) -> list[tuple[Any, ...]]:
        """Run one statement as the application's role, as the actor ``test``."""
        with psycopg.connect(self.application_url) as connection:
            connection.execute("SELECT set_config('app.actor', 'test', true)")
            cursor = connection.execute(statement, params)
            return cursor.fetchall() if cursor.description else []

    def send_task(self, name: str) -> None:
        """Put a task on the portal's broker."""
        with Celery(broker=self.environment["REDIS_URL"], set_as_current=False) as sender:
            sender.send_task(name)

    def stop_consuming(self) -> None:
        """Let the worker live on without taking messages, as after a connection that broke unnoticed."""
        with Celery(broker=self.environment["REDIS_URL"], set_as_current=False) as sender:
            sender.control.cancel_consumer("celery", reply=True, timeout=10)

    def bring_forward(self, step: str) -> None:
        """Let the open deadlines of a step be due now."""
        self.sql(
            "UPDATE portal_deadline SET due_at = now() - interval '1 second', next_try_at = now() - interval '1 second' "
            "WHERE step = %s AND done_at IS NULL",
            step,
        )
