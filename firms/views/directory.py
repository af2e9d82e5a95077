"""The directory of firms: searching, filtering, suggestions."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from firms.charts import Value, Words, tile_grid
from firms.models import Subdistrict
from firms.search import panel
from firms.search.counting import Counts, count
from firms.search.criteria import Criteria
from firms.search.files import MOST_OF_SPREADSHEET
from firms.search.marking import Marks
from firms.search.pages import page_of
from firms.search.paging import MOST_RANKED
from firms.search.proposals import proposals
from firms.search.suggestions import suggest


@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """Search the listed firms and filter them; show them page by page, or by subdistrict on the tile grid."""
    criteria = Criteria.read(request.GET)
    counts = count(criteria)
    extra = {"view": "map"} if request.GET.get("view") == "map" else {}
    context: dict[str, Any] = {
        "criteria": criteria,
        "counts": counts,
        "groups": panel.groups(criteria, counts),
        "chosen": panel.chosen(criteria, **extra),
        "extra": extra,
        "most_of_spreadsheet": MOST_OF_SPREADSHEET,
        **(_map(criteria, counts) if extra else _list(request, criteria, counts)),
    }
    if not counts.total:
        context["proposals"] = proposals(criteria, counts)
    return render(request, "firms/directory.html", context)


@require_safe
@cache_control(max_age=60)
def suggestions(request: HttpRequest) -> HttpResponse:
    """Propose firms, clusters and industries for what is being typed, as the options of a list box."""
    return render(request, "firms/includes/suggestions.html", {"suggestions": suggest(request.GET.get("q", ""))})


def _list(request: HttpRequest, criteria: Criteria, counts: Counts) -> dict[str, Any]:
    page = page_of(criteria, request.GET, total=counts.total)
    marks = Marks(criteria.text, page.items)
    return {
        "page": page,
        "marks": marks,
        "hits": marks.hits(),
        "sorts": panel.sorts(criteria),
        "other_view": panel.address(criteria, view="map"),
        "most_ranked": MOST_RANKED if criteria.sort == "relevance" and counts.total > MOST_RANKED else 0,
    }


def _map(criteria: Criteria, counts: Counts) -> dict[str, Any]:
    numbers = {
        value.removeprefix("subdistrict:"): number
        for value, number in counts.numbers.items()
        if value.startswith("subdistrict:")
    }
    places = frozenset(choice.stored.removeprefix("subdistrict:") for choice in criteria.facets.get("subdistrict", ()))
    rest, all_places = criteria.without("subdistrict"), Subdistrict.objects.all()
    links = {place.pk: panel.address(rest, subdistrict=place.slug) for place in all_places if numbers.get(place.pk)}
    grid = tile_grid(
        all_places,
        {place.pk: Value.of(numbers.get(place.pk, 0)) for place in all_places},
        words=Words(name="found", title=_("Firms found, by subdistrict")),
        links=links,
        chosen=places,
    )
    return {
        "grid": grid,
        "other_view": panel.address(criteria),
    }
