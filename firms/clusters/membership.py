"""Who belongs to a cluster by its rules, in SQL; and what other rules would change. Nothing is written here."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from firms.models import Cluster, ClusterRule, Organisation

_FITS = """(
    ({rule}.class_prefixes = '{{}}' OR EXISTS (
        SELECT FROM unnest({rule}.class_prefixes) AS p WHERE starts_with(o.industry_code, p)))
    AND ({rule}.scope_words = '{{}}' OR CASE WHEN {rule}.all_words
        THEN NOT EXISTS (SELECT FROM unnest({rule}.scope_words) AS w WHERE position(w IN o.business_scope) = 0)
        ELSE EXISTS (SELECT FROM unnest({rule}.scope_words) AS w WHERE position(w IN o.business_scope) > 0) END)
)"""

_RULES_IN_FORCE = """
    SELECT id, cluster_id, class_prefixes, scope_words, all_words, keeps_out
      FROM firms_clusterrule WHERE NOT is_ended AND {which}
"""

_DRAFT = """
    SELECT * FROM jsonb_to_recordset(%(draft)s::jsonb) AS draft (
        id bigint, cluster_id bigint, class_prefixes text[], scope_words text[], all_words boolean, keeps_out boolean)
"""

_NEW = 2**62
"""Rules that are not saved yet come after those that are, in their order."""


def wanted(rules: str, firms: str) -> str:
    """Return the SQL of who belongs by which rule: the first that takes in, where none keeps out.

    What a person decided about a firm, either way, wins: such firms are not in it.

    Args:
        rules: SQL of the rules, as rows of ``firms_clusterrule``.
        firms: an SQL condition on firms, ``o``.
    """
    return f"""
        SELECT DISTINCT ON (o.id, r.cluster_id) o.id AS organisation_id, r.cluster_id, r.id AS rule_id
          FROM firms_organisation o JOIN ({rules}) AS r ON NOT r.keeps_out AND {_FITS.format(rule="r")}
         WHERE o.kind = 'firm' AND o.status <> 'merged' AND {firms}
           AND NOT EXISTS (SELECT FROM ({rules}) AS k
                            WHERE k.cluster_id = r.cluster_id AND k.keeps_out AND {_FITS.format(rule="k")})
           AND NOT EXISTS (SELECT FROM firms_clustermembership h
                            WHERE h.organisation_id = o.id AND h.cluster_id = r.cluster_id AND h.rule_id IS NULL)
         ORDER BY o.id, r.cluster_id, r.id
    """  # noqa: S608 -- SQL of ours


def rules_in_force(*, of_one_cluster: bool) -> str:
    """Return the SQL of the rules that hold, of the cluster ``%(cluster)s`` or of all."""
    return _RULES_IN_FORCE.format(which="cluster_id = %(cluster)s" if of_one_cluster else "true")


@dataclass(frozen=True)
class Change:
    """A firm that would join, leave, or stay by another rule."""

    organisation: Organisation
    rule: ClusterRule | None


@dataclass(frozen=True)
class Preview:
    """What rules would change, were they saved now.

    Args:
        joins, leaves, stays: numbers of firms; the last would stay by another rule.
        kept_in, kept_out: numbers of firms about which a person decided, and which no rule moves.
        joining, leaving: some of the firms.
        more_joining, more_leaving: after which organisation the next page begins; 0 where there is none.
        token: what was previewed, to be shown again with the save.
    """

    joins: int
    leaves: int
    stays: int
    kept_in: int
    kept_out: int
    token: str
    joining: list[Change] = field(default_factory=list)
    leaving: list[Change] = field(default_factory=list)
    more_joining: int = 0
    more_leaving: int = 0

    @property
    def changes(self) -> int:
        """How many memberships would change."""
        return self.joins + self.leaves + self.stays


_PREVIEW = f"""
    WITH wanted AS MATERIALIZED ({wanted(_DRAFT, "true")}),
    change AS MATERIALIZED (
        SELECT coalesce(w.organisation_id, m.organisation_id) AS organisation_id, w.rule_id AS new, m.rule_id AS old
          FROM wanted w
          FULL JOIN (SELECT organisation_id, rule_id FROM firms_clustermembership
                      WHERE cluster_id = %(cluster)s AND rule_id IS NOT NULL) AS m USING (organisation_id)
         WHERE w.rule_id IS DISTINCT FROM m.rule_id)
    SELECT 'numbers', count(*) FILTER (WHERE old IS NULL), count(*) FILTER (WHERE new IS NULL),
           md5(coalesce(string_agg(organisation_id || ':' || coalesce(new, 0), ',' ORDER BY organisation_id), ''))
           || ' ' || count(*)
      FROM change
     UNION ALL
    SELECT 'by hand', count(*) FILTER (WHERE NOT m.excluded), count(*) FILTER (WHERE m.excluded), ''
      FROM firms_clustermembership m JOIN firms_organisation o ON o.id = m.organisation_id AND o.kind = 'firm'
     WHERE m.cluster_id = %(cluster)s AND m.rule_id IS NULL
     UNION ALL
    (SELECT 'joining', organisation_id, new, '' FROM change
      WHERE old IS NULL AND organisation_id > %(joining)s ORDER BY organisation_id LIMIT %(size)s)
     UNION ALL
    (SELECT 'leaving', organisation_id, old, '' FROM change
      WHERE new IS NULL AND organisation_id > %(leaving)s ORDER BY organisation_id LIMIT %(size)s)
