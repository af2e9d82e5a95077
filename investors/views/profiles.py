"""What an investor looks for, and what premises an organisation looks for: the forms."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from firms.models import Organisation
from investors import fitting
from investors.forms.profiles import PremisesSearchForm, ProfileForm
from investors.models import InvestorProfile, Match, PremisesSearch
from investors.rules import EDITORS, roles_in_organisations
from investors.services import matching
from investors.services.profiles import StaleWishes, delete_profile, delete_search, save_profile, save_search
from investors.views.requests import SignedIn
from portal.lifecycle import StepClosed

MOST = 50
"""So many premises the page of a search shows."""


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def investor_profile(request: SignedIn) -> HttpResponse:
    """Show the person's profile, and save it."""
    profile = InvestorProfile.objects.filter(user=request.user).first()
    form = ProfileForm(request.POST if request.method == "POST" else None, user=request.user, profile=profile)
    if request.method != "POST":
        return _profile_page(request, form, profile)
    if not form.is_valid():
        return _profile_page(request, form, profile, status=422)
    data = form.cleaned_data
    try:
        save_profile(
            by=request.user,
            values=form.values(),
            clusters=data["clusters"],
            excluded_clusters=data["excluded_clusters"],
            version=data["version"],
        )
    except StaleWishes as stale:
        current = InvestorProfile.objects.filter(pk=stale.current.pk).first()
        return _profile_page(request, form, profile, status=409, newer=current)
    except StepClosed as closed:
        form.add_error(None, [str(reason) for reason in closed.reasons])
        return _profile_page(request, form, profile, status=422)
    messages.success(request, _("Your profile is saved."))
    return redirect("investors:matches")


@login_required
@require_POST
def delete_investor_profile(request: SignedIn) -> HttpResponse:
    """Delete the person's profile and its matches."""
    if delete_profile(by=request.user):
        messages.success(request, _("Your profile and its matches are deleted."))
    return redirect("investors:investor_profile")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def premises_search(request: SignedIn, slug: str) -> HttpResponse:
    """Show what premises an organisation looks for and which fit, and save the search."""
    organisation = _own(request, slug)
    search = PremisesSearch.objects.filter(organisation=organisation).first()
    form = PremisesSearchForm(request.POST if request.method == "POST" else None, search=search)
    if request.method != "POST":
        return _search_page(request, organisation, form, search)
    if not _writes(request, organisation):
        raise PermissionDenied
    if not form.is_valid():
        return _search_page(request, organisation, form, search, status=422)
    data = form.cleaned_data
    try:
        save_search(
            by=request.user,
            organisation=organisation,
            values=form.values(),
            subdistricts=data["subdistricts"],
            version=data["version"],
        )
    except StaleWishes:
        newer = PremisesSearch.objects.filter(organisation=organisation).first()
        return _search_page(request, organisation, form, search, status=409, newer=newer)
    except StepClosed as closed:
        form.add_error(None, [str(reason) for reason in closed.reasons])
        return _search_page(request, organisation, form, search, status=422)
    messages.success(request, _("The search is saved."))
    return redirect("investors:premises_search", organisation.slug)


@login_required
@require_POST
def delete_premises_search(request: SignedIn, slug: str) -> HttpResponse:
    """End the search."""
    organisation = _own(request, slug)
    if not _writes(request, organisation):
        raise PermissionDenied
    if delete_search(by=request.user, organisation=organisation):
        messages.success(request, _("The search has ended."))
    return redirect("investors:premises_search", organisation.slug)


def _own(request: SignedIn, slug: str) -> Organisation:
    return get_object_or_404(Organisation.objects.with_member(request.user), slug=slug)


def _writes(request: SignedIn, organisation: Organisation) -> bool:
    return roles_in_organisations(request.user).get(organisation.pk) in EDITORS


def _profile_page(
    request: SignedIn,
    form: ProfileForm,
    profile: InvestorProfile | None,
    status: int = 200,
    newer: InvestorProfile | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "profile": profile,
        "newer": ProfileForm(user=request.user, profile=newer) if newer else None,
        "is_stale": status == 409,  # noqa: PLR2004 -- the answer's status
    }
    return render(request, "investors/investor_profile.html", context, status=status)


def _search_page(
    request: SignedIn,
    organisation: Organisation,
    form: PremisesSearchForm,
    search: PremisesSearch | None,
    status: int = 200,
    newer: PremisesSearch | None = None,
) -> HttpResponse:
    rows = []
    if search is not None:
        matches = fitting.with_found(Match.objects.filter(search=search).on_offer().ranked())[:MOST]
        rows = fitting.found_for_search(matches, search)
    context = {
        "organisation": organisation,
        "form": form if _writes(request, organisation) else None,
        "search": search,
        "rows": rows,
        "is_looking": search is not None and matching.is_looking(search=search),
        "newer": PremisesSearchForm(search=newer) if newer else None,
        "is_stale": status == 409,  # noqa: PLR2004 -- the answer's status
    }
    return render(request, "investors/premises_search.html", context, status=status)
