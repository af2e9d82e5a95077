"""Work as rows: claimed once, tried again, parked, never lost."""

import threading
from contextlib import suppress
from datetime import timedelta
from email import message_from_bytes
from email.message import Message as Mail
from email.policy import default
from pathlib import Path
from queue import Empty, Queue
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from portal import notices, work
from portal.actor import acting
from portal.models import Notice, User
from portal.notices import QUEUE
from tests.racing import PATIENCE, results_at_once, wait_for_end


@pytest.fixture
def outbox(tmp_path: Path, settings: Any) -> Path:
    """Let mail become files of the test."""
    settings.MAILERS = {
        "default": {
            "BACKEND": "portal.mail.FolderBackend",
            "OPTIONS": {"file_path": str(tmp_path / "mail")},
        }
    }
    return tmp_path / "mail"


def _mails(folder: Path) -> list[Mail]:
    return [message_from_bytes(path.read_bytes(), policy=default) for path in sorted(folder.glob("*.eml"))]


def _account_notice(address: str = "wei@demo.example", event: str = "e1") -> Notice:
    return Notice.objects.create(
        event=event,
        kind="account.test",
        channel=Notice.Channel.EMAIL,
        address=address,
        language="en",
        context={"subject": "Confirm\r\nBcc: evil@demo.example", "text": "Hello.\n\nhttp://localhost/secret"},
    )


def test_run_delivers_once_with_stable_message_id_and_forgets_the_secret(db: None, outbox: Path) -> None:
    notice = _account_notice()

    assert (work.run(QUEUE), work.run(QUEUE)) == (1, 0)

    (mail,) = _mails(outbox)
    assert mail["Message-ID"] == f"<notice-{notice.pk}@localhost>"
    assert mail["Bcc"] is None
    notice.refresh_from_db()
    assert notice.context["text"] == ""


def test_person_whose_access_ended_meanwhile_is_sent_nothing(db: None, outbox: Path) -> None:
    person = User.objects.create_user("wei@demo.example", name="Wei")
    notice = _account_notice()
    Notice.objects.filter(pk=notice.pk).update(recipient=person)
    User.objects.filter(pk=person.pk).update(is_active=False)

    assert (work.run(QUEUE), work.run(QUEUE)) == (1, 0)

    assert _mails(outbox) == []


def test_message_sent_again_after_a_crash_is_there_once(db: None, outbox: Path) -> None:
    notice, other = _account_notice(), _account_notice(event="e2")
    work.run(QUEUE)
    # As if the worker had died between sending and noting it.
    Notice.objects.filter(pk=notice.pk).update(
        done_at=None, context=notice.context, next_try_at=timezone.now() - timedelta(seconds=1)
    )

    assert work.run(QUEUE) == 1

    ids = sorted(mail["Message-ID"] for mail in _mails(outbox))
    assert ids == sorted(f"<notice-{row.pk}@localhost>" for row in (notice, other))


