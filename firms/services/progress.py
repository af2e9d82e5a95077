"""How far an import is, written on a connection of its own: others see it before the work's transaction ends."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

from django.db import connection

from firms.models import ImportProgress, RegistryImport

Stage = ImportProgress.Stage
type Tell = Callable[[Stage, int, int], None]

_SECONDS = 0.3


def tell_nobody(stage: Stage, done: int = 0, total: int = 0) -> None:
    """Keep progress to oneself: nobody waits at a page."""


@contextmanager
def telling(found: RegistryImport) -> Iterator[Tell]:
    """Give a function that says which stage the work is at, and how much of it is done.

    The row of the progress is there already, and nothing else writes it; the import itself is held by the work.
    """
    beside = connection.copy()
    last: tuple[Stage | None, float] = (None, 0.0)

    def tell(stage: Stage, done: int = 0, total: int = 0) -> None:
        nonlocal last
        if stage == last[0] and monotonic() - last[1] < _SECONDS:
            return
        last = (stage, monotonic())
        with beside.cursor() as cursor:
            cursor.execute(
                "UPDATE firms_importprogress SET stage = %s, done = %s, total = %s WHERE registry_import_id = %s",
                [stage.value, done, total, found.pk],
            )

    try:
        yield tell
    finally:
        beside.close()
