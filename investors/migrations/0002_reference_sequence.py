"""The numbers of inquiries: given once, never again, whoever sends at the same moment."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("investors", "0001_opportunities_and_inquiries")]
    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE investors_inquiry_reference", "DROP SEQUENCE investors_inquiry_reference"
        )
    ]
