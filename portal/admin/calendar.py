"""Holidays and make-up working days."""

from django.contrib import admin
from django.utils.translation import gettext, pgettext_lazy

from portal.admin.edits import EditsAdmin
from portal.admin.lookups import FilteredLookups
from portal.models import CalendarYear, Holiday


@admin.register(Holiday)
class HolidayAdmin(FilteredLookups, EditsAdmin):
    """The exceptions to Monday to Friday."""

    admin_icon = "calendar_month"
    admin_position = 2
    list_display = ("day", "named", "is_working")
    list_filter = ("is_working",)
    date_hierarchy = "day"

    @admin.display(description=pgettext_lazy("holiday", "name"), ordering="name")
    def named(self, holiday: Holiday) -> str:
        """Name the holiday in the reader's language; the published calendars are seeded with English names."""
        return gettext(holiday.name)


@admin.register(CalendarYear)
class CalendarYearAdmin(FilteredLookups, EditsAdmin):
    """Years whose holidays are published."""

    admin_icon = "event_available"
    admin_position = 3
    list_display = ("year", "source")
