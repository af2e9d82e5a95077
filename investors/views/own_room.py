"""The owner's data room: its files, what the public is told of it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from investors import room
from investors.forms.dataroom import AnnouncementForm, ReplacementForm, RoomFileChangeForm, RoomFileForm
from investors.models import DataRoomDocument, Opportunity
from investors.models.dataroom import written_by
from investors.services import dataroom
from investors.views.requests import SignedIn
from portal.lifecycle import StepClosed


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def room_page(request: SignedIn, slug: str) -> HttpResponse:
    """Show the files by tier, and take in another."""
    own = own_opportunity(request, slug)
    if request.method != "POST":
        return _page(request, own, RoomFileForm())
    form = RoomFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, own, form, status=422)
    data = form.cleaned_data
    try:
        dataroom.add_room_document(
            by=request.user, opportunity=own, values=form.values(), upload=data["upload"], key=data["key"]
        )
    except StepClosed as closed:
        form.add_error(None, [str(reason) for reason in closed.reasons])
        return _page(request, own, form, status=409)
    messages.success(request, _("The file is in the room."))
    return redirect("investors:room", own.slug)


@login_required
@require_POST
def announce(request: SignedIn, slug: str) -> HttpResponse:
    """Keep what the public page says of the room."""
    own, form = own_opportunity(request, slug), AnnouncementForm(request.POST)
    if form.is_valid():
        dataroom.announce_room(by=request.user, opportunity=own, announced=form.cleaned_data["announced"])
        messages.success(request, _("Saved."))
    else:
        messages.error(request, _("Choose what the public page says."))
    return redirect("investors:room", own.slug)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def room_file(request: SignedIn, slug: str, pk: int) -> HttpResponse:
    """Show one file with what can be done, and change its title, tier or place."""
    held = _file(request, slug, pk)
    if request.method != "POST":
        return _file_page(request, held, {})
    form = RoomFileChangeForm(request.POST)
    if not form.is_valid():
        return _file_page(request, held, {"form": form}, status=422)
    try:
        dataroom.change_room_document(by=request.user, document=held, values=form.cleaned_data)
    except StepClosed as closed:
        form.add_error(None, [str(reason) for reason in closed.reasons])
        return _file_page(request, held, {"form": form}, status=409)
    messages.success(request, _("Saved."))
    return redirect("investors:room", slug)


@login_required
@require_POST
def replace(request: SignedIn, slug: str, pk: int) -> HttpResponse:
    """Put another file in the place of one."""
    held, form = _file(request, slug, pk), ReplacementForm(request.POST, request.FILES)
    if not form.is_valid():
        return _file_page(request, held, {"replacement": form}, status=422)
    data = form.cleaned_data
    try:
        dataroom.replace_room_document(by=request.user, document=held, upload=data["upload"], key=data["key"])
    except StepClosed as closed:
        form.add_error(None, [str(reason) for reason in closed.reasons])
        return _file_page(request, held, {"replacement": form}, status=409)
    messages.success(request, _("The new file is in its place."))
    return redirect("investors:room", slug)


@login_required
@require_POST
def withdraw(request: SignedIn, slug: str, pk: int) -> HttpResponse:
    """Take a file out of the room."""
    try:
        dataroom.withdraw_room_document(by=request.user, document=_file(request, slug, pk))
    except StepClosed as closed:
        messages.error(request, " ".join(str(reason) for reason in closed.reasons))
    else:
        messages.success(request, _("The file is withdrawn. Nobody but you opens it any more."))
    return redirect("investors:room", slug)


def own_opportunity(request: SignedIn, slug: str) -> Opportunity:
    """Return an opportunity of an organisation for which the person writes; for others there is none."""
    found = Opportunity.objects.filter(owner__in=written_by(request.user)).select_related("owner", "room")
    return get_object_or_404(found, slug=slug)


def _file(request: SignedIn, slug: str, pk: int) -> DataRoomDocument:
    found = DataRoomDocument.objects.visible_to(request.user).select_related("document", "opportunity__owner")
    return get_object_or_404(found, pk=pk, opportunity__slug=slug)


def _page(request: SignedIn, own: Opportunity, form: RoomFileForm, status: int = 200) -> HttpResponse:
    context = {
        "opportunity": own,
        "form": form,
        "announcement": AnnouncementForm(initial={"announced": room.announced(own)}),
        "tiers": room.tiers_of(own),
        "parties": room.parties_of(own),
        "has_text": room.has_text(own),
        "export": room.export_of(own),
    }
    return render(request, "investors/room.html", context, status=status)


def _file_page(request: SignedIn, held: DataRoomDocument, forms: dict[str, Any], status: int = 200) -> HttpResponse:
    initial = {name: getattr(held, name) for name in ("tier", "title_en", "title_zh", "position")}
    context = {
        "file": held,
        "opportunity": held.opportunity,
        "form": RoomFileChangeForm(initial=initial),
        "replacement": ReplacementForm(),
        **forms,
    }
    return render(request, "investors/room_file.html", context, status=status)
