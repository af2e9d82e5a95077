"""Photographs of premises: the picture for everyone who sees the listing, and the pages of its owner."""

from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import add_never_cache_headers, get_conditional_response, patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from investors.forms.photos import CaptionForm, PhotoForm
from investors.models import Opportunity, OpportunityPhoto
from investors.models.facts import Kind
from investors.models.photos import MOST_PHOTOS
from investors.rules import edits_for_owner
from investors.services.photos import add_photo, describe_photo, move_photo, remove_photo
from investors.views.requests import SignedIn
from investors.views.writing import CHANGEABLE, own_or_404
from portal.forms import SureForm
from portal.lifecycle import StepClosed

KEPT_FOR = 300
"""Seconds for which a browser may show a public picture without asking again."""


@require_safe
def photo(request: HttpRequest, slug: str, uid: UUID) -> HttpResponse:
    """Send a picture whose file passed its check to whoever may see the listing."""
    found = OpportunityPhoto.objects.visible_to(request.user).select_related("opportunity", "document")
    shown = get_object_or_404(found, uid=uid, opportunity__slug=slug)
    etag = f'"{shown.document.sha256}"'
    is_public = Opportunity.objects.published().filter(pk=shown.opportunity_id).exists()
    if is_public and (unchanged := get_conditional_response(request, etag=etag)):
        return unchanged
    with shown.document.file.open("rb") as content:
        response = HttpResponse(content.read(), content_type="image/jpeg")
    response["Content-Disposition"] = "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    if not is_public:
        add_never_cache_headers(response)
        return response
    response["ETag"] = etag
    patch_cache_control(response, public=True, max_age=KEPT_FOR)
    return response


def _written(request: SignedIn, slug: str) -> Opportunity:
    own = own_or_404(request, slug)
    if own.kind != Kind.PREMISES or own.status not in CHANGEABLE or not edits_for_owner(request.user, own):
        raise Http404
    return own


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def photos(request: SignedIn, slug: str) -> HttpResponse:
    """Show the photographs of a draft in their order, and add one."""
    own = _written(request, slug)
    form = PhotoForm(request.POST, request.FILES) if request.method == "POST" else PhotoForm()
    if form.is_bound and form.is_valid():
        try:
            add_photo(by=request.user, opportunity=own, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error("upload", refused)
        except StepClosed as closed:
            form.add_error(None, [str(reason) for reason in closed.reasons])
        else:
            messages.success(request, _("The photograph was added."))
            return redirect("investors:photos", own.slug)
    rows = list(own.photos.select_related("document"))
    context = {"opportunity": own, "rows": rows, "form": form if len(rows) < MOST_PHOTOS else None}
    return render(
        request, "investors/photos.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else 200
    )


def _done(request: SignedIn, slug: str, change: Callable[[], None], words: str) -> HttpResponse:
    try:
        change()
    except StepClosed as closed:  # submitted while this was on its way
        messages.error(request, str(closed))
        return redirect("investors:own_opportunity", slug)
    messages.success(request, words)
    return redirect("investors:photos", slug)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change_photo(request: SignedIn, slug: str, uid: UUID) -> HttpResponse:
    """Say what a photograph shows."""
    shown = get_object_or_404(_written(request, slug).photos.select_related("opportunity"), uid=uid)
    initial = {"caption_en": shown.caption_en, "caption_zh": shown.caption_zh}
    form = CaptionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data
        return _done(request, slug, partial(describe_photo, by=request.user, photo=shown, **words), _("It is saved."))
    context = {"photo": shown, "form": form, "heading": _("What the photograph shows"), "button": _("Save")}
    return render(request, "investors/photo.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def move(request: SignedIn, slug: str, uid: UUID) -> HttpResponse:
    """Put a photograph one place further to the front."""
    shown = get_object_or_404(_written(request, slug).photos, uid=uid)
    return _done(request, slug, partial(move_photo, by=request.user, photo=shown), _("It is saved."))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: SignedIn, slug: str, uid: UUID) -> HttpResponse:
    """Remove a photograph for good, once its owner means it."""
    shown = get_object_or_404(_written(request, slug).photos.select_related("opportunity"), uid=uid)
    form = SureForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        taken_off = partial(remove_photo, by=request.user, photo=shown)
        return _done(request, slug, taken_off, _("The photograph was removed."))
    context = {"photo": shown, "form": form, "heading": _("Remove the photograph"), "button": _("Remove it")}
    return render(request, "investors/photo.html", context, status=422 if form.errors else 200)
