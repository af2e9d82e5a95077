"""The yearly confirmation of a profile: when it is due, reminded of and missed, and what a page says about it."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from firms import profile
from firms.models import Membership, Organisation
from firms.registry.normalising import today_in_shanghai
from portal import clock, deadlines, local_form
from portal.lifecycle import Change, StepClosed, Text

REMIND_DAYS = 30
"""So many days before it is due the signatories are reminded."""

LISTED = Organisation.Status.LISTED


def a_year_after(day: date) -> date:
    """Return the same day of the next year; after 29 February the 28th."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def _first_working_day(day: date) -> clock.Due:
    """Return the end of the first working day that is not before a day."""
    return clock.after_working_days(_noon_before(day), 1)


def _noon_before(day: date) -> datetime:
    return datetime.combine(day - timedelta(days=1), time(12), clock.SHANGHAI)


def start_clock(organisation: Organisation, *, anew: bool = False) -> date | None:
    """Set when the profile is to be confirmed, if it is listed and somebody can; return the day.

    A day that is set already stays, unless the clock starts ``anew``; one that has passed is not reminded of again.
    """
    signatories = Membership.objects.active().filter(organisation=organisation, role=Membership.Role.SIGNATORY)
    if organisation.status != LISTED or not signatories.exists():
        return organisation.confirm_by
    if organisation.confirm_by is None or anew:
        organisation.confirm_by = _first_working_day(a_year_after(today_in_shanghai())).day
    if organisation.confirm_by >= today_in_shanghai():
        _set_deadlines(organisation, organisation.confirm_by)
    return organisation.confirm_by


def take_up(organisation_id: int) -> None:
    """Let the year begin when somebody can confirm from now on."""
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation_id)
    organisation.confirm_by = start_clock(organisation)
    organisation.save(update_fields=["confirm_by"])


def _set_deadlines(organisation: Organisation, day: date) -> None:
    for step, first in (("remind_confirmation", day - timedelta(days=REMIND_DAYS)), ("miss_confirmation", day)):
        due = _first_working_day(first)
        deadlines.set_deadline_at(
            organisation,
            step,
            due_at=due.at,
            estimated=due.estimated,
            while_status=LISTED,
            counted=deadlines.Counted(_noon_before(first), 1),
        )


# --- Effects and guards of the lifecycle ----------------------------------------------


def begin(change: Change) -> None:
    """Let the year begin when an organisation with members is listed."""
    change.obj.status = change.target  # as the lifecycle saves it in a moment
    change.set(confirm_by=start_clock(change.obj))


def confirm(change: Change) -> None:
    """Keep who confirmed what was shown, and let the next year begin."""
    if change.data["seen"] != profile.fingerprint(change.obj):
        raise StepClosed(_("The profile has changed since you opened the page. Please look again."))
    change.set(confirmed_at=timezone.now(), confirmed_by=change.by, confirm_by=start_clock(change.obj, anew=True))


def is_near(organisation: Organisation) -> Iterator[Text]:
    """Close the reminder until a month before the day."""
    day = organisation.confirm_by
    if day is None or today_in_shanghai() < day - timedelta(days=REMIND_DAYS):
        yield gettext_lazy("It is not due yet.")


def is_missed(organisation: Organisation) -> Iterator[Text]:
    """Close the step until the day has ended."""
    if not is_overdue(organisation):
        yield gettext_lazy("It is not due yet.")


def is_overdue(organisation: Organisation) -> bool:
    """Return whether the day of the confirmation has passed."""
    return organisation.confirm_by is not None and organisation.confirm_by < today_in_shanghai()


def wants_confirmation(organisation: Organisation) -> bool:
    """Return whether the signatories are asked to confirm now."""
    return organisation.status == LISTED and organisation.confirm_by is not None and not list(is_near(organisation))


# --- What a page says -----------------------------------------------------------------


def sentence(organisation: Organisation) -> str:
    """Return by whom and when what a page shows was last confirmed, as a plain sentence."""
    from_registry = organisation.kind == Organisation.Kind.FIRM and not organisation.is_self_registered
    source_day = organisation.source_date if from_registry else None
    registry = _("From the registry, as of %(day)s.") % {"day": local_form.day(source_day)} if source_day else ""
    if organisation.confirm_by is None:
        return registry
    if confirmed := organisation.confirmed_at:
        words = (
            _("Not confirmed by the organisation since %(day)s.")
            if is_overdue(organisation)
            else (_("Confirmed by the organisation on %(day)s."))
        )
        return words % {"day": local_form.day(confirmed)}
    if is_overdue(organisation):
        day = {"day": local_form.day(organisation.confirm_by)}
        return _("Not confirmed by the organisation; a confirmation was due on %(day)s.") % day
    not_yet = _("Not confirmed by the organisation yet.")
    return f"{registry} {not_yet}" if registry and not local_form.is_chinese() else f"{registry}{not_yet}"
