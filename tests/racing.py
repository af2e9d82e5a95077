"""Several things at the same moment, each with a connection of its own; whatever goes wrong, the test ends."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connection

from portal.actor import acting
from portal.lifecycle import StepClosed

PATIENCE = 60
"""Seconds that anything in a test may wait for another."""


def results_at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run calls in threads that begin together; return what each gave or raised, in the order of the calls."""
    barrier = meeting(len(calls))
    results: dict[int, Any] = {}

    def run(number: int, call: Callable[[], Any]) -> None:
        try:
            with acting("test"):
                barrier.wait()
                results[number] = call()
        except Exception as error:  # noqa: BLE001 -- what it raised is what the test looks at
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each, daemon=True) for each in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        wait_for_end(thread)
    return [results[number] for number in range(len(calls))]


def at_once(*calls: Callable[[], Any], refusals: dict[type[Exception], str] | None = None) -> list[str]:
    """Run calls in threads that begin together; return how each ended, sorted: ``done``, or the word for its refusal.

    Args:
        calls: what is done.
        refusals: words for what else than a closed step is an ending; anything else that is raised fails the test.
    """
    words = {StepClosed: "closed"} | (refusals or {})
    endings = []
    for result in results_at_once(*calls):
        word = next((word for kind, word in words.items() if isinstance(result, kind)), "done")
        if isinstance(result, Exception) and word == "done":
            raise result
        endings.append(word)
    return sorted(endings)


def meeting(parties: int) -> threading.Barrier:
    """Return a barrier at which nobody waits for ever for who does not come."""
    return threading.Barrier(parties, timeout=PATIENCE)


def wait_for_end(thread: threading.Thread) -> None:
    """Wait for the end of a thread."""
    thread.join(PATIENCE)
    assert not thread.is_alive(), "a thread does not end"
