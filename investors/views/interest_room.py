"""The interested side's room: what of the confidential tier is open to it, why the rest is not, and the text."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from investors import room
from investors.models import DataRoomView, Interest, Opportunity
from investors.services.opening import record_opening
from investors.views.requests import SignedIn

LATEST = 20
"""How many of its openings the interested side is shown."""


@login_required
@never_cache
@require_safe
def interest_room(request: SignedIn, reference: str) -> HttpResponse:
    """Show what is open, titles only there; the owner is led to the record of this interest."""
    if own := Interest.objects.of_owner(request.user).filter(reference=reference).first():
        return redirect(f"{room.log_address(own.opportunity)}?interest={own.reference}")
    interest = _theirs(request, reference)
    context = {
        "interest": interest,
        "opportunity": interest.opportunity,
        "tiers": room.tiers_for(interest, request.user),
        "openings": DataRoomView.objects.of_side(interest).select_related("person", "document")[:LATEST],
    }
    return render(request, "investors/interest_room.html", context)


@login_required
@never_cache
@require_safe
def confidential_text(request: SignedIn, reference: str) -> HttpResponse:
    """Show the confidential text once it is written that it is opened; otherwise lead to why it is closed."""
    interest = _theirs(request, reference)
    view = record_opening(by=request.user, interest=interest)
    if view is None:
        return redirect("investors:interest_room", interest.reference)
    shown = Opportunity.objects.only("confidential_en", "confidential_zh", "slug").get(pk=interest.opportunity_id)
    context = {"interest": interest, "opportunity": interest.opportunity, "shown": shown}
    return render(request, "investors/confidential_text.html", context)


def _theirs(request: SignedIn, reference: str) -> Interest:
    found = Interest.objects.of_person(request.user).select_related("opportunity__owner", "opportunity__room")
    return get_object_or_404(found.select_related("organisation", "person__investor_profile"), reference=reference)
