"""What became of the open dates after holidays were published or changed."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_htmx.http import HttpResponseClientRefresh

from portal.admin.lookups import FilteredLookups
from portal.admin.work import ReadOnlyAdmin
from portal.models import Recount, RecountItem
from portal.recounting import Text, dates_of

SHOWN = 200


@admin.register(Recount)
class RecountAdmin(FilteredLookups, ReadOnlyAdmin):
    """Counts of dates anew, newest first; each shows how far it is and what moved."""

    admin_icon = "update"
    admin_position = 4
    list_display = ("at", "year", "first_day", "is_publication", "by")
    list_select_related = ("by",)
    ordering = ("-id",)

    def get_urls(self) -> list[Any]:
        """Add the address that tells how far it is."""
        view = self.admin_site.admin_view(self.progress_view)
        return [path("<int:object_id>/progress/", view, name="portal_recount_progress"), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Recount]:
        """Read with it who changed the holidays."""
        return Recount.objects.select_related("by")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show what moved, kind by kind and date by date."""
        found = self._one(request, object_id)
        moved = found.items.filter(outcome=RecountItem.Outcome.MOVED).select_related("subject_type").order_by("pk")
        lines = [_Line(item) for item in moved[:SHOWN]]
        title = _("Dates counted anew: %(year)s") % {"year": found.year}
        frame = {**self.admin_site.each_context(request), "opts": self.opts, "title": title}
        return TemplateResponse(
            request, "portal/admin/recount.html", {**frame, **_numbers(found), "lines": lines, "shown": SHOWN}
        )

    def progress_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Answer the page that asks again and again; let it load anew when the work is done."""
        numbers = _numbers(self._one(request, str(object_id)))
        if not numbers["waiting"] and getattr(request, "htmx", False):
            return HttpResponseClientRefresh()
        return TemplateResponse(request, "portal/admin/recount_progress.html", numbers)

    def _one(self, request: HttpRequest, object_id: str) -> Recount:
        found: Recount | None = self.get_object(request, object_id)
        if found is None or not self.has_view_permission(request, found):
            raise Http404
        return found


def _numbers(found: Recount) -> dict[str, Any]:
    outcome = RecountItem.Outcome
    numbers = found.items.aggregate(
        total=Count("pk"),
        waiting=Count("pk", filter=Q(done_at=None, parked_at=None)),
        failed=Count("pk", filter=Q(done_at=None, parked_at__isnull=False)),
        moved=Count("pk", filter=Q(outcome=outcome.MOVED)),
        settled=Count("pk", filter=Q(outcome=outcome.SETTLED)),
        unchanged=Count("pk", filter=Q(outcome=outcome.UNCHANGED)),
    )
    return {"found": found, **numbers, "done": numbers["total"] - numbers["waiting"]}


class _Line:
    """One thing whose dates moved, without what it says: its kind and number, and each date before and after."""

    def __init__(self, item: RecountItem) -> None:
        model = item.subject_type.model_class()
        names = dates_of(model).named if model else {}
        self.record = str(model._meta.verbose_name) if model else ""
        self.number = item.subject_id
        internal: Text = gettext_lazy("reminder of the staff")
        self.moves = [(names.get(step, internal), was, now) for step, was, now in item.moves]
