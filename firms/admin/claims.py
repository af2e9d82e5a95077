"""The queue of claims."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from firms.admin.searching import of_person_or_organisation
from firms.models import Claim
from firms.models.claims import QUEUE
from portal.admin.lists import GrowingAdmin
from portal.admin.lookups import FilteredLookups
from portal.admin.plain import plain
from portal.admin.steps import StepsAdmin
from portal.models import Document


@admin.register(Claim)
class ClaimAdmin(FilteredLookups, GrowingAdmin, StepsAdmin):
    """Claims, oldest first; accepted or refused by their steps."""

    admin_icon = "approval_delegation"
    admin_position = 1
    list_display = ("organisation", "claimant", "status", "submitted_at", "decided_by")
    list_filter = ("status",)
    list_select_related = ("organisation", "claimant", "decided_by")
    search_fields = ("organisation__name_zh",)
    search_help_text = _("Organisation, or e-mail address of the person")
    fields = (
        "organisation_page",
        "codes",
        plain(Claim, "claimant"),
        "position",
        "telephone",
        "letters",
        "status",
        "submitted_at",
        plain(Claim, "decided_by"),
        "decided_at",
        "reason",
    )
    readonly_fields = fields

    def get_ordering(self, request: HttpRequest) -> list[Any]:
        """Show those that wait first, the oldest on top."""
        return list(QUEUE)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Claim], search_term: str
    ) -> tuple[QuerySet[Claim], bool]:
        """Search by the person's address, or by the organisation as the directory does."""
        return of_person_or_organisation(queryset, search_term, "claimant"), False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Claim]:
        """Show what the role may see."""
        return super().get_queryset(request) & Claim.objects.visible_to(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Claims are made on the public site."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Claim | None = None) -> bool:
        """Nothing is typed into a claim: it is decided by its steps."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Claim | None = None) -> bool:
        """Claims stay."""
        return False

    @admin.display(description=_("organisation"))
    def organisation_page(self, claim: Claim) -> SafeString:
        """Lead to the organisation."""
        url = reverse("admin:firms_organisation_change", args=[claim.organisation_id])
        return format_html('<a class="text-primary-600 underline" href="{}">{}</a>', url, claim.organisation)

    @admin.display(description=_("code"))
    def codes(self, claim: Claim) -> str:
        """Show what the letter must name."""
        return claim.organisation.uscc or claim.organisation.foreign_number or "-"

    @admin.display(description=_("authorisation letter"))
    def letters(self, claim: Claim) -> SafeString:
        """Lead to the letter through the one door."""
        documents = Document.objects.about(claim)
        return format_html_join(
            ", ",
            '<a class="text-primary-600 underline" href="{}">{}</a> ({})',
            ((reverse("document", args=[d.uid]), d.name, d.state) for d in documents),
        )
