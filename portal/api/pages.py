"""What the portal gives to programs, and how."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from portal.api import reference
from portal.api.views import absolute


@require_safe
def open_data(request: HttpRequest) -> HttpResponse:
    """Explain the data, and describe every address of the API."""
    language = get_language() or settings.LANGUAGE_CODE
    context = {
        "addresses": reference.addresses(language),
        "things": reference.things(language),
        "base": absolute("/api/v1/"),
        "rate": settings.API_RATE.partition("/")[0],
        "licence": settings.DATA_LICENCE,
        "licence_url": settings.DATA_LICENCE_URL,
    }
    return render(request, "portal/open_data.html", context)


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Lead people from the API's own address to that page, in a language they read."""
    return redirect("open_data")
