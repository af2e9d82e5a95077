"""What the directory of opportunities finds, as files."""

from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET

from firms.search.counting import count_found
from firms.views.exports import SPREADSHEET, limited
from investors.directory.criteria import Criteria
from investors.directory.export import Opportunities


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


def _export(request: HttpRequest) -> Opportunities:
    criteria = Criteria.from_query(request.GET)
    address = f"{reverse('investors:opportunities')}?{criteria.as_query().urlencode()}"
    return Opportunities(criteria, count_found(criteria), request.build_absolute_uri(address))
