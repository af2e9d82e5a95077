"""Write the search entries of the organisations that are there."""

from django.db import migrations


def fill(apps: object, schema_editor: object) -> None:
    from firms.services.search_entries import write_search_entries

    write_search_entries()


class Migration(migrations.Migration):

    dependencies = [
        ("firms", "0007_search_entries"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
