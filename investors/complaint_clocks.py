"""Who handles complaints, and by when: 7 working days to decide on acceptance, 60 more to the outcome.

Source: Ministry of Commerce, Order No. 3 of 2020, Articles 13 (missing material: asked for within 7 working days, given
within 15), 15 (decision within 7 working days of complete material) and 19 (60 working days from acceptance; longer
where many departments are concerned or the matter is complex).
"""

import re
from datetime import datetime, time

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Count, Q

from firms.models import Membership
from investors.models import ComplainedOf, Complaint
from portal import clock, deadlines
from portal.clock import SHANGHAI, Due
from portal.models import StepTaken, User
from portal.roles import Role

DECIDE_DAYS = 7
SUPPLEMENT_DAYS = 15
CLOSE_DAYS = 60
REMIND_CLOSE_DAYS = 10
"""How many working days before the outcome is due the handler is reminded."""

MORNING = time(9)


def set_decide_clock(complaint: Complaint, start: datetime) -> Due:
    """Set when the handler is reminded and when the head hears, and return when the decision is due.

    Args:
        complaint: received, its material complete as far as anybody knows.
        start: when the material came.
    """
    _remind(complaint, "remind_decide", start, DECIDE_DAYS - 1, Complaint.Status.RECEIVED)
    return _end(complaint, "escalate_decide", start, DECIDE_DAYS, Complaint.Status.RECEIVED)


def set_supplement_clock(complaint: Complaint, start: datetime) -> Due:
    """Set when the complainant is reminded and when the handler hears that nothing came."""
    _remind(complaint, "remind_supplement", start, SUPPLEMENT_DAYS - 3, Complaint.Status.SUPPLEMENT)
    return _end(complaint, "supplement_missing", start, SUPPLEMENT_DAYS, Complaint.Status.SUPPLEMENT)


def set_close_clock(complaint: Complaint, start: datetime, days: int) -> Due:
    """Set when the handler is reminded and when the head hears, and return when the outcome is due.

    Args:
        complaint: accepted.
        start: when it was accepted.
        days: working days from then, with the extension.
    """
    _remind(complaint, "remind_close", start, days - REMIND_CLOSE_DAYS, Complaint.Status.ACCEPTED)
    return _end(complaint, "escalate_close", start, days, Complaint.Status.ACCEPTED)


def _remind(complaint: Complaint, step: str, start: datetime, days: int, status: str) -> None:
    due = clock.after_working_days(start, days)
    morning = datetime.combine(due.day, MORNING, SHANGHAI)
    _set(complaint, step, Due(morning, due.estimated), start, days, status)


def _end(complaint: Complaint, step: str, start: datetime, days: int, status: str) -> Due:
    due = clock.after_working_days(start, days)
    _set(complaint, step, due, start, days, status)
    return due


def _set(complaint: Complaint, step: str, due: Due, start: datetime, days: int, status: str) -> None:
    counted = deadlines.Counted(start, days)
    deadlines.set_deadline_at(
        complaint, step, due_at=due.at, estimated=due.estimated, while_status=status, counted=counted
    )


def without_part(complaint: Complaint, *roles: Role) -> "models.QuerySet[User]":
    """Return the active staff of some roles who have no part in a complaint, as the database has it now."""
    found = User.objects.filter(is_active=True, is_staff=True, groups__name__in=roles).distinct()
    acting = Membership.objects.active().filter(organisation=complaint.organisation_id).values("user")
    against = ComplainedOf.objects.filter(complaint=complaint.pk, staff__isnull=False).values("staff")
    return found.exclude(pk=complaint.complainant_id).exclude(pk__in=acting).exclude(pk__in=against).order_by("pk")


def handlers_by_load(complaint: Complaint, *others: Role) -> "models.QuerySet[User]":
    """Return who may be given a complaint, with ``load``, how many each has open, the least busy first.

    Left out is whoever has a part in it, or declared a conflict of interest.

    Args:
        complaint: which.
        others: roles besides the investment officers: a head may take it where no officer is free to.
    """
    kind = ContentType.objects.get_for_model(Complaint)
    recused = StepTaken.objects.filter(subject_type=kind, subject_id=complaint.pk, step="recuse").values("by")
    load = Count("handled_complaints", filter=Q(handled_complaints__status__in=Complaint.OPEN), distinct=True)
    found = without_part(complaint, Role.INVESTMENT, *others).exclude(pk__in=recused)
    return found.annotate(load=load).order_by("load", "pk")


def least_busy_handler(complaint: Complaint) -> User | None:
    """Return who is given it without anybody choosing; None where the head has to choose.

    That is where somebody who works on this portal is complained of and it is not known yet who that is. Nobody is
    chosen whose name the complaint mentions.
    """
    if complaint.about_staff and not ComplainedOf.objects.filter(complaint=complaint.pk, staff__isnull=False).exists():
        return None
    if ComplainedOf.objects.filter(complaint=complaint.pk, staff=None).exists() and complaint.about_staff:
        return None
    said = f"{complaint.subject}\n{complaint.facts}\n{complaint.request}"
    return next((user for user in handlers_by_load(complaint) if not is_named(user, said)), None)


def staff_named(text: str) -> list[User]:
    """Return the active staff whose name or e-mail address stands in a text."""
    return [user for user in User.objects.filter(is_active=True, is_staff=True).order_by("pk") if is_named(user, text)]


def is_named(user: User, text: str) -> bool:
    """Whether a text has the name or the address of somebody, whatever the case and the spaces.

    A name in letters is a word of its own; one in characters may stand between others.
    """
    said, words = text.casefold(), user.name.casefold().split()
    if user.email in said:
        return True
    if "".join(words).isascii():
        return bool(words) and re.search(rf"(?<!\w){r'\s+'.join(map(re.escape, words))}(?!\w)", said) is not None
    return len("".join(words)) > 1 and "".join(words) in "".join(said.split())


def handler_of(complaint: Complaint) -> list[User]:
    """Return who has it, while they may handle it; nobody otherwise."""
    has_it = without_part(complaint, Role.INVESTMENT, Role.HEAD)
    return list(has_it.filter(pk=complaint.handler_id)) if complaint.handler_id else []


def overseers(complaint: Complaint) -> list[User]:
    """Return who hears when it is late or nobody has it: the heads without a part in it.

    Where every head has a part, the auditors hear: they read the register, though not what is complained of.
    """
    return list(without_part(complaint, Role.HEAD)) or list(without_part(complaint, Role.AUDITOR))
