"""How the service standard is put in words: durations, promises, shares."""

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.standards.figures import FEWEST, Month, Period, Standing

HOURS = 24


def promised(standing: Standing) -> str:
    """Return what is promised in words; of working days that differ, the fewest and the most."""
    if not standing.days:
        return str(standing.promise.by) or _("no promise yet")
    least, most = min(standing.days), max(standing.days)
    if least != most:
        return _("%(least)d to %(most)d working days") % {"least": least, "most": most}
    return ngettext("%(days)d working day", "%(days)d working days", most) % {"days": most}


def of_days(days: int) -> str:
    """Return what a period is called."""
    return ngettext("last %(days)d day", "last %(days)d days", days) % {"days": days}


def duration(days: float | None) -> str:
    """Return working days of 24 hours in words: in hours below one."""
    if days is None:
        return "–"
    hours = round(days * HOURS)
    if hours < 1:
        return _("under an hour")
    if hours < HOURS:
        return ngettext("%(hours)d hour", "%(hours)d hours", hours) % {"hours": hours}
    text = number_format(round(days, 1), decimal_pos=1, use_l10n=True)
    return _("%(days)s working days") % {"days": text}


def cases(number: int) -> str:
    """Return a number of cases in words; a small one is not told."""
    if not number:
        return _("none")
    return f"{number:,}" if number >= FEWEST else _("fewer than %(number)s cases") % {"number": FEWEST}


def in_time(of: Period | Month) -> str:
    """Return the share that was done in time in words."""
    if not of.judged:
        return _("none due yet")
    if of.share is None:
        return _("too few cases")
    values = {"in_time": of.in_time, "due": of.judged, "share": of.share}
    return _("%(in_time)d of %(due)d (%(share)d%%)") % values
