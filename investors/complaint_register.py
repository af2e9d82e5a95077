"""The register of complaints: each with its dates and whether they were kept; what it says depends on the reader."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from investors.models import Complaint
from investors.models.complaints import ComplaintQuerySet
from portal import local_form
from portal.models import User
from portal.roles import Role, has_role
from portal.spreadsheets import Cell

PLACES = COMPLAINT, DECISION, OUTCOME, PEOPLE = (
    gettext_lazy("Complaint"),
    gettext_lazy("Decision on acceptance"),
    gettext_lazy("Outcome"),
    gettext_lazy("People"),
)
"""What stands together in one column of the page, since twenty columns side by side cannot be read."""


class Column(NamedTuple):
    """A column: its heading, what it has of a complaint, its width in a spreadsheet, its place on the page."""

    heading: str | Promise
    value: Callable[[Complaint], Cell]
    width: int = 18
    place: Promise = COMPLAINT


def in_time(due: datetime | None, done: datetime | None) -> str:
    """Say whether a promised day was kept; a day that has not come yet is neither."""
    if due is None:
        return ""
    if done is None:
        return _("overdue") if due < timezone.now() else _("open")
    return _("in time") if done <= due else _("late")


def _closed_at(complaint: Complaint) -> datetime | None:
    return complaint.ended_at if complaint.accepted_at else None


def _how(complaint: Complaint) -> str:
    return str(complaint.get_ground_display() or complaint.get_ending_display())


def _day(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment, local_form.SHANGHAI):%Y-%m-%d}" if moment else ""


def _decision_in_time(complaint: Complaint) -> str:
    if complaint.status == Complaint.Status.SUPPLEMENT:
        return _("waiting for the complainant")
    if complaint.decided_at is None and complaint.ended_at:
        return ""  # withdrawn before
    return in_time(complaint.decide_due, complaint.decided_at)


def _persons(complaint: Complaint) -> str:
    return "; ".join(str(row.staff or row.named) for row in complaint.complained_of.all())


FOR_ALL = (
    Column(pgettext_lazy("complaint", "Reference"), lambda c: c.reference),
    Column(gettext_lazy("Status"), lambda c: str(c.get_status_display())),
    Column(gettext_lazy("Kind"), lambda c: str(c.get_kind_display()), 40),
    Column(pgettext_lazy("time", "Received"), lambda c: _day(c.received_at), 12, DECISION),
    Column(gettext_lazy("Decision due"), lambda c: _day(c.decide_due), 12, DECISION),
    Column(gettext_lazy("Decided on acceptance"), lambda c: _day(c.decided_at), 12, DECISION),
    Column(gettext_lazy("Decision in time"), _decision_in_time, 18, DECISION),
    Column(gettext_lazy("Outcome due"), lambda c: _day(c.close_due), 12, OUTCOME),
    Column(gettext_lazy("Extended by working days"), lambda c: c.extension_days, 12, OUTCOME),
    Column(pgettext_lazy("complaint", "Ended"), lambda c: _day(c.ended_at), 12, OUTCOME),
    Column(gettext_lazy("Outcome in time"), lambda c: in_time(c.close_due, _closed_at(c)), 18, OUTCOME),
    Column(gettext_lazy("Ground or ending"), _how, 40, OUTCOME),
)
"""What everybody reads who may open the register: dates and numbers, nobody's name, nothing that was written."""

FOR_HEADS = (
    Column(gettext_lazy("Complainant"), lambda c: c.complainant.name, 24, PEOPLE),
    Column(gettext_lazy("On behalf of"), lambda c: c.complains_for, 36, PEOPLE),
    Column(gettext_lazy("Subject"), lambda c: c.subject, 40),
    Column(gettext_lazy("Authority complained of"), lambda c: c.authority, 30, PEOPLE),
    Column(gettext_lazy("Persons complained of"), _persons, 30, PEOPLE),
    Column(gettext_lazy("Handled by"), lambda c: str(c.handler or ""), 24, PEOPLE),
    Column(pgettext_lazy("complaint", "Decided by"), lambda c: str(c.decided_by or ""), 24, PEOPLE),
    Column(gettext_lazy("Reasons of the extension"), lambda c: c.extension_reason, 40, OUTCOME),
    Column(gettext_lazy("Reasons or outcome"), lambda c: c.outcome, 60, OUTCOME),
)


def columns_for(user: User) -> tuple[Column, ...]:
    """Return the columns that a person may read."""
    return (*FOR_ALL, *FOR_HEADS) if has_role(user, Role.HEAD) else FOR_ALL


def places_for(user: User) -> list[tuple[Promise, list[Column]]]:
    """Return where on a person's page which columns stand; the reference begins the row."""
    _reference, *columns = columns_for(user)
    places = [(place, [column for column in columns if column.place is place]) for place in PLACES]
    return [(place, found) for place, found in places if found]


def entries(user: User) -> ComplaintQuerySet:
    """Return the complaints of a person's register, the newest first."""
    found = Complaint.objects.in_register_of(user).order_by("-received_at", "-pk")
    related = found.select_related("complainant", "organisation", "handler", "decided_by")
    return related.prefetch_related("complained_of__staff")


def lines(user: User) -> Iterator[list[Cell]]:
    """Yield the register as rows of cells."""
    columns = columns_for(user)
    for complaint in entries(user).iterator(chunk_size=500):
        yield [column.value(complaint) for column in columns]


def figures(user: User) -> list[tuple[str, int]]:
    """Return how many there are, are open and late, without a word of any."""
    now = timezone.now()
    decided = Coalesce("accepted_at", "ended_at")
    late_decision = Q(decide_due__lt=decided) & (Q(accepted_at__isnull=False) | Q(status=Complaint.Status.REFUSED))
    late_outcome = Q(accepted_at__isnull=False, ended_at__gt=F("close_due"))
    overdue = Q(status=Complaint.Status.RECEIVED, decide_due__lt=now)
    overdue |= Q(status=Complaint.Status.ACCEPTED, close_due__lt=now)
    counted = Complaint.objects.in_register_of(user).aggregate(
        received=Count("pk"),
        open=Count("pk", filter=Q(status__in=Complaint.OPEN)),
        refused=Count("pk", filter=Q(status=Complaint.Status.REFUSED)),
        extended=Count("pk", filter=Q(extension_days__isnull=False)),
        late=Count("pk", filter=late_decision | late_outcome),
        overdue=Count("pk", filter=overdue),
    )
    words = {
        "received": pgettext("complaint", "received"),
        "open": pgettext("complaint", "open"),
        "refused": _("not accepted"),
        "extended": _("extended"),
        "late": _("decided or closed late"),
        "overdue": _("overdue now"),
    }
    return [(words[name], number) for name, number in counted.items()]
