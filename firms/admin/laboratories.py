"""Laboratories: the registry writes them, the public sees the listed ones."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from firms.forms.laboratories import LaboratoryForm
from firms.models import Laboratory, LaboratoryCluster, Organisation
from firms.rules import handles_organisation
from firms.services.laboratories import save_laboratory
from portal.admin.edits import EditsAdmin
from portal.admin.lists import GrowingAdmin
from portal.admin.lookups import FilteredLookups
from portal.admin.tables import TabularInline
from portal.lifecycle import NotAllowed


class LaboratoryClusterInline(TabularInline):
    """The clusters that a laboratory works for."""

    model = LaboratoryCluster
    extra = 0
    show_title = False
    fields = ("cluster",)


@admin.register(Laboratory)
class LaboratoryAdmin(FilteredLookups, GrowingAdmin, EditsAdmin):
    """Laboratories with their organisations, the newest entry first."""

    admin_icon = "science"
    admin_position = 6
    form = LaboratoryForm
    inlines = (LaboratoryClusterInline,)
    list_display = ("name_zh", "name_en", "organisation", "is_listed")
    list_filter = ("is_listed", "clusters")
    list_select_related = ("organisation",)
    search_fields = ("name_zh", "name_en", "organisation__name_zh", "organisation__name_en")
    autocomplete_fields = ("organisation",)
    ordering = ("-pk",)
    fieldsets = (
        (None, {"fields": ("organisation", "is_listed", ("name_zh", "name_en"), ("field_zh", "field_en"))}),
        (_("Description"), {"fields": ("description_zh", "description_en", "website", "opened")}),
        (_("Source"), {"fields": ("source",)}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Laboratory | None = None) -> tuple[str, ...]:
        """Keep the organisation of a laboratory that is there."""
        return ("organisation",) if obj else ()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Take no organisation that was merged into another."""
        if db_field.name == "organisation":
            kwargs["queryset"] = Organisation.objects.living()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Laboratory | None = None) -> bool:
        """Nobody keeps the laboratories of their own organisation."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or handles_organisation(request.user, obj.organisation))  # type: ignore[arg-type]

    def has_delete_permission(self, request: HttpRequest, obj: Laboratory | None = None) -> bool:
        """A laboratory is taken off the list; what it offered goes on naming it."""
        return False

    def save_model(self, request: HttpRequest, obj: Laboratory, form: Any, change: bool) -> None:
        """Save it with its address on the site."""
        user: Any = request.user
        try:
            save_laboratory(by=user, laboratory=obj)
        except NotAllowed as refused:
            raise PermissionDenied from refused

    def view_on_site(self, laboratory: Laboratory) -> str | None:
        """Lead to the page that the public sees, while there is one."""
        shown = Laboratory.objects.published().filter(pk=laboratory.pk).exists()
        return laboratory.get_absolute_url() if shown else None
