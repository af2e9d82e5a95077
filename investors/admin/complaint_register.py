"""The register of complaints in the staff workplace, and its files."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from investors import complaint_register as register
from investors.complaints import REGISTER
from investors.models import Complaint
from portal import local_form, spreadsheets
from portal.admin.paging import page_of
from portal.models import User
from portal.roles import Role, has_role

ROWS = 50
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class RegisterPages:
    """The register, beside the pages of the admin of complaints."""

    admin_site: Any
    opts: Any

    def register_urls(self) -> list[Any]:
        """Return their addresses."""
        wrap = self.admin_site.admin_view
        return [
            path("register/", wrap(require_safe(self.register_view)), name="investors_complaint_register"),
            path("register.csv", wrap(require_safe(self.register_csv)), name="investors_complaint_register_csv"),
            path("register.xlsx", wrap(require_safe(self.register_xlsx)), name="investors_complaint_register_xlsx"),
        ]

    def register_view(self, request: HttpRequest) -> HttpResponse:
        """Show the register, the newest complaint first."""
        user = _reader(request)
        found = register.entries(user)
        shown = page_of(request, found, found, ROWS)
        places = register.places_for(user)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Register of complaints"),
            "opts": self.opts,
            "headings": [place for place, _columns in places],
            "rows": [(row, [_pairs(row, columns) for _place, columns in places]) for row in shown.rows],
            "opens": has_role(user, Role.HEAD),
            "figures": register.figures(user),
            "shown": shown,
        }
        return TemplateResponse(request, "investors/admin/complaint_register.html", context)

    def register_csv(self, request: HttpRequest) -> HttpResponse:
        """Send all of it as CSV."""
        user = _reader(request)
        lines: list[list[spreadsheets.Cell]] = [[*_headings(user)], *register.lines(user)]
        content = "\ufeff".encode() + spreadsheets.csv_lines(lines)  # by it Excel knows the encoding
        response = HttpResponse(content, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{_filename("csv")}"'
        return response

    def register_xlsx(self, request: HttpRequest) -> FileResponse:
        """Send all of it as a spreadsheet."""
        user = _reader(request)
        widths = [column.width for column in register.columns_for(user)]
        sheet = spreadsheets.Sheet(gettext("Complaints"), _headings(user), widths, register.lines(user))
        return FileResponse(
            spreadsheets.workbook(sheet), as_attachment=True, filename=_filename("xlsx"), content_type=_SPREADSHEET
        )


def _pairs(complaint: Complaint, columns: Iterable[register.Column]) -> list[tuple[str, spreadsheets.Cell]]:
    """Return headings and values of one place of the page; what is empty is left out."""
    found = [(str(column.heading), column.value(complaint)) for column in columns]
    return [(heading, value) for heading, value in found if value not in {"", None}]


def _headings(user: User) -> list[str]:
    return [str(column.heading) for column in register.columns_for(user)]


def _filename(ending: str) -> str:
    return f"complaints-{timezone.now().astimezone(local_form.SHANGHAI):%Y-%m-%d}.{ending}"


def _reader(request: HttpRequest) -> User:
    user: Any = request.user
    if not user.has_perm(REGISTER) or not has_role(user, Role.HEAD, Role.AUDITOR):
        raise PermissionDenied
    return user
