"""The supervisor: restarts what dies, leaves nothing, ends what a killed run left, and no stranger."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil

from portal.supervisor import Child, Supervisor, end_recorded, recorded, write_record

_SLEEPS = [sys.executable, "-S", "-c", "import time; time.sleep(60)"]


def _run(supervisor: Supervisor) -> threading.Thread:
    thread = threading.Thread(target=supervisor.run, args=(lambda: True,))
    thread.start()
    return thread


def _wait_for_pid(child: Child, other_than: int = 0) -> int:
    for _ in range(200):
        if child.process is not None and child.is_running and child.process.pid != other_than:
            return child.process.pid
        time.sleep(0.05)
    raise AssertionError("it did not start")


def test_supervisor_child_killed_is_started_again(tmp_path: Path) -> None:
    child = Child("one", _SLEEPS)
    supervisor = Supervisor([child], record=tmp_path / "run.json", environment=os.environ, folder=tmp_path)
    thread = _run(supervisor)
    try:
        first = _wait_for_pid(child)
        psutil.Process(first).kill()
        second = _wait_for_pid(child, other_than=first)
    finally:
        supervisor.stopping.set()
        thread.join(30)

    assert first != second
    assert not psutil.pid_exists(second)
    assert not (tmp_path / "run.json").exists()


def test_end_recorded_after_killed_run_ends_its_children(tmp_path: Path) -> None:
    left = subprocess.Popen(_SLEEPS)
    write_record(tmp_path / "run.json", [left.pid])

    ended = end_recorded(tmp_path / "run.json")

    assert ended == 1
    assert not psutil.pid_exists(left.pid)
    left.wait(5)


def test_recorded_number_of_another_process_is_no_leftover(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(f"[[{os.getpid()}, 1.0]]")

    assert recorded(tmp_path / "run.json") == []


def test_recorded_broken_file_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text("{half")

    assert recorded(tmp_path / "run.json") == []
