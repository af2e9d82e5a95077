"""Drafting opportunities for an organisation."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from firms.models import Cluster, Organisation
from firms.naming import slug_base
from firms.services.holding import hold
from investors.lifecycle import DRAFT, RETURNED, start_review
from investors.models import Opportunity, OpportunityCluster
from investors.rules import EDITORS, roles_in_organisations
from portal.lifecycle import NotAllowed, StepClosed
from portal.models import User

SLUG_LENGTH = 100
_SLUGS = 0x534C5547  # this advisory lock keeps addresses unique without an error


class StaleVersion(Exception):  # noqa: N818 -- what the form was, not an error of the code
    """Someone saved a newer version meanwhile; ``current`` is it."""

    def __init__(self, current: Opportunity) -> None:
        self.current = current
        super().__init__(str(current.version))


@transaction.atomic
def draft_opportunity(
    *, by: User, owner: Organisation, kind: str, values: Mapping[str, Any], clusters: Collection[Cluster] = ()
) -> Opportunity:
    """Make a draft with an address of its own on the site.

    Args:
        by: a signatory or editor of the owner.
        owner: whose opportunity it is.
        kind: one of ``Opportunity.Kind``.
        values: texts and facts of that kind, by the names of the columns; a title in at least one language.
        clusters: where it belongs.

    Raises:
        NotAllowed: the person does not write for the owner.
        StepClosed: the owner was merged into another organisation just now.
    """
    if roles_in_organisations(by).get(owner.pk) not in EDITORS:
        raise NotAllowed(_("You may not write for this organisation."))
    hold(organisation=owner)
    opportunity = Opportunity(owner=owner, kind=kind, created_by=by, created_at=timezone.now(), **values)
    opportunity.slug = _free_slug(slug_base(opportunity.title_en, opportunity.title_zh)[:SLUG_LENGTH])
    opportunity.save()
    _set_clusters(opportunity, clusters)
    return opportunity


@transaction.atomic
def change_opportunity(
    *, by: User, opportunity: Opportunity, values: Mapping[str, Any], clusters: Collection[Cluster], version: int
) -> Opportunity:
    """Save a draft; an older tab never overwrites a newer one.

    Args:
        by: a signatory or editor of the owner.
        opportunity: a draft, or one that was returned.
        values: texts and facts, by the names of the columns.
        clusters: where it belongs.
        version: the version that the form was made from.

    Raises:
        NotAllowed: the person does not write for the owner.
        StepClosed: it is neither a draft nor returned.
        StaleVersion: it was saved meanwhile.
    """
    locked = Opportunity.objects.select_for_update(of=("self",)).get(pk=opportunity.pk)
    if roles_in_organisations(by).get(locked.owner_id) not in EDITORS:
        raise NotAllowed(_("You may not write for this organisation."))
    if locked.status not in {DRAFT, RETURNED}:
        raise StepClosed(_("It can be changed only while it is a draft or was returned to you."))
    if locked.version != version:
        raise StaleVersion(locked)
    for name, value in values.items():
        setattr(locked, name, value)
    locked.version += 1
    locked.save(update_fields=[*values, "version"])
    _set_clusters(locked, clusters)
    return locked


def set_missing_reviews() -> int:
    """Set the clocks of waiting opportunities that are older than the promise, from today; return how many."""
    waiting = Opportunity.objects.waiting().with_review_due()
    missing = [one for one in waiting if one.review_due is None]  # type: ignore[attr-defined]
    for opportunity in missing:
        start_review(opportunity)
    return len(missing)


def _set_clusters(opportunity: Opportunity, clusters: Collection[Cluster]) -> None:
    wanted = {cluster.pk for cluster in clusters}
    held = OpportunityCluster.objects.filter(opportunity=opportunity)
    held.exclude(cluster__in=wanted).delete()
    missing = wanted - set(held.values_list("cluster_id", flat=True))
    OpportunityCluster.objects.bulk_create(
        OpportunityCluster(opportunity=opportunity, cluster_id=pk) for pk in sorted(missing)
    )


def _free_slug(base: str) -> str:
    """Return the words, with a number behind where they are taken; two drafts at once wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SLUGS])
    taken = {"feed", *Opportunity.objects.filter(slug__startswith=base).values_list("slug", flat=True)}
    candidates = (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3)))
    return next(slug for slug in candidates if slug not in taken)
