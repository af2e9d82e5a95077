"""Clusters filled by their rules; what was decided by hand stays."""

from collections.abc import Collection
from typing import Any

from django.db import connection, transaction

# The first rule of a cluster (by id) that fits a firm explains its membership. What a person decided, either way, wins.
_WANTED = """
    SELECT DISTINCT ON (o.id, r.cluster_id) o.id AS organisation_id, r.cluster_id, r.id AS rule_id
      FROM firms_organisation o
      JOIN firms_clusterrule r
        ON (r.class_prefixes = '{}' OR EXISTS
               (SELECT FROM unnest(r.class_prefixes) AS p WHERE starts_with(o.industry_code, p)))
       AND (r.scope_words = '{}' OR EXISTS
               (SELECT FROM unnest(r.scope_words) AS w WHERE position(w IN o.business_scope) > 0))
     WHERE o.kind = 'firm' AND (%(everyone)s OR o.id = ANY(%(ids)s))
       AND NOT EXISTS (SELECT FROM firms_clustermembership h
                        WHERE h.organisation_id = o.id AND h.cluster_id = r.cluster_id AND h.rule_id IS NULL)
     ORDER BY o.id, r.cluster_id, r.id
"""


@transaction.atomic
def apply_rules(*, organisations: Collection[int] | None = None) -> int:
    """Put firms into clusters, and out of them, as the rules say now.

    Args:
        organisations: ids of the firms that changed; None for all.

    Returns:
        How many memberships were added, changed or removed. Those that stay are not touched.
    """
    params: dict[str, Any] = {"everyone": organisations is None, "ids": list(organisations or [])}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            DELETE FROM firms_clustermembership m
             WHERE m.rule_id IS NOT NULL AND (%(everyone)s OR m.organisation_id = ANY(%(ids)s))
               AND NOT EXISTS (SELECT FROM ({_WANTED}) AS w
                                WHERE w.organisation_id = m.organisation_id AND w.cluster_id = m.cluster_id)
            """,  # noqa: S608 -- no input in it
            params,
        )
        removed = cursor.rowcount
        cursor.execute(
            f"""
            INSERT INTO firms_clustermembership AS m (organisation_id, cluster_id, rule_id, excluded)
            SELECT organisation_id, cluster_id, rule_id, false FROM ({_WANTED}) AS w
                ON CONFLICT (organisation_id, cluster_id) DO UPDATE SET rule_id = EXCLUDED.rule_id
             WHERE m.rule_id IS DISTINCT FROM EXCLUDED.rule_id AND m.rule_id IS NOT NULL
            """,  # noqa: S608
            params,
        )
        return int(removed + cursor.rowcount)
