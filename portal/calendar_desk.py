"""The year that is to be published: on the desk of the administrators, and in the report of the health."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.clock import SHANGHAI
from portal.desk import DeskItem
from portal.models import CalendarYear, Deadline, User
from portal.roles import Role, has_role

NOVEMBER = 11
"""In November at the latest the State Council announces the holidays of the next year."""


def missing_year(today: date) -> int | None:
    """Return the year that should be published by now and is not: this one, and from November on the next."""
    wanted = [today.year, today.year + 1] if today.month >= NOVEMBER else [today.year]
    published = set(CalendarYear.objects.filter(year__in=wanted).values_list("year", flat=True))
    return next((year for year in wanted if year not in published), None)


def years_to_publish(user: User) -> Iterator[DeskItem]:
    """Yield the year whose holidays administrators still have to publish."""
    if not has_role(user, Role.ADMINISTRATOR):
        return
    year = missing_year(timezone.localdate(timezone=SHANGHAI))
    if year is None:
        return
    waiting = Deadline.objects.filter(done_at=None, estimated=True).exists()
    yield DeskItem(
        title=_("The holidays of %(year)s are not published here") % {"year": year},
        url=reverse("admin:portal_calendaryear_year", args=[year]),
        detail=_("Open dates are estimated until then.") if waiting else "",
        tone="amber",
    )
