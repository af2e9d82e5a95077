"""Keeping what investors look for, and what premises organisations look for."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from firms.models import Cluster, Organisation, Subdistrict
from firms.services.holding import hold
from investors.models import InvestorProfile, Match, MatchWish, PremisesSearch
from investors.rules import EDITORS, roles_in_organisations
from investors.services import match_news, matching
from portal.consents import give_consent
from portal.lifecycle import NotAllowed, StepClosed
from portal.models import User

PURPOSE = "matching"
"""The purpose of the consent that saving a profile gives."""


class StaleWishes(Exception):  # noqa: N818 -- what the form was, not an error of the code
    """They were saved meanwhile, in another tab or by a colleague; ``current`` is what is kept."""

    def __init__(self, current: InvestorProfile | PremisesSearch) -> None:
        self.current = current
        super().__init__(str(current.version))


@transaction.atomic
def save_profile(
    *,
    by: User,
    values: Mapping[str, Any],
    clusters: Collection[Cluster],
    excluded_clusters: Collection[Cluster],
    version: int,
) -> InvestorProfile:
    """Keep what an investor looks for, and have their matches found anew.

    Args:
        by: whose profile it is.
        values: by the names of the columns.
        clusters: that count.
        excluded_clusters: in which the investor never invests.
        version: of the profile that the form was made from; 0 where there was none.

    Raises:
        StaleWishes: it was saved meanwhile.
        StepClosed: the person does not act for the organisation (any more).
    """
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)  # two tabs with a first profile each
    profile = InvestorProfile.objects.filter(user=by).first() or InvestorProfile(user=by, version=0)
    if profile.version != version:
        raise StaleWishes(profile)
    organisation = values.get("organisation")
    if organisation is not None:
        if organisation.pk not in roles_in_organisations(by):
            raise StepClosed(_("You do not act for this organisation."))
        hold(organisation=organisation)
    before = profile.tell
    _write(profile, values)
    profile.clusters.set(clusters)
    profile.excluded_clusters.set(excluded_clusters)
    give_consent(by=by, purpose=PURPOSE)
    match_news.reschedule(before, profile.tell, profile=profile)
    matching.order(profile=profile)
    return profile


@transaction.atomic
def delete_profile(*, by: User) -> int:
    """Delete a person's profile and its matches; return how many profiles that were: one or none."""
    found = InvestorProfile.objects.select_for_update(of=("self",)).filter(user=by)
    number = len(found)
    found.delete()
    return number


@transaction.atomic
def save_search(
    *,
    by: User,
    organisation: Organisation,
    values: Mapping[str, Any],
    subdistricts: Collection[Subdistrict],
    version: int,
) -> PremisesSearch:
    """Keep what premises an organisation looks for, and have its matches found anew.

    Args:
        by: a signatory or editor of the organisation.
        organisation: who looks.
        values: by the names of the columns.
        subdistricts: in which it looks; none: in all.
        version: of the search that the form was made from; 0 where there was none.

    Raises:
        NotAllowed: the person does not write for the organisation.
        StaleWishes: a colleague saved meanwhile.
        StepClosed: the organisation was merged into another just now.
    """
    _may_write(by, organisation)
    hold(organisation=organisation)
    search = PremisesSearch.objects.filter(organisation=organisation).first()
    search = search or PremisesSearch(organisation=organisation, version=0)
    if search.version != version:
        raise StaleWishes(search)
    before = search.tell
    _write(search, values)
    search.subdistricts.set(subdistricts)
    match_news.reschedule(before, search.tell, search=search)
    matching.order(search=search)
    return search


@transaction.atomic
def delete_search(*, by: User, organisation: Organisation) -> int:
    """End an organisation's search for premises; return how many that were: one or none.

    Raises:
        NotAllowed: the person does not write for the organisation.
    """
    _may_write(by, organisation)
    found = PremisesSearch.objects.select_for_update(of=("self",)).filter(organisation=organisation)
    number = len(found)
    found.delete()
    return number


@transaction.atomic
def choose_telling(*, by: User, organisation: Organisation, tell: str) -> None:
    """Keep how often an organisation wants to be told of those who fit its listings.

    Raises:
        NotAllowed: the person does not write for the organisation.
        StepClosed: the organisation was merged into another just now.
    """
    _may_write(by, organisation)
    hold(organisation=organisation)
    before = match_news.wish_of(organisation.pk)
    MatchWish.objects.update_or_create(organisation=organisation, defaults={"tell": tell})
    match_news.reschedule(before, tell, organisation=organisation)


def hide_match(*, match: Match, again: bool = False) -> None:
    """Take a match of an investor out of sight; ``again`` puts it back."""
    Match.objects.filter(pk=match.pk).update(hidden_at=None if again else Now())


def _may_write(by: User, organisation: Organisation) -> None:
    if roles_in_organisations(by).get(organisation.pk) not in EDITORS:
        raise NotAllowed(_("You may not write for this organisation."))


def _write(kept: InvestorProfile | PremisesSearch, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(kept, name, value)
    kept.version += 1
    kept.changed_at = Now()
    kept.save()
    kept.refresh_from_db(fields=["changed_at"])
