"""Error pages."""

import sys

import redis
import structlog
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.defaults import server_error as django_server_error
from psycopg.errors import QueryCanceled

log = structlog.get_logger()

RETRY_AFTER_SECONDS = 30


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the form was not sent from this site or is too old, in plain words."""
    return render(request, "403_csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 503 while PostgreSQL is away or took too long, or Redis is away where a limit needs it; otherwise 500."""
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError | InterfaceError | redis.RedisError):
        too_long = isinstance(error.__cause__, QueryCanceled)
        log.error("statement_too_long" if too_long else "service_unavailable", error=repr(error)[:500])
        headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
        return HttpResponse(render_to_string("503.html", {"too_long": too_long}), status=503, headers=headers)
    return django_server_error(request)
