"""What is promised of each topic of inquiries: one working day to confirm the receipt, five to answer."""

from django.db import migrations

TOPICS = (
    "opportunity", "organisation", "incentives", "investment", "setting_up", "procedures", "premises", "technology",
    "talent", "financing", "correction", "other",
)  # fmt: skip


def seed(apps, schema_editor):
    """Write a row for each topic."""
    topic = apps.get_model("investors", "InquiryTopic")
    topic.objects.bulk_create([topic(code=code, acknowledge_days=1, answer_days=5) for code in TOPICS])


class Migration(migrations.Migration):
    dependencies = [("investors", "0006_officers_and_topics")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
