"""Clusters with their rules."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.postgres.fields import ArrayField
from django.http import HttpRequest
from django.utils.translation import gettext as _
from unfold.admin import StackedInline
from unfold.widgets import UnfoldAdminTextInputWidget

from firms.models import Cluster, ClusterRule
from firms.services.clusters import apply_rules
from portal.admin.edits import EditsAdmin
from portal.admin.lookups import FilteredLookups


class ClusterRuleInline(StackedInline):
    """The rules of a cluster."""

    model = ClusterRule
    extra = 0
    formfield_overrides = {ArrayField: {"widget": UnfoldAdminTextInputWidget}}
    fields = (("title_en", "title_zh"), ("class_prefixes", "scope_words"))


@admin.register(Cluster)
class ClusterAdmin(FilteredLookups, EditsAdmin):
    """Clusters; saving one applies its rules to every firm."""

    admin_icon = "hub"
    admin_position = 4
    list_display = ("title_zh", "title_en", "position")
    inlines = (ClusterRuleInline,)
    prepopulated_fields = {"slug": ("title_en",)}

    def has_delete_permission(self, request: HttpRequest, obj: Cluster | None = None) -> bool:
        """A cluster stays while a firm is in it: programmes and opportunities name it."""
        return super().has_delete_permission(request, obj) and not (obj and obj.memberships.exists())

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Apply the rules once they are saved, and say how many firms they moved."""
        super().save_related(request, form, formsets, change)
        if any(formset.has_changed() for formset in formsets):
            moved = apply_rules()
            messages.info(request, _("The rules changed %(count)s memberships.") % {"count": moved})
