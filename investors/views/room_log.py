"""Who saw what of a data room and when, as its owner reads it."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from investors.forms.room_log import RoomLogForm
from investors.room_files import spreadsheet
from investors.views.own_room import own_opportunity
from investors.views.requests import SignedIn

ROWS = 50


@login_required
@never_cache
@require_safe
def room_log(request: SignedIn, slug: str) -> HttpResponse:
    """Show the openings, newest first; by person, party or file."""
    own = own_opportunity(request, slug)
    form = RoomLogForm(request.GET, opportunity=own)
    page = Paginator(form.found(request.user), ROWS).get_page(request.GET.get("page"))
    context = {"opportunity": own, "form": form, "page": page, "is_filtered": bool(form.chosen())}
    return render(request, "investors/room_log.html", context)


@login_required
@never_cache
@require_safe
def room_log_file(request: SignedIn, slug: str) -> HttpResponse:
    """Send the same openings as a file for spreadsheets."""
    own = own_opportunity(request, slug)
    found = RoomLogForm(request.GET, opportunity=own).found(request.user)
    response = HttpResponse(["\ufeff", spreadsheet(found)], content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="openings-{own.slug[:60]}.csv"'
    return response
