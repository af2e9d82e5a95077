"""A worker killed between any two of its steps: nothing is lost, nothing is done twice."""

import os
import signal
import time
import warnings
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from firms.models import Organisation
from portal import deadlines, work
from portal.models import Deadline, Notice, StepTaken
from tests.incentives import make
from tests.racing import PATIENCE


def _worker(die_before: int) -> bool:
    """Do what is due in a process that kills itself before one of its statements; say whether it lived to the end.

    To die after a statement and before the commit leaves what to die before the statement leaves: nothing of it.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # pytest's own threads have no part in the child's work
        child = os.fork()
    if child:
        return _exit_code(child) == 0
    _inherited, connection.connection = connection.connection, None  # the parent's, kept from being closed
    statements = 0

    def count(execute: Callable[..., Any], *of_statement: Any) -> Any:
        nonlocal statements
        statements += 1
        if statements == die_before:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*of_statement)

    try:
        with connection.execute_wrapper(count):
            for queue in ("deadlines", "notices"):
                work.run(queue)
        os._exit(0)
    finally:
        os._exit(1)


def _exit_code(child: int) -> int:
    """Wait for the end of a process; one that does not end is ended, and fails the test."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.01)
    os.kill(child, signal.SIGABRT)
    os.waitpid(child, 0)
    message = "the worker neither died nor came to its end"
    raise AssertionError(message)


def _sweep_later() -> None:
    """Do what is left, as the next sweep would once its moment has come."""
    moment = timezone.now() - timedelta(seconds=1)
    with transaction.atomic():
        Deadline.objects.filter(done_at=None, due_at__lt=moment).update(next_try_at=moment)
        Notice.objects.filter(done_at=None).update(next_try_at=moment)
    for queue in ("deadlines", "notices"):
        work.run(queue)


@transaction.atomic
def _due_deadline() -> Organisation:
    """Return an organisation with a member that is to be listed now."""
    firm = make.organisation(status="unlisted")
    make.member(firm)
    moment = timezone.now() - timedelta(hours=1)
    deadlines.set_deadline_at(firm, "list", due_at=moment, while_status="unlisted")
    return firm


def test_worker_killed_before_any_statement_loses_nothing_and_doubles_nothing(
    committed_db: str, tmp_path: Path, settings: Any
) -> None:
    options = {"file_path": str(tmp_path)}
    settings.MAILERS = {"default": {"BACKEND": "portal.mail.FolderBackend", "OPTIONS": options}}
    firms: list[Organisation] = []
    lived = False

    while not lived:
        assert len(firms) < 200, "the worker never comes to its end"
        firms.append(_due_deadline())
        lived = _worker(die_before=len(firms))
        _sweep_later()

    assert len(firms) > 20
    assert {firm.pk: Organisation.objects.get(pk=firm.pk).status for firm in firms} == {f.pk: "listed" for f in firms}
    taken = Counter(StepTaken.objects.filter(step="list").values_list("subject_id", flat=True))
    assert taken == Counter(firm.pk for firm in firms)
    told = Notice.objects.filter(channel="email", done_at__isnull=False)
    assert told.count() == Notice.objects.filter(channel="email").count() == len(firms)
    sent = Counter(str(message_from_bytes(path.read_bytes())["Message-ID"]) for path in tmp_path.glob("*.eml"))
    assert sent == Counter(f"<notice-{pk}@localhost>" for pk in told.values_list("pk", flat=True))
