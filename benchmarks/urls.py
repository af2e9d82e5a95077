"""The portal's addresses, and two more that do nothing."""

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path

from portal.urls import urlpatterns as pages


@transaction.non_atomic_requests
def empty(request: HttpRequest) -> HttpResponse:
    """Answer at once."""
    return HttpResponse("")


@login_required
def signed_in(request: HttpRequest) -> HttpResponse:
    """Answer at once whoever is signed in."""
    return HttpResponse("")


urlpatterns = [path("bench/empty/", empty), path("bench/signed-in/", signed_in), *pages]
