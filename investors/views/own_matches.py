"""Matches of organisations: who fits their listings, what fits their needs, how often they are told."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from firms.models import Organisation
from investors import fitting
from investors.forms.matches import TellForm
from investors.models import Match, Opportunity
from investors.models.facts import Kind
from investors.rules import EDITORS, roles_in_organisations
from investors.services import match_news, matching
from investors.services.profiles import choose_telling
from investors.views.requests import SignedIn
from portal.lifecycle import StepClosed

PAGE_SIZE = 20
MOST = 200
"""So many listings the overview counts."""


@login_required
@never_cache
@require_safe
def own_matches(request: SignedIn) -> HttpResponse:
    """Show the organisations of a person: their listings with the number of matches, and listings they fit."""
    organisations = Organisation.objects.with_member(request.user).order_by("pk")
    roles = roles_in_organisations(request.user)
    groups = [
        {
            "organisation": organisation,
            "listings": fitting.counted(Opportunity.objects.published().filter(owner=organisation)[:MOST]),
            "asked": fitting.asking_for(organisation),
            "form": TellForm(initial={"tell": match_news.wish_of(organisation.pk)}, prefix=organisation.slug),
            "may_write": roles.get(organisation.pk) in EDITORS,
        }
        for organisation in organisations
    ]
    return render(request, "investors/own_matches.html", {"groups": groups})


@login_required
@require_POST
def tell(request: SignedIn, slug: str) -> HttpResponse:
    """Keep how often an organisation wants to be told."""
    organisation = get_object_or_404(Organisation.objects.with_member(request.user), slug=slug)
    if roles_in_organisations(request.user).get(organisation.pk) not in EDITORS:
        raise PermissionDenied
    form = TellForm(request.POST, prefix=organisation.slug)
    if not form.is_valid():
        messages.error(request, _("Choose how often you want to be told."))
        return redirect("investors:own_matches")
    try:
        choose_telling(by=request.user, organisation=organisation, tell=form.cleaned_data["tell"])
    except StepClosed as closed:
        messages.error(request, " ".join(str(reason) for reason in closed.reasons))
    else:
        messages.success(request, _("Your choice is saved."))
    return redirect("investors:own_matches")


@login_required
@never_cache
@require_safe
def opportunity_matches(request: SignedIn, slug: str) -> HttpResponse:
    """Show who fits one of the person's own listings, or what fits it, the best first."""
    own = Opportunity.objects.of_members(request.user).select_related("owner", "subdistrict")
    opportunity = get_object_or_404(own.prefetch_related("clusters"), slug=slug)
    is_seeker = opportunity.kind in (Kind.NEED, Kind.DIGITAL)
    about = {"listing" if is_seeker else "opportunity": opportunity}
    found = Match.objects.filter(**about).standing().ranked()
    page = Paginator(fitting.with_both(found), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = fitting.for_owner(opportunity, page.object_list, is_seeker=is_seeker)
    context = {
        "opportunity": opportunity,
        "page": page,
        "rows": rows,
        "is_seeker": is_seeker,
        "kinds": fitting.kinds_of_investors(found),
        "is_looking": matching.is_looking(opportunity=opportunity),
    }
    return render(request, "investors/opportunity_matches.html", context)
