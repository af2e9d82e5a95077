"""Browsing opportunities: the list with its filters, two views of it, and one opportunity."""

from collections.abc import Iterable

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from investors import presentation
from investors.asked import topic_of_kinds
from investors.forms.filters import OpportunityFilter
from investors.models import Opportunity
from investors.models.facts import TECHNOLOGY, Kind

PAGE_SIZE = 12


@require_safe
def opportunity_list(request: HttpRequest) -> HttpResponse:
    """Show everything that is sought and offered."""
    lead = _("What firms, universities and parks of the district seek and offer. Ask about any of them.")
    return _listing(request, Kind, _("Opportunities"), lead)


@require_safe
def technology(request: HttpRequest) -> HttpResponse:
    """Show technology offered and needed."""
    lead = _("Intellectual property and laboratory research on offer, and technology that firms look for.")
    return _listing(request, TECHNOLOGY, _("Technology"), lead)


@require_safe
def premises(request: HttpRequest) -> HttpResponse:
    """Show premises."""
    lead = _("Offices, laboratories and workshops in the district, with area, rent and the day they are free.")
    return _listing(request, (Kind.PREMISES,), _("Premises"), lead)


def _listing(request: HttpRequest, kinds: Iterable[Kind], heading: str, lead: str) -> HttpResponse:
    form = OpportunityFilter(request.GET, kinds=kinds)
    found = form.found().select_related("owner", "subdistrict").prefetch_related("clusters")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [(opportunity, presentation.in_short(opportunity)) for opportunity in page]
    context = {"form": form, "page": page, "rows": rows, "heading": heading, "lead": lead, "owner": form.only_of}
    context["topic"] = topic_of_kinds(kinds)
    return render(request, "investors/opportunities.html", context)


@require_safe
def opportunity(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one opportunity, to its owner and to staff also while it is not public."""
    visible = Opportunity.objects.visible_to(request.user).select_related("owner", "subdistrict")
    shown = get_object_or_404(visible.prefetch_related("clusters"), slug=slug)
    similar = Opportunity.objects.published().like(shown).select_related("owner")[:3]
    context = {
        "opportunity": shown,
        "facts": presentation.facts_of(shown),
        "similar": [(other, presentation.in_short(other)) for other in similar],
        "tone": presentation.OPPORTUNITY_TONES[shown.status],
    }
    return render(request, "investors/opportunity.html", context)
