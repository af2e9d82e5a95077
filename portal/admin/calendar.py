"""Holidays and make-up working days."""

from django.contrib import admin

from portal.admin.edits import EditsAdmin
from portal.models import CalendarYear, Holiday


@admin.register(Holiday)
class HolidayAdmin(EditsAdmin):
    """The exceptions to Monday to Friday."""

    admin_icon = "calendar_month"
    admin_position = 2
    list_display = ("day", "name", "is_working")
    list_filter = ("is_working",)
    date_hierarchy = "day"


@admin.register(CalendarYear)
class CalendarYearAdmin(EditsAdmin):
    """Years whose holidays are published."""

    admin_icon = "event_available"
    admin_position = 3
    list_display = ("year", "source")
