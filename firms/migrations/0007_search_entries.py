"""Search entries of more than names, groups to count by, totals."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from firms.models.facets import FUNCTIONS, NO_FUNCTIONS


class Migration(migrations.Migration):

    dependencies = [
        ('firms', '0006_proposed_edits'),
    ]

    operations = [
        migrations.DeleteModel(
            name='SearchEntry',
        ),
        migrations.CreateModel(
            name='FacetTotal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('value', models.TextField()),
                ('number', models.BigIntegerField()),
            ],
            options={
                'verbose_name': 'total of a facet',
                'verbose_name_plural': 'totals of facets',
            },
        ),
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('organisation', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='search_entry', serialize=False, to='firms.organisation')),
                ('names', django.contrib.postgres.search.SearchVectorField()),
                ('words', django.contrib.postgres.search.SearchVectorField()),
                ('near', django.contrib.postgres.search.SearchVectorField()),
                ('body', models.TextField()),
                ('size', models.PositiveSmallIntegerField()),
                ('facets', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), default=list)),
            ],
            options={
                'verbose_name': 'search entry',
                'verbose_name_plural': 'search entries',
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['names', 'words', 'facets'], name='search_entry_found'), django.contrib.postgres.indexes.GinIndex(fields=['near'], name='search_entry_near')],
            },
        ),
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        pgtrigger.migrations.AddTrigger(
            model_name='searchentry',
            trigger=pgtrigger.compiler.Trigger(name='totals_of_new', sql=pgtrigger.compiler.UpsertTriggerSql(func="INSERT INTO firms_facettotal (value, number) SELECT value, sum(by) FROM (SELECT unnest(facets) AS value, 1 AS by FROM new_rows WHERE 'kind:firm' = ANY(facets)) AS changed GROUP BY value HAVING sum(by) <> 0; RETURN NULL;", hash='0983593f359ec10df5002587de8e0f41d3fc0615', level='STATEMENT', operation='INSERT', pgid='pgtrigger_totals_of_new_274c1', referencing='REFERENCING NEW TABLE AS new_rows ', table='firms_searchentry', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='searchentry',
            trigger=pgtrigger.compiler.Trigger(name='totals_of_gone', sql=pgtrigger.compiler.UpsertTriggerSql(func="INSERT INTO firms_facettotal (value, number) SELECT value, sum(by) FROM (SELECT unnest(facets) AS value, -1 AS by FROM old_rows WHERE 'kind:firm' = ANY(facets)) AS changed GROUP BY value HAVING sum(by) <> 0; RETURN NULL;", hash='48599c2857c3c59cd0005ab8cc97e60a9a21a024', level='STATEMENT', operation='DELETE', pgid='pgtrigger_totals_of_gone_37c0e', referencing='REFERENCING OLD TABLE AS old_rows ', table='firms_searchentry', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='searchentry',
            trigger=pgtrigger.compiler.Trigger(name='totals_of_changed', sql=pgtrigger.compiler.UpsertTriggerSql(func="INSERT INTO firms_facettotal (value, number) SELECT value, sum(by) FROM (SELECT unnest(facets) AS value, 1 AS by FROM new_rows WHERE 'kind:firm' = ANY(facets) UNION ALL SELECT unnest(facets) AS value, -1 AS by FROM old_rows WHERE 'kind:firm' = ANY(facets)) AS changed GROUP BY value HAVING sum(by) <> 0; RETURN NULL;", hash='188ca8a00e9a2a4f59cf4377d9c76ac96179a5e8', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_totals_of_changed_3d445', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='firms_searchentry', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='certificate',
            trigger=pgtrigger.compiler.Trigger(name='facets_of_new', sql=pgtrigger.compiler.UpsertTriggerSql(func='PERFORM firms_renew_facets(ARRAY(SELECT organisation_id FROM new_rows)); RETURN NULL;', hash='a2ba559122245aaf620a43546c0c727ee6302d33', level='STATEMENT', operation='INSERT', pgid='pgtrigger_facets_of_new_65583', referencing='REFERENCING NEW TABLE AS new_rows ', table='firms_certificate', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='certificate',
            trigger=pgtrigger.compiler.Trigger(name='facets_of_gone', sql=pgtrigger.compiler.UpsertTriggerSql(func='PERFORM firms_renew_facets(ARRAY(SELECT organisation_id FROM old_rows)); RETURN NULL;', hash='b57e82b0aa0f3cc6aaa3421c3d6e46c21ae7a264', level='STATEMENT', operation='DELETE', pgid='pgtrigger_facets_of_gone_e2fd1', referencing='REFERENCING OLD TABLE AS old_rows ', table='firms_certificate', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='certificate',
            trigger=pgtrigger.compiler.Trigger(name='facets_of_changed', sql=pgtrigger.compiler.UpsertTriggerSql(func='PERFORM firms_renew_facets(ARRAY(SELECT organisation_id FROM new_rows UNION SELECT organisation_id FROM old_rows)); RETURN NULL;', hash='469894366c934c1a2a2dfd44c6e32181f66023b8', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_facets_of_changed_60120', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='firms_certificate', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clustermembership',
            trigger=pgtrigger.compiler.Trigger(name='facets_of_new', sql=pgtrigger.compiler.UpsertTriggerSql(func='PERFORM firms_renew_facets(ARRAY(SELECT organisation_id FROM new_rows)); RETURN NULL;', hash='204cdb8d5e7d91f54c7536e7d1a5803dabc0d9a9', level='STATEMENT', operation='INSERT', pgid='pgtrigger_facets_of_new_53382', referencing='REFERENCING NEW TABLE AS new_rows ', table='firms_clustermembership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clustermembership',
            trigger=pgtrigger.compiler.Trigger(name='facets_of_gone', sql=pgtrigger.compiler.UpsertTriggerSql(func='PERFORM firms_renew_facets(ARRAY(SELECT organisation_id FROM old_rows)); RETURN NULL;', hash='a77e60ddfd24489d5c352bc7fc15a7986650a118', level='STATEMENT', operation='DELETE', pgid='pgtrigger_facets_of_gone_05698', referencing='REFERENCING OLD TABLE AS old_rows ', table='firms_clustermembership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='clustermembership',
            trigger=pgtrigger.compiler.Trigger(name='facets_of_changed', sql=pgtrigger.compiler.UpsertTriggerSql(func='PERFORM firms_renew_facets(ARRAY(SELECT organisation_id FROM new_rows UNION SELECT organisation_id FROM old_rows)); RETURN NULL;', hash='cc9105ededa94d05fa2d4c430dab46fadf50898b', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_facets_of_changed_e9dc8', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='firms_clustermembership', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='organisation',
            trigger=pgtrigger.compiler.Trigger(name='facets_of_changed', sql=pgtrigger.compiler.UpsertTriggerSql(func='PERFORM firms_renew_facets(ARRAY(SELECT n.id FROM new_rows n JOIN old_rows o USING (id) WHERE (n.status, n.kind, n.subdistrict_id, n.staff, n.founded, n.foreign_invested, n.industry_code) IS DISTINCT FROM (o.status, o.kind, o.subdistrict_id, o.staff, o.founded, o.foreign_invested, o.industry_code))); RETURN NULL;', hash='77dfe09e660d2a84c4b804d35d6f329b4ce2a8dc', level='STATEMENT', operation='UPDATE', pgid='pgtrigger_facets_of_changed_694c6', referencing='REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ', table='firms_organisation', when='AFTER')),
        ),
    ]
