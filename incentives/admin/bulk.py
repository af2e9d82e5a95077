"""Bulk steps: what was asked for, and what became of each application."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRefresh

from incentives.admin.reading import ReadOnlyAdmin
from incentives.lifecycle import APPLICATION
from incentives.models import BulkItem, BulkStep
from portal import local_form


@admin.register(BulkStep)
class BulkStepAdmin(ReadOnlyAdmin):
    """Bulk steps, newest first: one's own, and for auditor and head all."""

    admin_icon = "checklist"
    admin_position = 3
    list_display = ("at", "label", "by", "items_done", "items_in_all")
    list_select_related = ("by",)
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[BulkStep]:
        """Return what the person may see, with its numbers."""
        done = Count("items", filter=Q(items__outcome=BulkItem.Outcome.DONE))
        return BulkStep.objects.visible_to(request.user).annotate(done=done, in_all=Count("items"))

    @admin.display(description=_("step"))
    def label(self, asked: BulkStep) -> str:
        """Say the step as its button does."""
        return str(APPLICATION.steps[asked.step].label)

    @admin.display(description=_("done"))
    def items_done(self, asked: Any) -> int:
        """Count the steps taken."""
        return int(asked.done)

    @admin.display(description=_("in all"))
    def items_in_all(self, asked: Any) -> int:
        """Count the applications."""
        return int(asked.in_all)

    def get_urls(self) -> list[Any]:
        """Add the address that tells how far it is."""
        progress = path(
            "<path:object_id>/progress/",
            self.admin_site.admin_view(self.progress_view),
            name="incentives_bulkstep_progress",
        )
        return [progress, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show what became of each application."""
        asked: BulkStep = self.one(request, object_id)
        return self.page(request, "bulk_results", {**self._numbers(asked), "items": _items(asked)})

    def progress_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Answer the page that asks again and again; let it load anew when the work is done."""
        numbers = self._numbers(self.one(request, object_id))
        if not numbers["waiting"] and getattr(request, "htmx", False):
            return HttpResponseClientRefresh()
        return self.page(request, "bulk_progress", numbers)

    def _numbers(self, asked: Any) -> dict[str, Any]:
        waiting = asked.items.open().count()
        step = APPLICATION.steps[asked.step]
        return {
            "title": step.label,
            "asked": asked,
            "step": step,
            "waiting": waiting,
            "settled": asked.in_all - waiting,
            "done": asked.done,
        }


def _items(asked: BulkStep) -> list[tuple[BulkItem, list[str]]]:
    side = "zh" if local_form.is_chinese() else "en"
    found = asked.items.select_related("application__organisation", "application__round__programme").order_by("pk")
    return [(item, [reason[side] for reason in item.reasons or []]) for item in found]
