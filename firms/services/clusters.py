"""Clusters filled by their rules; what was decided by hand stays."""

from collections.abc import Collection
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from firms.clusters.membership import rules_in_force, wanted
from firms.models import Cluster, ClusterFilling, ClusterMembership, ClusterRule, Organisation
from firms.services import counting
from firms.services.holding import hold
from portal import work
from portal.lifecycle import StepClosed

QUEUE = "cluster_fillings"
MOST_AT_ONCE = 2_000
"""So many memberships change within a request; more, piece by piece in the background."""

PIECE = 100_000
"""How many numbers of organisations a piece goes through."""

_LOCK = 0x43_4C_55_53
"""Firms that change share this advisory lock until they commit; who applies rules to all has it alone: else a firm that
changes at the same moment would be judged by the old rules there, and by its old scope here."""


@transaction.atomic
def apply_rules(
    *,
    organisations: Collection[int] | None = None,
    cluster: Cluster | None = None,
    after: int = 0,
    size: int | None = None,
) -> int:
    """Put firms into clusters, and out of them, as the rules say now.

    Args:
        organisations: ids of the firms that changed; None for all.
        cluster: the one whose rules changed; None for all.
        after: of all firms, those with greater ids,
        size: up to so much greater.

    Returns:
        How many memberships were added, changed or removed. Those that stay are not touched.
    """
    params: dict[str, Any] = {
        "ids": list(organisations or []),
        "cluster": cluster.pk if cluster else None,
        "after": after,
        "upto": after + size if size else None,
    }
    firms, members = "true", "true"
    if organisations is not None:
        firms, members = "o.id = ANY(%(ids)s)", "m.organisation_id = ANY(%(ids)s)"
    elif size:
        firms = "o.id > %(after)s AND o.id <= %(upto)s"
        members = "m.organisation_id > %(after)s AND m.organisation_id <= %(upto)s"
    if cluster:
        members += " AND m.cluster_id = %(cluster)s"
    belong = wanted(rules_in_force(of_one_cluster=cluster is not None), firms)
    with connection.cursor() as cursor:
        shared = "_shared" if organisations is not None else ""
        cursor.execute(f"SELECT pg_advisory_xact_lock{shared}(%s)", [_LOCK])
        cursor.execute(
            f"""
            WITH wanted AS MATERIALIZED ({belong})
            DELETE FROM firms_clustermembership m
             WHERE m.rule_id IS NOT NULL AND {members}
               AND NOT EXISTS (SELECT FROM wanted w
                                WHERE w.organisation_id = m.organisation_id AND w.cluster_id = m.cluster_id)
            """,  # noqa: S608 -- no input in it
            params,
        )
        removed = cursor.rowcount
        cursor.execute(
            f"""
            INSERT INTO firms_clustermembership AS m (organisation_id, cluster_id, rule_id, excluded, reason)
            SELECT organisation_id, cluster_id, rule_id, false, '' FROM ({belong}) AS w
                ON CONFLICT (organisation_id, cluster_id) DO UPDATE SET rule_id = EXCLUDED.rule_id
             WHERE m.rule_id IS DISTINCT FROM EXCLUDED.rule_id AND m.rule_id IS NOT NULL
            """,  # noqa: S608
            params,
        )
        return int(removed + cursor.rowcount)


# --- A cluster whose rules changed ----------------------------------------------------


@transaction.atomic
def fill_cluster(*, cluster: Cluster, changes: int) -> bool:
    """Apply the changed rules of a cluster: now, or in the background where many firms move or others are at it.

    Args:
        cluster: its rules are saved.
        changes: how many memberships they change, as previewed.

    Returns:
        Whether it is done.
    """
    ClusterFilling.objects.open().filter(cluster=cluster).update(done_at=Now())  # the new one does what they had left
    if changes <= MOST_AT_ONCE and _alone():
        apply_rules(cluster=cluster)
        _finish(cluster)
        return True
    ClusterFilling.objects.create(cluster=cluster)
    work.wake(QUEUE)
    return False


def fill_piece(filling: ClusterFilling) -> None:
    """Apply the rules of a cluster to a part of the registry, and ask for the next part.

    Raises:
        NotNow: someone writes many firms.
    """
    if not _alone():
        raise work.NotNow(seconds=20)
    apply_rules(cluster=filling.cluster, after=filling.after, size=PIECE)
    last = Organisation.objects.aggregate(last=Max("pk"))["last"] or 0
    if filling.after + PIECE >= last:
        _finish(filling.cluster)
    else:  # a moment later: each piece has the worker's time for itself
        ClusterFilling.objects.create(cluster=filling.cluster, after=filling.after + PIECE, next_try_at=Now())


def _alone() -> bool:
    """Say whether nobody else changes firms or applies rules; nobody begins to, until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])


def _finish(cluster: Cluster) -> None:
    ClusterRule._base_manager.filter(cluster=cluster, is_ended=True).delete()
    counting.ask_for_count()


# --- By hand --------------------------------------------------------------------------


@transaction.atomic
def decide_by_hand(*, organisation: Organisation, cluster: Cluster, excluded: bool, reason: str) -> ClusterMembership:
    """Put an organisation into a cluster, or keep it out, whatever the rules say.

    Raises:
        StepClosed: no reason was given, or the organisation was merged into another.
    """
    if not reason.strip():
        raise StepClosed(_("Give the reason of the decision by hand."))
    hold(organisation=organisation)
    membership, _created = ClusterMembership.objects.update_or_create(
        organisation=organisation,
        cluster=cluster,
        defaults={"rule": None, "excluded": excluded, "reason": reason.strip()},
    )
    return membership


@transaction.atomic
def leave_to_rules(*, memberships: Collection[ClusterMembership]) -> None:
    """Take decisions by hand back: the rules decide about these firms again."""
    organisations = {membership.organisation_id for membership in memberships}
    ClusterMembership.objects.filter(pk__in=[membership.pk for membership in memberships], rule=None).delete()
    apply_rules(organisations=organisations)
