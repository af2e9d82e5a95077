"""One opportunity as the public sees it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from investors import presentation
from investors.directory.structured import structured
from investors.models import Opportunity
from investors.models.opportunities import GONE
from portal.api.views import absolute


@require_safe
def opportunity(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one opportunity, to its owner and to staff also while it is not public."""
    visible = Opportunity.objects.visible_to(request.user).select_related("owner", "subdistrict")
    shown = get_object_or_404(visible.prefetch_related("clusters"), slug=slug)
    is_public = shown.is_public and shown.owner.status not in GONE
    similar = Opportunity.objects.published().like(shown).select_related("owner")[:3]
    context = {
        "opportunity": shown,
        "facts": presentation.facts_of(shown),
        "similar": [(other, presentation.in_short(other)) for other in similar],
        "structured": structured(shown, absolute(shown.get_absolute_url())) if is_public else None,
        "tone": presentation.OPPORTUNITY_TONES[shown.status],
    }
    return render(request, "investors/opportunity.html", context)
