"""The directory of firms."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from firms.forms.search import DirectoryForm
from firms.search.counting import count
from firms.search.criteria import Criteria
from firms.search.engine import similar
from firms.search.pages import page_of


@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """Search the listed firms, filter them, and page through."""
    criteria = Criteria.read(request.GET)
    counts = count(criteria)
    form = DirectoryForm(request.GET)
    form.show_counts(counts.numbers)
    context = {
        "form": form,
        "criteria": criteria,
        "total": counts.total,
        "page": page_of(criteria, request.GET, total=counts.total),
        "similar": similar(criteria.text.typed) if criteria.text and not counts.total else [],
        "clear_url": reverse("firms:directory") if criteria.is_narrowed else "",
    }
    return render(request, "firms/directory.html", context)
