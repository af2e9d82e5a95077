"""Organisations, where they are, and who acts for them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from firms import confirming
from firms.admin import lineage
from firms.admin.searching import of_person_or_organisation
from firms.forms.verifying import VerifyForm
from firms.models import (
    Certificate,
    ClusterMembership,
    Industry,
    Membership,
    Organisation,
    Subdistrict,
    Verification,
)
from firms.registry import normalising
from firms.services.certificates import set_clock
from firms.services.clusters import apply_rules
from firms.services.organisations import save_organisation
from portal import local_form
from portal.admin.edits import EditsAdmin
from portal.admin.lists import GrowingAdmin
from portal.admin.lookups import FilteredLookups
from portal.admin.steps import StepsAdmin
from portal.admin.tables import TabularInline
from portal.admin.work import ReadOnlyAdmin
from portal.models import Document


class CertificateInline(TabularInline):
    """The certificates of an organisation."""

    model = Certificate
    extra = 0
    show_title = False
    fields = ("level", "number", "authority", "issued", "expires", "status", "from_registry")
    readonly_fields = ("status", "from_registry")


class ClusterMembershipForm(forms.ModelForm):
    """What a person decides about a membership is by hand: the rule no longer explains it, a reason does."""

    def clean_reason(self) -> str:
        """Ask for it."""
        reason: str = self.cleaned_data["reason"].strip()
        if self.has_changed() and not reason:
            raise forms.ValidationError(_("Give the reason of the decision by hand."))
        return reason

    def _post_clean(self) -> None:
        if self.has_changed():
            self.instance.rule = None
        super()._post_clean()  # type: ignore[misc]


class ClusterMembershipInline(TabularInline):
    """The clusters of an organisation, each with its rule; a row added or changed here is by hand and wins."""

    model = ClusterMembership
    form = ClusterMembershipForm
    extra = 0
    show_title = False
    fields = ("cluster", "rule", "excluded", "reason")
    readonly_fields = ("rule",)


class OrganisationForm(forms.ModelForm):
    """What staff correct by hand."""

    def clean_uscc(self) -> str | None:
        """Verify the checksum."""
        try:
            return normalising.uscc(self.cleaned_data["uscc"]) if self.cleaned_data["uscc"] else None
        except normalising.Refused as refused:
            fault = refused.fault
            raise forms.ValidationError(fault.zh if local_form.is_chinese() else fault.en) from refused


@admin.register(Organisation)
class OrganisationAdmin(FilteredLookups, GrowingAdmin, StepsAdmin, EditsAdmin):
    """The registry: searched, read, corrected; the status changes by its steps alone."""

    admin_icon = "domain"
    admin_position = 2
    form = OrganisationForm
    list_display = ("name_zh", "name_en", "kind", "status", "subdistrict", "uscc")
    list_filter = ("status", "kind", "subdistrict", "cluster_memberships__cluster")
    list_select_related = ("subdistrict",)
    search_fields = ("name_zh",)
    search_help_text = _("Name in Chinese, English or pinyin, or code")
    ordering = ("sort_zh", "pk")
    readonly_fields = (
        *("status", "slug", "name_pinyin", "source", "source_date", "created_at", "checks"),
        *("survivor", "predecessors", "compare", "changes"),
    )
    steps_elsewhere = ("merge",)
    inlines = (CertificateInline, ClusterMembershipInline)
    step_forms = {"verify": VerifyForm}
    fieldsets = (
        (None, {"fields": ("name_zh", "name_en", "name_pinyin", "kind", "status", "slug")}),
        (_("Identity"), {"fields": ("country", "uscc", "foreign_number", "founded", "registered_capital", "staff")}),
        (_("Activity"), {"fields": ("industry_code", "business_scope", "foreign_invested", "website")}),
        (_("Place"), {"fields": ("subdistrict", "address", "telephone")}),
        (_("Description"), {"fields": ("description_en", "description_zh")}),
        (_("Source"), {"fields": ("source", "source_date", "created_at", "checks")}),
        (_("Other entries of it"), {"fields": ("survivor", "predecessors", "compare")}),
        (_("History"), {"fields": ("changes",)}),
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Organisation], search_term: str
    ) -> tuple[QuerySet[Organisation], bool]:
        """Search as the directory does."""
        if not search_term.strip():
            return queryset, False
        found = Organisation.objects.search(search_term[:100]).values("pk")
        return queryset.filter(pk__in=found), False

    @admin.display(description=_("verifications"))
    def checks(self, organisation: Organisation) -> SafeString:
        """Show what officers checked before they believed what an organisation said of itself."""
        rows = [
            (check, check.uscc or "–", local_form.day(check.checked_on), check.verified_by, _documents(check))
            for check in organisation.verifications.select_related("verified_by")
        ]
        return format_html_join(SafeString("<br>"), "{} · {} · {} · {} {}", rows) or SafeString("–")

    def view_on_site(self, organisation: Organisation) -> str | None:
        """Lead to the page that the public sees, while there is one."""
        shown = Organisation.objects.listed().filter(pk=organisation.pk).exists()
        return organisation.get_absolute_url() if shown else None

    @admin.display(description=_("merged into"))
    def survivor(self, organisation: Organisation) -> SafeString:
        """Lead to what stands for it now."""
        return lineage.survivor(organisation)

    @admin.display(description=_("merged into it"))
    def predecessors(self, organisation: Organisation) -> SafeString:
        """Name what it stands for."""
        return lineage.predecessors(organisation)

    @admin.display(description=_("duplicates"))
    def compare(self, organisation: Organisation) -> SafeString:
        """Lead to the page that compares two."""
        return lineage.compare(organisation)

    @admin.display(description=_("last changes"))
    def changes(self, organisation: Organisation) -> SafeString:
        """Tell its changes, and those of what was merged into it."""
        return lineage.changes(organisation)

    def get_fieldsets(self, request: HttpRequest, obj: Organisation | None = None) -> Any:
        """Lead to the page that compares two whoever may decide about pairs."""
        if request.user.has_perm("firms.change_duplicate"):
            return self.fieldsets
        return [
            (name, {**options, "fields": [field for field in options["fields"] if field != "compare"]})
            for name, options in self.fieldsets
        ]

    def with_predecessors(self, obj: Any) -> list[Any]:
        """Show the steps of what was merged into it among its own."""
        return lineage.line(obj)

    def has_change_permission(self, request: HttpRequest, obj: Organisation | None = None) -> bool:
        """Nothing changes of an organisation that was merged into another."""
        return super().has_change_permission(request, obj) and not (obj and obj.is_merged)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Organisations come by the import, or register themselves."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Organisation | None = None) -> bool:
        """An organisation moves out; it is never deleted."""
        return False

    def save_model(self, request: HttpRequest, obj: Organisation, form: Any, change: bool) -> None:
        """Save with what follows from names, codes, industry and scope."""
        save_organisation(organisation=obj)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Save the rows; a certificate whose dates were written has its clock set."""
        super().save_formset(request, form, formset, change)
        for row in [*formset.new_objects, *(row for row, _changed in formset.changed_objects)]:
            if isinstance(row, Certificate):
                set_clock(certificate=row)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save its parts; where a decision by hand was taken back, the rules decide again."""
        super().save_related(request, form, formsets, change)
        apply_rules(organisations=[form.instance.pk])


def _documents(check: Verification) -> SafeString:
    """Lead to the documents of a check through the one door."""
    documents = Document.objects.about(check)
    rows = ((reverse("document", args=[d.uid]), d.name, d.get_status_display()) for d in documents)
    return format_html_join(", ", '<a class="text-primary-600 underline" href="{}">{}</a> ({})', rows)


@admin.register(Membership)
class MembershipAdmin(FilteredLookups, GrowingAdmin, EditsAdmin):
    """Who acts for whom; ended, not deleted."""

    admin_icon = "badge"
    admin_position = 3
    list_display = ("user", "organisation", "role", "is_active", "created_at")
    list_filter = ("role", "is_active")
    list_select_related = ("user", "organisation")
    search_fields = ("organisation__name_zh",)
    search_help_text = _("Organisation, or e-mail address of the person")
    autocomplete_fields = ("user", "organisation")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Membership], search_term: str
    ) -> tuple[QuerySet[Membership], bool]:
        """Search by the person's address, or by the organisation as the directory does."""
        return of_person_or_organisation(queryset, search_term, "user"), False

    def get_fields(self, request: HttpRequest, obj: Membership | None = None) -> tuple[str, ...]:
        """Ask for the person where there is none yet."""
        return ("person" if obj else "user", "organisation", "role", "is_active")

    def get_readonly_fields(self, request: HttpRequest, obj: Membership | None = None) -> tuple[str, ...]:
        """Keep person and organisation of a membership that is there."""
        return ("person", "organisation") if obj else ()

    @admin.display(description=_("user"))
    def person(self, membership: Membership) -> str:
        """Name the person, whose account is for administrators to open."""
        return str(membership.user)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Take no organisation that was merged into another."""
        if db_field.name == "organisation":
            kwargs["queryset"] = Organisation.objects.living()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        """Save it; a first signatory can confirm the profile, and its year begins."""
        super().save_model(request, obj, form, change)
        confirming.take_up(obj.organisation_id)

    def has_delete_permission(self, request: HttpRequest, obj: Membership | None = None) -> bool:
        """A membership is ended; history names it."""
        return False


@admin.register(Subdistrict)
class SubdistrictAdmin(FilteredLookups, ReadOnlyAdmin):
    """The twelve subdistricts."""

    admin_icon = "map"
    admin_position = 5
    list_display = ("code", "name_zh", "name_en")


@admin.register(Industry)
class IndustryAdmin(FilteredLookups, ReadOnlyAdmin):
    """Sections, divisions and classes of GB/T 4754-2017."""

    admin_icon = "category"
    admin_position = 6
    list_display = ("code", "name_zh", "name_en")
    search_fields = ("^code", "name_zh", "name_en")
    list_filter = ("level",)
