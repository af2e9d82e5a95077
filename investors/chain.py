"""From the laboratory to the investor: what belongs to a technology, each link with the reason why it is shown."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import BooleanField, Case, Exists, IntegerField, OuterRef, Q, Value, When
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from firms.models import Cluster, Laboratory
from incentives import catalogue
from investors.models import Opportunity, OpportunityCluster
from investors.models.facts import TECHNOLOGY, Kind
from investors.models.opportunities import OpportunityQuerySet

type Text = str | Promise

MOST = 3
"""How many entries a link names; the rest stand behind its address."""

_OTHER = {Kind.OFFER.value: Kind.NEED, Kind.NEED.value: Kind.OFFER}


class Entry(NamedTuple):
    """Something of a link: the thing, the names of its title's columns, and why it is there."""

    thing: Any
    title: str
    url: str
    reason: str
    is_organisation: bool = False


@dataclass(frozen=True)
class Link:
    """One link of the chain.

    Args:
        name: tells the links apart.
        heading: what the link is.
        entries: what was found.
        none: what is said where nothing was.
        more: the address of all of them, if there may be more.
    """

    name: str
    heading: Text
    entries: list[Entry]
    none: Text
    more: str = ""


def chain_of(technology: Opportunity) -> list[Link]:
    """Return the links from the laboratory to the incentives of a technology offered or needed; at most six queries.

    Nothing is guessed: what shares neither object nor cluster nor place with the technology is not shown.
    """
    if technology.kind not in TECHNOLOGY:
        return []
    clusters = list(technology.clusters.all())
    if technology.kind == Kind.OFFER:
        return [
            _source(technology),
            _counterparts(technology, clusters),
            _premises(technology, clusters),
            _incentives(clusters),
        ]
    return [
        _counterparts(technology, clusters),
        _source(technology),
        _premises(technology, clusters),
        _incentives(clusters),
    ]


def _source(technology: Opportunity) -> Link:
    """Where it comes from: the laboratory, or the owner alone; for a need, the firm."""
    owner = Entry(technology.owner, "name", technology.owner.get_absolute_url(), "", is_organisation=True)
    if technology.kind == Kind.NEED:
        return Link(
            "owner", _("The firm with the need"), [owner._replace(reason=_("It looks for this technology."))], ""
        )
    found = (
        Laboratory.objects.published().filter(pk=technology.laboratory_id).first() if technology.laboratory_id else None
    )
    if found is None:
        return Link("laboratory", _("Laboratory"), [owner._replace(reason=_("Its owner names no laboratory."))], "")
    entry = Entry(found, "name", found.get_absolute_url(), _("The technology comes from here."))
    return Link("laboratory", _("Laboratory"), [entry], "")


def _near(technology: Opportunity, clusters: list[Cluster], found: OpportunityQuerySet) -> Any:
    """Add ``shares_cluster``: whether one is in a cluster of the technology."""
    shared = OpportunityCluster.objects.filter(opportunity=OuterRef("pk"), cluster__in=clusters)
    shares: Any = Exists(shared) if clusters else Value(value=False, output_field=BooleanField())
    return found.exclude(pk=technology.pk).annotate(shares_cluster=shares).select_related("owner")


def _counterparts(technology: Opportunity, clusters: list[Cluster]) -> Link:
    """Needs that an offer could meet, or offers that could meet a need: of the same object, cluster or both."""
    other = _OTHER[technology.kind]
    found = _near(technology, clusters, Opportunity.objects.published().filter(kind=other))
    same = Q(object_kind=technology.object_kind) & ~Q(object_kind="")
    turn = Case(
        When(same & Q(shares_cluster=True), then=0),
        When(Q(shares_cluster=True), then=1),
        default=2,
        output_field=IntegerField(),
    )
    rows = (
        found.filter(same | Q(shares_cluster=True)).annotate(turn=turn).order_by("turn", "-published_at", "pk")[:MOST]
    )
    reasons = [
        _("Same object and cluster"),
        _("Same cluster, another object"),
        _("Same object, another cluster"),
    ]
    entries = [Entry(row, "title", row.get_absolute_url(), reasons[row.turn]) for row in rows]
    more = _listing(kind=other, cluster=clusters[0].slug if clusters else "")
    if other == Kind.NEED:
        none = gettext_lazy("No firm has published a need of the same object or cluster.")
        return Link("needs", _("Firms with the need"), entries, none, more)
    none = gettext_lazy("Nobody offers a technology of the same object or cluster at the moment.")
    return Link("offers", _("Technology on offer"), entries, none, more)


def _premises(technology: Opportunity, clusters: list[Cluster]) -> Link:
    """Premises for its clusters or near its owner."""
    place = technology.subdistrict_id or technology.owner.subdistrict_id
    found = _near(technology, clusters, Opportunity.objects.published().filter(kind=Kind.PREMISES))
    near = Q(subdistrict=place) if place else Q(pk__in=[])
    rows = found.filter(near | Q(shares_cluster=True)).order_by("-shares_cluster", "-published_at", "pk")[:MOST]
    entries = [
        Entry(
            row,
            "title",
            row.get_absolute_url(),
            _("Offered to the same cluster") if row.shares_cluster else _("In the same subdistrict"),
        )
        for row in rows
    ]
    none = gettext_lazy("No premises are offered to this cluster or in this subdistrict now.")
    return Link("premises", _("Premises"), entries, none, _listing(kind=Kind.PREMISES))


def _incentives(clusters: list[Cluster]) -> Link:
    """Programmes that one can apply for now and that name the cluster, or name none."""
    found = [(entry, set(entry.programme.clusters.all())) for entry in catalogue.open_entries()]
    fitting = [(entry, bool(named)) for entry, named in found if not named or named & set(clusters)]
    entries = [
        Entry(
            entry.content,
            "title",
            reverse("incentives:programme", args=[entry.programme.slug]),
            _("For this cluster") if is_named else _("For every cluster"),
        )
        for entry, is_named in sorted(fitting, key=lambda one: not one[1])[:MOST]
    ]
    none = gettext_lazy("No programme for this cluster is open now.")
    return Link("incentives", _("Incentives"), entries, none, reverse("incentives:programmes"))


def _listing(**wanted: str) -> str:
    query = urlencode({name: value for name, value in wanted.items() if value})
    return f"{reverse('investors:opportunities')}?{query}"
