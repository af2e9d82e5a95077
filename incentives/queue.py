"""The queue of a member of staff: what waits for a step that this very person may take, the most urgent first."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import reduce
from operator import or_

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from firms.models import Duplicate
from incentives import rules
from incentives.facts import Text
from incentives.lifecycle import APPLICATION
from incentives.models import Application, Flag, Objection, Recommendation, ReviewAssignment, Round
from incentives.models.applications import ApplicationQuerySet
from portal import clock
from portal.lifecycle import Step
from portal.models import User

Status = Application.Status

CARRY_ON = ("accept", "recommend", "first_approve", "approve", "uphold_objection")
"""The steps for which an application waits. It may be declined or sent back too, but does not wait for that."""

FLAGS: dict[str, Text] = {
    "open": _("open flag"),
    "duplicate": _("possible duplicate"),
    "objection": _("objection"),
    "conflict": _("conflict of interest"),
    "reopened": _("reopened"),
}
"""What speaks for a second look."""

_LIVE_TERMS = Recommendation.objects.filter(application=OuterRef("pk"), voided_at=None)
_ABOVE = Exists(_LIVE_TERMS.filter(amount__gt=OuterRef("programme_version__four_eyes_threshold")))
_COUNTING = ReviewAssignment.objects.counting().filter(application=OuterRef("pk")).order_by()
_DONE = (
    _COUNTING.filter(status=ReviewAssignment.Status.DONE)
    .values("application")
    .annotate(number=Count("pk"))
    .values("number")
)

TURNS: dict[str, Q] = {
    "recommend": Q(
        ~Exists(_COUNTING.filter(conflict=ReviewAssignment.Conflict.UNDECLARED)),
        reviews_done__gte=F("programme_version__reviewers_needed"),
    ),
    "first_approve": Q(_ABOVE),
    "approve": ~Q(status=Status.RECOMMENDED) | ~Q(_ABOVE),
    "uphold_objection": Q(
        Exists(
            Objection.objects.filter(
                application=OuterRef("pk"),
                status=Objection.Status.OPEN,
                approval__stage="final",
                approval__voided_at=None,
            )
        )
    ),
}
"""Whose turn it is, where the status alone does not say it: as the guards of these steps do, a test holds them to it.

That money is short, or a flag open, keeps no application out of the queue: somebody has to settle it.
"""


def by_risk(found: ApplicationQuerySet) -> ApplicationQuerySet:
    """Add ``due_at``: by when the next step is promised, that of an objection where one is open."""
    heard = Objection.objects.waiting().filter(application=OuterRef("pk")).with_due_date().order_by(F("due_at"))
    first = Subquery(heard.values("due_at")[:1])  # type: ignore[misc]
    return found.with_due_date().annotate(due_at=Coalesce(first, F("due_at")))  # type: ignore[no-redef]


def waiting_for(user: User) -> ApplicationQuerySet:
    """Return what waits for a step that the person may take, as ``next_step``, with ``due_at`` and the flags.

    The most urgent first: by the promised date, what has none at the end.
    """
    handled = Application.objects.handled_by(user)
    found = by_risk(handled.alias(**rules.standing_columns(user), reviews_done=Coalesce(Subquery(_DONE), 0)))
    branches = [When(condition, then=Value(step)) for step, condition in _turns_of(user)]
    if not branches:
        return found.annotate(next_step=Value("", output_field=CharField())).none()
    next_step = Case(*branches, default=Value(""), output_field=CharField())
    return found.annotate(next_step=next_step).exclude(next_step="").order_by(F("due_at").asc(nulls_last=True), "pk")


def _turns_of(user: User) -> list[tuple[str, Q]]:
    return [
        (name, Q(status=status) & allowed & TURNS.get(name, Q()))
        for name in CARRY_ON
        for status in sorted(APPLICATION.steps[name].sources)
        if (allowed := rules.where(user, status, APPLICATION.steps[name].may)) is not None
    ]


def with_flags(found: ApplicationQuerySet) -> ApplicationQuerySet:
    """Add what speaks for a second look."""
    pairs = Duplicate.objects.filter(status=Duplicate.Status.OPEN)
    return found.annotate(
        flag_open=Exists(Flag.objects.filter(application=OuterRef("pk"), status=Flag.Status.OPEN)),
        flag_duplicate=Exists(
            pairs.filter(Q(first=OuterRef("organisation")) | Q(second=OuterRef("organisation"))),
        ),
        flag_objection=Exists(Objection.objects.filter(application=OuterRef("pk"), status=Objection.Status.OPEN)),
        flag_conflict=Exists(
            ReviewAssignment.objects.filter(application=OuterRef("pk"), status__in=["conflicted", "recused"])
        ),
        flag_reopened=Exists(rules.steps_taken(step="reopen")),
    )


@dataclass(frozen=True)
class Wanted:
    """What of the queue is looked at; nothing given is everything."""

    programme: int | None = None
    round: int | None = None
    step: str = ""
    overdue: bool = False
    flagged: bool = False
    least: Decimal | None = None
    most: Decimal | None = None

    def narrow(self, found: ApplicationQuerySet, *, by_step: bool = True) -> ApplicationQuerySet:
        """Return the part of a queue; without the step for its counts."""
        conditions: dict[str, object] = {
            "round__programme": self.programme,
            "round": self.round,
            "next_step": self.step if by_step else "",
            "requested_amount__gte": self.least,
            "requested_amount__lte": self.most,
        }
        found = found.filter(**{name: value for name, value in conditions.items() if value not in (None, "")})
        if self.overdue:
            found = found.filter(due_at__lt=Now())  # type: ignore[misc]
        if self.flagged:
            flags = [Q(**{f"flag_{name}": True}) for name in FLAGS]
            found = found.filter(reduce(or_, flags))
        return found


@dataclass(frozen=True)
class Row:
    """One application of the queue as pages show it."""

    application: Application
    step: Step
    due_at: datetime | None
    days_left: int | None = None
    is_overdue: bool = False
    flags: list[Text] = field(default_factory=list)

    @property
    def days_overdue(self) -> int:
        """How many working days ago it was promised."""
        return max(0, -(self.days_left or 0))


def rows(found: list[Application]) -> list[Row]:
    """Return applications of a queue with the working days left; the holidays are read once."""
    left = clock.working_days_left([a.due_at for a in found if a.due_at])
    now = timezone.now()
    return [
        Row(
            application,
            APPLICATION.steps[application.next_step],  # type: ignore[attr-defined]
            application.due_at,
            left.get(application.due_at),
            is_overdue=bool(application.due_at and application.due_at < now),
            flags=[words for name, words in FLAGS.items() if getattr(application, f"flag_{name}", False)],
        )
        for application in found
    ]


def counts(found: ApplicationQuerySet) -> dict[str, int]:
    """Return how many wait for each step."""
    numbers = dict(found.order_by().values_list("next_step").annotate(Count("pk")))  # type: ignore[misc]
    return {name: numbers[name] for name in CARRY_ON if numbers.get(name)}


def rounds_of(found: ApplicationQuerySet) -> QuerySet[Round]:
    """Return the rounds that have anything in a queue, with their programmes."""
    return Round.objects.filter(pk__in=found.order_by().values("round")).select_related("programme")
