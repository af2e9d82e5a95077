"""PostgreSQL and Valkey under ``var/``: joined when they run, started detached when not."""

from pathlib import Path

from portal.embedded import postgres, valkey
from portal.embedded.postgres import APPLICATION_ROLE, DATABASE, OWNER_ROLE

__all__ = ["APPLICATION_ROLE", "DATABASE", "OWNER_ROLE", "postgres_url", "stop", "valkey_url"]


def postgres_url(var: Path, role: str, *, start: bool = True) -> str:
    """Return a URL to the embedded PostgreSQL as a role.

    Args:
        var: folder for the data; made when missing.
        role: ``OWNER_ROLE`` or ``APPLICATION_ROLE``.
        start: start it when it does not run.

    Raises:
        RuntimeError: it does not start, or its locale breaks Chinese.
    """
    if start:
        postgres.ensure(var)
    return postgres.url(var, role)


def valkey_url(var: Path, *, start: bool = True) -> str:
    """Return a URL to the embedded Valkey.

    Args:
        var: folder for the data; made when missing.
        start: start it when it does not run.

    Raises:
        RuntimeError: it does not start.
    """
    if start:
        valkey.ensure(var)
    return valkey.url(var)


def stop(var: Path) -> list[str]:
    """Stop the embedded services under ``var``; return the names of those that ran."""
    stopped = ["PostgreSQL"] if postgres.stop(var) else []
    return [*stopped, "Valkey"] if valkey.stop(var) else stopped
