"""Collects the static files, when any of them changed since the last time."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command


def collect() -> bool:
    """Collect them into ``STATIC_ROOT``; return whether there was anything to do."""
    root = Path(settings.STATIC_ROOT)
    stamp, wanted = root.with_suffix(".stamp"), _fingerprint()
    if (root / "staticfiles.json").is_file() and stamp.is_file() and stamp.read_text() == wanted:
        return False
    # Cleared: it would keep a result that is not older than its source, as after going back to an older package.
    call_command("collectstatic", verbosity=0, interactive=False, clear=True)
    stamp.write_text(wanted)
    return True


def _fingerprint() -> str:
    """Return one hash of the name, size and time of each source."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            found = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()
