"""Yearly figures in the staff workplace: entered, corrected, verified with the evidence seen."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from firms import sizing, yearly
from firms.forms.yearly_figures import AmountField, PeopleField, typed
from firms.models import MEASURES, Organisation, YearlyFigure
from firms.models.yearly_figures import EARLIEST_YEAR
from firms.rules import keeps_figures
from firms.services.yearly_figures import enter_figures, verify_figures
from portal.admin.edits import EditsAdmin
from portal.admin.lists import GrowingAdmin
from portal.admin.lookups import FilteredLookups
from portal.admin.plain import plain
from portal.lifecycle import NotAllowed
from portal.local_form import money


def _field(kind: type[AmountField | PeopleField], name: str) -> forms.Field:
    label = YearlyFigure._meta.get_field(name).verbose_name  # type: ignore[union-attr]
    return kind(label=label, required=False, widget=UnfoldAdminTextInputWidget(attrs={"inputmode": kind.inputmode}))


class YearlyFigureForm(forms.ModelForm):
    """The figures as members type them, and what the officer saw."""

    revenue = _field(AmountField, "revenue")
    rd_spend = _field(AmountField, "rd_spend")
    tax_paid = _field(AmountField, "tax_paid")
    total_assets = _field(AmountField, "total_assets")
    staff = _field(PeopleField, "staff")
    seen_now = forms.CharField(
        label=_("Verify: evidence that you have seen"),
        max_length=200,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=_(
            "For example the auditor's report with its number. Filled in, it marks the figures as verified by you."
        ),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk:
            self.initial.update(typed(self.instance))

    def clean_year(self) -> int:
        """Refuse a year that has not ended."""
        year: int = self.cleaned_data["year"]
        if not EARLIEST_YEAR <= year <= yearly.last_ended_year():
            raise ValidationError(_("Figures of a year can be given once it has ended."))
        return year


@admin.register(YearlyFigure)
class YearlyFigureAdmin(FilteredLookups, GrowingAdmin, EditsAdmin):
    """The figures of each year, the newest first; confidential."""

    admin_icon = "finance"
    admin_position = 3
    form = YearlyFigureForm
    list_display = ("organisation", "year", "revenue_of_year", "staff", "source", "verified")
    list_filter = ("source", ("verified_at", admin.EmptyFieldListFilter))
    list_select_related = ("organisation",)
    ordering = ("-year", "-pk")
    search_fields = ("organisation__name_zh",)
    search_help_text = _("Name in Chinese, English or pinyin, or code")
    autocomplete_fields = ("organisation",)
    readonly_fields = (
        "size_class",
        "source",
        "source_name",
        "source_date",
        plain(YearlyFigure, "entered_by"),
        "entered_at",
        plain(YearlyFigure, "verified_by"),
        "verified_at",
        "evidence",
    )

    def get_fieldsets(self, request: HttpRequest, obj: YearlyFigure | None = None) -> Any:
        """Ask for the evidence where the reader may verify."""
        parts = [
            (None, {"fields": ("organisation", "year")}),
            (_("Figures"), {"fields": MEASURES}),
        ]
        if self.has_change_permission(request, obj):
            parts.append((_("Verification"), {"fields": ("seen_now",)}))
        if obj:
            parts.append((_("Size and source"), {"fields": self.readonly_fields}))
        return parts

    def get_readonly_fields(self, request: HttpRequest, obj: YearlyFigure | None = None) -> Any:
        """Keep organisation and year of figures that are there."""
        return ("organisation", "year", *self.readonly_fields) if obj else self.readonly_fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[YearlyFigure]:
        """Show what the role may see."""
        return super().get_queryset(request) & YearlyFigure.objects.visible_to(request.user)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[YearlyFigure], search_term: str
    ) -> tuple[QuerySet[YearlyFigure], bool]:
        """Search by the organisation, as the directory does."""
        if not search_term.strip():
            return queryset, False
        return queryset.filter(organisation__in=Organisation.objects.search(search_term[:100])), False

    def has_change_permission(self, request: HttpRequest, obj: YearlyFigure | None = None) -> bool:
        """Nobody keeps the figures of their own organisation."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or keeps_figures(request.user, obj.organisation))  # type: ignore[arg-type]

    def has_delete_permission(self, request: HttpRequest, obj: YearlyFigure | None = None) -> bool:
        """Figures are corrected; history keeps what they were."""
        return False

    def save_model(self, request: HttpRequest, obj: YearlyFigure, form: Any, change: bool) -> None:
        """Keep what was entered, and that the evidence was seen."""
        values = {name: form.cleaned_data[name] for name in MEASURES}
        user: Any = request.user
        try:
            kept = enter_figures(
                by=user,
                organisation=obj.organisation,
                year=obj.year,
                values=values,
                seen=obj.version if change else 0,
            )
            if evidence := form.cleaned_data["seen_now"]:
                kept = verify_figures(by=user, figure=kept, evidence=evidence, seen=kept.version)
        except NotAllowed as refused:
            raise PermissionDenied from refused
        obj.pk = kept.pk
        obj.refresh_from_db()

    @admin.display(description=_("revenue"))
    def revenue_of_year(self, figure: YearlyFigure) -> str:
        """Write the revenue as the reader's language does."""
        return money(figure.revenue) or "–"

    @admin.display(description=_("verified"), boolean=True)
    def verified(self, figure: YearlyFigure) -> bool:
        """Say whether an officer saw the evidence."""
        return figure.is_verified

    @admin.display(description=_("statutory size class"))
    def size_class(self, figure: YearlyFigure) -> str:
        """Say which class the figures of the year give, and by which inputs."""
        found = sizing.size_of(figure.organisation, [figure], year=figure.year)
        return f"{found.words} · {found.basis}" if found.basis else found.words
