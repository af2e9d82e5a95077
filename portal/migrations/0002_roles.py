"""The district's roles, as groups."""

from django.db import migrations

NAMES = [
    "registry officer",
    "screening officer",
    "reviewer",
    "programme manager",
    "approver",
    "appeal officer",
    "finance officer",
    "investment officer",
    "auditor",
    "head",
    "administrator",
]


def make_groups(apps, schema_editor):
    """Make one group a role."""
    group = apps.get_model("auth", "Group")
    for name in NAMES:
        group.objects.get_or_create(name=name)


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_core"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
