"""What every address of the API does, and the one that describes it."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views.decorators.http import conditional_page
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from portal.api import parameters

FRESH_SECONDS = 60
"""For so long an answer may be kept by whoever carries it; what is taken off the site is gone as soon."""

_PREFLIGHT = {
    "Allow": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Max-Age": "86400",
}


class PublicView(APIView):
    """An address that anyone may read; a tag of what it says lets clients ask whether that changed."""

    http_method_names = ["get", "head", "options"]

    @method_decorator(conditional_page)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer; 304 where the client has just that answer."""
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response

    def options(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Tell a browser that pages of every origin may ask."""
        return Response(status=204, headers=_PREFLIGHT)

    def finalize_response(self, request: Request, response: HttpResponse, *args: Any, **kwargs: Any) -> HttpResponse:
        """Say how long it may be kept: a refusal not at all."""
        answer: HttpResponse = super().finalize_response(request, response, *args, **kwargs)
        if answer.status_code == 200:  # noqa: PLR2004
            patch_cache_control(answer, public=True, max_age=FRESH_SECONDS)
        else:
            patch_cache_control(answer, no_store=True)
        return answer


def absolute(path: str) -> str:
    """Return a path of the site as a whole address; never from the Host that a client claims."""
    return settings.SITE_URL.rstrip("/") + path


def in_both_languages(name: str, *args: Any) -> tuple[str, str]:
    """Return the addresses of a page in English and in Chinese."""
    found = []
    for language in ("en", "zh-hans"):
        with translation.override(language):
            found.append(absolute(reverse(name, args=args)))
    return found[0], found[1]


@cache
def schema(language: str) -> dict[str, Any]:
    """Return the description of the API after OpenAPI 3, in a language of the site."""
    with translation.override(language):
        found: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
        if settings.DEMONSTRATION:
            found["info"]["description"] += " " + gettext("This is a demonstration: its firms are invented.")
    return found


@extend_schema(exclude=True)
class SchemaView(PublicView):
    """The description of the API for programs."""

    def get(self, request: Request) -> Response:
        """Send it, in English."""
        parameters.check(request.query_params, single=())
        return Response(schema("en"), content_type="application/vnd.oai.openapi+json")