"""  # noqa: S608 -- SQL of ours; rules go by parameter


def preview(
    cluster: Cluster, rules: Sequence[ClusterRule], *, joining: int = 0, leaving: int = 0, size: int = 20
) -> Preview:
    """Work out what rules would change in a cluster, in one query.

    Args:
        cluster: saved, or not yet.
        rules: all that the cluster would have, in their order; those without id are new.
        joining: the page of those who join begins after the organisation with this number.
        leaving: likewise for those who leave.
        size: rows of a page.
    """
    draft = [_as_row(rule, cluster, number) for number, rule in enumerate(rules)]
    by_id = {row["id"]: rule for row, rule in zip(draft, rules, strict=True)}
    text = json.dumps(draft, ensure_ascii=False)
    params: dict[str, Any] = {
        "draft": text, "cluster": cluster.pk or 0, "joining": joining, "leaving": leaving, "size": size + 1,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_PREVIEW, params)
        rows = cursor.fetchall()
    ((joins, leaves, told),) = [row[1:] for row in rows if row[0] == "numbers"]
    ((kept_in, kept_out),) = [row[1:3] for row in rows if row[0] == "by hand"]
    parts = {name: [row[1:3] for row in rows if row[0] == name] for name in ("joining", "leaving")}
    lists = {name: _changes(found[:size], by_id) for name, found in parts.items()}
    after = {name: found[size - 1][0] if len(found) > size else 0 for name, found in parts.items()}
    return Preview(
        joins,
        leaves,
        int(told.split()[1]) - joins - leaves,
        kept_in,
        kept_out,
        hashlib.sha256(f"{cluster.pk} {text} {told}".encode()).hexdigest(),
        lists["joining"],
        lists["leaving"],
        after["joining"],
        after["leaving"],
    )


def _as_row(rule: ClusterRule, cluster: Cluster, number: int) -> dict[str, Any]:
    return {
        "id": rule.pk or _NEW + number,
        "cluster_id": cluster.pk or 0,
        "class_prefixes": rule.class_prefixes,
        "scope_words": rule.scope_words,
        "all_words": rule.all_words,
        "keeps_out": rule.keeps_out,
    }


def _changes(rows: list[tuple[int, int]], rules: dict[int, ClusterRule]) -> list[Change]:
    organisations = Organisation.objects.select_related("subdistrict").in_bulk([pk for pk, _rule in rows])
    gone = ClusterRule._base_manager.in_bulk([rule for _pk, rule in rows if rule not in rules and rule < _NEW])
    return [Change(organisations[pk], rules.get(rule) or gone.get(rule)) for pk, rule in rows if pk in organisations]
