"""Matches of an investor: what fits, why, what would change it; how one opportunity fits; how matches are made."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from investors import fitting
from investors.forms.matches import MatchFilter
from investors.matching.pairings import PAIRINGS
from investors.matching.verdicts import GOOD
from investors.models import InvestorProfile, Match, Opportunity
from investors.services import match_news, matching
from investors.services.profiles import hide_match
from investors.views.requests import SignedIn

PAGE_SIZE = 20


@login_required
@never_cache
@require_safe
def match_list(request: SignedIn) -> HttpResponse:
    """Show an investor what fits, the best first, and why."""
    profile = InvestorProfile.objects.filter(user=request.user).first()
    if profile is None:
        return redirect("investors:investor_profile")
    own = Match.objects.filter(profile=profile)
    form = MatchFilter(request.GET, kinds=profile.kinds)
    found = fitting.with_found(form.narrowed(own.on_offer()).ranked())
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "profile": profile,
        "form": form,
        "page": page,
        "rows": fitting.found_for_investor(page.object_list, profile),
        "is_looking": matching.is_looking(profile=profile),
        "hidden": _just_hidden(request, profile),
    }
    return render(request, "investors/matches.html", context)


def _just_hidden(request: SignedIn, profile: InvestorProfile) -> Match | None:
    """Return the match that was hidden last, so that it can be put back."""
    number = request.GET.get("hidden", "")
    if not (number.isascii() and number.isdigit() and len(number) < 19):  # noqa: PLR2004 -- digits of a bigint
        return None
    hidden = Match.objects.filter(profile=profile, hidden_at__isnull=False).select_related("opportunity")
    return hidden.filter(pk=number).first()


@login_required
@require_POST
def hide(request: SignedIn, pk: int) -> HttpResponse:
    """Take a match out of sight, or with ``again`` put it back."""
    match = get_object_or_404(Match.objects.filter(profile__user=request.user), pk=pk)
    again = "again" in request.POST
    hide_match(match=match, again=again)
    query = "" if again else "?" + urlencode({"hidden": match.pk})
    return redirect(resolve_url("investors:matches") + query)


@login_required
@never_cache
@require_safe
def how_it_fits(request: SignedIn, slug: str) -> HttpResponse:
    """Show how one opportunity fits the person's profile; only that where the opportunity's page asks for it."""
    visible = Opportunity.objects.visible_to(request.user).select_related("owner", "subdistrict")
    opportunity = get_object_or_404(visible.prefetch_related("clusters"), slug=slug)
    profile = InvestorProfile.objects.filter(user=request.user).first()
    fit = fitting.how_it_fits(profile, opportunity) if profile else None
    context = {"opportunity": opportunity, "profile": profile, "fit": fit}
    is_part = request.headers.get("HX-Request") == "true"
    template = "investors/_how_it_fits.html" if is_part else "investors/how_it_fits.html"
    return render(request, template, context)


@require_safe
def method(request: HttpRequest) -> HttpResponse:
    """Show how matches are made: every criterion with its weight."""
    context = {"pairings": list(PAIRINGS.values()), "good": GOOD // 10, "least": matching.LEAST // 10}
    return render(request, "investors/matching_method.html", context)


@csrf_exempt  # programs for mail send this without a page: RFC 8058
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the messages of matches by the link in one of them: no sign-in, and nothing happens by opening it."""
    try:
        if request.method == "POST":
            match_news.stop(token)
        else:
            match_news.read_link(token)
    except match_news.DeadLink:
        return render(request, "investors/stop_matches.html", {"is_dead": True}, status=410)
    return render(request, "investors/stop_matches.html", {"is_done": request.method == "POST"})
