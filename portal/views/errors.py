"""Error pages."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the form was not sent from this site or is too old, in plain words."""
    return render(request, "403_csrf.html", status=403)
