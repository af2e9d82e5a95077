"""A shortlist shown to others by a link: made, opened, taken over, ended."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from investors import shortlisting
from investors.services import sharing
from investors.services.sharing import DeadLink, LinkIsWrong, TooManyLinks
from investors.services.shortlists import ListIsFull
from investors.shortlisting import Entry
from investors.visitor_lists import holder_of, holder_to_be, shortlist_of


@never_cache
@require_POST
def share(request: HttpRequest) -> HttpResponse:
    """Make a link to the list as it is now."""
    pks = [line.entry.pk for line in shortlisting.lines(shortlist_of(request).entries()) if line.opportunity]
    if not pks:
        messages.error(request, _("There is nothing on your shortlist that can be shared."))
        return redirect("investors:shortlist")
    try:
        sharing.share(by=holder_to_be(request), opportunities=pks)
    except TooManyLinks:
        messages.error(request, _("As many links of yours work as may. End one of them first."))
    else:
        messages.success(request, _("Here is the link. Whoever has it sees the list, and not whose it is."))
    return redirect(reverse("investors:shortlist") + "#links")


@never_cache
@require_POST
def end_link(request: HttpRequest, uid: UUID) -> HttpResponse:
    """End a link of one's own at once."""
    if not sharing.end_link(by=holder_of(request), uid=uid):
        raise Http404
    messages.success(request, _("The link shows nothing any more."))
    return redirect(reverse("investors:shortlist") + "#links")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """Show what a link shows; its button adds all of it to one's own list."""
    try:
        found = sharing.find(token)
    except DeadLink as dead:
        is_wrong = isinstance(dead, LinkIsWrong)
        return render(request, "investors/dead_shared.html", {"is_wrong": is_wrong}, status=404 if is_wrong else 410)
    opportunities = shortlisting.public_ones(found.opportunities)
    if request.method == "POST":
        return _taken(request, [Entry.of(opportunity) for opportunity in opportunities])
    entries = [Entry.of(opportunity) for opportunity in opportunities]
    context = {
        "rows": [(line.opportunity, line.short) for line in shortlisting.lines(entries)],
        "gone": len(found.opportunities) - len(opportunities),
        "expires_at": found.expires_at,
    }
    return render(request, "investors/shared.html", context)


def _taken(request: HttpRequest, entries: list[Entry]) -> HttpResponse:
    """Add what is shown to one's own list, as far as there is room."""
    kept = shortlist_of(request)
    before = {entry.pk for entry in kept.entries()}
    try:
        for entry in reversed(entries):
            kept.keep(entry)
    except ListIsFull:
        messages.error(request, _("Your shortlist is full: not all of it could be added."))
    added = len({entry.pk for entry in kept.entries()} - before)
    told = ngettext("%(number)d opportunity was added.", "%(number)d opportunities were added.", added)
    messages.success(request, told % {"number": added})
    return redirect("investors:shortlist")
