"""What every request passes: bad bytes are refused, the actor is named, staff use MFA."""

from collections.abc import Callable
from http import HTTPStatus
from uuid import uuid4

import structlog
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.defaults import bad_request

from portal.actor import acting
from portal.api import problems

log = structlog.get_logger()

type GetResponse = Callable[[HttpRequest], HttpResponse]


# What psycopg says of a NUL byte, and Django of a key that is no number, as in the admin's list of ticked rows.
_NO_VALUE = ("NUL", "expected a number but got")


class BadInputMiddleware:
    """Answer 400 to bytes that no text has: NUL, broken UTF-8, lone surrogates, values no column takes."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse, or pass on."""
        query = request.META.get("QUERY_STRING", "")
        if (request.content_params or {}).get("charset", "utf-8").lower() not in {"utf-8", "utf8"}:
            return bad_request(request, SuspiciousOperation())
        cookies = "".join(request.COOKIES.values())
        if "%00" in query or "\x00" in request.path + query + cookies or "\ufffd" in request.path:
            return bad_request(request, SuspiciousOperation())
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn what PostgreSQL refuses as data into the answer that it is the sender's mistake."""
        no_value = isinstance(exception, ValueError) and any(words in str(exception) for words in _NO_VALUE)
        if no_value or isinstance(exception, DataError | UnicodeEncodeError):
            log.warning("bad_input", error=repr(exception)[:500])
            return bad_request(request, exception)
        return None


class ApiMiddleware:
    """Under /api/, whoever answers: errors are problems in JSON, every origin may read, nobody is told apart."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and mend what others answered."""
        response = self.get_response(request)
        if not request.path.startswith("/api/"):
            return response
        if response.status_code >= HTTPStatus.BAD_REQUEST:
            if response["Content-Type"] != problems.MEDIA_TYPE:
                problems.rewrite(request, response)
        elif response.status_code in {HTTPStatus.OK, HTTPStatus.NOT_MODIFIED}:  # the same for every language and cookie
            del response["Vary"]
            del response["Content-Language"]
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag, Retry-After"
        return response


class ActorMiddleware:
    """Name the actor of the request for the database's history and for the logs."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Act as the user of the request."""
        user = request.user
        actor = f"user:{user.pk}" if user.is_authenticated else "anonymous"
        request_id = structlog.contextvars.get_contextvars().get("request_id") or uuid4().hex
        with acting(actor, str(request_id)):
            return self.get_response(request)


class StaffLanguageMiddleware:
    """The staff workplace has no language in its address: it speaks that of the account, until another is chosen."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the account's language under /admin/."""
        chosen = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
        if request.path.startswith("/admin/") and request.user.is_authenticated and not chosen:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = request.user.language
        return self.get_response(request)


class StaffMfaMiddleware:
    """Staff set up a second factor before they do anything else; the demonstration is excepted."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Send staff without a second factor to set one up."""
        user = request.user
        if (
            user.is_authenticated
            and user.is_staff
            and not settings.DEMONSTRATION
            and "/accounts/" not in request.path
            and not is_mfa_enabled(user)
        ):
            messages.warning(request, _("Staff accounts need a second factor. Please set one up."))
            return redirect("mfa_index")
        return self.get_response(request)
