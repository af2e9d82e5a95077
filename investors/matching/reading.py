"""The sides of the engine, read from the tables: many at once, each kind of side in one query."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.functional import lazy

from firms.models import Certificate, Cluster, ClusterMembership, Organisation, Subdistrict
from investors.matching import digital
from investors.matching.sides import Firm, Investor, Listing, PremisesWish
from investors.matching.verdicts import Known
from investors.models import InvestorProfile, Opportunity, OpportunityCluster, PremisesSearch
from portal.local_form import SHANGHAI, is_chinese


def _pick(english: str, chinese: str) -> str:
    return (chinese or english) if is_chinese() else (english or chinese)


_in_language = lazy(_pick, str)


def known() -> Known:
    """Return today, and what clusters and subdistricts are called; one query."""
    clusters = Cluster.objects.values_list("slug", "title_en", "title_zh")
    named = clusters.union(Subdistrict.objects.values_list("slug", "name_en", "name_zh"), all=True).order_by()
    names = {slug: _in_language(english, chinese) for slug, english, chinese in named}
    return Known(timezone.localdate(timezone=SHANGHAI), names)


_APART = {
    Investor: {"clusters", "excluded_clusters"},
    PremisesWish: {"subdistricts"},
    Listing: {"country", "clusters", "languages", "subdistrict", "systems"},
}
"""What of each side is no column of its table."""

_COLUMNS = {side: [field.name for field in fields(side) if field.name not in apart] for side, apart in _APART.items()}


def _slugs(linked: QuerySet[Any], of: str, name: str) -> ArraySubquery:
    """Return the slugs of what a row is linked with.

    Args:
        linked: rows of the table between the two.
        of: its column that names the row.
        name: its path to the slug.
    """
    return ArraySubquery(linked.order_by().filter(**{of: OuterRef("pk")}).values(name))


def _plain(side: type, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a side; arrays as sets."""
    row = {name: values[name] for name in _COLUMNS[side]}
    return {name: frozenset(value) if isinstance(value, list) else value for name, value in row.items()}


def investors(profiles: QuerySet[InvestorProfile]) -> dict[int, Investor]:
    """Return what several investors look for, by profile."""
    within, without = InvestorProfile.clusters.through.objects, InvestorProfile.excluded_clusters.through.objects
    rows = profiles.order_by().values(
        "pk",
        *_COLUMNS[Investor],
        within=_slugs(within.all(), "investorprofile", "cluster__slug"),
        without=_slugs(without.all(), "investorprofile", "cluster__slug"),
    )
    return {
        row["pk"]: Investor(
            clusters=frozenset(row["within"]), excluded_clusters=frozenset(row["without"]), **_plain(Investor, row)
        )
        for row in rows
    }


def wishes(searches: QuerySet[PremisesSearch]) -> dict[int, PremisesWish]:
    """Return what premises several organisations look for, by search."""
    through = PremisesSearch.subdistricts.through.objects.all()
    rows = searches.order_by().values(
        "pk", *_COLUMNS[PremisesWish], places=_slugs(through, "premisessearch", "subdistrict__slug")
    )
    return {row["pk"]: PremisesWish(subdistricts=frozenset(row["places"]), **_plain(PremisesWish, row)) for row in rows}


def listings(opportunities: QuerySet[Opportunity]) -> dict[int, Listing]:
    """Return several opportunities, by their keys."""
    rows = opportunities.order_by().values(
        "pk",
        "systems_en",
        "systems_zh",
        *_COLUMNS[Listing],
        of_country=F("owner__country"),
        place=F("subdistrict__slug"),
        within=_slugs(OpportunityCluster.objects.all(), "opportunity", "cluster__slug"),
        in_english=_says("text_en"),
        in_chinese=_says("text_zh"),
    )
    return {row["pk"]: _listing(row, frozenset(row["within"])) for row in rows}


def _says(column: str) -> ExpressionWrapper:
    """Whether a listing is written in a language: the text itself is long and is not read."""
    return ExpressionWrapper(~Q(**{column: ""}), output_field=BooleanField())


def _listing(row: Mapping[str, Any], clusters: frozenset[str]) -> Listing:
    languages = [language for language, says in (("en", row["in_english"]), ("zh", row["in_chinese"])) if says]
    return Listing(
        country=str(row["of_country"]),
        clusters=clusters,
        languages=frozenset(languages),
        subdistrict=row["place"] or "",
        systems=f"{row['systems_en']} {row['systems_zh']}",
        **_plain(Listing, row),
    )


def listing_of(opportunity: Opportunity) -> Listing:
    """Return one opportunity that was read with its owner, subdistrict and clusters."""
    row = {name: getattr(opportunity, name) for name in _COLUMNS[Listing]}
    row |= {"systems_en": opportunity.systems_en, "systems_zh": opportunity.systems_zh}
    row |= {"in_english": bool(opportunity.text_en), "in_chinese": bool(opportunity.text_zh)}
    place = opportunity.subdistrict
    row |= {"of_country": opportunity.owner.country, "place": place.slug if place else ""}
    return _listing(row, frozenset(cluster.slug for cluster in opportunity.clusters.all()))


def digital_firms() -> QuerySet[Organisation]:
    """Return the listed firms that digitalise others."""
    members = ClusterMembership.objects.filter(cluster__slug__in=digital.DIGITAL, excluded=False)
    return Organisation.objects.listed().firms().filter(pk__in=members.values("organisation"))


def firms(organisations: QuerySet[Organisation], *, on: date) -> dict[int, Firm]:
    """Return several firms as the public knows them."""
    members = ClusterMembership.objects.filter(excluded=False)
    rows = organisations.order_by().values_list(
        "pk",
        "staff",
        _slugs(members, "organisation", "cluster__slug"),
        _slugs(Certificate.objects.valid_on(on), "organisation", "level"),
        *("business_scope", "description_en", "description_zh"),
    )
    return {
        pk: Firm(
            clusters=frozenset(clusters),
            text="\n".join(filter(None, said)),
            staff=staff,
            certificates=frozenset(certificates),
        )
        for pk, staff, clusters, certificates, *said in rows
    }
