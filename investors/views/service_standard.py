"""What the district promises and what it did."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from investors import promises, standards


@require_safe
def service_standard(request: HttpRequest) -> HttpResponse:
    """Show each promise with the share kept in time and the median time it took."""
    kept = standards.kept_by_promise()
    days = {"acknowledge": promises.ACKNOWLEDGE_DAYS, "answer": promises.ANSWER_DAYS}
    names = {"acknowledge": _("Inquiry: receipt confirmed by a named officer"), "answer": _("Inquiry: answered")}
    rows = [
        [
            names[promise],
            ngettext("%(days)d working day", "%(days)d working days", days[promise]) % {"days": days[promise]},
            _in_time(found),
            _duration(found.median) if found.median is not None else "–",
        ]
        for promise, found in kept.items()
    ]
    return render(request, "investors/service_standard.html", {"rows": rows})


def _in_time(found: standards.Kept) -> str:
    if not found.due:
        return _("none due yet")
    values = {"in_time": found.in_time, "due": found.due, "share": found.share}
    return _("%(in_time)d of %(due)d (%(share)d%%)") % values


def _duration(value: timedelta) -> str:
    hours = round(value.total_seconds() / 3600)
    if hours < 1:
        return _("under an hour")
    if hours < 48:  # noqa: PLR2004 -- two days
        return ngettext("%(hours)d hour", "%(hours)d hours", hours) % {"hours": hours}
    days = round(hours / 24)
    return ngettext("%(days)d day", "%(days)d days", days) % {"days": days}
