"""What the district promises and what it did."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.standards import FEWEST, standings
from portal.standards.page import show


@require_safe
def service_standard(request: HttpRequest) -> HttpResponse:
    """Show each promise with what was done: median, ninetieth percentile, share in time, what is open and overdue."""
    shown = [show(standing) for standing in standings()]
    return render(request, "portal/service_standard.html", {"shown": shown, "fewest": FEWEST})
