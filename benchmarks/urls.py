"""The portal's addresses, and one more that does nothing."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path

from portal.urls import urlpatterns as pages


@transaction.non_atomic_requests
def empty(request: HttpRequest) -> HttpResponse:
    """Answer at once."""
    return HttpResponse("")


urlpatterns = [path("bench/empty/", empty), *pages]
