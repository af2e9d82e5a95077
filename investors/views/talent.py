"""What talent finds here: programmes and joint laboratories, and the incentives for people."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from firms import presentation
from incentives import catalogue
from incentives.models import Programme
from investors.models import Opportunity
from investors.models.facts import Kind
from investors.presentation import grouped

PAGE_SIZE = 20


@require_safe
def talent(request: HttpRequest) -> HttpResponse:
    """List what universities, laboratories and firms offer to people, and the talent subsidies."""
    offered = Opportunity.objects.published().filter(kind__in=(Kind.TALENT, Kind.LAB))
    page = Paginator(
        offered.select_related("owner", "subdistrict").order_by("-kind", "-published_at", "-pk"), PAGE_SIZE
    ).get_page(request.GET.get("page"))
    subsidies = [e for e in catalogue.entries() if e.programme.instrument == Programme.Instrument.TALENT]
    context = {
        "page": page,
        "groups": grouped(page)[::-1],  # programmes for people first
        "entries": subsidies,
        "lists": presentation.lists(),
    }
    return render(request, "investors/talent.html", context)
