"""The queue of opportunities that wait for review."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import F, Model, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from investors import disclosing, snapshots
from investors.completeness import label_of
from investors.listing_course import course_of
from investors.models import Opportunity
from investors.presentation import facts_of
from portal.admin.lists import GrowingAdmin
from portal.admin.lookups import FilteredLookups
from portal.admin.plain import plain
from portal.admin.steps import StepsAdmin
from portal.local_form import day, is_chinese, moment

WORDS = ("title_en", "title_zh", "summary_en", "summary_zh", "text_en", "text_zh")


@admin.register(Opportunity)
class OpportunityAdmin(FilteredLookups, GrowingAdmin, StepsAdmin):
    """Opportunities: read as their owners wrote them, published or returned by their steps."""

    admin_icon = "storefront"
    admin_position = 2
    list_display = ("__str__", "kind", "owner", "status", "due", "submitted_at", "expires_on")
    list_filter = ("status", "kind", "subdistrict")
    list_select_related = ("owner",)
    search_fields = ("title_en", "title_zh", "owner__name_zh", "owner__name_en")
    # What is to be decided is read before the steps.
    change_form_outer_before_template = None
    change_form_outer_after_template = "portal/admin/steps.html"
    # Nothing is typed here: what is wrong is returned to the owner with reasons.
    fieldsets = (
        (None, {"fields": ("public_page", "owner_page", "kind", "status", "due", "expires_on", "much_like")}),
        (_("Since it was published last"), {"fields": ("changes",)}),
        (_("Facts"), {"fields": ("facts", "licence", "disclosure_checked", "in_clusters", "subdistrict")}),
        (_("Title and texts"), {"fields": (*WORDS, "telling", "pictures")}),
        (_("Course"), {"fields": ("course",)}),
        (
            _("Dates"),
            {"fields": (plain(Opportunity, "created_by"), "created_at", "submitted_at", "published_at", "version")},
        ),
    )
    readonly_fields = [name for _title, part in fieldsets for name in part["fields"]]

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        """Show those that wait first, the one that is due soonest on top."""
        return [F("review_due").asc(nulls_last=True), "-submitted_at", "pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Opportunity]:
        """Show what the role may see."""
        shown = Opportunity.objects.visible_to(request.user).with_review_due()
        return shown.select_related("owner", "subdistrict")

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
        return _listed(facts_of(opportunity))

    @admin.display(description=_("clusters"))
    def in_clusters(self, opportunity: Opportunity) -> str:
        """Name the clusters."""
        return ", ".join(str(cluster) for cluster in opportunity.clusters.all()) or "-"

    @admin.display(description=_("looked at by"), ordering="review_due")
    def due(self, opportunity: Opportunity) -> str:
        """Say by when it is looked at, while it waits."""
        due_at = opportunity.review_due  # type: ignore[attr-defined]
        return day(due_at) if due_at else "-"

    @admin.display(description=_("export licence"))
    def licence(self, opportunity: Opportunity) -> str:
        """Say which licence the owner recorded."""
        parts = (opportunity.export_licence_number, day(opportunity.export_licence_on))
        return " · ".join(part for part in parts if part) or "-"

    @admin.display(description=_("words that tell how it works, though nothing is filed"))
    def telling(self, opportunity: Opportunity) -> str | SafeString:
        """Name the words that the owner was warned of."""
        rows = [(label_of(each.field), each.words) for each in disclosing.telling(opportunity)]
        return _listed(rows) or "-"

    @admin.display(description=_("photographs"))
    def pictures(self, opportunity: Opportunity) -> str | SafeString:
        """Show those whose files passed the check, and say how far the check of the others is."""
        rows = list(opportunity.photos.select_related("document", "opportunity"))
        return render_to_string("investors/admin/pictures.html", {"rows": rows}) if rows else "-"

    @admin.display(description=_("changes"))
    def changes(self, opportunity: Opportunity) -> str:
        """Set what was published last beside what it says now."""
        version = snapshots.last_published(opportunity)
        if version is None:
            return str(_("It was not published before."))
        rows = snapshots.compared(opportunity, version)
        context = {"changed": [row for row in rows if row.is_changed], "version": version}
        context["same"] = [row.label for row in rows if not row.is_changed]
        return render_to_string("investors/admin/changes.html", context)

    @admin.display(description=_("others of the owner that look like it"))
    def much_like(self, opportunity: Opportunity) -> str | SafeString:
        """Hint at what may be the same thing twice."""
        found = Opportunity.objects.much_like(opportunity)
        rows = [
            (reverse("admin:investors_opportunity_change", args=[other.pk]), other, other.get_status_display())
            for other in found
        ]
        return format_html_join("", '<p><a href="{}">{}</a> ({})</p>', rows) or "-"

    @admin.display(description=_("course"))
    def course(self, opportunity: Opportunity) -> SafeString:
        """Say what happened to it, with the reasons that were given."""
        rows = [(moment(each.at), each.title, each.text) for each in course_of(opportunity)]
        return format_html_join("", "<p>{} · <strong>{}</strong> {}</p>", rows)


def _listed(rows: Iterable[tuple[Any, Any]]) -> SafeString:
    """Show labels with what they say, a line for each."""
    colon = "：" if is_chinese() else ": "
    return format_html_join("", "<p>{}{}<strong>{}</strong></p>", ((label, colon, said) for label, said in rows))
