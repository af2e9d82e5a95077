"""The page of an organisation, and the universities."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from firms import rules
from firms.models import Claim, Industry, Organisation


@require_safe
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what is known of an organisation, from where, and in which clusters it is and why."""
    visible = Organisation.objects.visible_to(request.user).select_related("subdistrict")
    found = get_object_or_404(visible, slug=slug)
    memberships = found.cluster_memberships.filter(excluded=False).select_related("cluster", "rule")
    context = {
        "organisation": found,
        "industry": Industry.objects.nearest_to(found.industry_code) if found.industry_code else None,
        "memberships": memberships.order_by("cluster__position"),
        "certificates": found.certificates.all(),
        "is_member": rules.is_member(request.user, found),
        "open_claim": Claim.objects.waiting().filter(organisation=found, claimant_id=request.user.pk).first(),
    }
    return render(request, "firms/organisation.html", context)


@require_safe
def universities(request: HttpRequest) -> HttpResponse:
    """List the universities of the district."""
    found = Organisation.objects.listed().universities().select_related("subdistrict").by_name()
    return render(request, "firms/universities.html", {"universities": found})
