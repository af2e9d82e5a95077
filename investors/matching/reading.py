"""The sides of the engine, read from the tables: many at once, in few queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet
from django.utils import timezone
from django.utils.functional import lazy

from firms.models import Certificate, Cluster, ClusterMembership, Organisation, Subdistrict
from investors.matching import digital
from investors.matching.sides import Firm, Investor, Listing, PremisesWish
from investors.matching.verdicts import Known, Text
from investors.models import InvestorProfile, Opportunity, OpportunityCluster, PremisesSearch
from portal.local_form import SHANGHAI, is_chinese


def _pick(english: str, chinese: str) -> str:
    return (chinese or english) if is_chinese() else (english or chinese)


_in_language = lazy(_pick, str)


def known() -> Known:
    """Return today, and what clusters and subdistricts are called; two queries."""
    names: dict[str, Text] = {}
    for slug, english, chinese in Cluster.objects.order_by().values_list("slug", "title_en", "title_zh"):
        names[slug] = _in_language(english, chinese)
    for slug, english, chinese in Subdistrict.objects.order_by().values_list("slug", "name_en", "name_zh"):
        names[slug] = _in_language(english, chinese)
    return Known(timezone.localdate(timezone=SHANGHAI), names)


_APART = {
    Investor: {"clusters", "excluded_clusters"},
    PremisesWish: {"subdistricts"},
    Listing: {"country", "clusters", "languages", "subdistrict", "systems"},
}
"""What of each side is no column of its table."""

_COLUMNS = {side: [field.name for field in fields(side) if field.name not in apart] for side, apart in _APART.items()}

type _Pairs = Iterable[tuple[int, str]]


def _by_key(pairs: _Pairs) -> dict[int, frozenset[str]]:
    found: defaultdict[int, set[str]] = defaultdict(set)
    for key, value in pairs:
        found[key].add(value)
    return defaultdict(frozenset, {key: frozenset(values) for key, values in found.items()})


def _plain(side: type, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns of a side; arrays as sets."""
    row = {name: values[name] for name in _COLUMNS[side]}
    return {name: frozenset(value) if isinstance(value, list) else value for name, value in row.items()}


def investors(profiles: QuerySet[InvestorProfile]) -> dict[int, Investor]:
    """Return what several investors look for, by profile; three queries."""
    keys = profiles.order_by().values("pk")
    through = InvestorProfile.clusters.through.objects.filter(investorprofile__in=keys)
    clusters = _by_key(through.values_list("investorprofile_id", "cluster__slug"))
    through = InvestorProfile.excluded_clusters.through.objects.filter(investorprofile__in=keys)
    excluded = _by_key(through.values_list("investorprofile_id", "cluster__slug"))
    return {
        row["pk"]: Investor(
            clusters=clusters[row["pk"]], excluded_clusters=excluded[row["pk"]], **_plain(Investor, row)
        )
        for row in profiles.order_by().values("pk", *_COLUMNS[Investor])
    }


def wishes(searches: QuerySet[PremisesSearch]) -> dict[int, PremisesWish]:
    """Return what premises several organisations look for, by search; two queries."""
    through = PremisesSearch.subdistricts.through.objects.filter(premisessearch__in=searches.order_by().values("pk"))
    places = _by_key(through.values_list("premisessearch_id", "subdistrict__slug"))
    return {
        row["pk"]: PremisesWish(subdistricts=places[row["pk"]], **_plain(PremisesWish, row))
        for row in searches.order_by().values("pk", *_COLUMNS[PremisesWish])
    }


def listings(opportunities: QuerySet[Opportunity]) -> dict[int, Listing]:
    """Return several opportunities, by their keys; two queries."""
    linked = OpportunityCluster.objects.filter(opportunity__in=opportunities.order_by().values("pk"))
    clusters = _by_key(linked.values_list("opportunity_id", "cluster__slug"))
    rows = opportunities.order_by().values(
        "pk",
        "systems_en",
        "systems_zh",
        *_COLUMNS[Listing],
        of_country=F("owner__country"),
        place=F("subdistrict__slug"),
        in_english=_says("text_en"),
        in_chinese=_says("text_zh"),
    )
    return {row["pk"]: _listing(row, clusters[row["pk"]]) for row in rows}


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
    """Return several firms as the public knows them; three queries."""
    keys = organisations.order_by().values("pk")
    members = ClusterMembership.objects.filter(organisation__in=keys, excluded=False)
    clusters = _by_key(members.values_list("organisation_id", "cluster__slug"))
    held = Certificate.objects.filter(organisation__in=keys).valid_on(on)
    certificates = _by_key(held.values_list("organisation_id", "level"))
    texts = ("business_scope", "description_en", "description_zh")
    return {
        pk: Firm(clusters=clusters[pk], text="\n".join(filter(None, said)), staff=staff, certificates=certificates[pk])
        for pk, staff, *said in organisations.order_by().values_list("pk", "staff", *texts)
    }
