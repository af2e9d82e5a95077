"""Old addresses of merged organisations: they lead to the survivor, in the same language."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from firms.models import Organisation

type View = Callable[..., HttpResponse]


def follows_merges(view: View) -> View:
    """Let a view that finds nothing under a slug lead to the survivor of the organisation that had it.

    Only whom the survivor's own page would show it to is led there; nothing that was sent is sent on.
    """

    @wraps(view)
    def followed(request: HttpRequest, *args: Any, slug: str, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, slug=slug, **kwargs)
        except Http404:
            survivor = _survivor(request, slug)
            if survivor is None or request.resolver_match is None:
                raise
        place = request.resolver_match.view_name
        return redirect(place, *args, slug=survivor.slug, **kwargs, permanent=request.method in {"GET", "HEAD"})

    return followed


def _survivor(request: HttpRequest, slug: str) -> Organisation | None:
    visible = Organisation.objects.visible_to(request.user).living()
    return visible.filter(predecessors__slug=slug.lower()).first()
