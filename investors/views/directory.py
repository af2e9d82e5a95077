"""The directory of opportunities: all, technology and premises; as a list, or by subdistrict on the tile grid."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from firms.charts import Table, Value, Words, tile_grid
from firms.models import Subdistrict
from firms.search import panel
from firms.search.counting import Counts
from firms.search.files import MOST_OF_SPREADSHEET
from firms.search.paging import MOST_RANKED
from investors.asked import topic_of_kinds
from investors.directory.counting import count
from investors.directory.criteria import ALL, Criteria
from investors.directory.hits import hits, marks_of
from investors.directory.pages import page_of
from investors.directory.proposals import proposals
from investors.directory.structured import structured_list
from investors.models.facts import TECHNOLOGY, Kind


@dataclass(frozen=True)
class Subject:
    """What a page of the directory is about."""

    page: str
    kinds: tuple[Kind, ...]
    heading: str | Promise
    lead: str | Promise


EVERYTHING = Subject(
    "opportunities",
    ALL,
    gettext_lazy("Opportunities"),
    gettext_lazy("What firms, universities and parks of the district seek and offer. Ask about any of them."),
)
OF_TECHNOLOGY = Subject(
    "technology",
    TECHNOLOGY,
    gettext_lazy("Technology"),
    gettext_lazy("Intellectual property and laboratory research on offer, and technology that firms look for."),
)
OF_PREMISES = Subject(
    "premises",
    (Kind.PREMISES,),
    gettext_lazy("Premises"),
    gettext_lazy("Offices, laboratories and workshops in the district, with area, rent and the day they are free."),
)


@require_safe
def opportunities(request: HttpRequest) -> HttpResponse:
    """Show everything that is sought and offered."""
    return _directory(request, EVERYTHING)


@require_safe
def technology(request: HttpRequest) -> HttpResponse:
    """Show technology offered and needed."""
    return _directory(request, OF_TECHNOLOGY)


@require_safe
def premises(request: HttpRequest) -> HttpResponse:
    """Show premises."""
    return _directory(request, OF_PREMISES)


def _directory(request: HttpRequest, subject: Subject) -> HttpResponse:
    criteria = Criteria.from_query(request.GET, kinds=subject.kinds)
    counts = count(criteria)
    extra = {"view": "map"} if request.GET.get("view") == "map" else {}
    context: dict[str, Any] = {
        "subject": subject,
        "criteria": criteria,
        "counts": counts,
        "groups": panel.groups(criteria, counts),
        "chosen": panel.chosen(criteria, **extra),
        "extra": extra,
        "query": criteria.as_query().urlencode(),
        "topic": topic_of_kinds(sorted(criteria.kinds_asked)),
        "most_of_spreadsheet": MOST_OF_SPREADSHEET,
        **(_map(criteria, counts) if extra else _list(request, criteria, counts)),
    }
    if not counts.total:
        context["fewer"], similar = proposals(criteria, counts)
        context["similar"] = hits(similar, marks_of(criteria.text, similar))
    return render(request, "investors/directory.html", context)


def _list(request: HttpRequest, criteria: Criteria, counts: Counts) -> dict[str, Any]:
    page = page_of(criteria, request.GET, total=counts.total)
    marks = marks_of(criteria.text, page.items)
    return {
        "page": page,
        "marks": marks if criteria.text else None,
        "hits": hits(page.items, marks),
        "sorts": panel.sorts(criteria),
        "other_view": panel.address(criteria, view="map"),
        "most_ranked": MOST_RANKED if criteria.sort == "relevance" and counts.total > MOST_RANKED else 0,
        "structured": structured_list(page.items),
    }


def _map(criteria: Criteria, counts: Counts) -> dict[str, Any]:
    places = list(Subdistrict.objects.all())
    values = {place.pk: Value.of(counts.numbers.get(f"subdistrict:{place.pk}", 0)) for place in places}
    rest = criteria.without("subdistrict")
    links = {place.pk: panel.address(rest, subdistrict=place.slug) for place in places if values[place.pk].number}
    headings = (_("Subdistrict"), _("Number of opportunities"))
    grid = tile_grid(
        places,
        values,
        words=Words(name="found", title=_("Opportunities found, by subdistrict")),
        links=links,
        table=Table(headings, [(str(place), values[place.pk]) for place in places]),
        chosen=frozenset(stored.removeprefix("subdistrict:") for stored in criteria.stored("subdistrict")),
    )
    without_place = counts.total - sum(value.number or 0 for value in values.values())
    return {"grid": grid, "other_view": panel.address(criteria), "without_place": max(0, int(without_place))}
