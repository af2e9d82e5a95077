"""Programmes: staff write them here, and publish them."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms import BaseModelForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from incentives import services
from incentives.admin.criteria import CriterionInline, kinds
from incentives.admin.prospects import ProspectPages
from incentives.forms.shares import SharesFormSet
from incentives.models import PlannedTranche, Programme, Round, RubricItem, Section, WantedDocument
from incentives.publishing import latest_version, what_is_doubtful, what_is_forgotten, what_is_missing
from portal.admin.edits import EditsAdmin
from portal.admin.lookups import FilteredLookups
from portal.admin.tables import TabularInline


class SectionInline(TabularInline):
    """The pages of the form; their questions are written on the section's own page."""

    model = Section
    extra = 0
    tab = True
    show_change_link = True
    prepopulated_fields = {"slug": ["title_en"]}


class WantedDocumentInline(TabularInline):
    """What must be handed in."""

    model = WantedDocument
    extra = 0
    tab = True
    prepopulated_fields = {"slug": ["title_en"]}


class RubricInline(TabularInline):
    """What reviewers score; the weights add up to 100."""

    model = RubricItem
    formset = SharesFormSet
    template_after = "incentives/admin/total.html"
    extra = 0
    tab = True
    prepopulated_fields = {"slug": ["title_en"]}


class TrancheInline(TabularInline):
    """In which instalments an award is paid; the shares add up to 100."""

    model = PlannedTranche
    formset = SharesFormSet
    template_after = "incentives/admin/total.html"
    extra = 0
    tab = True


class RoundInline(TabularInline):
    """When one can apply."""

    model = Round
    extra = 0
    tab = True
    show_change_link = True
    prepopulated_fields = {"slug": ["title_en"]}


@admin.register(Programme)
class ProgrammeAdmin(FilteredLookups, EditsAdmin):
    """A programme with all that belongs to it; somebody else publishes what is written here."""

    admin_icon = "redeem"
    admin_position = 4
    list_display = ("title_en", "title_zh", "instrument", "status", "cap_award")
    list_filter = ("status", "instrument")
    search_fields = ("title_en", "title_zh", "slug")
    prepopulated_fields = {"slug": ["title_en"]}
    autocomplete_fields = ()
    readonly_fields = ("status",)
    inlines = (CriterionInline, SectionInline, WantedDocumentInline, RubricInline, TrancheInline, RoundInline)
    actions_submit_line = ("propose", "copy")
    change_form_outer_before_template = "incentives/admin/publishing.html"
    fieldsets = (
        (None, {"fields": ("status", "slug", "instrument", ("title_en", "title_zh"), ("summary_en", "summary_zh"))}),
        (
            _("What it gives"),
            {"fields": (("text_en", "text_zh"), "clusters", ("open_to_incoming", "open_to_borderline"))},
        ),
        (_("Money"), {"fields": (("cap_award", "cap_firm"), ("matching_rate", "four_eyes_threshold"))}),
        (
            _("Procedure"),
            {"fields": ("reviewers_needed", ("notice_days", "offer_days", "appeal_days"), ("contact", "telephone"))},
        ),
        (
            _("Legal basis"),
            {
                "fields": (
                    "legal_basis",
                    ("fair_competition_reference", "fair_competition_date"),
                    "exception_basis",
                )
            },
        ),
    )

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Tick clusters: there are few, and boxes work without a script and are read out as they should be."""
        kwargs["widget"] = UnfoldAdminCheckboxSelectMultipleWidget()
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Say above the form what publishing lacks, and what waits to be published."""
        programme = self.get_object(request, object_id) if object_id else None
        context = {**(extra_context or {}), "criterion_kinds": kinds()}
        if programme is not None and self.has_view_permission(request, programme):
            context["programme"] = programme
            context["missing"] = list(what_is_missing(programme))
            context["forgotten"] = list(what_is_forgotten(programme))
            context["doubtful"] = list(what_is_doubtful(programme))
            context["latest"] = latest_version(programme)
            context["waiting"] = programme.publications.waiting().select_related("proposed_by").first()
        return super().changeform_view(request, object_id, form_url, context)

    @action(description=_("Save and propose for publication"), permissions=["change"])
    def propose(self, request: HttpRequest, obj: Model) -> None:
        """Remember that it is to be proposed once its inlines are saved too."""
        request.then = self._propose  # type: ignore[attr-defined]

    @action(description=_("Save and copy"), permissions=["change"])
    def copy(self, request: HttpRequest, obj: Model) -> None:
        """Remember that it is to be copied once its inlines are saved too."""
        request.then = self._copy  # type: ignore[attr-defined]

    def save_related(self, request: HttpRequest, form: BaseModelForm, formsets: Any, change: bool) -> None:
        """Save the inlines, then do what was asked for beside."""
        super().save_related(request, form, formsets, change)
        for opened in form.instance.rounds.all():
            services.open_budget(round=opened)
            services.reschedule_drafts(round=opened)
        if then := getattr(request, "then", None):
            then(request, form.instance)

    def _propose(self, request: HttpRequest, programme: Programme) -> None:
        try:
            services.propose_publication(programme=programme, by=request.user)  # type: ignore[arg-type]
        except ValidationError as missing:
            for message in missing.messages:
                messages.error(request, message)
        else:
            messages.success(request, gettext("Proposed. Somebody else has to publish it."))

    def _copy(self, request: HttpRequest, programme: Programme) -> None:
        copy = services.copy_programme(programme=programme)
        address = reverse("admin:incentives_programme_change", args=[copy.pk])
        text = gettext("Copied as a draft without rounds:")
        messages.success(request, format_html('{} <a href="{}">{}</a>', text, address, copy.slug))

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Programmes are kept: applications and history name them."""
        return False


@admin.register(Round)
class RoundAdmin(ProspectPages, FilteredLookups, EditsAdmin):
    """When one can apply; each round has a budget."""

    admin_icon = "event"
    admin_position = 5
    list_display = ("title_en", "programme", "opens_at", "closes_at")
    change_form_outer_before_template = "incentives/admin/round.html"
    list_filter = ("programme",)
    list_select_related = ("programme",)
    prepopulated_fields = {"slug": ["title_en"]}

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """Lead to the firms for a round those who may invite them."""
        own = ("firms_link",) if request.user.has_perm("incentives.view_invitation") else ()
        return (*self.list_display, *own)

    def save_model(self, request: HttpRequest, obj: Round, form: BaseModelForm, change: bool) -> None:
        """Save the round, with an empty budget where it has none; its drafts lapse at its end."""
        super().save_model(request, obj, form, change)
        services.open_budget(round=obj)
        services.reschedule_drafts(round=obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Rounds are kept."""
        return False
