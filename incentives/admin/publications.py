"""Publications: what a programme would change for the public, decided by somebody else than who proposed it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from incentives.admin.reading import ReadOnlyAdmin
from incentives.models import Publication
from incentives.publishing import differences
from portal.admin.plain import plain
from portal.admin.steps import StepsAdmin


@admin.register(Publication)
class PublicationAdmin(StepsAdmin, ReadOnlyAdmin):
    """Proposals to publish a programme, and what became of them."""

    admin_icon = "published_with_changes"
    admin_position = 5
    list_display = ("programme", "status", "proposed_by", "proposed_at", "decided_by")
    list_filter = ("status",)
    list_select_related = ("programme", "proposed_by", "decided_by")
    ordering = ("-id",)
    change_form_outer_before_template = "incentives/admin/publication.html"

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Show who proposed what, and who decided."""
        return [
            "programme",
            "status",
            plain(Publication, "proposed_by"),
            "proposed_at",
            plain(Publication, "decided_by"),
            "decided_at",
            "version",
        ]

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show what would change for the public."""
        publication = self.get_object(request, object_id) if object_id else None
        context = {**(extra_context or {}), "title": _("Publication")}
        if publication is not None and publication.status == Publication.Status.PROPOSED:
            context["programme"] = publication.programme
            context["differences"] = differences(publication.programme)
        return super().changeform_view(request, object_id, form_url, context)
