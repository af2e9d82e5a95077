"""Text that arrives after the session has ended: it waits in the new session until its writer has signed in."""

from http import HTTPStatus
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.utils.translation import gettext as _

from incentives.models import Application

_KEY = "text_to_save"
_MOST = 300_000
"""Characters that are kept for somebody who has not signed in."""


def sign_in_first(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Lead to the door; what was sent by the form waits behind it.

    Args:
        request: of nobody.
        uid: the application that the text is for.
    """
    if not request.accepts("text/html"):
        return JsonResponse({"words": _("You are signed out.")}, status=HTTPStatus.UNAUTHORIZED)
    if request.method == "POST" and Application.objects.filter(uid=uid, status__in=Application.OPEN).exists():
        typed = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
        if sum(len(text) for values in typed.values() for text in values) <= _MOST:
            request.session[_KEY] = {"path": request.path, "typed": typed}
    return redirect_to_login(request.get_full_path())


def take(request: HttpRequest) -> QueryDict | None:
    """Return the text that was sent to this address before its writer signed in: once."""
    kept = request.session.get(_KEY)
    if not kept or kept["path"] != request.path:
        return None
    del request.session[_KEY]
    data = QueryDict(mutable=True)
    for name, values in kept["typed"].items():
        data.setlist(name, values)
    return data
