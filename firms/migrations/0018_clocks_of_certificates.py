"""Certificates that are recorded already get their clocks; what had expired is kept as expired, and nobody is told."""

from django.db import migrations

KEEP_AS_EXPIRED = """
    UPDATE firms_certificate SET status = 'expired'
     WHERE expires < (now() AT TIME ZONE 'Asia/Shanghai')::date
"""
SET_CLOCKS = """
    INSERT INTO portal_deadline
           (subject_type_id, subject_id, step, due_at, next_try_at, estimated, while_status, last_error)
    SELECT t.id, c.id, clock.step, clock.due_at, clock.due_at, false, 'current', ''
      FROM firms_certificate c
      JOIN django_content_type t ON t.app_label = 'firms' AND t.model = 'certificate'
     CROSS JOIN LATERAL (VALUES
           ('begin', c.issued::timestamp AT TIME ZONE 'Asia/Shanghai'),
           ('remind_90', (c.expires - 90 + time '09:00') AT TIME ZONE 'Asia/Shanghai'),
           ('remind_30', (c.expires - 30 + time '09:00') AT TIME ZONE 'Asia/Shanghai'),
           ('expire', (c.expires + 1)::timestamp AT TIME ZONE 'Asia/Shanghai')
     ) AS clock (step, due_at)
     WHERE c.status = 'current' AND clock.due_at > now()
"""


class Migration(migrations.Migration):

    dependencies = [
        ('firms', '0017_certificate_clock'),
        ('portal', '0006_growing_lists'),
        ('contenttypes', '0002_remove_content_type_name'),
    ]

    operations = [
        migrations.RunSQL(KEEP_AS_EXPIRED, migrations.RunSQL.noop),
        migrations.RunSQL(SET_CLOCKS, migrations.RunSQL.noop),
    ]
