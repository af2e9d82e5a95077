"""Saved searches at the desk: list, save, change, pause, delete; and the link of a mail that pauses one."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from investors.forms.saved_searches import SavedSearchForm
from investors.models import SavedSearch
from investors.models.saved_searches import MOST_SAVED
from investors.notices.searches import uid_of
from investors.services import saved_searches as services
from investors.services.saved_searches import Wish
from investors.views.requests import SignedIn
from portal.lifecycle import StepClosed


@login_required
@never_cache
@require_safe
def saved_search_list(request: SignedIn) -> HttpResponse:
    """Show what the person saved."""
    saved = SavedSearch.objects.visible_to(request.user).order_by("-created_at", "-pk")
    rows = [(search, services.in_words(search.query)) for search in saved]
    context = {"rows": rows, "most": MOST_SAVED, "verified": services.is_verified(request.user)}
    return render(request, "investors/saved_searches.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def save(request: SignedIn) -> HttpResponse:
    """Save the search of the query string under a name."""
    query = services.canonical(request.GET)
    form = SavedSearchForm(request.POST if request.method == "POST" else None, initial={"often": "daily"})
    if request.method == "POST" and form.is_valid():
        try:
            search = services.save_search(by=request.user, wish=Wish(query=query, **form.cleaned_data))
        except StepClosed as closed:
            form.add_error(None, [str(reason) for reason in closed.reasons])
        else:
            messages.success(request, _("The search is saved."))
            return redirect(search)
    return _page(request, form, query)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def saved_search(request: SignedIn, uid: UUID) -> HttpResponse:
    """Show a search, and change its name and how often it is told of."""
    search = _own(request, uid)
    given = {"name": search.name, "often": search.often}
    form = SavedSearchForm(request.POST if request.method == "POST" else None, initial=given)
    if request.method == "POST" and form.is_valid():
        services.change_search(search=search, wish=Wish(query=search.query, **form.cleaned_data))
        messages.success(request, _("The search is saved."))
        return redirect(search)
    return _page(request, form, search.query, search)


def _page(request: SignedIn, form: SavedSearchForm, query: str, search: SavedSearch | None = None) -> HttpResponse:
    context = {
        "form": form,
        "query": query,
        "words": services.in_words(query),
        "search": search,
        "hits": search.hits.count() if search else 0,
    }
    return render(request, "investors/saved_search.html", context, status=422 if form.errors else 200)


@login_required
@never_cache
@require_POST
def pause(request: SignedIn, uid: UUID) -> HttpResponse:
    """Tell nothing of a search, until it goes on."""
    search = _own(request, uid)
    services.pause(search=search)
    messages.success(request, _("The search is paused: you hear nothing of it until you let it go on."))
    return redirect(search)


@login_required
@never_cache
@require_POST
def go_on(request: SignedIn, uid: UUID) -> HttpResponse:
    """Tell of a search again, of what is published from now on."""
    search = _own(request, uid)
    services.go_on(search=search)
    messages.success(request, _("The search goes on, with what is published from now on."))
    return redirect(search)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: SignedIn, uid: UUID) -> HttpResponse:
    """Ask whether a search is to be deleted, and delete it."""
    search = _own(request, uid)
    if request.method != "POST":
        return render(request, "investors/delete_saved_search.html", {"search": search})
    search.delete()
    messages.success(request, _("The search is deleted."))
    return redirect("investors:saved_searches")


@csrf_exempt  # a mail program sends the POST of RFC 8058 without a page of ours; the signed address is the proof
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether to hear no more of a search, and pause it: by the button, or by the mail program's one click."""
    try:
        search = SavedSearch.objects.filter(uid=uid_of(token)).first()
    except signing.BadSignature as error:
        raise Http404 from error
    if search and request.method == "POST":
        services.pause(search=search)
    stopped = search is None or search.paused_at is not None or request.method == "POST"
    return render(request, "investors/stop_saved_search.html", {"stopped": stopped})


def _own(request: SignedIn, uid: UUID) -> SavedSearch:
    return get_object_or_404(SavedSearch.objects.visible_to(request.user), uid=uid)
