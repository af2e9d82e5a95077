"""The laboratories of the district, and the page of each."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from firms import presentation
from firms.forms.laboratories import LaboratoryFilter
from firms.models import Laboratory

PAGE_SIZE = 20


@require_safe
def laboratory_list(request: HttpRequest) -> HttpResponse:
    """List the laboratories, of all clusters or of one."""
    form = LaboratoryFilter(request.GET)
    found = form.found().select_related("organisation").prefetch_related("clusters").by_name()
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "lists": presentation.lists()}
    return render(request, "firms/laboratories.html", context)


@require_safe
def laboratory(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a laboratory, to its organisation and to staff also while it is not listed."""
    visible = Laboratory.objects.visible_to(request.user).select_related("organisation").prefetch_related("clusters")
    found = get_object_or_404(visible, slug=slug)
    return render(request, "firms/laboratory.html", {"laboratory": found, "lists": presentation.lists()})
