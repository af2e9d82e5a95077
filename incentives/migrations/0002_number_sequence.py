"""The running part of an application's number."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("incentives", "0001_programmes_and_applications")]
    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE incentives_application_number", "DROP SEQUENCE incentives_application_number"
        ),
    ]
