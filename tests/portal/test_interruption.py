"""A request to stop that comes early is answered as soon as something can."""

import subprocess
import sys

import pytest

_SCRIPT = """
import os, signal
from portal import interruption

interruption.remember()
os.kill(os.getpid(), signal.{name})
print("still here")
try:
    interruption.answer()
except KeyboardInterrupt:
    print("answered")
interruption.hand_over(lambda: print("handed over"))
os.kill(os.getpid(), signal.{name})
interruption.ignore()
os.kill(os.getpid(), signal.{name})
print("ended well")
"""


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_stop_asked_early_is_answered_later(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT.format(name=name)], capture_output=True, text=True, check=True, timeout=60
    )

    assert done.stdout.splitlines() == ["still here", "answered", "handed over", "ended well"]
