"""What a balancer and a monitor ask: alive, ready."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal import health


@transaction.non_atomic_requests  # it opens no connection
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer as long as the process lives, whatever else is down."""
    return HttpResponse("alive\n", content_type="text/plain")


@transaction.non_atomic_requests  # it reports a database that is away
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Say what works and what does not; 503 when anything needed is missing."""
    report = health.report()
    return JsonResponse(report, status=200 if report["ready"] else 503)
