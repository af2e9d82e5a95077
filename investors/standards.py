"""What was promised of inquiries and what was done, from the rows themselves."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.contrib.contenttypes.models import ContentType
from django.db.models import Min, OuterRef, Q, Subquery
from django.utils import timezone

from investors.models import Inquiry
from portal.models import Deadline, StepTaken

PERIOD = timedelta(days=365)


@dataclass(frozen=True)
class Kept:
    """How a promise was kept.

    Args:
        due: how many promises have fallen due or been met.
        in_time: how many of them were met in time.
        median: half of those met took no longer than this; None while none is met.
    """

    due: int
    in_time: int
    median: timedelta | None

    @property
    def share(self) -> int | None:
        """Per cent met in time, rounded down; None while nothing was due."""
        return self.in_time * 100 // self.due if self.due else None


def kept_by_promise() -> dict[str, Kept]:
    """Return how confirmation and first answer were kept over the last twelve months."""
    now = timezone.now()
    steps = {"acknowledge": ("acknowledge", "answer"), "answer": ("answer",)}
    return {promise: _kept(_rows(now, f"escalate_{promise}", done), now) for promise, done in steps.items()}


def _rows(now: datetime, escalation: str, done: tuple[str, ...]) -> list[tuple[datetime, datetime, datetime | None]]:
    """Return received, first promised and first done, one row an inquiry."""
    about = Q(subject_type=ContentType.objects.get_for_model(Inquiry), subject_id=OuterRef("pk"))
    promised = Deadline.objects.filter(about, step=escalation).order_by("pk").values("due_at")[:1]
    met = StepTaken.objects.filter(about, step__in=done).order_by().values("subject_id").annotate(first=Min("at"))
    found = Inquiry.objects.filter(received_at__gt=now - PERIOD)
    rows = found.annotate(promised=Subquery(promised), met=Subquery(met.values("first")))
    return list(rows.exclude(promised=None).values_list("received_at", "promised", "met"))


def _kept(rows: list[tuple[datetime, datetime, datetime | None]], now: datetime) -> Kept:
    taken = [(met - received).total_seconds() for received, _promised, met in rows if met]
    due = [(promised, met) for _received, promised, met in rows if met or promised < now]
    in_time = sum(1 for promised, met in due if met and met <= promised)
    return Kept(len(due), in_time, timedelta(seconds=median(taken)) if taken else None)
