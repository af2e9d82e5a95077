"""Asking the whole registry who qualifies for a programme."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone

from benchmarks.measuring import Goal, Result, Work, by_turns, ratio
from firms.models import Organisation
from incentives import qualifying
from incentives.eligibility import Rule
from portal import clock

_FROM = 100_000
REQUIRED: dict[str, dict[str, Any]] = {
    "age": {"maximum": 15},
    "cluster": {"any_of": ["ai-internet-digital-content"]},
    "staff": {"minimum": 10},
}
"""What the demonstration's largest programme requires."""

PREFERRED: dict[str, dict[str, Any]] = {
    "certificate": {"any_of": ["hnte", "innovative", "specialised", "little_giant"]},
    "rd_intensity": {"minimum": 5},
}

_SCAN = """
    SELECT count(*) FILTER (WHERE founded >= DATE '2011-06-30' AND staff >= 10) FROM firms_organisation
     WHERE status = 'listed' AND kind = 'firm'
"""


def measure(size: int) -> Iterator[Result]:
    """Compare the verdict on every firm, counted by verdict, with reading each firm once."""
    goal, floor = Goal.at_most(3), "a sequential scan"
    name = "eligibility of every firm for one programme"
    yield ratio(name, size, goal, by_turns(_verdicts(REQUIRED), _alone(_scan)), against=floor, counts=size >= _FROM)
    name = "the same, certificates and figures required"
    rounds = by_turns(_verdicts(REQUIRED | PREFERRED), _alone(_scan))
    yield ratio(name, size, goal, rounds, against=floor, counts=False)


def _verdicts(criteria: dict[str, dict[str, Any]]) -> Work:
    rules = [Rule(kind, kind, parameters, hard=True, title=kind) for kind, parameters in criteria.items()]
    today = timezone.localdate(timezone=clock.SHANGHAI)
    firms = Organisation.objects.listed().firms()
    counted = firms.order_by().values_list(qualifying.overall(rules, on=today)).annotate(number=Count("pk"))
    return _alone(lambda: list(counted.all()))


def _scan() -> object:
    with connection.cursor() as cursor:
        cursor.execute(_SCAN)
        return cursor.fetchall()


def _alone(work: Callable[[], object]) -> Work:
    """Let one process of PostgreSQL do it, as the product asks the whole registry: it is compared with its like."""

    def ask(turn: int) -> object:
        with transaction.atomic():
            qualifying.ask_everybody()
            return work()

    return ask
