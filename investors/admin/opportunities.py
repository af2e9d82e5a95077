"""The queue of opportunities that wait for review."""

from typing import Any

from django.contrib import admin
from django.db.models import Case, Model, QuerySet, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from investors.models import Opportunity
from investors.presentation import facts_of
from portal.admin.lists import GrowingAdmin
from portal.admin.lookups import FilteredLookups
from portal.admin.plain import plain
from portal.admin.steps import StepsAdmin

WORDS = ("title_en", "title_zh", "summary_en", "summary_zh", "text_en", "text_zh")


@admin.register(Opportunity)
class OpportunityAdmin(FilteredLookups, GrowingAdmin, StepsAdmin):
    """Opportunities: read as their owners wrote them, published or returned by their steps."""

    admin_icon = "storefront"
    admin_position = 2
    list_display = ("__str__", "kind", "owner", "status", "submitted_at", "expires_on")
    list_filter = ("status", "kind", "subdistrict")
    list_select_related = ("owner",)
    search_fields = ("title_en", "title_zh", "owner__name_zh", "owner__name_en")
    # What is to be decided is read before the steps.
    change_form_outer_before_template = None
    change_form_outer_after_template = "portal/admin/steps.html"
    # Nothing is typed here: what is wrong is returned to the owner with reasons.
    fieldsets = (
        (None, {"fields": ("public_page", "owner_page", "kind", "status", "expires_on")}),
        (_("Facts"), {"fields": ("facts", "disclosure_checked", "in_clusters", "subdistrict")}),
        (_("Words"), {"fields": WORDS}),
        (
            _("Dates"),
            {"fields": (plain(Opportunity, "created_by"), "created_at", "submitted_at", "published_at", "version")},
        ),
    )
    readonly_fields = [name for _title, part in fieldsets for name in part["fields"]]

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        """Show those that wait first, the oldest on top."""
        waits = Case(When(status=Opportunity.Status.SUBMITTED, then=0), default=1)
        return [waits, "submitted_at", "pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Opportunity]:
        """Show what the role may see."""
        return Opportunity.objects.visible_to(request.user).select_related("owner", "subdistrict")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Opportunities are drafted by members of their owner."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """The words are the owner's."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """An opportunity is withdrawn or expires."""
        return False

    def view_on_site(self, opportunity: Opportunity) -> str | None:
        """Lead to the page that the public sees, while there is one."""
        shown = Opportunity.objects.published().filter(pk=opportunity.pk).exists()
        return opportunity.get_absolute_url() if shown else None

    @admin.display(description=_("page"))
    def public_page(self, opportunity: Opportunity) -> str | SafeString:
        """Lead to the page as the public sees it once it is published."""
        url = self.view_on_site(opportunity)
        return format_html('<a href="{}">{}</a>', url, opportunity) if url else str(opportunity)

    @admin.display(description=_("organisation"))
    def owner_page(self, opportunity: Opportunity) -> SafeString:
        """Lead to the organisation, with its status."""
        owner = opportunity.owner
        url = reverse("admin:firms_organisation_change", args=[owner.pk])
        return format_html('<a href="{}">{}</a> ({})', url, owner, owner.get_status_display())

    @admin.display(description=_("facts"))
    def facts(self, opportunity: Opportunity) -> SafeString:
        """Show the facts of its kind as the public reads them."""
        return format_html_join("", "<p>{}: <strong>{}</strong></p>", facts_of(opportunity))

    @admin.display(description=_("clusters"))
    def in_clusters(self, opportunity: Opportunity) -> str:
        """Name the clusters."""
        return ", ".join(str(cluster) for cluster in opportunity.clusters.all()) or "-"
