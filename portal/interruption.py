"""A request to stop (Ctrl-C, SIGTERM, SIGHUP) never gets lost between two moments that could answer it."""

import signal
import threading
from collections.abc import Callable
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_asked = threading.Event()


def remember() -> None:
    """Only note it: what has just begun, as the start of a database, must not be cut in half."""
    _call(_asked.set)


def answer() -> None:
    """Raise KeyboardInterrupt from now on, and at once when it was asked before."""
    _call(_interrupt)
    if _asked.is_set():
        raise KeyboardInterrupt


def hand_over(stop: Callable[[], None]) -> None:
    """Call a function from now on."""
    _call(stop)


def ignore() -> None:
    """End what must end whatever is asked."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)


def _call(function: Callable[[], None]) -> None:
    def handler(number: int, frame: FrameType | None) -> None:
        function()

    for number in SIGNALS:
        signal.signal(number, handler)


def _interrupt() -> None:
    raise KeyboardInterrupt
