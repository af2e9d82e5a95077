"""Search entries of opportunities, their totals, and the triggers that keep them true."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from investors.models.entry_functions import FUNCTIONS, NO_FUNCTIONS


class Migration(migrations.Migration):

    dependencies = [
        ("firms", "0024_likeness_written_once"),
        ("investors", "0014_shortlists"),
    ]

    operations = [
        migrations.CreateModel(
            name='OpportunityEntry',
            fields=[
                ('opportunity', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='search_entry', serialize=False, to='investors.opportunity', verbose_name='opportunity')),
                ('kind', models.CharField(max_length=24)),
                ('title', models.TextField()),
                ('names', django.contrib.postgres.search.SearchVectorField()),
                ('words', django.contrib.postgres.search.SearchVectorField()),
                ('body', models.TextField()),
                ('facets', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list)),
                ('last_day', models.DateField()),
                ('published_at', models.DateTimeField()),
                ('amount', models.DecimalField(decimal_places=2, max_digits=15)),
                ('area', models.DecimalField(decimal_places=2, max_digits=9)),
                ('rent', models.DecimalField(decimal_places=2, max_digits=15)),
            ],
            options={
                'verbose_name': 'search entry of an opportunity',
                'verbose_name_plural': 'search entries of opportunities',
            },
        ),
        migrations.CreateModel(
            name='OpportunityTotal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=24)),
                ('value', models.TextField()),
                ('number', models.BigIntegerField()),
            ],
            options={
                'verbose_name': 'total of opportunities',
                'verbose_name_plural': 'totals of opportunities',
            },
        ),
        migrations.CreateModel(
            name='OpportunityOwner',
            fields=[
            ],
            options={
                'verbose_name': 'owner of opportunities',
                'verbose_name_plural': 'owners of opportunities',
                'proxy': True,
                'indexes': [],
                'constraints': [],
            },
            bases=('firms.organisation',),
        ),
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        pgtrigger.migrations.AddTrigger(
            model_name='opportunity',
            trigger=pgtrigger.compiler.Trigger(name='entries_of_new', sql=pgtrigger.compiler.UpsertTriggerSql(func="PERFORM investors_write_entries(ARRAY(SELECT id FROM new_rows WHERE status = 'published')); RETURN NULL;", hash='b4e7e225a1bab5fdda9b89c90b5da8e4fbe233e2', level='STATEMENT', operation='INSERT', pgid='pgtrigger_entries_of_new_b7615', referencing='REFERENCING NEW TABLE AS new_rows ', table='investors_opportunity', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='opportunity',
            trigger=pgtrigger.compiler.Trigger(name='entries_of_changed', sql=pgtrigger.compiler.UpsertTriggerSql(func="PERFORM investors_write_entries(ARRAY(SELECT n.id FROM new_rows n JOIN old_rows o USING (id) WHERE 'published' IN (n.status, o.status))); RETURN NULL;", hash='ed68ba73262a6d6d9aee85c1371dbc04980af6b1', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_entries_of_changed_32b5c', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='investors_opportunity', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='opportunitycluster',
            trigger=pgtrigger.compiler.Trigger(name='entries_of_new', sql=pgtrigger.compiler.UpsertTriggerSql(func='PERFORM investors_write_entries(ARRAY(SELECT opportunity_id FROM new_rows)); RETURN NULL;', hash='4f8f3f02597d59f37e1e30ba44f266a99c9e8735', level='STATEMENT', operation='INSERT', pgid='pgtrigger_entries_of_new_65a0b', referencing='REFERENCING NEW TABLE AS new_rows ', table='investors_opportunitycluster', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='opportunitycluster',
            trigger=pgtrigger.compiler.Trigger(name='entries_of_gone', sql=pgtrigger.compiler.UpsertTriggerSql(func='PERFORM investors_write_entries(ARRAY(SELECT opportunity_id FROM old_rows)); RETURN NULL;', hash='93118b7ce5ef08a3aab7333ae0ddd6fa688bbf2c', level='STATEMENT', operation='DELETE', pgid='pgtrigger_entries_of_gone_9f829', referencing='REFERENCING OLD TABLE AS old_rows ', table='investors_opportunitycluster', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='opportunitycluster',
            trigger=pgtrigger.compiler.Trigger(name='entries_of_changed', sql=pgtrigger.compiler.UpsertTriggerSql(func='PERFORM investors_write_entries(ARRAY(SELECT opportunity_id FROM new_rows UNION SELECT opportunity_id FROM old_rows)); RETURN NULL;', hash='28d1ffbecbbbe5b25ee424c9cc8c5d16ab98209c', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_entries_of_changed_b958d', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='investors_opportunitycluster', when='AFTER')),
        ),
        migrations.AddIndex(
            model_name='opportunityentry',
            index=django.contrib.postgres.indexes.GinIndex(fields=['names', 'words', 'facets'], name='opportunity_entry_found'),
        ),
        migrations.AddIndex(
            model_name='opportunityentry',
            index=django.contrib.postgres.indexes.GinIndex(fields=['title'], name='opportunity_entry_title', opclasses=['gin_trgm_ops']),
        ),
        migrations.AddIndex(
            model_name='opportunityentry',
            index=models.Index(fields=['published_at', 'opportunity'], name='opportunity_entry_newest'),
        ),
        migrations.AddIndex(
            model_name='opportunityentry',
            index=models.Index(fields=['last_day', 'opportunity'], name='opportunity_entry_ending'),
        ),
        migrations.AddIndex(
            model_name='opportunityentry',
            index=models.Index(fields=['amount', 'opportunity'], name='opportunity_entry_amount'),
        ),
        migrations.AddIndex(
            model_name='opportunityentry',
            index=models.Index(fields=['area', 'opportunity'], name='opportunity_entry_area'),
        ),
        migrations.AddIndex(
            model_name='opportunityentry',
            index=models.Index(fields=['rent', 'opportunity'], name='opportunity_entry_rent'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='opportunityentry',
            trigger=pgtrigger.compiler.Trigger(name='totals_of_new', sql=pgtrigger.compiler.UpsertTriggerSql(func="INSERT INTO investors_opportunitytotal (kind, value, number) SELECT kind, value, sum(by) FROM (SELECT kind, unnest(facets) AS value, 1 AS by FROM new_rows) AS changed WHERE NOT starts_with(value, 'owner:') GROUP BY kind, value HAVING sum(by) <> 0; RETURN NULL;", hash='7f99b75ec7c4f5f9599523d499af150884390fe2', level='STATEMENT', operation='INSERT', pgid='pgtrigger_totals_of_new_36745', referencing='REFERENCING NEW TABLE AS new_rows ', table='investors_opportunityentry', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='opportunityentry',
            trigger=pgtrigger.compiler.Trigger(name='totals_of_gone', sql=pgtrigger.compiler.UpsertTriggerSql(func="INSERT INTO investors_opportunitytotal (kind, value, number) SELECT kind, value, sum(by) FROM (SELECT kind, unnest(facets) AS value, -1 AS by FROM old_rows) AS changed WHERE NOT starts_with(value, 'owner:') GROUP BY kind, value HAVING sum(by) <> 0; RETURN NULL;", hash='f430011da8b01c35615d7d5b4876e2c43af552bb', level='STATEMENT', operation='DELETE', pgid='pgtrigger_totals_of_gone_2b9b0', referencing='REFERENCING OLD TABLE AS old_rows ', table='investors_opportunityentry', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='opportunityentry',
            trigger=pgtrigger.compiler.Trigger(name='totals_of_changed', sql=pgtrigger.compiler.UpsertTriggerSql(func="INSERT INTO investors_opportunitytotal (kind, value, number) SELECT kind, value, sum(by) FROM (SELECT kind, unnest(facets) AS value, 1 AS by FROM new_rows UNION ALL SELECT kind, unnest(facets) AS value, -1 AS by FROM old_rows) AS changed WHERE NOT starts_with(value, 'owner:') GROUP BY kind, value HAVING sum(by) <> 0; RETURN NULL;", hash='d3965a4738ad497a8638d198d9b50dd0874f2f63', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_totals_of_changed_3eda2', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='investors_opportunityentry', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='opportunityowner',
            trigger=pgtrigger.compiler.Trigger(name='entries_of_owner', sql=pgtrigger.compiler.UpsertTriggerSql(func="PERFORM investors_write_entries(ARRAY(SELECT p.id FROM investors_opportunity p JOIN new_rows n ON n.id = p.owner_id JOIN old_rows o ON o.id = n.id WHERE p.status = 'published' AND (n.status, n.kind, n.name_zh, n.name_en, n.name_pinyin) IS DISTINCT FROM (o.status, o.kind, o.name_zh, o.name_en, o.name_pinyin))); RETURN NULL;", hash='e57cd3296d00dc87bc42ac50361de987891f1eb9', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_entries_of_owner_faab9', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='firms_organisation', when='AFTER')),
        ),
        migrations.RunSQL(
            "SELECT investors_write_entries(ARRAY(SELECT id FROM investors_opportunity WHERE status = 'published'))",
            migrations.RunSQL.noop,
        ),
    ]
