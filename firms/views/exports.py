"""What the directory finds, as files."""

from collections.abc import Callable
from functools import wraps

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from firms.search import panel
from firms.search.counting import count_found
from firms.search.criteria import Criteria
from firms.search.export import Firms
from portal.api.limits import PerAddress

SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Limit(PerAddress):
    """How many files visitors without an account may ask for from one address."""

    scope = "export"
    rate = "10/min"


def limited(view: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Answer 429 to an address that asked for many files; all lists share the limit."""

    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponseBase:
        limit = Limit()
        if limit.allow_request(request, None):
            return view(request)
        response: HttpResponse = render(request, "429.html", status=429)
        response["Retry-After"] = str(int(limit.wait() or 60))
        return response

    return answer


@require_GET
@limited
def csv_file(request: HttpRequest) -> HttpResponseBase:
    """Stream all that is found."""
    export = _export(request)
    response = StreamingHttpResponse(export.csv(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{export.filename("csv")}"'
    return response


@require_GET
@limited
def spreadsheet(request: HttpRequest) -> HttpResponseBase:
    """Give the first of what is found as a spreadsheet."""
    export = _export(request)
    return FileResponse(
        export.spreadsheet(), as_attachment=True, filename=export.filename("xlsx"), content_type=SPREADSHEET
    )


def _export(request: HttpRequest) -> Firms:
    criteria = Criteria.read(request.GET)
    address = request.build_absolute_uri(reverse("firms:directory") + panel.address(criteria))
    return Firms(criteria, count_found(criteria), address)
