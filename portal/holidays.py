"""Publishing the holidays of a year, changing them, and counting anew every open date that rests on them."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal import actor, work
from portal.clock import Calendar
from portal.date_notices import DatesMoved, DatesMovedForStaff, Moved
from portal.deadlines import Counted
from portal.holiday_notice import Day
from portal.lifecycle import NotAllowed, StepClosed
from portal.models import CalendarYear, Deadline, Holiday, Recount, RecountItem, User
from portal.recounting import Counter, dates_of, touched

QUEUE = "dates_counted_anew"
LATE_QUEUE = "dates_counted_late"

AT_ONCE = 20
"""So many things are counted anew while one waits; more are left to the workers."""

_LATER = timedelta(minutes=1)
"""So long after a change it is looked once more for dates that were being set by the old holidays meanwhile."""

_OVERLAP = timedelta(minutes=10)
"""No request or task that sets a date takes longer."""

_MAY_CHANGE = "portal.change_calendaryear"
_LOCK = 7_026_011


def days_of(year: int) -> dict[date, Day]:
    """Return the days of a year as they are kept."""
    rows = Holiday.objects.filter(day__year=year).order_by("day")
    return {row.day: Day(row.is_working, row.name) for row in rows}


def digest_of(year: int) -> str:
    """Return what makes the holidays of a year as they are kept, and whether they are published, comparable."""
    rows = [[day.isoformat(), *row] for day, row in days_of(year).items()]
    published = CalendarYear.objects.filter(year=year).values_list("source", flat=True).first()
    return hashlib.sha256(json.dumps([rows, published], ensure_ascii=False).encode()).hexdigest()


def calendar_with(year: int, days: Mapping[date, Day]) -> Calendar:
    """Return the working days as they would be if a year were published with these days."""
    now = Calendar.read()
    others = {day: working for day, working in now.exceptions.items() if day.year != year}
    return Calendar({**others, **{day: row.is_working for day, row in days.items()}}, {*now.published, year})


def first_change(year: int, days: Mapping[date, Day]) -> date | None:
    """Return the first day of a year that would change, of one not published its first day; None: nothing would."""
    if not CalendarYear.objects.filter(year=year).exists():
        return date(year, 1, 1)
    kept = days_of(year)
    changed = [day for day in {*kept, *days} if _works(day, kept) != _works(day, days)]
    return min(changed, default=None)


def _works(day: date, days: Mapping[date, Day]) -> bool:
    return days[day].is_working if day in days else day.weekday() < 5  # noqa: PLR2004 -- Monday to Friday


@transaction.atomic
def publish_year(*, by: User, year: int, days: Mapping[date, Day], source: str, seen: str) -> Recount | None:
    """Keep the holidays of a year as announced, and count anew every open date that rests on it.

    Args:
        by: an administrator.
        year: the year.
        days: its holidays and make-up working days; what is kept and not among them goes.
        source: the notice that announces them.
        seen: ``digest_of`` when the page with the preview was made.

    Returns:
        What is counted anew; None where no working day changed and the year was published before.

    Raises:
        NotAllowed: ``by`` may not change the holidays.
        StepClosed: somebody changed the holidays since.
    """
    if not by.has_perm(_MAY_CHANGE):
        raise NotAllowed(_("Only administrators change the holidays."))
    _one_at_a_time()
    if seen != digest_of(year):
        raise StepClosed(_("Somebody changed the holidays of this year since you looked. Please look again."))
    first = first_change(year, days)
    is_publication = not CalendarYear.objects.filter(year=year).exists()
    _write(year, days)
    CalendarYear.objects.update_or_create(year=year, defaults={"source": source})
    return _count_anew(by, year, first, is_publication=is_publication) if first else None


def _write(year: int, days: Mapping[date, Day]) -> None:
    """Change only the rows that differ, so that history says what changed."""
    kept = {row.day: row for row in Holiday.objects.filter(day__year=year)}
    for day, row in kept.items():
        if day not in days:
            row.delete()
    for day, wanted in days.items():
        if day not in kept:
            Holiday.objects.create(day=day, is_working=wanted.is_working, name=wanted.name)
        elif (kept[day].is_working, kept[day].name) != tuple(wanted):
            kept[day].is_working, kept[day].name = wanted
            kept[day].save(update_fields=["is_working", "name"])


@transaction.atomic
def count_anew_from(*, by: User, day: date) -> Recount | None:
    """Count anew after a single day was changed; of a year that is not published nothing is counted.

    Args:
        by: who changed it.
        day: the day; where it was moved, the earlier of both.
    """
    _one_at_a_time()
    if not CalendarYear.objects.filter(year=day.year).exists():
        return None
    return _count_anew(by, day.year, day, is_publication=False)


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _count_anew(by: User, year: int, first_day: date, *, is_publication: bool) -> Recount:
    recount = Recount.objects.create(
        year=year,
        first_day=first_day,
        is_publication=is_publication,
        by=by,
        next_try_at=timezone.now() + _LATER,
    )
    changed = touched(Counter(Calendar.read(), timezone.now()), first_day)
    things = dict.fromkeys((one.subject_type, one.subject_id) for one in changed if one.is_news)
    few = len(things) <= AT_ONCE
    RecountItem.objects.bulk_create(
        [
            RecountItem(
                recount=recount,
                subject_type_id=kind,
                subject_id=subject,
                next_try_at=timezone.now() + _LATER if few else Now(),
            )
            for kind, subject in things
        ],
        batch_size=2_000,
    )
    if things and not few:
        work.wake(QUEUE)
    return recount


def finish_now(*, recount: Recount) -> None:
    """Count anew what is left, if it is little, one transaction each; outside of any other transaction."""
    waiting = RecountItem.objects.open().filter(recount=recount).order_by("pk")
    if waiting.count() <= AT_ONCE:
        work.run_these(QUEUE, waiting.values_list("pk", flat=True)[:AT_ONCE])


def count_thing(item: RecountItem) -> None:
    """Count the open dates of one thing anew, and tell those concerned; the row is locked."""
    found = item.lock_subject()
    moves: list[tuple[str, datetime, datetime]] = []
    settled = False
    if found is not None:  # nobody takes a step of it meanwhile
        recount = item.recount
        with actor.acting(f"user:{recount.by_id}", f"recount-{recount.pk}"):
            moves, settled = _count(found)
            _tell(item, found, moves)
    outcome = RecountItem.Outcome
    item.outcome = outcome.MOVED if moves else outcome.SETTLED if settled else outcome.UNCHANGED
    item.moved = [[step, was.isoformat(), now.isoformat()] for step, was, now in moves]
    item.done_at = timezone.now()
    item.save(update_fields=["outcome", "moved", "done_at"])


def _count(obj: Any) -> tuple[list[tuple[str, datetime, datetime]], bool]:
    """Write the dates as they are by the holidays of this moment; return those that moved, and whether any settled."""
    now = timezone.now()
    dates, counter = dates_of(type(obj)), Counter(Calendar.read(), now)
    moves, settled = [], False
    rows = Deadline.objects.about(obj).filter(done_at=None).select_for_update().order_by("due_at", "id")
    rows_by_step = {row.step: row for row in rows}
    for row in rows_by_step.values():
        if row.counted_from is None or row.working_days is None or row.due_at < now:
            continue
        counted = Counted(row.counted_from, row.working_days)
        judged = counter.judge(counted, row.due_at, theirs=row.step in dates.theirs)
        if (judged.at, judged.estimated) == (row.due_at, row.estimated):
            continue
        settled |= judged.estimated != row.estimated
        fields = ["estimated"]
        if judged.at != row.due_at:
            moves.append((row.step, row.due_at, judged.at))
            row.due_at, row.next_try_at, row.tries, row.parked_at = judged.at, judged.at, 0, None
            fields += ["due_at", "next_try_at", "tries", "parked_at"]
        row.estimated = judged.estimated
        row.save(update_fields=fields)
    if moves or settled:
        dates.follow(obj, rows_by_step)
    return moves, settled


def _tell(item: RecountItem, obj: Any, moves: list[tuple[str, datetime, datetime]]) -> None:
    dates = dates_of(type(obj))
    named = [(dates.named[step], was, now) for step, was, now in moves if step in dates.named]
    if named:
        for message in (DatesMoved, DatesMovedForStaff):
            message().tell(Moved(item, obj, dates, named))


def look_again(recount: Recount) -> None:
    """Add the things whose dates were being set by the old holidays while the new ones were written."""
    counter = Counter(Calendar.read(), timezone.now())
    late = touched(counter, recount.first_day, created_at__gte=recount.at - _OVERLAP)
    things = dict.fromkeys((one.subject_type, one.subject_id) for one in late if one.is_news)
    for kind, subject in things:
        item, is_new = RecountItem.objects.get_or_create(recount=recount, subject_type_id=kind, subject_id=subject)
        if not is_new and item.done_at is not None:  # counted before this date of it was set
            RecountItem.objects.filter(pk=item.pk).update(done_at=None, outcome="", next_try_at=Now())
    if things:
        work.wake(QUEUE)
