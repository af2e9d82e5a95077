"""The desk: what waits for the person who is signed in."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from portal.desk import groups_for, links_for
from portal.models import User


@login_required
@never_cache
def desk(request: HttpRequest) -> HttpResponse:
    """Show what waits for the person and where they may go."""
    user: User = request.user  # type: ignore[assignment]
    context = {"groups": groups_for(user), "links": links_for(user)}
    return render(request, "portal/desk.html", context)
