"""In which groups of the directory an organisation is counted: one SQL function, and triggers that keep it true."""

import pgtrigger

FUNCTIONS = """
CREATE OR REPLACE FUNCTION firms_facets(ids bigint[]) RETURNS TABLE (organisation_id bigint, facets text[])
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT o.id, CASE WHEN o.status = 'listed' THEN array_remove(ARRAY[
            'kind:' || o.kind,
            'subdistrict:' || o.subdistrict_id,
            'staff:' || CASE WHEN o.staff < 10 THEN '1-9' WHEN o.staff < 100 THEN '10-99'
                             WHEN o.staff < 300 THEN '100-299' WHEN o.staff >= 300 THEN '300' END,
            'founded:' || CASE
                WHEN o.founded < '2000-01-01' THEN '1999' WHEN o.founded < '2010-01-01' THEN '2000-2009'
                WHEN o.founded < '2015-01-01' THEN '2010-2014' WHEN o.founded < '2020-01-01' THEN '2015-2019'
                WHEN o.founded < '2023-01-01' THEN '2020-2022' WHEN o.founded >= '2023-01-01' THEN '2023' END,
            'foreign:' || CASE WHEN o.foreign_invested THEN 'yes' WHEN NOT o.foreign_invested THEN 'no' END,
            'industry:' || division.parent_id,
            'industry:' || division.code,
            'industry:' || class.code], NULL)
            || ARRAY(SELECT 'cluster:' || m.cluster_id FROM firms_clustermembership m
                      WHERE m.organisation_id = o.id AND NOT m.excluded)
            || ARRAY(SELECT DISTINCT 'certificate:' || c.level FROM firms_certificate c
                      WHERE c.organisation_id = o.id
                        AND (c.expires IS NULL OR c.expires >= (now() AT TIME ZONE 'Asia/Shanghai')::date)
                        AND (c.issued IS NULL OR c.issued <= (now() AT TIME ZONE 'Asia/Shanghai')::date))
           ELSE '{}' END
      FROM firms_organisation o
      LEFT JOIN firms_industry division ON division.code = left(o.industry_code, 2) AND division.level = 2
      LEFT JOIN firms_industry class ON class.code = o.industry_code AND class.level = 4
     WHERE o.id = ANY(ids)
$$;
CREATE OR REPLACE FUNCTION firms_renew_facets(ids bigint[]) RETURNS void
LANGUAGE sql VOLATILE SET search_path = public, pg_temp AS $$
    UPDATE firms_searchentry e SET facets = f.facets FROM firms_facets(ids) f
     WHERE e.organisation_id = f.organisation_id AND e.facets <> f.facets
$$;
"""
NO_FUNCTIONS = "DROP FUNCTION firms_renew_facets(bigint[]); DROP FUNCTION firms_facets(bigint[])"

_COUNTED = "status, kind, subdistrict_id, staff, founded, foreign_invested, industry_code"
_NOW = ", ".join(f"n.{column}" for column in _COUNTED.split(", "))
_WAS = ", ".join(f"o.{column}" for column in _COUNTED.split(", "))


def _after_each_statement(name: str, operation: pgtrigger.Operation, func: str) -> pgtrigger.Trigger:
    old = None if operation is pgtrigger.Insert else "old_rows"
    new = None if operation is pgtrigger.Delete else "new_rows"
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(old=old, new=new),
        func=f"{func} RETURN NULL;",
    )


def organisation_triggers() -> list[pgtrigger.Trigger]:
    """Count an organisation anew when what it is counted by changes."""
    func = (
        "PERFORM firms_renew_facets(ARRAY(SELECT n.id FROM new_rows n JOIN old_rows o USING (id) "  # noqa: S608
        f"WHERE ({_NOW}) IS DISTINCT FROM ({_WAS})));"
    )
    return [_after_each_statement("facets_of_changed", pgtrigger.Update, func)]


def part_triggers() -> list[pgtrigger.Trigger]:
    """Count an organisation anew when a membership or certificate comes, changes or goes."""
    tables = {
        "facets_of_new": (pgtrigger.Insert, "SELECT organisation_id FROM new_rows"),
        "facets_of_gone": (pgtrigger.Delete, "SELECT organisation_id FROM old_rows"),
        "facets_of_changed": (
            pgtrigger.Update,
            "SELECT organisation_id FROM new_rows UNION SELECT organisation_id FROM old_rows",
        ),
    }
    return [
        _after_each_statement(name, operation, f"PERFORM firms_renew_facets(ARRAY({rows}));")
        for name, (operation, rows) in tables.items()
    ]


def total_triggers() -> list[pgtrigger.Trigger]:
    """Add what each statement changed to the totals of listed firms."""
    come = "SELECT unnest(facets) AS value, 1 AS by FROM new_rows WHERE 'kind:firm' = ANY(facets)"
    gone = "SELECT unnest(facets) AS value, -1 AS by FROM old_rows WHERE 'kind:firm' = ANY(facets)"
    changes = {
        "totals_of_new": (pgtrigger.Insert, come),
        "totals_of_gone": (pgtrigger.Delete, gone),
        "totals_of_changed": (pgtrigger.Update, f"{come} UNION ALL {gone}"),
    }
    return [
        _after_each_statement(
            name,
            operation,
            "INSERT INTO firms_facettotal (value, number) "  # noqa: S608
            f"SELECT value, sum(by) FROM ({rows}) AS changed GROUP BY value HAVING sum(by) <> 0;",
        )
        for name, (operation, rows) in changes.items()
    ]
