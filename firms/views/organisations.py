"""The page of an organisation, and the lists of universities, institutes and parks."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from firms import presentation, rules
from firms.models import Claim, Laboratory, Organisation
from firms.neighbours import neighbours
from firms.registry.normalising import today_in_shanghai
from firms.structured import structured
from firms.views.merged import follows_merges


@require_safe
@follows_merges
def organisation(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what is known of an organisation, from where, and what is near it; other addresses lead to its own."""
    visible = Organisation.objects.visible_to(request.user).living().select_related("subdistrict")
    found = get_object_or_404(visible, slug=slug.lower())
    if request.path != found.get_absolute_url():
        return redirect(found)
    is_listed = found.status == Organisation.Status.LISTED
    claims = Claim.objects.waiting().filter(organisation=found, claimant_id=request.user.pk)
    belongings = presentation.belongings_of(found)
    clusters = [belonging.membership.cluster_id for belonging in belongings]
    context = {
        "organisation": found,
        "words": presentation.WORDS[Organisation.Kind(found.kind)],
        "facts": presentation.facts_of(found),
        "source": presentation.source_of(found),
        "industry_path": presentation.industry_path(found),
        "belongings": belongings,
        "laboratories": Laboratory.objects.published().filter(organisation=found).by_name() if is_listed else [],
        "certificates": presentation.certificates_of(found, today_in_shanghai()),
        "neighbours": neighbours(found, clusters) if found.kind == Organisation.Kind.FIRM else [],
        "structured": structured(found, f"{settings.SITE_URL.rstrip('/')}{request.path}") if is_listed else None,
        "is_listed": is_listed,
        "is_member": rules.is_member(request.user, found),
        "open_claim": claims.first() if request.user.is_authenticated else None,
        "now": timezone.now(),
    }
    return render(request, "firms/organisation.html", context)


@require_safe
def institutions(request: HttpRequest, kind: Organisation.Kind) -> HttpResponse:
    """List the universities, institutes or parks of the district."""
    context = {
        "words": presentation.WORDS[kind],
        "organisations": Organisation.objects.listed().of_kind(kind).select_related("subdistrict").by_name(),
        "lists": presentation.lists(),
    }
    return render(request, "firms/institutions.html", context)
