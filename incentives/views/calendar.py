"""The calendar of rounds, as a page and for calendar programs."""

from collections.abc import Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from incentives.facts import in_language
from incentives.schedule import Schedule, schedule
from portal.icalendar import Event
from portal.icalendar import calendar as written


@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """Show which rounds are open, open soon and have closed, and all dates to come by month."""
    return render(request, "incentives/calendar.html", {"schedule": schedule()})


@require_safe
def calendar_ics(request: HttpRequest) -> HttpResponse:
    """Give the dates to come to calendar programs, in the language of the address."""
    text = written(_("Rounds of incentives, Yangpu District"), _events(schedule()), now=timezone.now())
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="rounds.ics"'
    return response


def _events(found: Schedule) -> Iterator[Event]:
    for turn in found.turns:
        entry, opened = turn.window.entry, turn.window.round
        programme = in_language(entry.content["title_en"], entry.content["title_zh"])
        words = {"programme": programme, "round": in_language(opened.title_en, opened.title_zh)}
        summary = _("Opens: %(programme)s, %(round)s") if turn.opens else _("Closes: %(programme)s, %(round)s")
        yield Event(
            uid=f"round-{opened.pk}-{'opens' if turn.opens else 'closes'}@{settings.SITE_URL.partition('//')[2]}",
            at=turn.at,
            summary=summary % words,
            url=f"{settings.SITE_URL}{entry.programme.get_absolute_url()}",
        )
