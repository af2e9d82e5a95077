"""Errors of the API in the form of RFC 9457, whoever refuses."""

import json
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException
from rest_framework.response import Response
from rest_framework.views import exception_handler

MEDIA_TYPE = "application/problem+json"

_DETAILS: dict[int, str | Promise] = {
    400: _("The request cannot be understood."),
    403: _("This is not allowed."),
    404: _("There is nothing at this address."),
    405: _("This address can only be read: use GET."),
    406: _("The answer is JSON: accept application/json."),
    429: _("Too many requests came from your address. Wait for as many seconds as Retry-After says."),
    500: _("Something went wrong here. It has been recorded."),
    503: _("The service is away for a moment. Wait for as many seconds as Retry-After says."),
}


class Refused(APIException):
    """The query string makes no sense; the detail says which part and why."""

    status_code = HTTPStatus.BAD_REQUEST


def problem(status: int, detail: str = "") -> dict[str, Any]:
    """Return the members of a problem; what happened in the language that the client accepts."""
    return {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail or str(_DETAILS.get(status, "")),
    }


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer an exception of a view; what is no refusal goes on to the handler of server errors."""
    answer: Response | None = exception_handler(error, context)
    if answer is not None:
        answer.data = problem(answer.status_code, str(error.detail) if isinstance(error, Refused) else "")
        answer.content_type = MEDIA_TYPE
    return answer


def rewrite(request: HttpRequest, response: HttpResponse) -> None:
    """Turn an error page into a problem; its headers stay."""
    with translation.override(translation.get_language_from_request(request)):
        response.content = json.dumps(problem(response.status_code), ensure_ascii=False).encode()
    response["Content-Type"] = MEDIA_TYPE
    if response.has_header("Content-Length"):
        response["Content-Length"] = str(len(response.content))
