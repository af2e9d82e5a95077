"""Holidays and make-up working days."""

from django.contrib import admin

from portal.admin.edits import EditsAdmin
from portal.models import CalendarYear, Holiday


@admin.register(Holiday)
class HolidayAdmin(EditsAdmin):
    """The exceptions to Monday to Friday."""

    list_display = ("day", "name", "is_working")
    list_filter = ("is_working",)
    date_hierarchy = "day"


@admin.register(CalendarYear)
class CalendarYearAdmin(EditsAdmin):
    """Years whose holidays are published."""

    list_display = ("year", "source")
