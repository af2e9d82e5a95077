"""Runs web, worker and beat as children of one process: restarts what dies, ends all together.

Honcho and its like start programs and stop with the first that ends. Here a child that dies is started again,
what a killed earlier run left is found and ended, and nothing remains when the supervisor ends.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import psutil

_PATIENCE = 15.0  # seconds for a child to end what it is doing
_STEADY = 60.0  # seconds after which a child counts as healthy again
_LONGEST_WAIT = 30.0


@dataclass
class Child:
    """One program that should always run.

    Args:
        name: the word before each of its lines.
        command: the program and its arguments.
    """

    name: str
    command: list[str]
    process: subprocess.Popen[str] | None = None
    started_at: float = 0.0
    start_at: float = 0.0
    failures: int = field(default=0)

    @property
    def is_running(self) -> bool:
        """Whether it runs now."""
        return self.process is not None and self.process.poll() is None


class Supervisor:
    """Keeps children running until it is told to stop.

    Args:
        children: what runs.
        record: the file that names the running children for a later run.
        environment: the children's environment.
        folder: where they run.
    """

    def __init__(self, children: list[Child], *, record: Path, environment: Mapping[str, str], folder: Path) -> None:
        self.children = children
        self.record = record
        self.environment = dict(environment)
        self.folder = folder
        self.stopping = threading.Event()

    def run(self, when_up: Callable[[], bool]) -> None:
        """Start the children and watch them until ``stopping`` is set; then end them all.

        Args:
            when_up: called again and again until it returns True.
        """
        announced = False
        try:
            while not self.stopping.is_set():
                for child in self.children:
                    self._keep(child)
                announced = announced or when_up()
                self.stopping.wait(0.3)
        finally:
            self._end()

    def _keep(self, child: Child) -> None:
        now = time.monotonic()
        if child.is_running:
            if now - child.started_at > _STEADY:
                child.failures = 0
            return
        if child.process is not None:
            code = child.process.returncode
            _end_group(child.process.pid)
            child.process = None
            wait = min(2.0**child.failures, _LONGEST_WAIT)
            child.failures += 1
            child.start_at = now + wait
            _print(child.name, f"ended with code {code}; starts again in {wait:.0f} s")
        if now >= child.start_at and not self.stopping.is_set():
            self._start(child)

    def _start(self, child: Child) -> None:
        child.process = subprocess.Popen(  # noqa: S603
            child.command,
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,  # Ctrl-C in the terminal reaches the supervisor alone, who ends them in order
        )
        child.started_at = time.monotonic()
        threading.Thread(target=_copy, args=(child.name, child.process.stdout), daemon=True).start()
        write_record(self.record, [os.getpid(), *(c.process.pid for c in self.children if c.process)])

    def _end(self) -> None:
        running = [child for child in self.children if child.process]
        for child in running:
            assert child.process  # noqa: S101 -- for mypy
            if child.is_running:
                child.process.terminate()
        deadline = time.monotonic() + _PATIENCE
        for child in running:
            assert child.process  # noqa: S101
            try:
                child.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _print(child.name, "does not end; killed")
            _end_group(child.process.pid)
            child.process.wait()
        self.record.unlink(missing_ok=True)


def write_record(record: Path, pids: list[int]) -> None:
    """Keep who runs, with the time each began: a number alone may be someone else's later."""
    rows = []
    for pid in pids:
        try:
            rows.append([pid, psutil.Process(pid).create_time()])
        except psutil.NoSuchProcess:
            continue
    part = record.with_suffix(".part")
    part.write_text(json.dumps(rows))
    part.replace(record)


def recorded(record: Path) -> list[psutil.Process]:
    """Return the processes of an earlier run that still run, its supervisor first."""
    try:
        rows = json.loads(record.read_text())
    except (OSError, ValueError):
        return []
    found = []
    for pid, created in rows:
        try:
            process = psutil.Process(pid)
            if abs(process.create_time() - created) < 1 and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.NoSuchProcess:
            continue
    return found


def end_recorded(record: Path) -> int:
    """End what an earlier run left, the supervisor first; return how many processes there were."""
    processes = recorded(record)
    family = list(processes)
    for process in processes:
        try:
            family += [child for child in process.children(recursive=True) if child not in family]
        except psutil.NoSuchProcess:
            continue
    for process in processes:
        _signal(process, signal.SIGTERM)
    _, alive = psutil.wait_procs(family, timeout=_PATIENCE + 5)
    for process in alive:
        _signal(process, signal.SIGKILL)
    psutil.wait_procs(alive, timeout=5)
    record.unlink(missing_ok=True)
    return len(family)


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return


def _end_group(pid: int) -> None:
    """Kill what a child left in its own session."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _copy(name: str, lines: IO[str] | None) -> None:
    if lines is None:
        return
    with lines:
        for line in lines:
            _print(name, line.rstrip("\n"))


def _print(name: str, text: str) -> None:
    try:
        sys.stdout.write(f"{name:<6} | {text}\n")
        sys.stdout.flush()
    except (BrokenPipeError, ValueError):  # nobody reads any more; the children go on
        return
