"""The decision register in the staff workplace, and its files for the audit."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import path
from django.utils.translation import gettext

from incentives import register
from incentives.forms.register import RegisterForm
from incentives.register_files import RegisterFile
from portal import local_form
from portal.admin.paging import page_of
from portal.models import User

ROWS = 50
PERMISSION = "incentives.view_approval"
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class RegisterPages:
    """The decision register, beside the pages of an admin of applications."""

    admin_site: Any
    page: Any

    def register_urls(self) -> list[Any]:
        """Return their addresses."""
        wrap = self.admin_site.admin_view
        return [
            path("register/", wrap(self.register_view), name="incentives_application_register"),
            path("register.csv", wrap(self.register_csv), name="incentives_application_register_csv"),
            path("register.xlsx", wrap(self.register_xlsx), name="incentives_application_register_xlsx"),
        ]

    def register_view(self, request: HttpRequest) -> HttpResponse:
        """Show decisions and refusals, the newest first."""
        user = _reader(request)
        form = RegisterForm(request.GET)
        found = register.decisions(user, form.wanted())
        shown = page_of(request, found, register.decisions(user, register.Wanted()), ROWS)
        query = request.GET.copy()
        for name in ("after", "before"):
            query.pop(name, None)
        context = {
            "title": gettext("Decision register"),
            "form": form,
            "is_filtered": any(request.GET.get(name) for name in form.fields),
            "entries": register.entries(shown.rows),
            "shown": shown,
            "query": f"?{query.urlencode()}" if query else "",
        }
        return self.page(request, "register", context)

    def register_csv(self, request: HttpRequest) -> HttpResponseBase:
        """Stream all of it."""
        file = _file(request)
        response = StreamingHttpResponse(file.csv(), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{file.filename("csv")}"'
        return response

    def register_xlsx(self, request: HttpRequest) -> FileResponse:
        """Send a spreadsheet from disk."""
        file = _file(request)
        return FileResponse(
            file.spreadsheet(), as_attachment=True, filename=file.filename("xlsx"), content_type=_SPREADSHEET
        )


def _file(request: HttpRequest) -> RegisterFile:
    user, form = _reader(request), RegisterForm(request.GET)
    address = request.build_absolute_uri("register/")
    separator = "；" if local_form.is_chinese() else "; "
    wanted = form.wanted()
    return RegisterFile(user, wanted, separator.join(form.in_words()) or gettext("All decisions"), address)


def _reader(request: HttpRequest) -> User:
    user: Any = request.user
    if not user.has_perms(["incentives.view_application", PERMISSION]):
        raise PermissionDenied
    return user
