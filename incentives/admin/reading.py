"""What the incentives' read-only pages have in common: they show, and steps are taken by forms of their own."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from portal.admin.lookups import FilteredLookups
from portal.admin.work import ReadOnlyAdmin as RowsAdmin
from portal.lifecycle import NotAllowed, StepClosed


class ReadOnlyAdmin(FilteredLookups, RowsAdmin):
    """Rows that staff read; what changes them goes through services."""

    def get_sortable_by(self, request: HttpRequest) -> Any:
        """Sort by every column: there are thousands of these, not millions."""
        return self.get_list_display(request)

    def readable(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows that the person may see, with what the page of one shows."""
        return self.get_queryset(request)

    def one(self, request: HttpRequest, pk: str, *prefetch: Any) -> Any:
        """Return one row that the person may see.

        Args:
            request: the request.
            pk: as the address gave it.
            prefetch: what to read with it.

        Raises:
            Http404: there is none.
        """
        if not pk.isascii() or not pk.isdigit() or len(pk) > 18:  # noqa: PLR2004 -- what a bigint holds
            raise Http404
        found = self.readable(request).prefetch_related(*prefetch).filter(pk=int(pk)).first()
        if found is None:
            raise Http404
        if not self.has_view_permission(request, found):
            raise PermissionDenied
        return found

    def page(self, request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        """Render a page in the workplace's frame."""
        full = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"incentives/admin/{template}.html", full, status=status)


def tell(request: HttpRequest, closed: StepClosed) -> None:
    """Show why a step was not taken."""
    level = messages.error if isinstance(closed, NotAllowed) else messages.warning
    for reason in closed.reasons:
        level(request, str(reason))
