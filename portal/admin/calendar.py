"""Holidays and make-up working days: single days, and the page of a year where they are published."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.validators import RegexValidator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from portal import holiday_notice, holidays
from portal.admin.edits import EditsAdmin
from portal.admin.lookups import FilteredLookups
from portal.calendar_year import as_text, months_of
from portal.holiday_notice import Days
from portal.lifecycle import StepClosed
from portal.models import CalendarYear, Holiday
from portal.recounting import Counter, effects

FIRST, LAST = 2000, 2099


@admin.register(Holiday)
class HolidayAdmin(FilteredLookups, EditsAdmin):
    """The exceptions to Monday to Friday; a change in a published year counts the open dates anew."""

    admin_icon = "calendar_month"
    admin_position = 2
    list_display = ("day", "named", "is_working")
    list_filter = ("is_working",)
    date_hierarchy = "day"

    @admin.display(description=pgettext_lazy("holiday", "name"), ordering="name")
    def named(self, holiday: Holiday) -> str:
        """Name the holiday in the reader's language; the published calendars are seeded with English names."""
        return gettext(holiday.name)

    def save_model(self, request: HttpRequest, obj: Holiday, form: Any, change: bool) -> None:
        """Save it, and count the dates anew on which it bears."""
        days = {obj.day, form.initial.get("day") or obj.day} if change else {obj.day}
        super().save_model(request, obj, form, change)
        if not change or {"day", "is_working"} & set(form.changed_data):
            for day in sorted({first_of_year(day, days) for day in days}):
                self._count_anew(request, day)

    def delete_model(self, request: HttpRequest, obj: Holiday) -> None:
        """Delete it, and count the dates anew on which it bore."""
        super().delete_model(request, obj)
        self._count_anew(request, obj.day)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """Delete several, each with what follows."""
        for holiday in queryset:
            self.delete_model(request, holiday)

    def _count_anew(self, request: HttpRequest, day: date) -> None:
        recount = holidays.count_anew_from(by=request.user, day=day)  # type: ignore[arg-type]
        if recount and recount.items.exists():
            number = recount.items.count()
            messages.info(request, _("Dates of %(number)d records are counted anew.") % {"number": number})
            transaction.on_commit(lambda: holidays.finish_now(recount=recount), robust=True)


def first_of_year(day: date, days: set[date]) -> date:
    """Return the earliest of some days in the year of one of them."""
    return min(other for other in days if other.year == day.year)


class YearForm(forms.Form):
    """The notice of a year."""

    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=200,
        help_text=gettext_lazy("The notice with its number and date."),
        validators=[RegexValidator("\x00", inverse_match=True)],
    )
    text = forms.CharField(
        label=gettext_lazy("Holidays and make-up working days"),
        max_length=holiday_notice.LONGEST,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "Paste the paragraphs of the State Council's notice as they stand, or write lines such as "
            "“2027-10-01..2027-10-07 National Day” and “2027-10-09 work”."
        ),
    )

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        self.year = year
        super().__init__(*args, **kwargs)

    def clean_text(self) -> str:
        """Read the days; what cannot be understood is an error that names the line."""
        text: str = self.cleaned_data["text"]
        self.days: Days = holiday_notice.read(text, self.year)
        return text


@admin.register(CalendarYear)
class CalendarYearAdmin(FilteredLookups, EditsAdmin):
    """Years whose holidays are published; each has a page of its own."""

    admin_icon = "event_available"
    admin_position = 3
    list_display = ("year", "source")

    def get_urls(self) -> list[Any]:
        """Add the page of a year."""
        view = self.admin_site.admin_view(self.year_view)
        return [path("year/<int:year>/", view, name="portal_calendaryear_year"), *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to the page of the first year that is not published."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        published = set(CalendarYear.objects.values_list("year", flat=True))
        this = timezone.localdate().year
        return redirect("admin:portal_calendaryear_year", next(y for y in range(this, LAST + 1) if y not in published))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to the page of the year."""
        found = self.get_object(request, object_id)
        if found is None or not self.has_view_permission(request, found):
            raise Http404
        return redirect("admin:portal_calendaryear_year", found.year)

    def year_view(self, request: HttpRequest, year: int) -> HttpResponse:
        """Show a year at a glance; take its notice, show what it would do, and publish it.

        Raises:
            Http404: no year that has holidays here.
            PermissionDenied: not the reader's page.
        """
        if not FIRST <= year <= LAST:
            raise Http404
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            if not self.has_change_permission(request):
                raise PermissionDenied
            return self._take(request, year)
        published = CalendarYear.objects.filter(year=year).first()
        days = holidays.days_of(year)
        wanted = holiday_notice.known_to_package(year) if "package" in request.GET else days
        initial = {"text": as_text(wanted), "source": published.source if published else ""}
        return self._page(request, year, form=YearForm(initial=initial, year=year), published=published, days=days)

    def _page(self, request: HttpRequest, year: int, status: int = 200, **context: Any) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Calendar of %(year)s") % {"year": year},
            "year": year,
            "may_change": self.has_change_permission(request),
            "in_package": bool(holiday_notice.known_to_package(year)),
            "years": (year - 1, year + 1),
            **context,
        }
        context["months"] = months_of(year, context["days"])
        return TemplateResponse(request, "portal/admin/year.html", context, status=status)

    def _take(self, request: HttpRequest, year: int) -> HttpResponse:
        """Show what the notice would do, or, confirmed, do it."""
        published = CalendarYear.objects.filter(year=year).first()
        form = YearForm(request.POST, year=year)
        if not form.is_valid():
            days = holidays.days_of(year)
            return self._page(request, year, 422, form=form, published=published, days=days)
        if "publish" not in request.POST:
            first = holidays.first_change(year, form.days)
            counter = Counter(holidays.calendar_with(year, form.days), timezone.now())
            return self._page(
                request,
                year,
                form=form,
                published=published,
                days=form.days,
                is_preview=True,
                first_change=first,
                effects=effects(counter, first) if first else [],
                seen=holidays.digest_of(year),
            )
        try:
            recount = holidays.publish_year(
                by=request.user,  # type: ignore[arg-type]
                year=year,
                days=form.days,
                source=form.cleaned_data["source"],
                seen=request.POST.get("seen", ""),
            )
        except StepClosed as closed:
            messages.error(request, " ".join(str(reason) for reason in closed.reasons))
            return redirect("admin:portal_calendaryear_year", year)
        if recount is None:
            messages.info(
                request, _("The year is kept as written. No working day changed, so no date is counted anew.")
            )
            return redirect("admin:portal_calendaryear_year", year)
        transaction.on_commit(lambda: holidays.finish_now(recount=recount), robust=True)
        messages.success(request, _("The holidays of %(year)s are published.") % {"year": year})
        return redirect(reverse("admin:portal_recount_change", args=[recount.pk]))