def test_run_parks_after_five_tries(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    notice = _account_notice()

    def fail(row: Notice) -> None:
        raise ConnectionRefusedError

    monkeypatch.setitem(work._queues, QUEUE, work.Queue(QUEUE, Notice.objects.to_deliver, fail))

    for _try in range(work.MAX_TRIES + 1):
        Notice.objects.filter(pk=notice.pk).update(next_try_at=timezone.now() - timedelta(seconds=1))
        work.run(QUEUE)

    notice.refresh_from_db()
    assert (notice.tries, notice.parked_at is not None, notice.last_error) == (5, True, "ConnectionRefusedError()")


def test_run_by_two_workers_delivers_each_row_once(committed_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(20):
        _account_notice(event=f"e{number}")
    delivered: list[int] = []
    handle = work.Queue(QUEUE, Notice.objects.to_deliver, lambda row: delivered.append(row.pk))
    monkeypatch.setitem(work._queues, QUEUE, handle)

    def worker() -> None:
        with acting("system:test"):
            work.run(QUEUE)
        connection.close()

    threads = [threading.Thread(target=worker, daemon=True) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        wait_for_end(thread)

    assert sorted(delivered) == sorted(Notice.objects.values_list("pk", flat=True))


@pytest.mark.parametrize(("seconds", "mail_goes_out_first"), [(300, True), (0, False)])
def test_mail_goes_out_while_fifty_letters_wait(
    committed_db: str, monkeypatch: pytest.MonkeyPatch, seconds: int, mail_goes_out_first: bool
) -> None:
    """A worker has two processes; without the lock of a long queue both are at letters, and mail waits."""
    for number in range(50):
        _account_notice(f"letter{number}@demo.example", event=f"e{number}")
    _account_notice()
    letters = Notice.objects.filter(address__startswith="letter")
    order: list[str] = []
    mailed, printing = threading.Event(), threading.Barrier(2)

    def print_letter(row: Notice) -> None:
        if len(order) < 2 and "mail" not in order:
            order.append("letter")
            if seconds:
                assert mailed.wait(PATIENCE)
            else:
                printing.wait(PATIENCE)  # both processes are at letters

    def send(row: Notice) -> None:
        order.append("mail")
        mailed.set()

    queues = {
        "letters": work.Queue("letters", lambda: letters, print_letter, seconds=seconds),
        QUEUE: work.Queue(QUEUE, lambda: Notice.objects.filter(address="wei@demo.example"), send),
    }
    monkeypatch.setattr(work, "_queues", queues)
    waiting: Queue[str] = Queue()
    for message in ("letters", "letters", "letters", QUEUE):
        waiting.put(message)

    def process() -> None:
        with acting("system:test"), suppress(Empty):
            while True:
                work.run(waiting.get_nowait())
        connection.close()

    results_at_once(process, process)

    assert (order.count("letter") < 2) is mail_goes_out_first
    assert order[-1] == "mail"
    assert not Notice.objects.filter(done_at=None).exists()


@pytest.mark.parametrize(("seconds", "done"), [(0.5, 1), (3.5, 0)])
def test_claimed_row_is_waited_for_a_moment(
    committed_db: str, monkeypatch: pytest.MonkeyPatch, seconds: float, done: int
) -> None:
    notice = _account_notice()
    queue = work.Queue(QUEUE, Notice.objects.to_deliver, lambda row: None)
    assert work._claim(queue, set()) == notice.pk
    held = threading.Event()

    def look_for_work() -> None:
        with acting("system:test"), transaction.atomic():
            Notice.objects.select_for_update().get(pk=notice.pk)
            held.set()
            threading.Event().wait(seconds)
        connection.close()

    other = threading.Thread(target=look_for_work, daemon=True)
    other.start()
    assert held.wait(PATIENCE)

    assert work._do(queue, notice.pk) == done
    wait_for_end(other)
    notice.refresh_from_db()
    assert (notice.done_at is not None, notice.last_error) == (bool(done), "")


def test_wake_without_redis_keeps_what_was_committed(committed_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*args: Any, **kwargs: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(work.current_app, "send_task", down)
    _account_notice()
    work.wake(QUEUE)

    assert Notice.objects.due().count() == 1


def test_notice_exists_once_per_event_and_recipient(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "_messages", {})  # keeps a kind that is no message of the portal to this test
    user = User.objects.create_user("wei@demo.example", name="Wei")

    class Hello(notices.Message):
        kind = "account.hello"

        def recipients(self, change: Any) -> list[User]:
            return [user, user]

        def event(self, change: Any) -> str:
            return "hello:1"

    Hello().tell(None)
    Hello().tell(None)

    assert sorted(Notice.objects.values_list("channel", flat=True)) == ["email", "in_app"]


def test_sweep_wakes_a_worker_for_what_takes_long_and_does_the_rest_itself(
    db: None, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    _account_notice()
    done: list[str] = []
    sent: list[dict[str, Any]] = []
    queues = {
        "short": work.Queue("short", Notice.objects.all, lambda _row: done.append("short")),
        "long": work.Queue("long", Notice.objects.all, lambda _row: done.append("long"), seconds=300),
        "empty": work.Queue("empty", Notice.objects.none, lambda _row: done.append("empty"), seconds=300),
    }
    monkeypatch.setattr(work, "_queues", queues)
    monkeypatch.setattr(work.current_app, "send_task", lambda *_words, **how: sent.append(how))

    with django_capture_on_commit_callbacks(execute=True):
        work.sweep()

    assert done == ["short"]
    assert [(how["args"], how["soft_time_limit"], how["time_limit"]) for how in sent] == [(["long"], 300, 320)]
