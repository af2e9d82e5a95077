"""What other holidays do to dates that were promised: which move, how far, and who hears of it.

A promise of the district never moves later, and the time of the other side never gets shorter. Apps say in their
``contributions.py`` which dates are the other side's, what they are called, and who is told.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.functional import Promise

from portal.clock import SHANGHAI, Calendar, Due
from portal.deadlines import Counted
from portal.models import Deadline, User

type Text = str | Promise


def _nobody(obj: Any) -> Iterable[User]:
    return ()


def _as_it_is_called(obj: Any) -> Mapping[str, str]:
    return {"en": str(obj), "zh": str(obj)}


def _nothing(obj: Any, open_deadlines: Mapping[str, Deadline]) -> None:
    return None


@dataclass(frozen=True, kw_only=True)
class Dates:
    """What an app says of the deadlines of one model.

    Args:
        model: the model.
        theirs: steps whose deadline is the other side's time (to answer, to object): it never gets shorter. The
            others are promises of the district: they never move later.
        named: what the dates are called that people were told; the others move without a word.
        told: returns the people outside who are told that a date moved.
        staff: returns the staff who are told.
        title: returns what the thing is called, in English (``en``) and Chinese (``zh``).
        page: returns the name and arguments of the page that the people outside open.
        follow: writes the moments where the app's own rows repeat them: called with the locked object and its open
            deadlines by step, in the same transaction.
    """

    model: type[models.Model]
    theirs: Collection[str] = ()
    named: Mapping[str, Text] = field(default_factory=dict)
    told: Callable[[Any], Iterable[User]] = _nobody
    staff: Callable[[Any], Iterable[User]] = _nobody
    title: Callable[[Any], Mapping[str, str]] = _as_it_is_called
    page: Callable[[Any], tuple[str, dict[str, Any]]] | None = None
    follow: Callable[[Any, Mapping[str, Deadline]], None] = _nothing


_dates: dict[type[models.Model], Dates] = {}


def contribute(*dates: Dates) -> None:
    """Let an app say what its deadlines are; the same model again replaces what was said."""
    for one in dates:
        _dates[one.model] = one


def dates_of(model: type[models.Model] | None) -> Dates:
    """Return what was said of a model's deadlines; nothing said: they are promises, and nobody is told."""
    assert model is not None  # noqa: S101 -- a content type whose model is gone has no open deadlines
    return _dates.get(model) or Dates(model=model)


class Judged(NamedTuple):
    """What counting anew makes of a date.

    Args:
        at: when it is due from now on.
        estimated: whether a year that it rests on is still not published.
        kept: whether it stays although the count says otherwise: a promise moves no later, their time no earlier.
    """

    at: datetime
    estimated: bool
    kept: bool


class Counter:
    """Counts dates by one calendar; equal questions are answered once.

    Args:
        calendar: the working days.
        now: no date is moved into the past.
    """

    def __init__(self, calendar: Calendar, now: datetime) -> None:
        self.calendar = calendar
        self.now = now
        self._known: dict[tuple[date, int], Due] = {}

    def judge(self, counted: Counted, due_at: datetime, *, theirs: bool) -> Judged:
        """Return what becomes of an open date.

        Args:
            counted: what it was counted from.
            due_at: when it is due at present; the time of day stays.
            theirs: whether it is the other side's time.
        """
        found = self._count(counted)
        hour: time = due_at.astimezone(SHANGHAI).time()
        at = datetime.combine(found.day, hour, SHANGHAI)
        wanted = max(at, due_at) if theirs else min(at, due_at)
        if wanted < self.now:
            wanted = due_at
        return Judged(wanted, found.estimated, kept=at != wanted)

    def _count(self, counted: Counted) -> Due:
        key = (counted.start.astimezone(SHANGHAI).date(), counted.days)
        if key not in self._known:
            (self._known[key],) = self.calendar.after_each(counted.start, [counted.days])
        return self._known[key]


class Touched(NamedTuple):
    """An open date that the new count changes, or would change if it were free to."""

    subject_type: int
    subject_id: int
    step: str
    was: datetime
    estimated: bool
    judged: Judged

    @property
    def moves(self) -> bool:
        """Whether its moment changes."""
        return self.judged.at != self.was

    @property
    def is_news(self) -> bool:
        """Whether anything is to be written: what its rule keeps, and was not estimated, stays as it is."""
        return self.moves or self.judged.estimated != self.estimated


def touched(counter: Counter, first_day: date, **only: Any) -> Iterator[Touched]:
    """Yield the open dates that change: their moment, or that they are estimated, or that they are kept by their rule.

    Args:
        counter: by which calendar.
        first_day: the first day that is another than before; earlier dates are not looked
            at, unless they are estimated.
        only: which deadlines are looked at, as for ``filter``.
    """
    since = max(counter.now, datetime.combine(first_day, time.min, SHANGHAI))
    looked_at = Q(due_at__gte=since) | Q(estimated=True, due_at__gte=counter.now)
    found = Deadline.objects.filter(looked_at, done_at=None, working_days__isnull=False, **only)
    columns = ("subject_type_id", "subject_id", "step", "due_at", "estimated", "counted_from", "working_days")
    for kind, subject, step, due_at, estimated, start, days in (
        found.order_by("due_at", "id").values_list(*columns).iterator()
    ):
        judged = counter.judge(Counted(start, days), due_at, theirs=step in _theirs(kind))
        if (judged.at, judged.estimated) != (due_at, estimated) or judged.kept:
            yield Touched(kind, subject, step, due_at, estimated, judged)


def _theirs(kind: int) -> Collection[str]:
    return dates_of(ContentType.objects.get_for_id(kind).model_class()).theirs


# --- What a change would do, before it is made ------------------------------------------------


@dataclass
class Effect:
    """What becomes of one kind of date: how many move, how many are kept, and the first that move.

    Args:
        kind: the id of the kind of record.
        step: whose deadline it is.
        earlier: how many move to an earlier moment.
        later: how many move to a later one.
        kept: how many stay although the count says otherwise.
        settled: how many stay and are no longer estimated.
        first: some that move.
    """

    kind: int
    step: str
    earlier: int = 0
    later: int = 0
    kept: int = 0
    settled: int = 0
    first: list[Touched] = field(default_factory=list)

    @property
    def record(self) -> str:
        """What the kind of record is called."""
        model = ContentType.objects.get_for_id(self.kind).model_class()
        return str(model._meta.verbose_name) if model else ""

    @property
    def label(self) -> Text:
        """What the date is called."""
        model = ContentType.objects.get_for_id(self.kind).model_class()
        return dates_of(model).named.get(self.step, "") if model else ""


_SHOWN = 5


def effects(counter: Counter, first_day: date) -> list[Effect]:
    """Return what a change would do to the open dates, kind by kind; nothing is written."""
    found: dict[tuple[int, str], Effect] = {}
    for one in touched(counter, first_day):
        effect = found.setdefault((one.subject_type, one.step), Effect(one.subject_type, one.step))
        effect.earlier += one.judged.at < one.was
        effect.later += one.judged.at > one.was
        effect.kept += one.judged.kept
        effect.settled += not one.moves and not one.judged.kept
        if one.moves and len(effect.first) < _SHOWN:
            effect.first.append(one)
    return [found[key] for key in sorted(found)]
