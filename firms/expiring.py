"""When certificates begin and expire, by the day of Shanghai: moments of their deadlines, and guards of their steps."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext_lazy as _

from firms.models import Certificate
from firms.registry.normalising import today_in_shanghai
from portal.clock import SHANGHAI
from portal.lifecycle import Change, Text

REMINDERS = {"remind_90": 90, "remind_30": 30}
"""Steps that remind of a certificate, and how many days before it expires."""

_MORNING = time(9)


def moments(certificate: Certificate) -> dict[str, datetime]:
    """Return when each step of a certificate's clock is due; a reminder that a later one replaces already is left out.

    What was due before and is still true comes at once: a certificate recorded twenty days before it expires is
    reminded of once.
    """
    today, day = today_in_shanghai(), certificate.expires
    found = {}
    if certificate.issued and certificate.issued > today:
        found["begin"] = datetime.combine(certificate.issued, time.min, SHANGHAI)
    if day is None or day < today:
        return found
    for step, days in REMINDERS.items():
        if not _is_overtaken(step, (day - today).days):
            found[step] = datetime.combine(day - timedelta(days=days), _MORNING, SHANGHAI)
    found["expire"] = datetime.combine(day + timedelta(days=1), time.min, SHANGHAI)
    return found


def _is_overtaken(step: str, left: int) -> bool:
    return any(left <= days < REMINDERS[step] for days in REMINDERS.values())


def is_last_reminder_due(certificate: Certificate, step: str) -> bool:
    """Return whether a reminder still says what is so: not expired, and no later reminder is due."""
    left = days_left(certificate)
    return left is not None and left >= 0 and not _is_overtaken(step, left)


def days_left(certificate: Certificate, today: date | None = None) -> int | None:
    """Return how many days a certificate is still valid after today; negative once it has expired."""
    return None if certificate.expires is None else (certificate.expires - (today or today_in_shanghai())).days


def is_soon(certificate: Certificate) -> bool:
    """Return whether a certificate expires within the time of its reminders."""
    left = days_left(certificate)
    return left is not None and 0 <= left <= max(REMINDERS.values())


# --- Guards of the lifecycle ----------------------------------------------------------


def has_begun(certificate: Certificate) -> Iterator[Text]:
    """Close the step until the day of issue."""
    if certificate.issued and certificate.issued > today_in_shanghai():
        yield _("It is not due yet.")


def is_near(certificate: Certificate) -> Iterator[Text]:
    """Close the reminders until a certificate expires soon."""
    left = days_left(certificate)
    if left is None or left > max(REMINDERS.values()):
        yield _("It is not due yet.")


def has_expired(certificate: Certificate) -> Iterator[Text]:
    """Close the step until the last day has ended."""
    left = days_left(certificate)
    if left is None or left >= 0:
        yield _("It is not due yet.")


def is_valid_again(certificate: Certificate) -> Iterator[Text]:
    """Close the step while the last day lies behind."""
    left = days_left(certificate)
    if left is not None and left < 0:
        yield _("It has expired.")


# --- Effects --------------------------------------------------------------------------


def begin(change: Change) -> None:
    """Write the row anew: the directory's entry is derived from it, by the day."""
    change.set(issued=change.obj.issued)
