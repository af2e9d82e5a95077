"""Django's PostgreSQL backend, which tells each transaction who acts."""

from typing import Any

from django.db.backends.postgresql import base

from portal import actor


class DatabaseWrapper(base.DatabaseWrapper):
    """Sets ``app.actor`` and ``app.request`` at the start of each transaction.

    The history trigger reads them and refuses a write by nobody. They are local to
    the transaction, so a pooled connection never carries them to another request.
    """

    def set_autocommit(self, autocommit: bool, *args: Any, **kwargs: Any) -> None:
        """Tell a transaction that begins who acts."""
        super().set_autocommit(autocommit, *args, **kwargs)
        if not autocommit:
            self.announce_actor()

    def announce_actor(self) -> None:
        """Set the transaction's actor from the context, or nobody."""
        now = actor.current()
        with self.connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('app.actor', %s, true), set_config('app.request', %s, true)",
                [now.actor if now else "", now.request_id if now else ""],
            )
