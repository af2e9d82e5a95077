"""Holidays and make-up days as announced by the State Council, from the chinesecalendar package."""

from chinese_calendar import constants
from django.db import migrations

SOURCE = "State Council notice, by way of the chinesecalendar package"


def seed(apps, schema_editor):
    """Write every published exception from 2024 on."""
    holiday = apps.get_model("portal", "Holiday")
    year = apps.get_model("portal", "CalendarYear")
    days = {day: (False, name) for day, name in constants.holidays.items()}
    days |= {day: (True, name) for day, name in constants.workdays.items()}
    days = {day: row for day, row in days.items() if day.year >= 2024}
    # A holiday on a weekend is no exception to the week, but its name is worth showing.
    holiday.objects.bulk_create(
        [
            holiday(day=day, is_working=working, name=name.split(",")[-1])
            for day, (working, name) in sorted(days.items())
        ]
    )
    year.objects.bulk_create([year(year=number, source=SOURCE) for number in sorted({day.year for day in days})])


class Migration(migrations.Migration):
    dependencies = [("portal", "0002_roles")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
